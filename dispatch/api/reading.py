"""Reading: the board, one incident whole, its timeline, its candidates, the search, the journal."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch import board, candidate_rows, candidates, order_text
from dispatch.api.incident import visible_incident
from dispatch.sentences import sentence
from incidents.actor import Actor
from incidents.api.session import me
from incidents.audience import COMPLAINT, COMPLAINT_CLASS, seen
from incidents.live import frames
from incidents.models import Entry, Incident, Stage
from incidents.refusals import BadInput
from incidents.roles import DESK, INSPECTOR, OFFICER, WATCH_COMMANDER, WATCHING, audience_of
from incidents.row import Json, stamp
from incidents.tree import under
from patrol.track import moment

PAGE = 50
MOST_PAGES = 2_000
MOST_ENTRIES = 500


class SnapshotView(APIView):
    """The board as it stands."""

    roles = {"GET": (*WATCHING, OFFICER)}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return it with its number."""
        by: Any = request.auth
        user: Any = request.user
        return Response({**board.snapshot(by), "me": me(user, by)})


class TimelineView(APIView):
    """What happened to an incident, as sentences."""

    roles = {"GET": (*WATCHING, OFFICER)}

    @extend_schema(responses=dict)
    def get(self, request: Request, incident_id: int) -> Response:
        """Return its journal entries in their order."""
        by: Any = request.auth
        incident, _shown = visible_incident(by, incident_id)
        return Response({"entries": timeline(incident)})


def timeline(incident: Incident) -> list[Json]:
    """Return what happened to an incident as sentences, from the ring of its first call on."""
    entries = Entry.objects.filter(centre_id=incident.centre_id, incident_id=incident.pk).order_by("seq")
    return [told(entry) for entry in [*before_it(incident), *entries]]


def before_it(incident: Incident) -> list[Entry]:
    """Return the entries of an incident's calls from before they had one: the ring, the answer, where clock A starts."""
    found: list[Entry] = []
    for call in incident.calls.order_by("id"):
        early = Entry.objects.filter(
            centre_id=incident.centre_id,
            incident_id__isnull=True,
            at__range=(call.created_at, call.saved_at or call.updated_at),
            kind__startswith="call.",
            readers__contains=f'"call:{call.pk}"',
        )
        found += early
    return sorted(found, key=lambda entry: entry.seq)


def told(entry: Entry) -> Json:
    """Return an entry as a line of a timeline, in the user's language."""
    actor = frames.actor_shown(entry.actor)
    return {
        "seq": entry.seq,
        "at": stamp(entry.at),
        "kind": entry.kind,
        "by": f"{actor['badge']} {actor['name']}".strip() if actor else "",
        "sentence": sentence(entry.kind, json.loads(entry.body), translation.get_language() or ""),
    }


class CandidatesView(APIView):
    """Who could go."""

    roles = {"GET": DESK}

    @extend_schema(responses=dict)
    def get(self, request: Request, incident_id: int) -> Response:
        """Return the ranking with its basis, every reason and every exclusion."""
        by: Any = request.auth
        incident, _shown = visible_incident(by, incident_id)
        now = timezone.now()
        found = candidates.ask(incident, now)
        if found is None:
            told = candidate_rows.shown(candidates.rank(incident, now))
        else:
            told = candidate_rows.shown(found.ranking, found.asked.question, found.asked.spread)
        return Response({**told, "order_text": order_text.prefilled(incident)})


class IncidentsView(APIView):
    """The search over everything that one may see."""

    roles = {"GET": WATCHING}

    @extend_schema(operation_id="incidents_search", responses=dict)
    def get(self, request: Request) -> Response:
        """Find by number, address, words, plate; by stage; between two moments."""
        by: Any = request.auth
        found = matching(by, request.query_params)
        page = whole(request.query_params.get("page", "1"), "page", MOST_PAGES)
        rows = found.order_by("-id")[(page - 1) * PAGE : page * PAGE]
        audience = audience_of(by)
        shown = [row for one in rows if (row := seen(audience, "incident", one.row(), one.readers())) is not None]
        return Response({"count": found.count(), "incidents": shown})


def matching(by: Actor, query: Any) -> QuerySet[Incident]:
    """Return the incidents that fit the query and that the person may see; unknown parameters are refused."""
    unknown = set(query) - {"q", "stage", "from", "to", "page"}
    if unknown:
        raise BadInput(**{sorted(unknown)[0][:60]: _("Unknown or read-only field.")})
    found = Incident.objects.filter(centre_id=by.centre_id)
    audience = audience_of(by)
    if audience.startswith("station."):
        found = found.filter(jurisdiction_id__in=under(int(audience.removeprefix("station."))))
    if audience not in ("desk", "inspector"):
        found = found.exclude(Q(type_reported__startswith=COMPLAINT) | Q(intake_class=COMPLAINT_CLASS))
    if stage := query.get("stage", ""):
        if stage not in Stage.values:
            raise BadInput(stage=_("This code is not in the table."))
        found = found.filter(stage=stage)
    start, end = moment(query, "from"), moment(query, "to")
    if start:
        found = found.filter(answered_at__gte=start)
    if end:
        found = found.filter(answered_at__lt=end)
    return words(found, query.get("q", ""))


def words(found: QuerySet[Incident], text: str) -> QuerySet[Incident]:
    """Narrow to a number (`#241`), or words in address, narrative or plate."""
    text = text.strip()
    if not text:
        return found
    if len(text) > 100:
        raise BadInput(q=_("This is too large."))
    if "\0" in text:
        raise BadInput(q=_("Some fields hold what they may not hold."))
    bare = text.removeprefix("#")
    if bare.isascii() and bare.isdigit() and len(bare) < 12:
        return found.filter(Q(pk=int(bare)) | Q(incident_no=bare))
    return found.filter(
        Q(incident_no=text)
        | Q(address_text__icontains=text)
        | Q(narrative__icontains=text)
        | Q(vehicle_plate__icontains=text)
    )


def whole(text: str, name: str, highest: int) -> int:
    """Read a whole number of the query."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= highest or len(text) > 9:
        raise BadInput(**{name: _("Some fields hold what they may not hold.")})
    return int(text)


class JournalView(APIView):
    """The journal as sentences, for those who inspect."""

    roles = {"GET": (INSPECTOR, WATCH_COMMANDER)}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return at most 500 entries after a number."""
        by: Any = request.auth
        after = request.query_params.get("after", "0")
        if not after.isascii() or not after.isdigit() or len(after) > 18:
            raise BadInput(after=_("Some fields hold what they may not hold."))
        limit = whole(request.query_params.get("limit", "100"), "limit", MOST_ENTRIES)
        entries = Entry.objects.filter(centre_id=by.centre_id, seq__gt=int(after)).order_by("seq")[:limit]
        return Response({"entries": [told(entry) for entry in entries]})
