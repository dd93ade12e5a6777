"""The door for machines: a signed request becomes an act of its gateway; and the way out, signed alike."""

from __future__ import annotations

import hashlib
import json
import time
from typing import Any
from urllib.parse import urlsplit

import httpx
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from incidents import signatures
from incidents.actor import Actor
from incidents.models import Gateway, User
from incidents.roles import ADAPTER
from incidents.row import Json

ANSWERS_WITHIN_S = 8.0
LONGEST_EVENT = 64


def actor_of_gateway(gateway: Gateway, event: str = "", body: bytes = b"") -> Actor:
    """Make the Actor of a gateway; an event is its idempotency key."""
    return Actor(
        user_id=gateway.user_id,
        centre_id=gateway.centre_id,
        badge=gateway.code,
        name=gateway.name,
        roles=frozenset({ADAPTER}),
        terminal=gateway.code,
        key=signatures.key_of(gateway.pk, event) if event else None,
        body_hash=hashlib.sha256(body).digest(),
    )


class SignedGateway(authentication.BaseAuthentication):
    """Authentication by signature (incidents.signatures); `request.auth` is the Actor, `request.user` the machine."""

    def authenticate(self, request: Request) -> tuple[User, Actor]:
        """Return the machine and its Actor. Raises AuthenticationFailed for whatever is not right, without saying which."""
        django_request = request._request
        body: bytes = django_request.body
        event = request.headers.get(signatures.EVENT, "")
        gateway = self.find(request.headers.get(signatures.GATEWAY, ""))
        moment = request.headers.get(signatures.TIME, "")
        if gateway is None or not 0 < len(event) <= LONGEST_EVENT or not moment.isdecimal() or len(moment) > 12:
            raise exceptions.AuthenticationFailed()
        said: dict[str, Any] = {
            "moment": int(moment),
            "event": event,
            "method": str(django_request.method),
            "path": django_request.path,
        }
        signature = request.headers.get(signatures.SIGNATURE, "")
        if not signatures.is_genuine(gateway.secret, signature, now=time.time(), body=body, **said):
            raise exceptions.AuthenticationFailed()
        django_request.gateway = gateway  # type: ignore[attr-defined]
        return gateway.user, actor_of_gateway(gateway, event, django_request.path.encode() + body)

    def find(self, name: str) -> Gateway | None:
        """Return the gateway of `<centre>/<code>`."""
        centre, _slash, code = name.partition("/")
        found = Gateway.objects.select_related("user").filter(
            centre__code=centre, code=code, active=True, user__is_active=True
        )
        return found.first()

    def authenticate_header(self, request: Request) -> str:
        """Make DRF answer 401, not 403."""
        return "Signature"


def post(gateway: Gateway, centre_code: str, event: str, content: Json) -> Json:
    """Post to a gateway's address, signed. Returns what it answers; raises httpx.HTTPError when it does not take it."""
    return post_to(gateway, gateway.address, centre_code, event, content)


def post_to(
    gateway: Gateway, address: str, centre_code: str, event: str, content: Json, *, within_s: float = ANSWERS_WITHIN_S
) -> Json:
    """Post to one address of a gateway, signed. Raises httpx.HTTPError."""
    body = json.dumps(content, ensure_ascii=False).encode()
    path = urlsplit(address).path or "/"
    signed = signatures.headers(
        gateway.secret,
        gateway=f"{centre_code}/{gateway.code}",
        moment=int(time.time()),
        event=event,
        method="POST",
        path=path,
        body=body,
    )
    answer = httpx.post(
        address,
        content=body,
        headers={**signed, "Content-Type": "application/json"},
        timeout=within_s,
        follow_redirects=False,
    )
    answer.raise_for_status()
    try:
        found = answer.json()
    except ValueError:
        found = {}
    return found if isinstance(found, dict) else {}
