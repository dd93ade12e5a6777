"""Which alerts sound, and at whose seat: the alarm budget (EEMUA 191, ISA-18.2; targets 4.2 and 6.1 no. 14). Pure.

An alarm is what sounds because a person must act now. Everything else is an entry of the list: seen, counted, silent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

# Per seat: on average, and in any ten minutes of a flood.
STEADY, FLOOD, WINDOW = 1.0, 10, dt.timedelta(minutes=10)
CRITICAL, SERIOUS, CAUTION = "critical", "serious", "caution"
SHELVED_AT_MOST = dt.timedelta(minutes=30)

EVERY_SEAT = ("call_taker", "dispatcher", "watch_commander")
ORDERS = ("dispatcher", "watch_commander")
CALLS = ("call_taker", "watch_commander")
WATCH = ("watch_commander",)
# Whoever hears an alarm can do what it asks for; the rest of the desk reads it in the list (R4, R14).
HEARD_BY = {
    "emergency": EVERY_SEAT,
    "sweep_failed": EVERY_SEAT,
    "call_spooled": EVERY_SEAT,
    "card_unchecked": WATCH,
    "late10": WATCH,
    "flag_asked": WATCH,
    "watch_asked": WATCH,
    "review_task_overdue": WATCH,
    "export_limit": WATCH,
    "supervision_due": WATCH,
    "supervision_overdue": WATCH,
    "text_failed": CALLS,
    "case_unsent": WATCH,
    "premise_review": WATCH,
    "transfer_unanswered": CALLS,
    "transfer_unsent": CALLS,
    "transfer_returned": CALLS,
}


def heard_by(kind: str) -> tuple[str, ...]:
    """Return the roles at whose seats an alert of a kind sounds, if it sounds."""
    return HEARD_BY.get(kind, ORDERS)


def sounds(severity: str, *, stands: bool) -> bool:
    """Tell whether a new alert sounds. `stands`: a sounding one of the same cause waits for a person already; then this
    one joins it, and sounds when that one ends by itself. A critical alert always sounds; a caution never does."""
    return severity == CRITICAL or (severity == SERIOUS and not stands)


def worst_window(moments: Iterable[dt.datetime]) -> int:
    """Return the largest number of alarms within any ten minutes."""
    ordered, worst, first = sorted(moments), 0, 0
    for last, moment in enumerate(ordered):
        while moment - ordered[first] > WINDOW:
            first += 1
        worst = max(worst, last - first + 1)
    return worst


def per_window(count: int, over: dt.timedelta) -> float:
    """Return the mean number of alarms in ten minutes of a span."""
    return count / max(1.0, over / WINDOW) if over > dt.timedelta(0) else 0.0
