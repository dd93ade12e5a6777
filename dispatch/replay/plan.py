"""From the file's rows to steps in one order, by stated rules. Pure.

The rules, each a class of explained differences:

- `duplicate_row`: the same unit at the same incident twice: the first row counts.
- `never_left`: neither a departure nor an arrival: the order is taken back at the time of clearing.
- `never_arrived`: a departure and no arrival: the order ends with "no attendance".
- `no_departure_time`: an arrival and no departure: the departure is implied by the arrival.
- `no_clearing_time`: the order ends at the row's last known moment.
- `out_of_order`: a time before its predecessor: the step comes right after its predecessor; the file's own time is
  sent as the device's claim all the same.
- `overlapping_responses`: a unit gets an order while it still has one. Here a unit holds one order: the later one waits
  until the earlier has ended, its steps follow in their order.
- `no_point`: no coordinates, or outside the centre's box: the order goes out by the address.

Transports to a hospital are part of the response here and no step of their own; they are counted, not played.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Final

from dispatch.replay.rows import Export, Response

TICK: Final = dt.timedelta(microseconds=1)  # what stands between steps of the same second
TICKS_OF_A_RESPONSE: Final = dt.timedelta(milliseconds=1)  # more than all of a response's ticks, less than a second
RULES: Final = (
    "duplicate_row", "never_left", "never_arrived", "no_departure_time", "no_clearing_time", "out_of_order",
    "overlapping_responses", "no_point",
)  # fmt: skip


@dataclass(slots=True)
class Step:
    """One act: what, for which incident and units, when in the file's time; the file's own time of it, if it has one."""

    key: str
    kind: str  # call, incident, finish_call, order, depart, arrive, clear, withdraw, report, close, cancel
    incident_no: str
    units: tuple[str, ...]
    at: dt.datetime
    claim: dt.datetime | None
    after: list[int] = field(default_factory=list)  # indexes of the steps that must be done before


@dataclass(slots=True)
class Plan:
    """All steps in their order, the responses by incident and unit, and which rules were applied to which."""

    steps: list[Step]
    responses: dict[tuple[str, str], Response]
    applied: dict[str, set[tuple[str, str]]]
    repeated: list[str]

    @property
    def counts(self) -> dict[str, int]:
        """Return how often each rule was applied."""
        found = Counter({rule: len(subjects) for rule, subjects in self.applied.items()})
        found["duplicate_row"] = len(self.repeated)
        return {rule: found[rule] for rule in RULES if found[rule]}

    @property
    def span(self) -> float:
        """Return the seconds from the first step to the last in the file's time."""
        return (self.steps[-1].at - self.steps[0].at).total_seconds() if self.steps else 0.0

    def by_incident(self) -> dict[str, list[Response]]:
        """Return the responses of each incident in the order of their dispatch."""
        found: dict[str, list[Response]] = defaultdict(list)
        for response in self.responses.values():
            found[response.incident_no].append(response)
        return dict(found)


def made(export: Export, box: tuple[float, float, float, float] | None = None) -> Plan:
    """Make the plan of an export; points outside the box (west, south, east, north) count as missing."""
    planner = _Planner(box)
    for response in export.responses:
        planner.respond(response)
    planner.order_groups()
    planner.wrap_up()
    return planner.plan(export)


def is_placed(response: Response, box: tuple[float, float, float, float] | None) -> bool:
    """Tell whether the incident has a point in the box."""
    if response.lat is None or response.lng is None:
        return False
    if box is None:
        return True
    west, south, east, north = box
    return west <= response.lng <= east and south <= response.lat <= north


