"""What every route shares: who acts with which key, one shape of answers and refusals (docs/contract.md 1)."""

from __future__ import annotations

import functools
import hashlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DatabaseError, OperationalError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from incidents import geo
from incidents.actor import Actor
from incidents.audience import seen
from incidents.commands import Answer, carry_out
from incidents.fields import Input
from incidents.journal import JournalStopped, canonical, refuses_writes
from incidents.models import Centre, Denial
from incidents.refusals import BadInput, Refusal
from incidents.roles import audience_of
from incidents.row import Row

if TYPE_CHECKING:
    from rest_framework.views import APIView

log = logging.getLogger(__name__)
KEY_HEADER = "Idempotency-Key"


def stored_point(point: dict[str, Any], centre: Centre, path: str = "point") -> dict[str, Any]:
    """Return a point in WGS-84 with what came in kept beside it; outside the centre's box it is BadInput."""
    lat, lng = geo.to_wgs84(point["lat"], point["lng"], point["crs"])
    south, west, north, east = centre.box
    if not (south <= lat <= north and west <= lng <= east):
        raise BadInput(**{path: _("This point lies outside the region of the centre.")})
    taken_at = point.get("taken_at")
    return {
        "lat": round(lat, 7),
        "lng": round(lng, 7),
        "accuracy_m": point.get("accuracy_m"),
        "source": point.get("source", ""),
        "taken_at": taken_at.isoformat() if taken_at else None,
        "crs_in": point["crs"],
        "raw": [point["lat"], point["lng"]],
    }


def parsed(serializer: type[Input], request: Request) -> dict[str, Any]:
    """Return the validated body; raises DRF's ValidationError with the paths of the fields."""
    return dict(reader_of(serializer).run_validation(request.data))


@functools.cache
def reader_of(serializer: type[Input]) -> Input:
    """Return the one reader of a kind of body: validating keeps nothing in it, and making one costs milliseconds."""
    return serializer()


def actor(request: Request) -> Actor:
    """Return who acts, with the request's key and the hash of its body. Raises BadInput without a valid key."""
    return replace(keyed(request), body_hash=body_hash(request))


def keyed(request: Request) -> Actor:
    """Return who acts, with the request's key. Raises BadInput without a valid key."""
    by: Any = request.auth
    return keyed_by(request, by)


def keyed_by(request: Request, by: Actor) -> Actor:
    """Return an Actor with the request's key. Raises BadInput without a valid one."""
    given = request.headers.get(KEY_HEADER, "")
    try:
        if len(given) > 40:
            raise ValueError
        key = UUID(given)
    except ValueError as error:
        raise BadInput(**{KEY_HEADER: _("Every write needs a key of its own: a UUID made by the client.")}) from error
    return replace(by, key=key)


def body_hash(request: Request) -> bytes:
    """Return SHA-256 over method, path and what the body says (key order and spaces do not count)."""
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    digest.update(canonical(request.data).encode(errors="surrogatepass"))
    return digest.digest()


def carried_out(run: Callable[..., Any], **kwargs: Any) -> Response:
    """Carry out a command and answer as the contract says."""
    answer = carry_out(run, **kwargs)
    return respond(answer)


def respond(answer: Answer) -> Response:
    """Make the response of an answer."""
    headers = {"Idempotent-Replay": "true"} if answer.replayed else {}
    return Response({"seq": answer.seq, **answer.body}, status=answer.status, headers=headers)


def first_message(detail: Any) -> str:
    """Return the first sentence of DRF's nested errors."""
    while isinstance(detail, (dict, list)) and detail:
        detail = next(iter(detail.values())) if isinstance(detail, dict) else detail[0]
    return str(detail)


def paths(detail: Any, path: str = "") -> Iterable[tuple[str, list[str]]]:
    """Flatten DRF's nested errors to dotted paths."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from paths(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(detail, list) and any(isinstance(inner, (dict, list)) for inner in detail):
        for index, inner in enumerate(detail):
            yield from paths(inner, f"{path}.{index}")
    else:
        yield path, [str(message) for message in (detail if isinstance(detail, list) else [detail])]


def refusal(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn every refusal into the contract's error shape (style rule 52); None leaves a real fault to Django."""
    request: Request | None = context.get("request")
    for kinds, answer in ANSWERS:
        if isinstance(error, kinds):
            return answer(error, request, context)
    if isinstance(error, DatabaseError):
        if refuses_writes(error):
            return read_only(error, request, context)
        log.exception("database refused")
    return None


def not_found(error: Any, request: Request | None, context: dict[str, Any]) -> Response:
    """Answer 404."""
    return told(404, "not_found", _("There is no such record."))


