"""Who writes in the tests of the live feed, and what they write."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.stack.session import Session

off = asyncio.to_thread  # HTTP beside an open socket


def take(person: Session, **facts: Any) -> dict[str, Any]:
    """Take a call with its incident."""
    incident = {"type_reported": "020101", "address_text": "新华路", "contact_phone": "19000000123", **facts}
    answer: dict[str, Any] = person.post("/api/calls/", {"channel": "CH11", "kind": "CK01", "incident": incident})
    return answer


def note(person: Session, incident: int, text: str = "备注") -> int:
    """Write a remark and return its number."""
    return int(person.post(f"/api/incidents/{incident}/note/", {"text": text})["seq"])


def incident_of(person: Session, made: dict[str, Any]) -> int:
    """Return the incident that a call made."""
    return int(made["call"]["incident"])
