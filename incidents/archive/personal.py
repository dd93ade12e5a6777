"""What of each row is personal: the registry that redaction, and a test, read. A later module registers its own rows.

Codes, times, numbers, staff and owners stay; names, telephones, identities, words and exact places go. A point is kept
to about a hundred metres, because the figures by place need it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from incidents.audience import MASK
from incidents.models import (
    Alert,
    Bookmark,
    Call,
    Callback,
    CardAnswer,
    Clue,
    FusionRequest,
    GridPicture,
    GridReport,
    GridTask,
    Incident,
    LateEntry,
    LockedPosition,
    Message,
    Note,
    Notice,
    PartnerAttachment,
    Party,
    SearchArea,
    SearchedCamera,
    SupervisionOrder,
    Suspect,
    Transfer,
    Viewing,
    WatchEntry,
    WatchHit,
)
from incidents.models import Request as ApprovalRequest
from incidents.row import Json, Row

Hide = Callable[[Any], Any]
POINT_PLACES = 3  # decimals of a degree: about 100 m


def hidden(value: Any) -> Any:
    """Put the mask where words are; nothing stays nothing."""
    return MASK if value else value


def gone(value: Any) -> None:
    """Leave nothing."""


def nothing_left(value: Any) -> list[Any]:
    """Leave an empty list."""
    return []


def emptied(value: Any) -> str:
    """Leave an empty text."""
    return ""


def coarse(value: Any) -> Any:
    """Round a coordinate or a point to about 100 metres."""
    if isinstance(value, dict):
        return {name: coarse(value[name]) for name in ("lat", "lng") if name in value}
    return round(value, POINT_PLACES) if isinstance(value, float) else value


def lines(*names: str) -> Hide:
    """Return what hides some values of each line of a list."""

    def hide(value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return [{name: MASK if name in names and said else said for name, said in line.items()} for line in value]

    return hide


def datum(value: Any) -> Json:
    """Keep of a point's origin its datum alone."""
    return {"crs_in": value["crs_in"]} if isinstance(value, dict) and "crs_in" in value else {}


def said(data: Any) -> Json:
    """Hide what an entry or an alert quotes: words, numbers, purposes, and the before and after of personal fields."""
    if not isinstance(data, dict):
        return {}
    shown = {
        name: hidden(value) if name in QUOTED and isinstance(value, str) else value for name, value in data.items()
    }
    if isinstance(data.get("changes"), dict):
        personal = all_fields()
        shown["changes"] = {
            name: [personal[name](one) for one in pair] if name in personal and isinstance(pair, list) else pair
            for name, pair in data["changes"].items()
        }
    return shown


QUOTED = frozenset(
    {"reason", "text", "purpose", "number", "words", "demand", "told_caller", "received_by", "subject", "value"}
)


@dataclass(frozen=True, slots=True)
class Personal:
    """What of one kind of row is personal: columns, and keys of the row in the journal where those differ."""

    model: type[Row]
    of_incident: str  # the lookup that finds the rows of some incidents
    of_call: str  # of some calls without an incident; "" when there can be none
    columns: dict[str, Hide]
    keys: dict[str, Hide] = field(default_factory=dict)


REGISTRY: dict[str, Personal] = {}
# Rows of an incident that hold nothing personal say so here.
NOTHING: set[str] = {"deadline", "retention"}
# What takes the pictures of some incidents out of tables and returns their files; later layers add theirs.
FILES: list[Callable[[list[int]], list[str]]] = []


def personal(
    model: type[Row], of_incident: str, *, of_call: str = "", keys: dict[str, Hide] | None = None, **columns: Hide
) -> None:
    """Register what of a kind of row is personal. `keys` replaces `columns` for the row as the journal holds it."""
    REGISTRY[model.NOUN] = Personal(model, of_incident, of_call, columns, {**columns, **(keys or {})})


def all_fields() -> dict[str, Hide]:
    """Return every personal field by its name, whatever row it belongs to."""
    return {name: hide for one in REGISTRY.values() for name, hide in one.keys.items()}


def scrubbed(noun: str, row: Json) -> Json:
    """Return a row of the journal without what is personal."""
    known = REGISTRY.get(noun)
    if known is None:
        return row
    return {name: known.keys[name](value) if name in known.keys else value for name, value in row.items()}


