"""Whose rights to a socket have ended, and the one-time tickets that open one (targets 3.2, A15–A19)."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone

from incidents.models import Ticket, User
from incidents.sessions import Backend

TICKET_LIVES = dt.timedelta(seconds=30)
Right = tuple[int, str, int]  # person, session key, access version


def ended_rights(held: list[Right]) -> set[Right]:
    """Return those whose session is gone, whose person is disabled, or whose roles or unit changed since."""
    if not held:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, access_version FROM incidents_user WHERE is_active AND id = ANY(%s)",
            [list({user for user, _, _ in held})],
        )
        people = dict(cursor.fetchall())
        cursor.execute(
            "SELECT session_key FROM django_session WHERE session_key = ANY(%s) AND expire_date > now()",
            [list({session for _, session, _ in held})],
        )
        sessions = {key for (key,) in cursor.fetchall()}
    return {right for right in held if people.get(right[0]) != right[2] or right[1] not in sessions}


def issue_ticket(user: User, session_key: str) -> str:
    """Return a one-time right to open a socket within 30 seconds; only its digest is stored."""
    ticket = secrets.token_urlsafe(32)
    now = timezone.now()
    Ticket.objects.filter(expires_at__lt=now - dt.timedelta(hours=1)).delete()
    Ticket.objects.create(
        digest=hashlib.sha256(ticket.encode()).digest(),
        user=user,
        session_key=session_key,
        expires_at=now + TICKET_LIVES,
    )
    return ticket


def use_ticket(ticket: str, session_key: str) -> User | None:
    """Return the person when the ticket is unused, fresh, and of the session in the cookie; else None."""
    digest = hashlib.sha256(ticket.encode()).digest()
    now = timezone.now()
    used = Ticket.objects.filter(
        digest=digest, session_key=session_key, used_at__isnull=True, expires_at__gt=now
    ).update(used_at=now)
    if used != 1:
        return None
    store: Any = SessionStore(session_key)
    user_id = store.get(SESSION_KEY)
    user = Backend().get_user(user_id) if user_id else None
    if user is None or store.get(HASH_SESSION_KEY) != user.get_session_auth_hash():
        return None
    return user
