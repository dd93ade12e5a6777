"""How plates, telephone and identity numbers are compared: capitals, one width, without spaces, dots and dashes.

In Python and in PostgreSQL alike, so that an index on the expression finds what a person types (M21).
"""

from __future__ import annotations

import unicodedata

from django.db.models import CharField, F, Func, Value
from django.db.models.functions import Upper

IGNORED = " -.·•－—"
CHINA = "+86"


def key(text: str) -> str:
    """Return the form in which a plate or a number is compared."""
    unified = unicodedata.normalize("NFKC", text)
    return unified.translate(str.maketrans("", "", IGNORED)).upper()


def phone_key(number: str) -> str:
    """Return a telephone number as it is compared; the country's own code is left out."""
    return key(number).removeprefix(CHINA)


def key_of(column: str) -> Func:
    """Return the same form of a column as an expression; immutable, so that it can be indexed."""
    return Upper(Func(F(column), Value(IGNORED), Value(""), function="translate", output_field=CharField()))
