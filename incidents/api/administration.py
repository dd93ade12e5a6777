"""Code tables and people: administrators only, no operations."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents import code_tables, codebook
from incidents.api_tools import actor, carried_out, parsed
from incidents.fields import Flag, Ident, Input, Text, Whole
from incidents.models import Organisation, User
from incidents.roles import ADMINISTRATOR, EVERYBODY, ROLES
from incidents.row import Json
from incidents.services import codes, people


class CodeEdit(Input):
    """An edit of a code."""

    version = Whole(1, 2**31 - 1)
    zh = Text(60, required=False, allow_blank=False)
    en = Text(120, required=False, allow_blank=False)
    ext_code = Text(40, required=False, code=True)
    active = Flag(required=False)
    attributes = serializers.DictField(required=False)


class CodesView(APIView):
    """All code tables."""

    roles = {"GET": EVERYBODY}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return every table in the order in which it is shown."""
        tables: dict[str, list[Json]] = {}
        for code in sorted(codebook.book().values(), key=lambda one: (one.table, one.order, one.code)):
            tables.setdefault(code.table, []).append(code.row())
        return Response({"version": str(code_tables.VERSION), "tables": tables})


class CodeView(APIView):
    """One code."""

    roles = {"PATCH": (ADMINISTRATOR,)}

    @extend_schema(request=CodeEdit, responses=dict)
    def patch(self, request: Request, table: str, code: str) -> Response:
        """Edit it."""
        by, facts = actor(request), parsed(CodeEdit, request)
        version = facts.pop("version")
        return carried_out(codes.edit_code, by=by, table=table, code=code, version=version, facts=facts)


class NewUser(Input):
    """A new person."""

    username = Text(150, code=True)
    password = serializers.CharField(min_length=10, max_length=256, trim_whitespace=False)
    badge = Text(12, required=False, code=True)
    name = Text(60)
    sworn = Flag(required=False)
    organisation = Ident(required=False, allow_null=True)
    roles = serializers.ListField(child=serializers.ChoiceField(list(ROLES)), max_length=len(ROLES))


class UserEdit(Input):
    """An edit of a person."""

    version = Whole(1, 2**31 - 1)
    name = Text(60, required=False, allow_blank=False)
    sworn = Flag(required=False)
    is_active = Flag(required=False)
    organisation = Ident(required=False, allow_null=True)
    roles = serializers.ListField(child=serializers.ChoiceField(list(ROLES)), required=False, max_length=len(ROLES))


class UsersView(APIView):
    """The people of the centre."""

    roles = {"GET": (ADMINISTRATOR,), "POST": (ADMINISTRATOR,)}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """List them, and the organisations that they may belong to."""
        by: Any = request.auth
        found = User.objects.filter(centre_id=by.centre_id).prefetch_related("groups").order_by("username")
        rows = []
        for user in found:
            user.__dict__["_roles"] = frozenset(group.name for group in user.groups.all())
            rows.append(user.row())
        organisations = Organisation.objects.filter(centre_id=by.centre_id).order_by("code")
        return Response({"users": rows, "organisations": list(organisations.values("id", "code", "name", "kind"))})

    @extend_schema(request=NewUser, responses=dict)
    def post(self, request: Request) -> Response:
        """Create one."""
        by, facts = actor(request), parsed(NewUser, request)
        username, password = facts.pop("username"), facts.pop("password")
        answer = carried_out(
            people.create_user,
            by=by,
            centre_id=by.centre_id,
            username=username,
            password=password,
            facts=facts,
        )
        answer.status_code = 201
        return answer


class UserView(APIView):
    """One person."""

    roles = {"PATCH": (ADMINISTRATOR,)}

    @extend_schema(request=UserEdit, responses=dict)
    def patch(self, request: Request, user_id: int) -> Response:
        """Change roles, activity or names."""
        by, facts = actor(request), parsed(UserEdit, request)
        version = facts.pop("version")
        return carried_out(people.change_user, by=by, user_id=user_id, version=version, facts=facts)
