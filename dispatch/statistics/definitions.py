"""What each figure means, in the reader's language: sent with the figures, so that page, export and API say the same."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from dispatch.statistics.dimensions import DIMENSIONS
from dispatch.statistics.marks import VERSION

Json = dict[str, Any]
LANGUAGES = ("zh-hans", "en")

CLOCKS: Json = {
    "A": _("from the answer (clock A)"),
    "B": _("from the first order (clock B)"),
    "ring": _("from the first ring"),
    "order": _("from each order"),
    "finish": _("from the end of the work"),
    "sent": _("from the sending"),
    "handling": _("about the officers"),
    "taking": _("about the call-taker"),
    "none": _("no clock"),
}

NAMES: Json = {
    "K1": _("Answer time"),
    "K2": _("Call to order"),
    "K3": _("Time to place"),
    "K4": _("Acceptance"),
    "K5": _("Departure"),
    "K6": _("Feedback"),
    "K7": _("On scene within 5 minutes"),
    "K8": _("On scene within 10 minutes"),
    "K9": _("Arrival time"),
    "K10": _("Trust in the times"),
    "K11": _("Satisfaction of callers"),
    "K12": _("Arrests, recovered vehicles, cleared cases"),
    "K13": _("Time to arrest"),
    "K14": _("Losses recovered"),
    "K15": _("Supervision orders in time"),
    "K16": _("Fusion work"),
    "K17": _("Refusals and reports of delay"),
    "K18": _("Diversion"),
    "K19": _("Five-minute coverage"),
    "K20": _("Open loops"),
    "funnel": _("From step to step"),
    "times": _("How the times came about"),
    "volume": _("Number of incidents, orders and calls"),
}

BASE_SET = _(
    "Base set: incidents of the period that need attendance, by the answer of their earliest call (merged calls "
    "included): priorities 1 to 3, and priority 4 once an order was sent. Left out and counted by code: drill EX1, "
    "merged EX2, self-initiated EX3, cancelled before arrival EX4, no attendance needed EX5, appointment EX6. A "
    "cancellation after the limit stays a miss. A delay reason explains a miss and never removes it."
)
ARRIVAL = _(
    "Arrival is the first on-scene moment of any first-response order; directives do not count. Younger than the limit "
    "and not there yet: open, not counted. Older and not there: a miss."
)
SOURCES = _(
    "By button: as the crew pressed it. By position: the first of two consecutive fixes, each at most 15 s old and sharp "
    "to 50 m, within 100 m of the place; an incident that only buttons know to be reached has no time here and stands "
    "apart. Published: of each order by position where it exists, else by button."
)
ORDERS = _(
    "Every order of the period by its dispatch time, except drills and self-initiated ones. Refused and withdrawn "
    "orders stand beside the buckets. Each bucket excludes its lower bound and includes its upper one; with “not yet” "
    "the shares add up to 100 %."
)
RANK = _(
    "A percentile is the value at rank ⌈p·n⌉ of the sorted values, of whole seconds rounded up; percentiles are never "
    "averaged."
)
TYPES = _("Types are those reported at the call.")
NOT_KEPT = _("Without a loaded road network there is no data, which is not zero.")
WITHOUT_DRILLS = _("Drills are not counted.")

ARRIVED_WITHIN = {
    5: (
        _("Incidents reached within 300 s of the answer ÷ base set."),
        _("Incidents reached within 300 s of the first order ÷ base set. A refused or withdrawn order starts B too."),
    ),
    10: (
        _("Incidents reached within 600 s of the answer ÷ base set."),
        _("Incidents reached within 600 s of the first order ÷ base set. A refused or withdrawn order starts B too."),
    ),
}
FORMULAS: Json = {
    "K1.ring": _("Answer minus first ring of voice calls that were answered; lost calls are counted beside it."),
    "K2.A": _("First order minus answer. An incident without an order is open."),
    "K3.A": _("Accepted place minus answer; unverified ÷ incidents with a place."),
    "K4.order": _("Acceptance minus dispatch of the same order."),
    "K5.order": _(
        "Departure minus dispatch of the same order; by position: the first fix over 100 m from the acceptance."
    ),
    "K6.order": _("First handling report minus dispatch. The bulletin does not say where it starts; ours starts here."),
    "K6.finish": _("First handling report minus the end of the work."),
    "K7.A": ARRIVED_WITHIN[5][0],
    "K7.B": ARRIVED_WITHIN[5][1],
    "K8.A": ARRIVED_WITHIN[10][0],
    "K8.B": ARRIVED_WITHIN[10][1],
    "K9.A": _("Arrival minus answer, of incidents that were reached."),
    "K9.B": _("Arrival minus first order, of incidents that were reached."),
    "K9.none": _("Incidents whose published arrival came from a position ÷ incidents that were reached."),
    "K10.none": _(
        "Absolute difference of button and position, of orders that have both: median, and share over 60 s. Orders with "
        "a position time ÷ orders that arrived."
    ),
    "K11.handling": _(
        "Grades 1 and 2 ÷ replied (grade 1 also alone); replied ÷ asked. Unsuitable callbacks are shown and not asked."
    ),
    "K11.taking": _(
        "Grades 1 and 2 ÷ replied (grade 1 also alone); replied ÷ asked. Unsuitable callbacks are shown and not asked."
    ),
    "K12.none": _(
        "Suspects caught in the period, vehicles recovered in it, incidents that an arrest cleared along, each once; for "
        "every credited unit too, so unit totals may exceed the city's."
    ),
    "K13.A": _(
        "First arrest minus answer, in whole minutes, of incidents with an arrest: median, shares up to 1.5 h and 24 h."
    ),
    "K14.none": _(
        "Recovered yuan ÷ lost yuan, by the latest complete handling report of each order; returned ÷ recovered things. "
        "An unknown loss is counted apart and never as 0."
    ),
    "K15.none": _("Orders closed by their date ÷ orders due in the period; overdue open ones are failures."),
    "K16.none": _("Request to acceptance, to the first locked position, lock to arrest; requests without a result."),
    "K17.none": _("Refused orders ÷ orders."),
    "K17.A": _(
        "Arrivals after the ten minutes of clock A that were reported before that limit ÷ such arrivals; of the reported "
        "ones, those whose caller was told."
    ),
    "K18.none": _("Calls by kind and by validity ÷ all calls; transfers that came back ÷ transfers sent."),
    "K18.sent": _("Receipt of the other body minus sending of the transfer."),
    "K19.none": _(
        "Weight of the demand (90 days, this hour) that available units with a fresh position reach in five minutes ÷ all "
        "weight, at this moment."
    ),
    "K20.none": _("Incidents past any deadline at this moment, each once; the target is 0."),
    "funnel.none": _(
        "Of the base set: answer to the first order, first order to the first acceptance, acceptance to arrival, arrival "
        "to closing. Who reached a step and not yet the next is open. A step that nobody stamped happened at the latest "
        "with the next one."
    ),
    "times.none": _(
        "Arrivals set by the crew's button, by radio, by a later step, or entered afterwards ÷ arrivals; device clocks "
        "that lie over 60 s from ours; corrected reports ÷ reports; top-level types verified as reported ÷ verified."
    ),
    "volume.none": _("Everything of the period, drills and merged incidents included."),
}

NOTES: dict[str, tuple[Any, ...]] = {
    "K1": (RANK, WITHOUT_DRILLS),
    "K2": (BASE_SET, RANK),
    "K3": (BASE_SET, RANK),
    "K4": (ORDERS,),
    "K5": (ORDERS, SOURCES),
    "K6": (ORDERS,),
    "K7": (BASE_SET, ARRIVAL, SOURCES, TYPES),
    "K8": (BASE_SET, ARRIVAL, SOURCES, TYPES),
    "K9": (BASE_SET, ARRIVAL, SOURCES, RANK),
    "K10": (SOURCES, RANK),
    "K11": (WITHOUT_DRILLS,),
    "K12": (WITHOUT_DRILLS,),
    "K13": (WITHOUT_DRILLS, RANK),
    "K14": (WITHOUT_DRILLS,),
    "K15": (WITHOUT_DRILLS,),
    "K16": (WITHOUT_DRILLS, RANK),
    "K17": (ORDERS,),
    "K18": (WITHOUT_DRILLS, RANK),
    "K19": (NOT_KEPT,),
    "K20": (WITHOUT_DRILLS,),
    "funnel": (BASE_SET, RANK),
    "times": (WITHOUT_DRILLS,),
    "volume": (),
}

DIMENSION_NAMES: Json = {
    "all": _("The whole centre"),
    "station": _("Station"),
    "branch": _("Branch"),
    "squad": _("Squad"),
    "unit": _("Unit"),
    "officer": _("Officer in charge"),
    "beat": _("Beat"),
    "grid": _("Grid"),
    "cell": _("500 m cell"),
    "type_reported": _("Type as reported"),
    "type_verified": _("Type as verified"),
    "top_type_reported": _("Top-level type as reported"),
    "top_type_verified": _("Top-level type as verified"),
    "types": _("Types as reported and verified"),
    "priority": _("Priority"),
    "channel": _("Channel"),
    "slot": _("Weekday and hour"),
    "hour": _("Hour of the day"),
    "weekday": _("Day of the week"),
    "shift": _("Time of the shift"),
    "area_kind": _("Kind of area"),
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


def dimensions() -> Json:
    """Return the name of every dimension by its key, in the active language."""
    return {key: str(DIMENSION_NAMES[key]) for key in DIMENSIONS}


def in_both_languages() -> Json:
    """Return version, definitions and dimensions in Chinese and English."""
    found: Json = {"version": VERSION}
    for language in LANGUAGES:
        with translation.override(language):
            found[language] = {
                "definitions": definitions(),
                "dimensions": dimensions(),
                "names": {key: str(name) for key, name in NAMES.items()},
            }
    return found