def not_signed_in(error: Any, request: Request | None, context: dict[str, Any]) -> Response:
    """Answer 401 and leave a denial row."""
    deny(request, context, "not_signed_in")
    return told(401, "not_signed_in", _("Please sign in."))


def forbidden(error: Any, request: Request | None, context: dict[str, Any]) -> Response:
    """Answer 403 and leave a denial row."""
    deny(request, context, "forbidden")
    return told(403, "forbidden", _("Your role does not allow this."))


def bad_input(error: Any, request: Request | None, context: dict[str, Any]) -> Response:
    """Answer 400 with the path of each field."""
    return told(400, "bad_input", first_message(error.detail), fields=dict(paths(error.detail)))


def too_large(error: Any, request: Request | None, context: dict[str, Any]) -> Response:
    """Answer 413."""
    return told(413, "too_large", _("This is too large."))


def too_many(error: Any, request: Request | None, context: dict[str, Any]) -> Response:
    """Answer 429 with when to come again."""
    wait = max(1, int(getattr(error, "wait", None) or 1))
    return told(429, "too_many", _("Too many requests; please wait a moment."), retry_after=wait)


def wrong_request(error: Any, request: Request | None, context: dict[str, Any]) -> Response:
    """Answer DRF's other refusals: wrong method, wrong media type, unreadable body."""
    return told(error.status_code, "bad_input", str(error.detail))


def try_again(error: Any, request: Request | None, context: dict[str, Any]) -> Response:
    """Answer 503: the database is away or a lock took too long; nothing was written (style rule 27)."""
    log.warning("try again: %s", error)
    return told(503, "try_again", _("The database does not answer; please try again."), retry_after=1)


def read_only(error: Any, request: Request | None, context: dict[str, Any]) -> Response:
    """Answer 503: the database can be read and takes no writes; nothing was written (D3)."""
    log.error("no writes: %s", error)
    return told(503, "try_again", _("Nothing can be written at present; what you see can be read."), retry_after=5)


def refused(error: Refusal, request: Request | None, context: dict[str, Any]) -> Response:
    """Answer a refusal with the present row where the client needs it."""
    if error.status in (403, 404, 429):
        deny(request, context, error.code)
    extra: dict[str, Any] = {}
    if error.fields:
        extra["fields"] = {path: [str(message) for message in found] for path, found in error.fields.items()}
    if error.current is not None:
        by: Any = getattr(request, "auth", None)
        if isinstance(by, Actor):
            audience = audience_of(by)
            current: Any = error.current
            # Codes and people are no rows of the feed; only administrators reach the commands that refuse with one.
            extra["current"] = (
                seen(audience, current.NOUN, current.row(), current.readers())
                if isinstance(current, Row)
                else current.row()
            )
    retry_after = 1 if error.code == "in_flight" else None
    return told(error.status, error.code, error.sentence, retry_after=retry_after, **extra)


def told(status: int, code: str, sentence: Any, *, retry_after: int | None = None, **extra: Any) -> Response:
    """Make a refusal's response."""
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    return Response({"error": code, "message": str(sentence), **extra}, status=status, headers=headers)


def deny(request: Request | None, context: dict[str, Any], code: str) -> None:
    """Leave a denial row for the auditor; its failure never hides the refusal."""
    by: Any = getattr(request, "auth", None) if request else None
    view: APIView | None = context.get("view")
    try:
        Denial.objects.create(
            at=timezone.now(),
            centre_id=by.centre_id or None if isinstance(by, Actor) else None,
            user_id=by.user_id if isinstance(by, Actor) else None,
            route=type(view).__name__[:120] if view else "",
            method=(request.method or "")[:8] if request else "",
            code=code,
            roles=sorted(by.roles) if isinstance(by, Actor) else [],
            peer=str(request.META.get("REMOTE_ADDR", ""))[:64] if request else "",
        )
    except DatabaseError:
        log.exception("denial not stored")


# The first that fits answers.
ANSWERS: list[tuple[type[Exception] | tuple[type[Exception], ...], Callable[..., Response]]] = [
    (Refusal, refused),
    ((Http404, exceptions.NotFound), not_found),
    ((exceptions.NotAuthenticated, exceptions.AuthenticationFailed), not_signed_in),
    ((PermissionDenied, exceptions.PermissionDenied), forbidden),
    (exceptions.ValidationError, bad_input),
    (RequestDataTooBig, too_large),
    (exceptions.Throttled, too_many),
    (exceptions.APIException, wrong_request),
    (JournalStopped, read_only),
    (OperationalError, try_again),
]