class _Planner:
    """Collects the steps; moments are the file's, moved only as far as the rules say."""

    def __init__(self, box: tuple[float, float, float, float] | None) -> None:
        self.box = box
        self.steps: list[Step] = []
        self.applied: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self._ready_at: dict[str, dt.datetime] = {}  # incident -> from when on an order can go
        self._freed: dict[str, Step] = {}  # unit -> the step that ends its last order
        # Units that are ordered to an incident at one moment, each with the step that frees it.
        self._groups: dict[tuple[str, dt.datetime], list[tuple[Response, Step | None]]] = {}
        self._waits: dict[str, list[Step]] = {}  # key of an order -> steps that free its units

    def respond(self, response: Response) -> None:
        """Add the steps of one response; responses come in the order of their dispatch."""
        if response.incident_no not in self._ready_at:
            self._begin(response)
        ordered = max(response.dispatched, self._ready_at[response.incident_no])
        freed = self._freed.get(response.unit)
        if freed is not None and freed.at >= ordered:
            if freed.at > ordered + TICKS_OF_A_RESPONSE:
                self._apply("overlapping_responses", response)
            ordered = freed.at + TICK
        self._groups.setdefault((response.incident_no, ordered), []).append((response, freed))
        self._freed[response.unit] = self._move(response, ordered)
        self._judge(response)

    def _apply(self, rule: str, response: Response) -> None:
        self.applied[rule].add((response.incident_no, response.unit))

    def _begin(self, response: Response) -> None:
        """Add the call, its incident and the call's end; an order can go right after."""
        number = response.incident_no
        entered = max(response.entered, response.received)
        self._add("call", number, (), response.received, response.received)
        self._add("incident", number, (), entered + TICK, response.entered)
        self._add("finish_call", number, (), entered + 2 * TICK, None)
        self._ready_at[number] = entered + 3 * TICK

    def _move(self, response: Response, ordered: dt.datetime) -> Step:
        """Add departure, arrival and the end with its report; return the step that frees the unit."""
        number, units, at = response.incident_no, (response.unit,), ordered
        for kind, claim in (("depart", response.responded), ("arrive", response.arrived)):
            if claim is not None:
                at = max(claim, at + TICK)
                self._add(kind, number, units, at, claim)
        at = max(response.cleared or at, at + TICK)
        left = response.responded is not None or response.arrived is not None
        end = self._add("clear" if left else "withdraw", number, units, at, response.cleared)
        if left:
            self._add("report", number, units, at + TICK, None)
        return end

    def _judge(self, response: Response) -> None:
        """Note which rules a response needs."""
        if not is_placed(response, self.box):
            self._apply("no_point", response)
        if response.arrived is not None and response.responded is None:
            self._apply("no_departure_time", response)
        if response.arrived is None:
            self._apply("never_left" if response.responded is None else "never_arrived", response)
        if response.cleared is None:
            self._apply("no_clearing_time", response)
        if _descends(response):
            self._apply("out_of_order", response)

    def order_groups(self) -> None:
        """Make one order of all units that were dispatched to an incident in the same second."""
        for (number, at), members in self._groups.items():
            units = tuple(response.unit for response, _ in members)
            step = self._add("order", number, units, at, members[0][0].dispatched)
            self._waits[step.key] = [freed for _, freed in members if freed is not None]

    def wrap_up(self) -> None:
        """Close each incident after its last step, or cancel it when no unit ever left."""
        went = {step.incident_no for step in self.steps if step.kind == "clear"}
        last: dict[str, dt.datetime] = {}
        for step in self.steps:
            last[step.incident_no] = max(last.get(step.incident_no, step.at), step.at)
        for number, at in last.items():
            kind = "close" if number in went else "cancel"
            self._add(kind, number, (), at + 2 * TICK, None)

    def plan(self, export: Export) -> Plan:
        """Sort the steps and let each wait for the one before it in its incident and for the freeing of its units."""
        steps = sorted(self.steps, key=lambda step: (step.at, step.key))
        index = {step.key: number for number, step in enumerate(steps)}
        before: dict[str, int] = {}
        for number, step in enumerate(steps):
            if step.incident_no in before:
                step.after.append(before[step.incident_no])
            step.after += [index[freed.key] for freed in self._waits.get(step.key, [])]
            before[step.incident_no] = number
        responses = {(one.incident_no, one.unit): one for one in export.responses}
        return Plan(steps, responses, dict(self.applied), export.repeated)

    def _add(self, kind: str, number: str, units: tuple[str, ...], at: dt.datetime, claim: dt.datetime | None) -> Step:
        step = Step("/".join((number, kind, *units[:1])), kind, number, units, at, claim)
        self.steps.append(step)
        return step


def _descends(response: Response) -> bool:
    """Tell whether a row's times do not ascend."""
    times = [response.received, response.entered, response.dispatched]
    times += [one for one in (response.responded, response.arrived, response.cleared) if one is not None]
    return times != sorted(times)
