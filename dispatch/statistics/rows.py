"""The rows behind a figure: the very facts that were counted, so that n opens n rows (targets 4.4)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from dispatch.models import Assignment
from dispatch.statistics.answers import counted_to, span
from dispatch.statistics.asked import Question
from dispatch.statistics.marks import BITS, LONGEST, LOST_TIME, MEASURES, MOST, OPEN_TIME, Kind, Outcome, lowest, mark
from dispatch.statistics.query import fetch, one_moment
from dispatch.statistics.reading import values_of
from dispatch.statistics.visible import hidden
from incidents.audience import seen
from incidents.models import Call, Incident, Party, Suspect
from incidents.row import stamp

Json = dict[str, Any]
PAGE = 100
MOST_ROWS = 2000
HIGHEST = 2**31 - 1
FACTS = """
SELECT source, at, incident, marks, turns FROM dispatch_count_fact
WHERE centre_id = %(centre)s AND kind = %(kind)s AND day >= %(first)s AND day <= %(last)s
  AND at >= %(since)s AND at < %(until)s AND (at, source) < (%(before_at)s, %(before)s)
  AND (NOT %(urgent)s OR urgent) AND (%(everything)s OR facets && %(facets)s::integer[]) AND {marked}
ORDER BY at DESC, source DESC LIMIT %(most)s
"""
# What narrows the facts down before each is looked at: some marks, also those that a turn stands for, or a range.
SOME_MARKS = "(marks && %(marks)s::integer[] OR turns_until >= %(now)s)"
A_RANGE = "EXISTS (SELECT FROM unnest(marks) AS m WHERE m BETWEEN %(low)s AND %(high)s)"
# What may be asked for: of shares by outcome, of durations by bound.
OUTCOMES: dict[str, Collection[int]] = {
    "n": (Outcome.HIT, Outcome.MISS),
    "hits": (Outcome.HIT,),
    "misses": (Outcome.MISS,),
    "open": (Outcome.OPEN,),
    "not_started": (Outcome.NOT_STARTED,),
    "outside": (Outcome.OUTSIDE,),
    "no_time": (Outcome.NO_TIME,),
    "EX1": (Outcome.EX1,),
    "EX2": (Outcome.EX2,),
    "EX3": (Outcome.EX3,),
    "EX4": (Outcome.EX4,),
    "EX5": (Outcome.EX5, Outcome.LATE_EX5),
    "EX6": (Outcome.EX6,),
}
TIMES: dict[str, Callable[[int], bool]] = {
    "n": lambda value: value <= LONGEST,
    "open": lambda value: value == OPEN_TIME,
    "lost": lambda value: value == LOST_TIME,
}
TIMED = {
    "K1", "K2", "K3", "K4", "K13", "K16.accept", "K16.lock", "K16.arrest", "K18.receipt", "funnel.accept",
    "funnel.arrive", "funnel.close", "times.claim",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Behind:
    """Which rows are asked for: a measure, a part of it, and for durations over which bound and up to which."""

    measure: str
    part: str = "n"
    over: int = -1
    up_to: int = LONGEST

    @property
    def timed(self) -> bool:
        """Tell whether the measure holds durations."""
        return is_timed(self.measure)

    @property
    def marks(self) -> list[int]:
        """Return the marks of the outcomes that are asked for; none where a range of durations is."""
        outcomes = () if self.timed or self.part == "all" else OUTCOMES[self.part]
        return [mark(self.measure, outcome) for outcome in outcomes]

    def fits(self, value: int) -> bool:
        """Tell whether a value belongs to what is asked for."""
        if self.part == "all":
            return True
        if not self.timed:
            return value in OUTCOMES[self.part]
        return TIMES[self.part](value) and (value > LONGEST or self.over < value <= self.up_to)


def is_timed(measure: str) -> bool:
    """Tell whether a measure holds durations: K9 by clock and source, the steps of K5 and K6, and so on."""
    return measure in TIMED or (measure.startswith(("K5.", "K6.", "K9.A.", "K9.B.", "K10.")) and measure != "K10.known")


def parts_of(measure: str) -> Collection[str]:
    """Return the parts that may be asked of a measure; of codes that are no outcomes only all."""
    if is_timed(measure):
        return [*TIMES, "all"]
    return (
        ["all"]
        if measure.startswith(("K11.", "K14.loss_", "K14.recovered_", "K18.", "times.by"))
        else [*OUTCOMES, "all"]
    )


def behind(
    question: Question, asked: Behind, audience: str, now: dt.datetime, after: tuple[dt.datetime, int] | None
) -> Json:
    """Return one page of the rows behind a figure, newest first. `hidden` counts those of the page that the reader may
    not see; `next` asks for the page that follows."""
    kind = MEASURES[asked.measure].kind
    with one_moment():
        answer = {**counted_to(question.centre_id, now), "period": span(question.period), "rows_of": asked.measure}
        facts, last = page(question, asked, now, after)
        rows = SHOWN.get(kind, incident_rows)(facts, audience)
    return {
        **answer,
        "part": asked.part,
        "rows": rows,
        "hidden": len(facts) - len(rows),
        "next": f"{last[0].isoformat()}~{last[1]}" if last is not None else None,
    }


def whole(question: Question, asked: Behind, audience: str, now: dt.datetime, first: Json) -> Json:
    """Return the rows behind a figure from a page on, up to 2,000: what a table holds."""
    answer = {**first, "rows": list(first["rows"])}
    while answer["next"] is not None and len(answer["rows"]) < MOST_ROWS:
        at, source = answer["next"].split("~")
        more = behind(question, asked, audience, now, (dt.datetime.fromisoformat(at), int(source)))
        answer["rows"] += more["rows"]
        answer |= {"hidden": answer["hidden"] + more["hidden"], "next": more["next"]}
    return answer


def page(
    question: Question, asked: Behind, now: dt.datetime, after: tuple[dt.datetime, int] | None
) -> tuple[list[Json], tuple[dt.datetime, int] | None]:
    """Find the facts of one page, and where the next one begins; None when this is the last."""
    low = lowest(asked.measure)
    at, source = after or (dt.datetime(9999, 1, 1, tzinfo=dt.UTC), HIGHEST)
    found: list[Json] = []
    facets_of = list(values_of(question)) if question.by != "all" else []
    statement = FACTS.format(marked=SOME_MARKS if asked.marks else A_RANGE)
    while True:
        rows = fetch(
            statement,
            {
                "centre": question.centre_id, "kind": int(MEASURES[asked.measure].kind), "low": low,
                "high": low + MOST, "first": question.period.first, "last": question.period.last,
                "urgent": question.urgent, "everything": question.by == "all",
                "facets": facets_of, "marks": asked.marks, "now": now, "since": question.period.since,
                "until": question.period.until, "before_at": at, "before": source, "most": PAGE,
            },
        )  # fmt: skip
        for source, at, incident, marks, turns in rows:
            values = [one & MOST for one in present(marks, turns, now) if one >> BITS == low >> BITS]
            if any(asked.fits(value) for value in values):
                value = values[0] if asked.timed and values[0] <= LONGEST else None
                found.append({"source": source, "at": at, "incident": incident, "value": value})
                if len(found) == PAGE:
                    return found, (at, source)
        if len(rows) < PAGE:
            return found, None


def present(marks: list[int], turns: Any, now: dt.datetime) -> list[int]:
    """Return marks as they count at a moment."""
    running = json.loads(turns) if isinstance(turns, str) else turns or []
    turned = {lasting: meanwhile for lasting, meanwhile, until in running if dt.datetime.fromisoformat(until) >= now}
    return [turned.get(one, one) for one in marks]


def incident_rows(facts: list[Json], audience: str) -> list[Json]:
    """Show incidents, or what belongs to one, as the audience may see them."""
    incidents = visible_incidents(facts, audience)
    return [incident_row(fact, incidents[fact["incident"]]) for fact in facts if fact["incident"] in incidents]


def visible_incidents(facts: list[Json], audience: str) -> dict[int, Json]:
    """Read the incidents of facts, each masked as the audience sees it; what it may not see is left out."""
    ids = {fact["incident"] for fact in facts if fact["incident"] is not None}
    found = Incident.objects.in_bulk(list(ids - hidden(audience, ids)))
    rows = {key: seen(audience, "incident", one.row(), one.readers()) for key, one in found.items()}
    return {key: row for key, row in rows.items() if row is not None}


def incident_row(fact: Json, visible: Json) -> Json:
    """Return the row of a fact about an incident."""
    names = ("incident_no", "type_reported", "type_verified", "address_text", "priority", "area_kind", "stage")
    return {
        "incident": fact["incident"],
        "at": stamp(fact["at"]),
        "seconds": fact["value"],
        **{name: visible[name] for name in (*names, "jurisdiction_name")},
    }


def order_rows(facts: list[Json], audience: str) -> list[Json]:
    """Show orders with their incidents."""
    incidents = visible_incidents(facts, audience)
    orders = Assignment.objects.in_bulk([fact["source"] for fact in facts])
    return [
        {
            **incident_row(fact, incidents[fact["incident"]]),
            "assignment": order.pk,
            "call_sign": order.call_sign,
            "state": order.state,
        }
        for fact in facts
        if fact["incident"] in incidents and (order := orders.get(fact["source"])) is not None
    ]


def suspect_rows(facts: list[Json], audience: str) -> list[Json]:
    """Show arrests with their incidents: by which unit, who takes part in the credit, what was cleared along (K12)."""
    incidents = visible_incidents(facts, audience)
    found = Suspect.objects.prefetch_related("cleared_rows").in_bulk([fact["source"] for fact in facts])
    return [
        {
            **incident_row(fact, incidents[fact["incident"]]),
            "suspect": row.pk,
            "status": row.status,
            "caught_by": row.caught_by_sign,
            "credit": " ".join(row.credit_units),
            "cleared": len(row.row()["cleared"]),
        }
        for fact in facts
        if fact["incident"] in incidents and (row := found.get(fact["source"])) is not None
    ]


def party_rows(facts: list[Json], audience: str) -> list[Json]:
    """Show recovered things and vehicles with their incidents, and whether they are home (K12, K14)."""
    incidents = visible_incidents(facts, audience)
    found = Party.objects.in_bulk([fact["source"] for fact in facts])
    return [
        {
            **incident_row(fact, incidents[fact["incident"]]),
            "party": row.pk,
            "kind": row.kind,
            "plate": row.plate,
            "frame_no": row.frame_no,
            "value_yuan": row.value_yuan,
            "status": row.status,
            "recovered_at": stamp(row.recovered_at),
            "returned_at": stamp(row.returned_at),
        }
        for fact in facts
        if fact["incident"] in incidents and (row := found.get(fact["source"])) is not None
    ]


def call_rows(facts: list[Json], audience: str) -> list[Json]:
    """Show calls; the overview sees none."""
    calls = Call.objects.in_bulk([fact["source"] for fact in facts])
    rows = []
    for fact in facts:
        call = calls.get(fact["source"])
        visible = call and seen(audience, "call", call.row(), call.readers())
        if visible:
            names = ("call_no", "channel", "kind", "validity", "state", "agent_no", "seat_no")
            rows.append(
                {
                    "call": fact["source"],
                    "at": stamp(fact["at"]),
                    "seconds": fact["value"],
                    **{name: visible[name] for name in names},
                }
            )
    return rows


SHOWN: dict[Kind, Callable[[list[Json], str], list[Json]]] = {
    Kind.ORDER: order_rows,
    Kind.CALL: call_rows,
    Kind.SUSPECT: suspect_rows,
    Kind.PARTY: party_rows,
}
