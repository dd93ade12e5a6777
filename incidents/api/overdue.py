"""The board of what is overdue (未闭环, K20)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents import overdue
from incidents.actor import Actor
from incidents.api.followup import about
from incidents.audience import seen
from incidents.roles import DESK, FOLLOWING_UP, audience_of
from incidents.row import Json, stamp

MOST = 500


class OverdueView(APIView):
    """Everything past a limit."""

    roles = {"GET": (*DESK, *(role for role in FOLLOWING_UP if role not in DESK))}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """List it with owner, age, step and who stands above; the target is none."""
        by: Any = request.auth
        found = [line for line in overdue.everything(by.centre_id) if may_see(by, line)]
        incidents = {line.incident.pk for line in found if line.incident is not None}
        now = timezone.now()
        return Response(
            {
                "at": stamp(now),
                "count": len(incidents),
                "target": 0,
                "overdue": [{"id": number, **shown(line)} for number, line in enumerate(found[:MOST])],
            }
        )


def may_see(by: Actor, line: overdue.Overdue) -> bool:
    """Tell whether a person may see the incident; what has none is the desk's."""
    if line.incident is None:
        return by.has(*DESK)
    return seen(audience_of(by), "incident", line.incident.row(), line.incident.readers()) is not None


def shown(line: overdue.Overdue) -> Json:
    """Return a line of the board."""
    return {
        **about(line),
        "incident": line.incident.pk if line.incident else None,
        "priority": line.incident.priority if line.incident else None,
        "step": line.step,
        "due_at": stamp(line.due_at),
        "owner": line.owner,
        "above": line.above,
        "number": line.number,
        "urged_at": stamp(line.urged_at),
    }
