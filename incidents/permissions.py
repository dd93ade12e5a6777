"""The default refusal: a view grants methods to roles by name, everything else is refused (style trap 22)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.permissions import BasePermission

from incidents.actor import Actor

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class SignedIn(BasePermission):
    """Anybody with a valid session."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Refuse the anonymous."""
        return isinstance(request.auth, Actor)


class HasContractRole(BasePermission):
    """The default: a view names the roles of each method in `roles`; what is not named is refused."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Refuse unless the view grants the method to a role of the person."""
        by = request.auth
        granted: Any = getattr(view, "roles", {}).get(request.method or "", ())
        return isinstance(by, Actor) and by.has(*granted)
