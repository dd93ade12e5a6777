"""Signed requests between ZZ110 and the machines at its border: one form for both directions. Pure.

The signature is HMAC-SHA256 with the gateway's secret over `time`, `event`, method, path and body. A request is good
for five minutes; within them its event is carried out once, however often it is sent.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid

GOOD_FOR_S = 300
GATEWAY, EVENT, TIME, SIGNATURE = "X-ZZ110-Gateway", "X-ZZ110-Event", "X-ZZ110-Time", "X-ZZ110-Signature"
EVENTS = uuid.UUID("6f1f1f0e-6f0b-4d5c-9b38-7f1f5f2f7a10")


def sign(secret: str, *, moment: int, event: str, method: str, path: str, body: bytes) -> str:
    """Return the signature of a request made at `moment` (seconds since 1970), in hexadecimal digits."""
    said = f"{moment}\n{event}\n{method} {path}\n".encode() + body
    return hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()


def headers(
    secret: str, *, gateway: str, moment: int, event: str, method: str, path: str, body: bytes
) -> dict[str, str]:
    """Return the headers that make a request a signed one; `gateway` is `<centre>/<code>`."""
    signature = sign(secret, moment=moment, event=event, method=method, path=path, body=body)
    return {GATEWAY: gateway, EVENT: event, TIME: str(moment), SIGNATURE: signature}


def is_genuine(
    secret: str, signature: str, *, now: float, moment: int, event: str, method: str, path: str, body: bytes
) -> bool:
    """Tell whether a request is signed with the secret and no older (or newer) than five minutes."""
    wanted = sign(secret, moment=moment, event=event, method=method, path=path, body=body)
    # Compared as bytes: a signature may hold any character, and only ASCII texts can be compared.
    return hmac.compare_digest(wanted.encode(), signature.encode()) and abs(now - moment) <= GOOD_FOR_S


def key_of(gateway_id: int, event: str) -> uuid.UUID:
    """Return the idempotency key of a gateway's event."""
    return uuid.uuid5(EVENTS, f"{gateway_id}/{event}")
