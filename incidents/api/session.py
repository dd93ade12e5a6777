"""Signing in and out, who one is, and the ticket for the socket."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.actor import Actor
from incidents.api_tools import parsed
from incidents.fields import Flag, Input, Text
from incidents.live.rights import issue_ticket
from incidents.locking import LOCKED_AT, TRIED, WrongPin, locks_after_s, opens, pin_hash
from incidents.models import User
from incidents.refusals import Forbidden, WrongPassword
from incidents.roles import EVERYBODY, audience_of
from incidents.row import Json
from incidents.services.handovers import waiting_for
from incidents.services.people import forget_tries, note_lock, note_sign_in, note_try, set_pin
from incidents.sessions import SessionAuthentication, actor_of


class SignIn(Input):
    """Who signs in, from which seat or terminal."""

    username = Text(150)
    password = serializers.CharField(max_length=256, trim_whitespace=False)
    seat = Text(20, required=False, default="", code=True)
    terminal = Text(40, required=False, default="", code=True)
    relieve = Flag(required=False, default=False)  # take the seat of whoever sits there


class Secret(Input):
    """What opens a locked screen: the PIN, or the password."""

    secret = serializers.CharField(max_length=256, trim_whitespace=False)


class NewPin(Input):
    """A PIN, and the password that proves who sets it."""

    pin = serializers.CharField(max_length=16)
    password = serializers.CharField(max_length=256, trim_whitespace=False)


class Me(Input):
    """What a person may change of the own row."""

    language = serializers.ChoiceField([code for code, _name in settings.LANGUAGES])


def me(user: User, by: Actor) -> Json:
    """Return who one is (docs/contract.md 2)."""
    centre = user.centre.row() if user.centre else None
    return {
        "id": user.pk,
        "username": user.username,
        "badge": user.badge,
        "name": user.name,
        "sworn": user.sworn,
        "roles": sorted(by.roles),
        "centre": centre,
        "seat": by.seat,
        "language": user.language or settings.LANGUAGE_CODE,
        "audience": audience_of(by),
        "unit": user.on_unit,
        "org": user.organisation_id,
        "hand_over": waiting_for(by),
        "locked": by.locked,
        "lock_after_s": locks_after_s(by.roles),
        "has_pin": bool(user.pin),
    }


class SessionView(APIView):
    """The session: open to everybody, because it is the way in."""

    permission_classes = [AllowAny]
    roles: dict[str, tuple[str, ...]] = {}
    # Another person may take the seat over, and the same one may leave it.
    while_locked = ("POST", "DELETE")

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return the CSRF token and who is signed in."""
        return Response(self.state(request))

    @extend_schema(request=SignIn, responses=dict)
    def post(self, request: Request) -> Response:
        """Sign in; a wrong name and a wrong password are answered alike (A41)."""
        found = parsed(SignIn, request)
        django_request: Any = request._request
        SessionAuthentication().enforce_csrf(request)
        user: Any = authenticate(django_request, username=found["username"], password=found["password"])
        if user is None or user.centre_id is None:
            raise WrongPassword()
        # Before the session: whoever may not sit there is not signed in.
        note_sign_in(by=actor_of(user, found), came=True, relieve=found["relieve"])
        login(django_request, user)
        django_request.session.pop(LOCKED_AT, None)  # who signs in anew has shown the password
        django_request.session["seat"] = found["seat"]
        django_request.session["terminal"] = found["terminal"]
        user = User.objects.select_related("centre").get(pk=user.pk)
        django_request.user = user
        return Response(self.state(request, user), status=200)

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        """Sign out; every socket of the session closes within a second."""
        by: Any = request.auth
        logout(request._request)  # before its entry: whoever is told of it must find the session gone
        if isinstance(by, Actor) and by.centre_id:
            note_sign_in(by=by, came=False)
        return Response(status=204)

    def state(self, request: Request, signed_in: User | None = None) -> Json:
        """Return token and person."""
        django_request: Any = request._request
        user: Any = signed_in or (request.user if isinstance(request.auth, Actor) else None)
        person = me(user, actor_of(user, django_request.session)) if user else None
        return {"csrf": get_token(django_request), "user": person}


class LockView(APIView):
    """The screen is left alone: it locks."""

    roles = {"POST": EVERYBODY}
    while_locked = ("POST",)

    @extend_schema(request=None, responses=dict)
    def post(self, request: Request) -> Response:
        """Lock the session; a repeat changes nothing."""
        by: Any = request.auth
        if not by.locked:
            note_lock(by=by, locked=True)
            request._request.session[LOCKED_AT] = timezone.now().isoformat()
        return Response({"locked": True})


class UnlockView(APIView):
    """The person is back."""

    roles = {"POST": EVERYBODY}
    while_locked = ("POST",)

    @extend_schema(request=Secret, responses=dict)
    def post(self, request: Request) -> Response:
        """Open the screen with PIN or password; ten wrong tries in a row end the session."""
        found = parsed(Secret, request)
        user: Any = request.user
        by: Any = request.auth
        prove(request, user, by, found["secret"])
        if request._request.session.pop(LOCKED_AT, None):
            note_lock(by=by, locked=False)
        return Response({"locked": False})


class PinView(APIView):
    """The own PIN."""

    roles = {"POST": EVERYBODY}

    @extend_schema(request=NewPin, responses=dict)
    def post(self, request: Request) -> Response:
        """Set it; the password says who does. No key: a hash of the body would give the PIN away."""
        found = parsed(NewPin, request)
        user: Any = request.user
        by: Any = request.auth
        hashed = pin_hash(found["pin"])
        prove(request, user, by, found["password"], pins=False)
        set_pin(by=by, pin=hashed)
        return Response({"has_pin": True})


def prove(request: Request, user: User, by: Actor, secret: str, *, pins: bool = True) -> None:
    """Raise WrongPin or PinClosed unless the secret is the person's; every try is counted before it is judged."""
    tried = note_try(user.pk)
    if opens(user, secret, tried) if pins else user.check_password(secret):
        forget_tries(user.pk)
        return
    if tried >= TRIED:
        logout(request._request)
        note_sign_in(by=by, came=False)
        forget_tries(user.pk)
    raise WrongPin()


class MeView(APIView):
    """Oneself."""

    roles = {"GET": EVERYBODY, "PATCH": EVERYBODY}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return who one is."""
        user: Any = request.user
        by: Any = request.auth
        return Response(me(user, by))

    @extend_schema(request=Me, responses=dict)
    def patch(self, request: Request) -> Response:
        """Choose the language of the screens."""
        found = parsed(Me, request)
        user: Any = request.user
        by: Any = request.auth
        User.objects.filter(pk=user.pk).update(language=found["language"])
        user.language = found["language"]
        response = Response(me(user, by))
        response.set_cookie(
            # The page's own switch writes this cookie too, also before anybody has signed in.
            settings.LANGUAGE_COOKIE_NAME,
            found["language"],
            max_age=365 * 24 * 3600,
            samesite="Lax",
        )
        return response


class TicketView(APIView):
    """The one-time right to open a socket."""

    roles = {"POST": EVERYBODY}
    while_locked = ("POST",)  # the feed of a locked seat is never cut

    @extend_schema(request=None, responses=dict)
    def post(self, request: Request) -> Response:
        """Return a ticket for 30 seconds."""
        user: Any = request.user
        by: Any = request.auth
        if not audience_of(by):
            raise Forbidden(_("Your role has no live feed."))
        key = request._request.session.session_key or ""
        return Response({"ticket": issue_ticket(user, key)})
