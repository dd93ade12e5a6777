"""Words and moments on printed pages, in the reader's language and the city's time."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils.translation import get_language

from incidents import codebook
from incidents.services.numbers import CITY_TIME

register = template.Library()


@register.filter
def moment(iso: str | None) -> str:
    """Write an ISO moment as date and time of the city; nothing for nothing."""
    if not iso:
        return ""
    return dt.datetime.fromisoformat(iso).astimezone(CITY_TIME).strftime("%Y-%m-%d %H:%M:%S")


@register.filter
def word(code: str | int | None, table: str) -> str:
    """Write a code with its word."""
    if code in (None, ""):
        return ""
    found = codebook.book().get((table, str(code)))
    if found is None:
        return str(code)
    return str(found.zh if (get_language() or "").startswith("zh") else found.en)


@register.filter
def seconds(value: float | None) -> str:
    """Write a span as minutes and seconds."""
    if value is None:
        return "–"
    whole = round(value)
    return f"{whole // 60}:{whole % 60:02d}"
