"""What every route shares: strict input, idempotency, one shape of answers and refusals (docs/contract.md 1)."""

from __future__ import annotations

import hashlib
import logging
import math
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DatabaseError, OperationalError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, parsers, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents import geo
from incidents.actor import Actor
from incidents.audience import seen
from incidents.commands import Answer, carry_out
from incidents.journal import canonical
from incidents.models import Centre, Denial
from incidents.refusals import BadInput, Refusal
from incidents.roles import audience_of
from incidents.row import Row

if TYPE_CHECKING:
    from rest_framework.views import APIView

log = logging.getLogger(__name__)
KEY_HEADER = "Idempotency-Key"
CRS = ["WGS84", "CGCS2000", "GCJ02", "BD09"]
T = TypeVar("T", bound="Input")


class StrictJSONParser(parsers.JSONParser):
    """JSON in UTF-8 and nothing else; depth bombs are bad input, not a crash."""

    strict = True

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Parse the body; refuses what is no object."""
        try:
            found = super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise exceptions.ParseError(_("The body is nested too deeply.")) from error
        if not isinstance(found, dict):
            raise exceptions.ParseError(_("The body must be a JSON object."))
        return found


class Text(serializers.CharField):
    """Text, normalised so that full-width and composed forms meet (NFKC for codes, NFC for prose)."""

    def __init__(self, limit: int, *, code: bool = False, **kwargs: Any) -> None:
        self.code = code
        kwargs.setdefault("allow_blank", not kwargs.get("required", True))
        super().__init__(max_length=limit, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Refuse what is no text; normalise the rest."""
        if not isinstance(data, str):
            self.fail("invalid")
        text = super().to_internal_value(data)
        text = unicodedata.normalize("NFKC" if self.code else "NFC", text)
        if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in text):
            self.fail("invalid")
        if self.code and any(unicodedata.category(sign) == "Cf" for sign in text):
            self.fail("invalid")
        if self.max_length is not None and len(text) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        return text


class Whole(serializers.IntegerField):
    """A whole number in a range; neither text nor a truth value."""

    def __init__(self, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(min_value=low, max_value=high, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        """Refuse booleans, texts and fractions."""
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class Number(serializers.FloatField):
    """A finite number in a range."""

    def __init__(self, low: float, high: float, **kwargs: Any) -> None:
        super().__init__(min_value=low, max_value=high, **kwargs)

    def to_internal_value(self, data: Any) -> float:
        """Refuse booleans, texts, NaN and infinities."""
        if isinstance(data, bool) or not isinstance(data, (int, float)) or abs(data) > 1e15 or not math.isfinite(data):
            self.fail("invalid")
        return float(data)


class Flag(serializers.BooleanField):
    """true or false, and no word that looks like it."""

    def to_internal_value(self, data: Any) -> bool:
        """Refuse everything but the two truth values."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return bool(data)


class Moment(serializers.DateTimeField):
    """A moment with its offset, between 2000 and 2100."""

    default_error_messages = {"range": _("This moment is out of range."), "offset": _("A moment needs its offset.")}

    def to_internal_value(self, value: Any) -> Any:
        """Refuse moments without an offset or out of range."""
        if not isinstance(value, str):
            self.fail("invalid", format="ISO 8601")
        try:
            found = super().to_internal_value(value)
        except (OverflowError, ValueError) as error:
            raise serializers.ValidationError(self.error_messages["range"]) from error
        if not 2000 <= found.year < 2100:
            self.fail("range")
        return found

    def enforce_timezone(self, value: Any) -> Any:
        """Refuse a naive moment: nobody knows what it means."""
        if timezone.is_naive(value):
            self.fail("offset")
        return super().enforce_timezone(value)


class Ident(Whole):
    """The id of a row."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(1, 2**53, **kwargs)


class Input(serializers.Serializer[Any]):
    """A body; unknown and read-only fields are refused by name."""

    def to_internal_value(self, data: Any) -> Any:
        """Refuse fields that the contract does not know."""
        if isinstance(data, dict):
            unknown = sorted(str(name)[:60] for name in set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError({name: [_("Unknown or read-only field.")] for name in unknown})
        return super().to_internal_value(data)


class PointInput(Input):
    """A point with its datum (domain 9: a point without one is rejected, never guessed)."""

    lat = Number(-90, 90)
    lng = Number(-180, 180)
    crs = serializers.ChoiceField(CRS)
    accuracy_m = Number(0, 100_000, required=False, allow_null=True)
    source = Text(20, required=False, code=True)
    taken_at = Moment(required=False, allow_null=True)


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


def parsed(serializer: type[T], request: Request) -> dict[str, Any]:
    """Return the validated body; raises DRF's ValidationError with the paths of the fields."""
    found = serializer(data=request.data)
    found.is_valid(raise_exception=True)
    return dict(found.validated_data)


def actor(request: Request) -> Actor:
    """Return who acts, with the request's key and the hash of its body. Raises BadInput without a valid key."""
    return replace(keyed(request), body_hash=body_hash(request))


def keyed(request: Request) -> Actor:
    """Return who acts, with the request's key. Raises BadInput without a valid key."""
    by: Any = request.auth
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
    digest.update(canonical(request.data).encode())
    return digest.digest()


def carried_out(run: Callable[..., Any], **kwargs: Any) -> Response:
    """Carry out a command and answer as the contract says."""
    answer = carry_out(run, **kwargs)
    return respond(answer)


def respond(answer: Answer) -> Response:
    """Make the response of an answer."""
    return Response({"seq": answer.seq, **answer.body}, status=answer.status)


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
    if isinstance(error, Refusal):
        return refused(error, request, context)
    if isinstance(error, (Http404, exceptions.NotFound)):
        return told(404, "not_found", _("There is no such record."))
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        deny(request, context, "not_signed_in")
        return told(401, "not_signed_in", _("Please sign in."))
    if isinstance(error, (PermissionDenied, exceptions.PermissionDenied)):
        deny(request, context, "forbidden")
        return told(403, "forbidden", _("Your role does not allow this."))
    if isinstance(error, exceptions.ValidationError):
        found = dict(paths(error.detail))
        return told(400, "bad_input", first_message(error.detail), fields=found)
    if isinstance(error, RequestDataTooBig):
        return told(413, "too_large", _("This is too large."))
    if isinstance(error, exceptions.APIException):
        return told(error.status_code, "bad_input", str(error.detail))
    if isinstance(error, OperationalError):
        log.warning("try again: %s", error)
        return told(503, "try_again", _("The database does not answer; please try again."), retry_after=1)
    if isinstance(error, DatabaseError):
        log.exception("database refused")
    return None


def refused(error: Refusal, request: Request | None, context: dict[str, Any]) -> Response:
    """Answer a refusal with the present row where the client needs it."""
    if error.status in (403, 404):
        deny(request, context, error.code)
    extra: dict[str, Any] = {}
    if error.fields:
        extra["fields"] = {path: [str(message) for message in found] for path, found in error.fields.items()}
    if error.current is not None:
        by: Any = request.auth if request else None
        if isinstance(by, Actor):
            audience = audience_of(by)
            # Codes and people are no rows of the feed; only administrators reach the commands that refuse with one.
            extra["current"] = (
                seen(audience, error.current.NOUN, error.current.row(), error.current.readers())
                if isinstance(error.current, Row)
                else error.current.row()
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
