"""What was missed: journal entries after a number, as the reader may see them; with `wait` a long poll (D2)."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from incidents.actor import Actor
from incidents.live import frames
from incidents.live.hub import RIGHTS_ENDED, hub
from incidents.live.socket import Socket
from incidents.models import Head
from incidents.roles import audience_of
from incidents.sessions import actor_of

MOST = 500
LONGEST_WAIT_S = 25


@require_GET
async def events(request: HttpRequest) -> HttpResponse:
    """Answer `GET /api/events/?after=&epoch=&wait=`."""
    found: Any = await sync_to_async(signed_in)(request)
    if isinstance(found, HttpResponse):
        return found
    by, session_key, access_version = found
    try:
        after = whole(request.GET.get("after", ""), 0, 2**62)
        wait = whole(request.GET.get("wait", "0"), 0, LONGEST_WAIT_S)
    except ValueError as error:
        message = _("Some fields hold what they may not hold.")
        body = {"error": "bad_input", "message": message, "fields": {str(error): [message]}}
        return JsonResponse(body, status=400)
    text = await sync_to_async(missed)(by, after, request.GET.get("epoch", ""))
    if wait and text is None:
        if not await something_new(by, session_key, access_version, after, wait):
            return JsonResponse({"error": "not_signed_in", "message": _("Please sign in.")}, status=401)
        text = await sync_to_async(missed)(by, after, request.GET.get("epoch", ""))
    if text is None:
        text = await sync_to_async(nothing_new)(by)
    return HttpResponse(text, content_type="application/json", headers={"Cache-Control": "no-store"})


def whole(text: str, low: int, high: int) -> int:
    """Read a whole number of the query; ValueError names what is wrong with which."""
    if not text.isascii() or not text.isdigit() or len(text) > 19 or not low <= int(text) <= high:
        raise ValueError("after" if high > LONGEST_WAIT_S else "wait")
    return int(text)


def signed_in(request: HttpRequest) -> HttpResponse | tuple[Actor, str, int]:
    """Return who asks, or the refusal."""
    user: Any = get_user(request)
    if not user.is_authenticated:
        return JsonResponse({"error": "not_signed_in", "message": _("Please sign in.")}, status=401)
    by = actor_of(user, request.session)
    if not audience_of(by):
        message = _("Your role has no live feed.")
        return JsonResponse({"error": "forbidden", "message": message}, status=403)
    return by, request.session.session_key or "", user.access_version


def missed(by: Actor, after: int, epoch: str) -> str | None:
    """Return the answer, or None when nothing has come since."""
    head = Head.objects.get(centre_id=by.centre_id)
    if (epoch and epoch != str(head.epoch)) or after > head.seq or head.seq - after > MOST:
        return answer(head, False, [])
    if after == head.seq:
        return None
    texts, last, audience = [], after, audience_of(by)
    for line in frames.read(by.centre_id, after, MOST):
        text = frames.frame(line, audience, last)
        if text is not None:
            texts.append(text)
            last = line.seq
        newest = line.seq
    return answer(head, True, texts, newest)


def nothing_new(by: Actor) -> str:
    """Return the answer of a quiet time."""
    return answer(Head.objects.get(centre_id=by.centre_id), True, [])


def answer(head: Head, recovered: bool, texts: list[str], seq: int | None = None) -> str:
    """Put finished frames into the answer without parsing them again."""
    said = json.dumps({"epoch": str(head.epoch), "seq": seq or head.seq, "recovered": recovered})
    return f'{said[:-1]}, "entries": [{",".join(texts)}]}}'


async def something_new(by: Actor, session_key: str, access_version: int, after: int, wait: int) -> bool:
    """Wait until the hub has a frame for this audience, or the time is over; False when the person's rights ended."""
    socket = Socket(
        user_id=by.user_id,
        session_key=session_key,
        access_version=access_version,
        centre_id=by.centre_id,
        audience=audience_of(by),
        role="poll",
    )
    feed = await hub.join(socket)
    try:
        if feed.seq > after:
            return True
        async with asyncio.timeout(min(wait, LONGEST_WAIT_S)):
            while True:
                text = await socket.queue.get()
                if text is None:
                    return socket.close_code != RIGHTS_ENDED
                if '"t":"entry"' in text:
                    return True
    except TimeoutError:
        return True
    finally:
        hub.leave(socket)
