"""Where pictures come from: the video adapter of a centre (docs/contract.md 8), configured as a gateway of kind `video`.

Its address is one of
  `simulated:`                       drawn pictures of this product, for demonstration and tests
  `https://media/…{gb_code}…{start}…{end}…`  a stream that the browser plays straight from the media server
  `platform:https://nvr/…`           a GB/T 28181 platform that is asked, signed, for the address of each playback
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import threading
from typing import Any, Final
from urllib.parse import quote, urlsplit

import httpx
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from incidents import gateways
from incidents.cameras import simulated
from incidents.models import Gateway, Viewing
from incidents.refusals import Refusal
from incidents.row import Json, stamp

SIMULATED: Final = "simulated:"
PLATFORM: Final = "platform:"
NEEDED: Final = ("gb_code", "start", "end")
KNOWN: Final = (*NEEDED, "expires", "token", "viewer")
ASKED_WITHIN_S: Final = 3.0
STREAM_LIVES: Final = dt.timedelta(hours=2)
# A platform that hangs must not hold more than one of the few threads that serve the desks.
_asking = threading.BoundedSemaphore(1)


class NoPicture(Refusal):
    """The camera or its source gives nothing now; the work goes on with the next camera."""

    status, code = 503, "no_picture"
    sentence = _("This camera gives no picture at present.")


def of_centre(centre_id: int) -> Gateway | None:
    """Return the video adapter of a centre."""
    found = Gateway.objects.filter(centre_id=centre_id, kind=Gateway.Kind.VIDEO, active=True)
    return found.order_by("id").first()


def mode_of(address: str) -> str:
    """Name the sort of an address: simulated, platform or stream."""
    if address == SIMULATED:
        return "simulated"
    return "platform" if address.startswith(PLATFORM) else "stream"


def fault_of(address: str) -> str:
    """Return what is wrong with an adapter's address, "" for nothing."""
    if address == SIMULATED:
        return ""
    target = address.removeprefix(PLATFORM)
    if urlsplit(target).scheme not in ("http", "https"):
        return "the address is simulated:, an http(s) template, or platform: and an http(s) address"
    if address.startswith(PLATFORM):
        return ""
    names = re.findall(r"\{(\w*)\}", target)
    missing = [name for name in NEEDED if name not in names]
    strange = [name for name in names if name not in KNOWN]
    if missing or strange:
        return f"missing: {', '.join(missing) or '-'}; unknown: {', '.join(strange) or '-'}"
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(target))
    return (
        "" if origin in settings.VIDEO_ORIGINS else f"{origin} is not in ZZ110_VIDEO_ORIGINS: browsers would refuse it"
    )


def source_of(viewing: Viewing, adapter: Gateway, centre_code: str, now: dt.datetime) -> Json:
    """Return where the pictures of an opened camera are: `{"mode": "pictures"|"stream", "url"}`. The address of a
    stream holds a right that runs out; it is never journalled. Raises NoPicture."""
    mode = mode_of(adapter.address)
    if mode == "simulated":
        return {"mode": "pictures", "url": f"/api/viewings/{viewing.pk}/frame/"}
    if mode == "platform":
        return asked(viewing, adapter, centre_code)
    return {"mode": "stream", "url": stream_of(viewing, adapter, now)}


def stream_of(viewing: Viewing, adapter: Gateway, now: dt.datetime) -> str:
    """Fill the template of a stream. `token` is HMAC-SHA-256 of `gb_code|start|end|expires` with the adapter's secret,
    in hex, so that the media server can tell a right from a guess."""
    code, start, end = viewing.camera.gb_code, str(stamp(viewing.since)), str(stamp(viewing.until))
    expires = str(int((now + STREAM_LIVES).timestamp()))
    said = "|".join((code, start, end, expires))
    token = hmac.new(adapter.secret.encode(), said.encode(), hashlib.sha256).hexdigest()
    filled = {"gb_code": code, "start": start, "end": end, "expires": expires, "token": token, "viewer": viewing.by_no}
    return re.sub(r"\{(\w+)\}", lambda found: quote(filled[found[1]], safe=""), adapter.address)


def asked(viewing: Viewing, adapter: Gateway, centre_code: str) -> Json:
    """Ask a platform for the address of a playback. Raises NoPicture when it is slow, broken or says nothing usable."""
    if not _asking.acquire(blocking=False):
        raise NoPicture(_("The video platform is slow; please try again."))
    try:
        said = gateways.post_to(
            adapter, adapter.address.removeprefix(PLATFORM), centre_code, f"viewing-{viewing.pk}",
            {
                "gb_code": viewing.camera.gb_code, "start": stamp(viewing.since), "end": stamp(viewing.until),
                "viewer": viewing.by_no, "purpose": viewing.purpose,
            },
            within_s=ASKED_WITHIN_S,
        )  # fmt: skip
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NoPicture(_("The video platform does not answer.")) from error
    finally:
        _asking.release()
    url: Any = said.get("url")
    if not isinstance(url, str) or "{0.scheme}://{0.netloc}".format(urlsplit(url)) not in settings.VIDEO_ORIGINS:
        raise NoPicture(_("The video platform named no address that this centre allows."))
    return {"mode": "stream", "url": url}


def drawn(viewing: Viewing, at: dt.datetime) -> bytes:
    """Return a picture of the simulated source. Raises NoPicture for a camera that is offline."""
    if viewing.camera.state == "offline":
        raise NoPicture()
    return simulated.picture(viewing.camera.gb_code, at, viewing.camera.bearing)
