"""What the OpenAPI schema says that the code does not: how one signs in, and the header that every write needs."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView

from incidents import signatures

view = SpectacularAPIView.as_view()


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The session cookie; `POST /api/session/` gives it."""

    target_class = "incidents.sessions.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Describe the cookie."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


def add_keys(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """Name the Idempotency-Key header at every write (docs/contract.md 1)."""
    header = {
        "in": "header",
        "name": "Idempotency-Key",
        "required": True,
        "schema": {"type": "string", "format": "uuid"},
        "description": "Made by the client, once per act; the same key with the same body has one effect.",
    }
    for path, operations in result.get("paths", {}).items():
        if path in ("/api/session/", "/api/ticket/") or path.endswith(("/position/", "/positions/")):
            continue
        for method, operation in operations.items():
            if method in ("post", "patch", "put") and path != "/api/me/":
                operation.setdefault("parameters", []).append(header)
    return result


class SignedGatewayScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema names the signature of gateways (docs/contract.md 8)."""

    target_class = "incidents.gateways.SignedGateway"
    name = "gatewaySignature"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the header that carries the signature."""
        return {"type": "apiKey", "in": "header", "name": signatures.SIGNATURE}
