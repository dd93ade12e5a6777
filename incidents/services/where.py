"""The location link: a text with a secret link, used once, that brings the browser's position to the call (F1)."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incidents import jobs
from incidents.actor import Actor
from incidents.audience import MASK
from incidents.commands import command
from incidents.journal import record
from incidents.models import Call, Message
from incidents.refusals import NotFound, WrongTurn
from incidents.row import Json, stamp
from incidents.services import texts

HOLDS = dt.timedelta(minutes=30)
MOBILE = re.compile(r"^(?:\+?86)?1\d{10}$")
SOURCE = "sms_link"


def token_of(call: Call) -> str:
    """Return the secret of the link that went out last: made from the call and the moment, stored nowhere."""
    assert call.where_asked_at is not None  # somebody has asked
    said = f"where/{call.pk}/{call.where_asked_at.isoformat()}"
    return hmac.new(settings.SECRET_KEY.encode(), said.encode(), hashlib.sha256).hexdigest()[:32]


def hash_of(token: str) -> str:
    """Return how a link's secret is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def mobile_of(call: Call) -> str:
    """Return the mobile number that a call's contact can read a text on, "" for none."""
    numbers = (call.caller_number, call.contact_phone)
    return next((number for number in numbers if MOBILE.match(number)), "")


@command
def ask_where(*, by: Actor, call_id: int) -> Message:
    """Send the caller a link for the position of the own browser. A contact that must not be rung is asked only in the
    text thread that it began (R19). A new link makes the one before it worthless."""
    now = timezone.now()
    call = Call.locked(call_id, by.centre_id)
    if call.state == Call.State.DONE:
        raise WrongTurn(call)
    if call.silent and call.channel != texts.SMS:
        raise WrongTurn(call, _("Nothing is sent to a silent contact that did not begin with a text."))
    number = mobile_of(call)
    if not number or texts.gateway_of(call) is None:
        raise WrongTurn(call, _("There is no mobile number or no text service to send a link with."))
    call.change(by=by, now=now, where_asked_at=now, where_until=now + HOLDS)
    call.change(by=by, now=now, where_hash=hash_of(token_of(call)))
    message = Message.make(
        by=by,
        now=now,
        centre_id=call.centre_id,
        call=call,
        direction=Message.Direction.OUT,
        state=Message.State.QUEUED,
        text=words(call),
        by_no=by.badge,
    )
    payload = {"message": message.pk, "number": number}
    jobs.enqueue(texts.SEND, centre_id=call.centre_id, payload=payload, now=now, queue="urgent")
    record("call.where_asked", call, message)
    return message


def words(call: Call) -> str:
    """Return the text, in English for a foreign speaker; the secret in it is masked until it goes out."""
    with translation.override("en" if call.foreign_language else "zh-hans"):
        said = gettext(
            "110: open this link and press the button to send us where you are. It works once, for 30 minutes:"
        )
    return f"{said} {settings.PUBLIC_URL}/where/{MASK}/"


def with_secret(message: Message) -> str:
    """Return the text as it goes out: with the secret of a link whose call still waits for it."""
    if f"/where/{MASK}/" not in message.text or message.call.where_asked_at is None:
        return message.text
    return message.text.replace(f"/where/{MASK}/", f"/where/{token_of(message.call)}/")


texts.OUTGOING.append(with_secret)


def call_of(token: str) -> Call:
    """Return the call of a link. Raises NotFound."""
    found = Call.objects.filter(where_hash=hash_of(token)).select_related("gateway__user").first()
    if found is None:
        raise NotFound()
    return found


def state_of(call: Call, now: dt.datetime) -> str:
    """Return "open", "used" or "ended"."""
    if call.where_until is None:
        return "used"
    return "open" if now < call.where_until and call.state != Call.State.DONE else "ended"


@command
def tell_where(*, by: Actor, call_id: int, token: str, point: Json) -> Call:
    """Take the position of a contact's browser, once; it stands beside the other candidates on the call."""
    now = timezone.now()
    call = Call.locked(call_id, by.centre_id)
    if call.where_hash != hash_of(token):
        raise NotFound()
    if state_of(call, now) != "open":
        raise WrongTurn(call, _("This link was used or has run out. If you need help, call 110."))
    spot = {**point, "source": SOURCE, "taken_at": point.get("taken_at") or stamp(now), "received_at": stamp(now)}
    call.change(by=by, now=now, positions=[*call.positions, spot], where_until=None)
    record("call.where_told", call)
    return call
