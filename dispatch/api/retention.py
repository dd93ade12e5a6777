"""How retention goes: what is due, held and done in each class, and when its run last succeeded."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch.retention import ALL, STALE_AFTER, successes
from incidents import codebook
from incidents.archive import classes
from incidents.models import Call, Heartbeat, Retention
from incidents.roles import ADMINISTRATOR, INSPECTOR, LEADER, WATCH_COMMANDER
from incidents.row import Json, stamp
from incidents.services.retention import calls_due

PERIODS = ("days", "recording_days", "camera_days", "archive_days")


class RetentionView(APIView):
    """The state of retention by class."""

    roles = {"GET": (ADMINISTRATOR, INSPECTOR, LEADER, WATCH_COMMANDER)}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return counts, periods, progress and last success of each class; no incident is named."""
        by: Any = request.auth
        now = timezone.now()
        counted: dict[str, Any] = {
            row["retention_class"]: row
            for row in Retention.objects.filter(centre_id=by.centre_id)
            .values("retention_class")
            .annotate(
                kept=Count("id", filter=Q(redacted_at=None)),
                redacted=Count("id", filter=Q(redacted_at__isnull=False)),
                due=Count("id", filter=Q(redacted_at=None, redact_after__lte=now, archived_at__isnull=False)),
            )
        }
        told = dict(Heartbeat.objects.filter(name__startswith="retention.").values_list("name", "detail"))
        calls = Call.objects.filter(centre_id=by.centre_id, incident=None)
        counted[classes.CONTACT] = {
            "kept": calls.filter(redacted_at=None).count(),
            "redacted": calls.filter(redacted_at__isnull=False).count(),
            "due": calls_due(now).filter(centre_id=by.centre_id).count(),
        }
        lines: list[Json] = []
        for name, at in successes().items():
            found = counted.get(name, {})
            lines.append(
                {
                    "retention_class": name,
                    **{key: found.get(key, 0) for key in ("kept", "due", "redacted")},
                    **{key: codebook.attribute(classes.TABLE, name, key) for key in PERIODS},
                    "succeeded_at": stamp(at),
                    "late": at is None or at < now - STALE_AFTER,
                    "says": told.get(f"retention.{name}", ""),
                }
            )
        return Response({"classes": sorted(lines, key=lambda line: ALL.index(line["retention_class"]))})
