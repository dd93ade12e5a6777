"""Signing in: the session, its person, seat and language, and the Actor made from a request."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from incidents import statements
from incidents.actor import Actor
from incidents.locking import LOCKED_AT, refuse_locked
from incidents.models import User


class Backend(ModelBackend):
    """Finds a person with the roles in one query; disabled people are nobody at once."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the active person of a session."""
        table = statements.table_of(User)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {table.columns}, ARRAY(SELECT held.name FROM incidents_user_groups AS of_user "
                "JOIN auth_group AS held ON held.id = of_user.group_id WHERE of_user.user_id = incidents_user.id) "
                "FROM incidents_user WHERE id = %s AND is_active",
                [user_id],
            )
            found = cursor.fetchone()
        if found is None:
            return None
        user = table.made(User, found[:-1])
        user.__dict__["_roles"] = frozenset(found[-1])
        return user


def actor_of(user: User, session: Any, *, key: UUID | None = None, body: bytes = b"", trace: str = "") -> Actor:
    """Make the Actor of a signed-in person."""
    return Actor(
        user_id=user.pk,
        centre_id=user.centre_id or 0,
        badge=user.badge,
        name=user.name,
        roles=user.role_names,
        sworn=user.sworn,
        org_id=user.organisation_id,
        on_unit=user.on_unit,
        on_team=user.on_team,
        seat=session.get("seat", ""),
        terminal=session.get("terminal", ""),
        key=key,
        body_hash=hashlib.sha256(body).digest(),
        trace=trace,
        locked=LOCKED_AT in session,
    )


class SessionAuthentication(authentication.SessionAuthentication):
    """DRF's session authentication (with its CSRF check), but `request.auth` is the Actor."""

    def authenticate(self, request: Request) -> tuple[User, Actor] | None:
        """Return the person and the Actor, or None."""
        found = super().authenticate(request)
        if found is None:
            return None
        user: Any = found[0]
        django_request = request._request
        by = actor_of(user, django_request.session, trace=getattr(django_request, "trace_id", ""))
        refuse_locked(by, request.method or "", request.parser_context.get("view"))
        return user, by

    def authenticate_header(self, request: Request) -> str:
        """Make DRF answer 401, not 403, to the anonymous."""
        return "Session"

    def enforce_csrf(self, request: Any) -> None:
        """Refuse a write without its token, in our words."""
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as error:
            raise exceptions.PermissionDenied(str(error.detail), code="csrf") from error


class UserLanguage:
    """Middleware: a signed-in person's language wins over the browser's; the default is Chinese, not the browser's
    wish (design 7)."""

    async_capable = True
    sync_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        choose_language(request)
        return self.get_response(request)  # type: ignore[no-any-return]


def choose_language(request: HttpRequest) -> None:
    """Activate the language of the cookie that the language switch sets, else Chinese."""
    wish = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    language = wish if wish in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    translation.activate(language)
    request.LANGUAGE_CODE = language
