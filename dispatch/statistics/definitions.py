"""What each figure means, in the reader's language: sent with the figures, so that page, export and API say the same."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

Json = dict[str, Any]

CLOCKS: Json = {
    "A": _("from the answer (clock A)"),
    "B": _("from the first order (clock B)"),
    "ring": _("from the first ring"),
    "order": _("from each order"),
}

NAMES: Json = {
    "K1": _("Answer time"),
    "K2": _("Call to order"),
    "K4": _("Acceptance"),
    "K5": _("Departure"),
    "K7": _("On scene within 5 minutes"),
    "K8": _("On scene within 10 minutes"),
    "K9": _("Arrival time"),
}

BASE_SET = _(
    "Base set: incidents of the period that need attendance, by the answer of their earliest call (merged calls "
    "included): priorities 1 to 3, and priority 4 once an order was sent. Left out and counted by code: drill EX1, "
    "merged EX2, self-initiated EX3, cancelled before arrival EX4, no attendance needed EX5, appointment EX6. A "
    "cancellation after the limit stays a miss. A delay reason explains a miss and never removes it."
)
ARRIVAL = _(
    "Arrival is the first on-scene moment of any first-response order, as the crew pressed the button (source: "
    "button); directives do not count. Younger than the limit and not there yet: open, not counted. Older and not "
    "there: a miss."
)
ORDERS = _(
    "Every order of the period by its dispatch time, except drills and self-initiated ones. Refused and withdrawn "
    "orders stand beside the buckets. Each bucket excludes its lower bound and includes its upper one; with “not yet” "
    "the shares add up to 100 %."
)
RANK = _("A percentile is the value at rank ⌈p·n⌉ of the sorted values.")
TYPES = _("Types are those reported at the call.")

FORMULAS: Json = {
    "K1.ring": _("Answer minus first ring of voice calls that were answered; lost calls are counted beside it."),
    "K2.A": _("First order minus answer. An incident without an order is open."),
    "K4.order": _("Acceptance minus dispatch of the same order."),
    "K5.order": _("Departure minus dispatch of the same order."),
    "K7.A": _("Incidents reached within 300 s of the answer ÷ base set."),
    "K7.B": _(
        "Incidents reached within 300 s of the first order ÷ base set. A refused or withdrawn order starts B too."
    ),
    "K8.A": _("Incidents reached within 600 s of the answer ÷ base set."),
    "K8.B": _(
        "Incidents reached within 600 s of the first order ÷ base set. A refused or withdrawn order starts B too."
    ),
    "K9.A": _("Arrival minus answer, of incidents that were reached."),
    "K9.B": _("Arrival minus first order, of incidents that were reached."),
}

NOTES: dict[str, tuple[Any, ...]] = {
    "K1": (RANK,),
    "K2": (BASE_SET, RANK),
    "K4": (ORDERS,),
    "K5": (ORDERS,),
    "K7": (BASE_SET, ARRIVAL, TYPES),
    "K8": (BASE_SET, ARRIVAL, TYPES),
    "K9": (BASE_SET, ARRIVAL, RANK),
}


def definitions() -> Json:
    """Return every definition by its key, in the active language."""
    return {
        key: {
            "key": key.split(".")[0],
            "name": str(NAMES[key.split(".")[0]]),
            "clock": str(CLOCKS[key.split(".")[1]]),
            "formula": str(formula),
            "notes": [str(note) for note in NOTES[key.split(".")[0]]],
        }
        for key, formula in FORMULAS.items()
    }
