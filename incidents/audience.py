"""What each audience may see of a row: the one filter of HTTP, socket frames, exports and search (design 6). Pure."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

# Who called and how to reach them: need-to-know of the desk, the units sent and the owner station.
CALLER_FIELDS = ("contact_name", "contact_phone")
MASK = "＊＊＊"
OVERVIEW_NEVER = frozenset(
    {"call", "card_answer", "message", "number_flag", "transfer", "hand_over", "premise_note"}
    | {"late_entry", "number_block"}
)
STATION_ALSO = frozenset({"unit"})
FACTS_OF_CALLERS = ("contact_name", "contact_phone", "caller_number", "caller_name")
FACTS_OF_PARTIES = ("name", "id_no", "phone", "address", "returned_to")
# What the overview knows to exist without its words; the fusion desk's own people read them over their routes.
MASKED_IN_OVERVIEW = {
    "fusion_request": ("text", "result_text"),
    "clue": ("text", "value"),
    "bookmark": ("text", "void_reason"),
    "search_area": ("note",),
    "searched_camera": ("finding",),
    "viewing": ("purpose",),
    "watch_entry": ("value", "reason"),
    "watch_hit": ("value", "text", "handling"),
    "party": FACTS_OF_PARTIES,
    "grid_task": ("demand", "result", "place_text"),
    "grid_report": ("text", "place_text", "outcome_text"),
    "warning": ("number",),
}
# What a partner team sees of an incident that it is attached to, by its level (domain 6, M48), and nothing else of
# anything: no name, no number, no address, nobody's words but those written for it.
PARTNER_KEYS = ("id", "version", "centre", "open")
PARTNER_FACTS = {"plate": ("point", "time", "description", "plate"), "point": ("point", "time")}
CONFIDENTIAL_FIELDS = ("narrative", "address_text", "place_note", "partner_brief")
COMPLAINT = "10"
COMPLAINT_CLASS = "IC3"  # of the code table intake_class: for the inspectors alone (R1)
# Why the desk chose as it did, and the limit of its own delivery: no unit acts on them, and each frame to a phone on the
# street weighs (targets 4.3: a change of state at most 5 KB).
DESKS_OWN = frozenset({"rank_basis", "recommended", "override_reason", "override_text"})
DESKS_LIMIT = "deliver"
# Among the readers of a row: the desk and the inspectors see it, nobody else beside those named (R1).
INSPECTORS_ONLY = "!"
# Among the readers of a row: whoever has a live feed sees it.
EVERYONE = "*"
# Before a reader's name: could see the row until this change.
NO_LONGER = "-"


def shown(audience: str, noun: str, row: Json, readers: list[str]) -> Json | None:
    """Return the row as `audience` gets it in an entry: as seen, or for one that could see it until now a stub that
    says that it has left this board; else None."""
    found = seen(audience, noun, row, readers)
    if found is None and f"{NO_LONGER}{audience}" in readers:
        return {"id": row["id"], "version": row["version"], "centre": row["centre"], "open": False}
    return found


def seen(audience: str, noun: str, row: Json, readers: list[str]) -> Json | None:
    """Return the row as `audience` may see it, or None.

    `readers` are the audiences beside desk, inspector and overview that the row names itself.
    """
    if audience in ("desk", "inspector"):
        return row
    if audience.startswith("partner."):
        return for_partner(audience, noun, row, readers)
    if audience == "overview":
        return None if INSPECTORS_ONLY in readers else overview(noun, row)
    if audience and (audience in readers or EVERYONE in readers):
        return for_unit(noun, row) if audience.startswith("unit.") else row
    return None


def overview(noun: str, row: Json) -> Json | None:
    """Return what leaders, reviewers and the back office see: no calls, no complaint, caller data masked."""
    if noun in OVERVIEW_NEVER:
        return None
    if noun == "incident":
        if is_complaint(row):
            return None
        quiet = {"narrative": MASK, "address_text": MASK, "place_note": ""} if row.get("confidential") else {}
        quiet |= {"partner_brief": MASK} if quiet and row.get("partner_brief") else {}
        return {**masked(row, CALLER_FIELDS), **quiet}
    if noun == "alert":
        return {**row, "data": masked(row["data"], ("value",))} if "value" in row["data"] else row
    return masked(row, MASKED_IN_OVERVIEW[noun]) if noun in MASKED_IN_OVERVIEW else row


def masked(row: Json, names: tuple[str, ...]) -> Json:
    """Return a row with the mask where these values are; what is empty stays empty."""
    return {**row, **{name: MASK if row.get(name) else "" for name in names}}


def data_shown(audience: str, data: Json, rows: Json) -> Json:
    """Return an entry's values as an audience may see them: the overview reads no caller's data and nothing confidential
    out of a before and after copy either. `rows` are the entry's rows, unmasked."""
    if is_narrow(audience):
        return {}
    changes = data.get("changes")
    if audience != "overview" or not isinstance(changes, dict):
        return data
    hidden = set(FACTS_OF_CALLERS)
    if any(row.get("confidential") for row in rows.get("incident", [])) or "confidential" in changes:
        hidden.update(CONFIDENTIAL_FIELDS)
    return {**data, "changes": {name: pair for name, pair in changes.items() if name not in hidden}}


def for_unit(noun: str, row: Json) -> Json | None:
    """Return what a unit sees of its own: everything but complaints about the police, the desk's alerts, the reasons of
    its choices and the limit of its delivery."""
    if noun in ("call", "alert") or (noun == "incident" and is_complaint(row)):
        return None
    if noun == "deadline" and row["kind"] == DESKS_LIMIT:
        return None
    return {name: value for name, value in row.items() if name not in DESKS_OWN} if noun == "assignment" else row


def for_partner(audience: str, noun: str, row: Json, readers: list[str]) -> Json | None:
    """Return point, time, description and plate of an incident that the team is attached to, as far as its level goes."""
    if noun != "incident" or audience not in readers:
        return None
    team = int(audience.removeprefix("partner."))
    level = next((one["level"] for one in row["partners"] if one["team"] == team), "point")
    point = row["point"]
    facts = {
        "point": {"lat": point["lat"], "lng": point["lng"]} if point else None,
        "time": row["occurred_from"] or row["answered_at"],
        "description": row["partner_brief"],
        "plate": row["vehicle_plate"],
    }
    kept = {name: facts[name] for name in PARTNER_FACTS[level]}
    return {**{name: row[name] for name in PARTNER_KEYS}, **kept}


def is_narrow(audience: str) -> bool:
    """Tell whether an audience belongs to people outside of the police, who read rows and nothing about them: neither who
    acted nor the values of an entry."""
    return audience.startswith(("partner.", "worker."))


def is_complaint(row: Json) -> bool:
    """Tell whether an incident is a complaint about the police."""
    return bool(str(row.get("type_reported", "")).startswith(COMPLAINT) or row.get("intake_class") == COMPLAINT_CLASS)
