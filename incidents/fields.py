"""Fields of inputs: strict about types, encodings and ranges, each error with the field's path (B1–B6)."""

from __future__ import annotations

import math
import unicodedata
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from incidents import geo

SEXES = ["", "male", "female"]
CRS = ["WGS84", "CGCS2000", "GCJ02", "BD09"]


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


def convertible(point: dict[str, Any]) -> dict[str, Any]:
    """Return the point when its datum can be converted there; far from China BD-09 and GCJ-02 cannot."""
    try:
        geo.to_wgs84(point["lat"], point["lng"], point["crs"])
    except geo.BadPoint as error:
        raise serializers.ValidationError({"lat": [_("This point lies outside the region of the centre.")]}) from error
    return point


class PointInput(Input):
    """A point with its datum (domain 9: a point without one is rejected, never guessed)."""

    lat = Number(-90, 90)
    lng = Number(-180, 180)
    crs = serializers.ChoiceField(CRS)
    accuracy_m = Number(0, 100_000, required=False, allow_null=True)
    source = Text(20, required=False, code=True)  # type: ignore[assignment]
    taken_at = Moment(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse what its datum cannot express."""
        return convertible(attrs)