personal(
    Incident, "pk__in",
    contact_name=hidden, contact_phone=hidden, narrative=hidden, address_text=hidden, place_note=hidden,
    vehicle_plate=hidden, vehicle_note=hidden, partner_brief=hidden, reason=hidden, priority_log=lines("reason"), lat=coarse, lng=coarse,
    point_info=datum, keys={"point": coarse},
)  # fmt: skip
personal(
    Call, "incident_id__in", of_call="pk__in",
    caller_number=hidden, subscriber=hidden, subscriber_address=hidden, caller_name=hidden, caller_sex=emptied,
    contact_phone=hidden, caller_address=hidden, caller_point=gone, narrative=hidden, supplements=lines("text"),
    closing_text=hidden, reopen_reason=hidden, token_hash=emptied,
    where_hash=emptied,
    positions=nothing_left,
)  # fmt: skip
personal(Message, "call__incident_id__in", of_call="call_id__in", text=hidden, picture=gone)
personal(
    Party, "incident_id__in",
    name=hidden, description=hidden, sex=emptied, age=gone, id_no=hidden, phone=hidden, address=hidden, plate=hidden,
    frame_no=hidden, returned_to=hidden, receipt=hidden, void_reason=hidden,
)  # fmt: skip
personal(Note, "incident_id__in", text=hidden, facts=lines("text"))
personal(LateEntry, "incident_id__in", of_call="call_id__in", reason=hidden, similar=lines("address_text"))
personal(CardAnswer, "incident_id__in", answer=hidden)
personal(Notice, "incident_id__in", received_by=hidden)
personal(
    Transfer, "incident_id__in", of_call="call_id__in", told_caller=hidden, return_reason=hidden, result_text=hidden
)
personal(Callback, "incident_id__in", number=hidden, words=hidden, reason=hidden)
personal(SupervisionOrder, "incident_id__in", demand=hidden, reply=hidden, return_reason=hidden)
personal(ApprovalRequest, "incident_id__in", reason=hidden, decision_reason=hidden)
personal(Alert, "incident_id__in", data=said)
personal(FusionRequest, "incident_id__in", text=hidden, result_text=hidden, shift_log=lines("words"))
personal(
    Clue,
    "incident_id__in",
    text=hidden,
    value=hidden,
    void_reason=hidden,
    lat=coarse,
    lng=coarse,
    keys={"point": coarse},
)
personal(
    GridTask, "incident_id__in",
    demand=hidden, result=hidden, place_text=hidden, return_reason=hidden, lat=coarse, lng=coarse, rechecks=lines("text"),
    reopened=lines("result"), keys={"point": coarse},
)  # fmt: skip
personal(
    GridReport, "incident_id__in",
    text=hidden, place_text=hidden, outcome_text=hidden, lat=coarse, lng=coarse, keys={"point": coarse},
)  # fmt: skip
personal(PartnerAttachment, "incident_id__in", reason=hidden, end_reason=hidden)
personal(LockedPosition, "incident_id__in", lat=coarse, lng=coarse, keys={"point": coarse})
personal(SearchArea, "incident_id__in", note=hidden)
personal(SearchedCamera, "area__incident_id__in", finding=hidden)
personal(Bookmark, "incident_id__in", text=hidden, still=gone, void_reason=hidden)
personal(Viewing, "incident_id__in", purpose=hidden)
personal(Suspect, "incident_id__in", handed_to=hidden, caught_point=coarse)
# A watch entry has an approval and an end of its own; what the journal quotes of it goes with the incident.
personal(WatchEntry, "incident_id__in", keys={"value": hidden, "reason": hidden, "end_reason": hidden})
personal(
    WatchHit, "entry__incident_id__in", text=hidden, handling=hidden, lat=coarse, lng=coarse,
    keys={"value": hidden, "point": coarse},
)  # fmt: skip


def pictures_of_callers(incident_ids: list[int]) -> list[str]:
    """Return the pictures that contacts sent; their rows lose them with the rest."""
    found = Message.objects.filter(call__incident_id__in=incident_ids, picture__isnull=False)
    return [picture["file"] for picture in found.values_list("picture", flat=True) if picture]


def stills(incident_ids: list[int]) -> list[str]:
    """Return the stills of camera bookmarks."""
    found = Bookmark.objects.filter(incident_id__in=incident_ids, still__isnull=False)
    return [still["file"] for still in found.values_list("still", flat=True) if still]


def pictures_of_the_grid(incident_ids: list[int]) -> list[str]:
    """Return the pictures of the grid's tasks and reports; their rows keep the digest alone."""
    found = GridPicture.objects.filter(Q(task__incident_id__in=incident_ids) | Q(report__incident_id__in=incident_ids))
    files = [file for file in found.values_list("file", flat=True) if file]
    found.update(file="", lat=None, lng=None)
    return files


FILES += [pictures_of_callers, stills, pictures_of_the_grid]
