"""The file against what the API says: incidents, orders, the sequence of their states, and the claimed times.

A difference that a stated rule of the plan brings about is explained by the rule's name; any other is unexplained.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from dispatch.replay import mapping
from dispatch.replay.plan import Plan, is_placed
from dispatch.replay.rows import Response
from dispatch.simulator.client import Account

Json = dict[str, Any]
Box = tuple[float, float, float, float]

READS_AT_ONCE: Final = 6
SAME_PLACE_DEGREES: Final = 1e-6  # the server keeps seven digits
# The states of an order with the stamp of each and the mark that holds the device's claim; implied ones do not count.
STATES: Final = (("en_route", "departed_at"), ("on_scene", "on_scene_at"), ("finished", "finished_at"))


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the file and the database do not agree on; `rule` explains it, "" does not."""

    subject: str
    what: str
    file: str
    ours: str
    rule: str


@dataclass(frozen=True, slots=True)
class Found:
    """One incident as the API shows it."""

    incident: Json
    orders: dict[str, Json]
    calls: list[Json]


async def read(account: Account, moved: Callable[[int], None]) -> tuple[dict[str, Found], list[str]]:
    """Read every incident of the centre with its orders and calls, by the file's number; and numbers seen twice."""
    ids: dict[str, int] = {}
    twice: list[str] = []
    page, pages = 1, 1
    while page <= pages:
        reply = await account.get("/api/incidents/", page=page)
        if not reply.ok:
            raise ConnectionError(f"the incidents cannot be read: {reply.status}")
        rows = reply.body["incidents"]
        pages = max(pages, -(-reply.body["count"] // max(1, len(rows)))) if page == 1 else pages
        for row in rows:
            number = row["narrative"].split(" ")[0]
            if number in ids:
                twice.append(number)
            ids[number] = row["id"]
        page += 1
    gate = asyncio.Semaphore(READS_AT_ONCE)
    found: dict[str, Found] = {}

    async def one(number: str, incident_id: int) -> None:
        async with gate:
            reply = await account.get(f"/api/incidents/{incident_id}/")
        if reply.ok:
            rows = reply.body["rows"]
            orders = {row["call_sign"]: row for row in rows["assignment"]}
            found[number] = Found(rows["incident"][0], orders, rows["call"])
            twice.extend(f"{number}/{sign}" for sign in _repeated(row["call_sign"] for row in rows["assignment"]))
        moved(1)

    await asyncio.gather(*(one(number, incident_id) for number, incident_id in ids.items()))
    return found, twice


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def compare(plan: Plan, found: dict[str, Found], twice: list[str], box: Box | None) -> list[Difference]:
    """Return every difference between the file and the database."""
    wanted = plan.by_incident()
    differences = [Difference(row, "duplicate row", "twice", "once", "duplicate_row") for row in plan.repeated]
    differences += [Difference(name, "more than once", "1", "more", "") for name in twice]
    differences += [
        Difference(number, "extra incident", "none", "one", "") for number in sorted(set(found) - set(wanted))
    ]
    for number, responses in wanted.items():
        if number not in found:
            differences.append(Difference(number, "missing incident", "one", "none", ""))
            continue
        differences += _incident(plan, responses, found[number], box)
        differences += _order_in_incident(plan, responses, found[number])
    return differences + _order_of_units(plan, found)


def _incident(plan: Plan, responses: list[Response], found: Found, box: Box | None) -> list[Difference]:
    first, row = responses[0], found.incident
    pairs: list[tuple[str, object, object]] = [
        ("type", mapping.type_of(first.call_type), row["type_reported"]),
        ("priority", mapping.priority_of(first.original_priority, first.final_priority), row["priority_at_intake"]),
        ("address", first.address, row["address_text"]),
        ("received", first.received, _moment(found.calls[0]["sent_at"]) if found.calls else None),
        ("call number", first.call_no, found.calls[0]["recording_id"] if found.calls else None),
        ("calls", 1, len(found.calls)),
        ("stage", "cancelled" if _nobody_went(responses) else "closed", row["stage"]),
        ("units", sorted(one.unit for one in responses), sorted(found.orders)),
    ]
    differences = [
        Difference(first.incident_no, what, str(file), str(ours), "") for what, file, ours in pairs if file != ours
    ]
    differences += _place(first, row, box)
    for response in responses:
        if response.unit in found.orders:
            differences += _response(plan, response, found.orders[response.unit])
    return differences


def _nobody_went(responses: list[Response]) -> bool:
    return all(one.responded is None and one.arrived is None for one in responses)


def _place(first: Response, row: Json, box: Box | None) -> list[Difference]:
    point = row["point"]
    ours = None if point is None else (point["lat"], point["lng"])
    file = None if first.lat is None or first.lng is None else (first.lat, first.lng)
    if ours == file or (ours and file and max(abs(ours[0] - file[0]), abs(ours[1] - file[1])) <= SAME_PLACE_DEGREES):
        return []
    rule = "no_point" if not is_placed(first, box) and ours is None else ""
    return [Difference(first.incident_no, "place", str(file), str(ours), rule)]


def _response(plan: Plan, response: Response, row: Json) -> list[Difference]:
    """Compare the states that a response went through, and the times of them."""
    subject = f"{response.incident_no}/{response.unit}"
    file, ours = states_of_file(response), states_of_row(row)
    differences = []
    if file != ours:
        rule = _explained(plan, response, file, ours)
        differences.append(Difference(subject, "states", " ".join(file), " ".join(ours), rule))
    claims = {name: _moment(mark["device_at"]) for name, mark in row["marks"].items() if not mark["implied"]}
    times = {
        "dispatched": (response.dispatched, _moment(row["order_text"])),
        "en_route": (response.responded, claims.get("en_route")),
        "on_scene": (response.arrived, claims.get("on_scene")),
        "finished": (response.cleared, claims.get("finished") or _moment(row["cancel_text"])),
    }
    for name, (wanted, claimed) in times.items():
        if wanted != claimed:
            differences.append(Difference(subject, f"time of {name}", str(wanted), str(claimed), ""))
    return differences


def states_of_file(response: Response) -> list[str]:
    """Return the states that the file gives a time for."""
    times = {"en_route": response.responded, "on_scene": response.arrived, "finished": response.cleared}
    return ["dispatched", *(name for name, at in times.items() if at is not None)]


def states_of_row(row: Json) -> list[str]:
    """Return the states that an order went through in the order of the server's stamps, implied ones left out."""
    reached = [
        (row[column], name)
        for name, column in STATES
        if row[column] and not row["marks"].get(name, {}).get("implied", False)
    ]
    if row["withdrawn_at"]:
        reached.append((row["withdrawn_at"], "withdrawn"))
    return ["dispatched", *(name for _, name in sorted(reached, key=lambda pair: pair[0]))]


def _explained(plan: Plan, response: Response, file: list[str], ours: list[str]) -> str:
    """Return the rule that turns the file's states into ours, or ""."""
    rules = {rule for rule, subjects in plan.applied.items() if (response.incident_no, response.unit) in subjects}
    if "never_left" in rules and ours == ["dispatched", "withdrawn"]:
        return "never_left"
    if "no_clearing_time" in rules and ours == [*file, "finished"]:
        return "no_clearing_time"
    return ""


def _order_in_incident(plan: Plan, responses: list[Response], found: Found) -> list[Difference]:
    """Compare in which order the units of an incident did what they did: by our stamps the file's times must ascend."""
    acts: list[tuple[str, dt.datetime, Response, str]] = []
    for response in responses:
        row = found.orders.get(response.unit)
        if row is None:
            continue
        stamps = {"dispatched": row["dispatched_at"], "finished": row["finished_at"] or row["withdrawn_at"]}
        stamps |= {name: row[column] for name, column in STATES[:2] if not row["marks"].get(name, {}).get("implied")}
        times = {"dispatched": response.dispatched, "en_route": response.responded, "on_scene": response.arrived}
        times["finished"] = response.cleared
        acts += [
            (stamps[name], at, response, name) for name, at in times.items() if at is not None and stamps.get(name)
        ]
    acts.sort(key=lambda act: (act[0], act[1]))
    differences = []
    for before, after in pairwise(acts):
        if after[1] < before[1]:
            rule = _excused(plan, before[2], after[2])
            subject = f"{after[2].incident_no}/{after[2].unit}"
            what = f"{after[3]} after {before[3]} of {before[2].unit}"
            differences.append(Difference(subject, what, str(after[1]), str(before[1]), rule))
    return differences


def _order_of_units(plan: Plan, found: dict[str, Found]) -> list[Difference]:
    """Compare the sequence of each unit's responses: one after the other, as the file's dispatches came."""
    by_unit: dict[str, list[tuple[str, Response, Json]]] = {}
    for (number, unit), response in plan.responses.items():
        row = found[number].orders.get(unit) if number in found else None
        if row is not None:
            by_unit.setdefault(unit, []).append((row["dispatched_at"], response, row))
    differences = []
    for unit, held in by_unit.items():
        held.sort(key=lambda one: one[0])
        for (_, before, row), (began, after, _) in pairwise(held):
            ended = row["finished_at"] or row["withdrawn_at"] or "9"
            if began < ended:
                differences.append(Difference(unit, "two orders at once", after.row_id, before.row_id, ""))
            if after.dispatched < before.dispatched:
                what = f"order {after.row_id} after {before.row_id}"
                differences.append(Difference(unit, what, str(after.dispatched), str(before.dispatched), ""))
            elif before.cleared is not None and after.dispatched < before.cleared:
                rule = "overlapping_responses" if _applied(plan, "overlapping_responses", after) else ""
                what = f"order {after.row_id} after the end of {before.row_id}"
                differences.append(Difference(unit, what, str(after.dispatched), str(before.cleared), rule))
    return differences


def _excused(plan: Plan, *responses: Response) -> str:
    """Return the rule that moved one of these responses' steps, or ""."""
    for rule in ("overlapping_responses", "out_of_order"):
        if any(_applied(plan, rule, response) for response in responses):
            return rule
    return ""


def _applied(plan: Plan, rule: str, response: Response) -> bool:
    return (response.incident_no, response.unit) in plan.applied.get(rule, set())


def _moment(text: str | None) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC) if text else None
    except ValueError:
        return None


def classes(differences: Iterable[Difference]) -> dict[str, int]:
    """Count the explained differences by the rule that explains them."""
    return dict(sorted(Counter(one.rule for one in differences if one.rule).items()))
