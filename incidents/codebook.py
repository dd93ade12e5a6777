"""Looking codes up: a copy per process, renewed every 30 seconds and at once by an edit in this process."""

from __future__ import annotations

import time
from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents.models import Code
from incidents.refusals import BadInput

RENEW_EVERY_S = 30.0
_book: dict[tuple[str, str], Code] = {}
_read_at = float("-inf")


def book() -> dict[tuple[str, str], Code]:
    """Return all codes by table and code."""
    global _book, _read_at
    if time.monotonic() - _read_at > RENEW_EVERY_S or not _book:
        _book = {(code.table, code.code): code for code in Code.objects.all()}
        _read_at = time.monotonic()
    return _book


def forget() -> None:
    """Drop the copy after an edit."""
    global _read_at
    _read_at = float("-inf")


def require(table: str, code: str, field: str) -> str:
    """Return the code when the table has it and it is active; else BadInput naming the field. Blank passes."""
    if not code:
        return code
    found = book().get((table, code))
    if found is None or not found.active:
        raise BadInput(**{field: _("This code is not in the table.")})
    return code


def attribute(table: str, code: str, name: str, default: Any = None) -> Any:
    """Return one attribute of a code."""
    found = book().get((table, code))
    return found.attributes.get(name, default) if found else default
