"""Steps of the chain: the answer of calls (K1), acceptance and departure of orders (K4, K5)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from dispatch.statistics.distribution import Buckets, bucket
from dispatch.statistics.figures import BUTTON, Figure, answer_figures
from dispatch.statistics.period import Period
from dispatch.statistics.query import fetch

Json = dict[str, Any]
ANSWER_WITHIN_S = 10  # threshold of K1, as NFPA 1225 has it; no national figure is known (R17)
VOICE = ("CH11", "CH12", "CH13")
LIMITS = {"K4": (30, 60, 120, 180), "K5": (300, 600, 900, 1800)}  # seconds (domain 8, R25)

CALLS = """
SELECT extract(epoch FROM answered_at - ring_at)::float8,
       answered_at IS NULL AND state = 'waiting',
       lost_at IS NOT NULL AND (answered_at IS NULL OR answered_at > lost_at)
FROM incidents_call
WHERE centre_id = %(centre)s AND ring_at >= %(since)s AND ring_at < %(until)s AND NOT drill AND channel = ANY(%(voice)s)
  AND source = '' -- of what is entered afterwards nobody knows when it rang
"""

ORDERS = """
SELECT a.state, a.purpose = 'self', i.drill, a.no_attendance AND a.departed_at IS NULL,
       extract(epoch FROM a.accepted_at - a.dispatched_at)::float8,
       extract(epoch FROM a.departed_at - a.dispatched_at)::float8
FROM dispatch_assignment a JOIN incidents_incident i ON i.id = a.incident_id
WHERE a.centre_id = %(centre)s AND a.dispatched_at >= %(since)s AND a.dispatched_at < %(until)s
"""


@dataclass(frozen=True, slots=True)
class Order:
    """What K4 and K5 need of one order; durations in seconds, None is "not yet"."""

    state: str
    own: bool  # self-initiated: it starts on scene, so its steps take no time
    drill: bool
    needless: bool  # finished as "no attendance" before it departed
    accept_s: float | None
    depart_s: float | None


def read_answers(centre_id: int, period: Period, now: dt.datetime) -> list[Figure]:
    """Make K1 of the voice calls that rang in a period. A call that was answered only after it had been lost (a call
    back) counts as lost: nobody answered its ring."""
    values = {"centre": centre_id, "since": period.since, "until": period.until, "voice": list(VOICE)}
    rows = fetch(CALLS, values)
    waits = [wait for wait, _ringing, lost in rows if wait is not None and not lost]
    lost = sum(lost for _wait, _ringing, lost in rows)
    ringing = sum(ringing for _wait, ringing, _lost in rows)
    return answer_figures(waits, lost=lost, ringing=ringing, limit=ANSWER_WITHIN_S, now=now)


def read_orders(centre_id: int, period: Period) -> list[Order]:
    """Read the orders that were sent in a period."""
    values = {"centre": centre_id, "since": period.since, "until": period.until}
    return [Order(*row) for row in fetch(ORDERS, values)]


def step_buckets(orders: list[Order], now: dt.datetime) -> list[Json]:
    """Make the buckets of K4 and K5. Refused and withdrawn orders form their own columns, and so do, for K5, those
    that were finished as "no attendance" before anybody departed: they would stay "not yet" for ever."""
    counted = [order for order in orders if not (order.drill or order.own)]
    kept = [order for order in counted if order.state not in ("refused", "withdrawn")]
    beside = {
        "refused": sum(order.state == "refused" for order in counted),
        "withdrawn": sum(order.state == "withdrawn" for order in counted),
        "needless": 0,
    }
    left_out = {
        "EX1": sum(order.drill for order in orders),
        "EX3": sum(order.own and not order.drill for order in orders),
    }
    excluded = {code: count for code, count in left_out.items() if count}
    accepted = bucket([order.accept_s for order in kept], LIMITS["K4"])
    departed = bucket([order.depart_s for order in kept if not order.needless], LIMITS["K5"])
    needless = sum(order.needless for order in kept)
    return [
        bucket_row("K4", accepted, beside, excluded, now),
        bucket_row("K5", departed, {**beside, "needless": needless}, excluded, now),
    ]


def bucket_row(key: str, counts: Buckets, beside: dict[str, int], excluded: dict[str, int], now: dt.datetime) -> Json:
    """Return buckets as the API sends them; shares of n, which includes "not yet"."""
    bounds = [0, *counts.limits]
    rows = [
        {"over_s": low, "up_to_s": high, "count": count}
        for low, high, count in zip(bounds, [*counts.limits, None], counts.counts, strict=True)
    ]
    return {
        "key": key,
        "clock": "order",
        "n": counts.n,
        "buckets": rows,
        "not_yet": counts.not_yet,
        **beside,
        "excluded": excluded,
        "source": BUTTON,
        "as_of": now.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "definition": f"{key}.order",
    }
