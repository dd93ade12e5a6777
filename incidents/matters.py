"""Everything in a centre that is open, and who owns it: what a hand-over lists by name (row 94)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import Count, Q

from incidents.models import (
    Alert,
    Call,
    Callback,
    FusionRequest,
    GridReport,
    Incident,
    Ownership,
    SearchArea,
    SupervisionOrder,
    Transfer,
    User,
)
from incidents.models.incidents import ENDED
from incidents.roles import DESK

MOST = 500  # of a kind


@dataclass(frozen=True, slots=True)
class Matter:
    """One open thing as a list names it; no caller's name and no confidential address."""

    noun: str
    row_id: int
    number: str
    words: str
    state: str
    owner_id: int | None
    org_ids: tuple[int | None, ...] = ()  # the stations that it concerns

    @property
    def key(self) -> tuple[str, int]:
        """Name it."""
        return self.noun, self.row_id


def open_matters(centre_id: int) -> list[Matter]:
    """Return every open incident, call, callback, transfer, supervision order, alert, fusion request, grid report and
    search area with its owner: whoever took it over last, else the person at a desk who began it, else nobody: then it
    is the shift's."""
    found = [*incidents(centre_id), *calls(centre_id), *callbacks(centre_id), *transfers(centre_id)]
    found += [*supervision_orders(centre_id), *alerts(centre_id), *fusion_requests(centre_id)]
    found += [*grid_reports(centre_id), *search_areas(centre_id)]
    owned = {
        (one.noun, one.row_id): one.owner_id
        for one in Ownership.objects.filter(centre_id=centre_id, ended_at__isnull=True)
    }
    at_desks = set(User.objects.filter(centre_id=centre_id, groups__name__in=DESK).values_list("pk", flat=True))
    named = [
        one
        if one.noun == "fusion_request"
        else replace(one, owner_id=owned.get(one.key, one.owner_id if one.owner_id in at_desks else None))
        for one in found
    ]
    # An alert without an owner of its own is whose incident it is about.
    by_incident = {one.row_id: one.owner_id for one in named if one.noun == "incident"}
    of_alert = dict(
        Alert.objects.filter(pk__in=[one.row_id for one in named if one.noun == "alert"]).values_list(
            "pk", "incident_id"
        )
    )
    return [
        replace(one, owner_id=by_incident.get(of_alert.get(one.row_id) or 0))
        if one.noun == "alert" and one.owner_id is None
        else one
        for one in named
    ]


def address(incident: Incident | None) -> str:
    """Return where an incident is, unless that is not for every reader."""
    return "" if incident is None or incident.confidential or incident.is_complaint else incident.address_text


def incidents(centre_id: int) -> Iterator[Matter]:
    """Name the open incidents."""
    for row in Incident.objects.filter(centre_id=centre_id).exclude(stage__in=ENDED).order_by("id")[:MOST]:
        orgs = (row.jurisdiction_id,)
        yield Matter("incident", row.pk, row.incident_no, address(row), row.stage, row.created_by_id, orgs)


def calls(centre_id: int) -> Iterator[Matter]:
    """Name the calls that are not done."""
    found = Call.objects.filter(centre_id=centre_id).exclude(state=Call.State.DONE).select_related("incident")
    for row in found.order_by("id")[:MOST]:
        yield Matter("call", row.pk, row.call_no, address(row.incident), row.state, row.agent_id)


def callbacks(centre_id: int) -> Iterator[Matter]:
    """Name the callbacks without an outcome."""
    found = Callback.objects.filter(centre_id=centre_id, outcome="").select_related("incident")
    for row in found.order_by("id")[:MOST]:
        yield Matter("callback", row.pk, row.incident.incident_no, address(row.incident), row.way, None)


def transfers(centre_id: int) -> Iterator[Matter]:
    """Name the transfers that are neither settled nor returned."""
    live = [Transfer.State.UNSENT, Transfer.State.SENT, Transfer.State.ACCEPTED]
    found = Transfer.objects.filter(centre_id=centre_id, state__in=live).select_related("incident")
    for row in found.order_by("id")[:MOST]:
        yield Matter("transfer", row.pk, row.transfer_no, row.to_body, row.state, row.created_by_id)


def supervision_orders(centre_id: int) -> Iterator[Matter]:
    """Name the supervision orders that are not closed."""
    found = SupervisionOrder.objects.filter(centre_id=centre_id).exclude(state=SupervisionOrder.State.CLOSED)
    for row in found.select_related("incident").order_by("id")[:MOST]:
        words, orgs = f"{row.to_name} {row.demand}"[:200], (row.to_id, row.escalated_to_id)
        yield Matter("supervision_order", row.pk, row.incident.incident_no, words, row.state, row.created_by_id, orgs)


def fusion_requests(centre_id: int) -> Iterator[Matter]:
    """Name the fusion requests that somebody works on; their owner is the analyst, who hands them over by name."""
    found = FusionRequest.objects.filter(centre_id=centre_id).exclude(state__in=FusionRequest.ENDED)
    for row in found.select_related("incident").order_by("id")[:MOST]:
        yield Matter("fusion_request", row.pk, row.request_no, address(row.incident), row.state, row.owner_id)


def grid_reports(centre_id: int) -> Iterator[Matter]:
    """Name the reports of the grid that are not settled."""
    found = GridReport.objects.filter(centre_id=centre_id).exclude(state=GridReport.State.SETTLED)
    for row in found.order_by("id")[:MOST]:
        yield Matter("grid_report", row.pk, row.report_no, row.place_text, row.state, row.owner_id, (row.station_id,))


def search_areas(centre_id: int) -> Iterator[Matter]:
    """Name the search areas of the video squad that are not ended, with how many of their cameras are looked through."""
    found = SearchArea.objects.filter(centre_id=centre_id, ended_at__isnull=True).select_related("incident")
    counted = found.annotate(every=Count("cameras"), done=Count("cameras__checked_at"))
    for row in counted.order_by("id")[:MOST]:
        secluded = row.incident.confidential or row.incident.is_complaint
        said = "" if secluded else f"{row.incident.address_text} {row.note}".strip()[:180]
        words = f"{said} {row.done}/{row.every}".strip()
        number, orgs = row.incident.incident_no, (row.branch_id,)
        yield Matter("search_area", row.pk, number, words, "", row.created_by_id, orgs)


def alerts(centre_id: int) -> Iterator[Matter]:
    """Name the alerts that stand."""
    standing = Q(acknowledged_at__isnull=True, cause_ended_at__isnull=True)
    found = Alert.objects.filter(standing, centre_id=centre_id).select_related("incident").order_by("id")
    for row in found[:MOST]:
        number = row.incident.incident_no if row.incident else str(row.data.get("call_sign", ""))
        yield Matter("alert", row.pk, number, address(row.incident), row.kind, None)
