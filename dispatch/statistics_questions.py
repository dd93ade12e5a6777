"""What may be asked of the statistics, read strictly: every name and number that makes no sense is refused by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from typing import Any, Protocol

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from dispatch.statistics import exports, misses
from dispatch.statistics.answers import Wanted
from dispatch.statistics.arrival import LIMITS
from dispatch.statistics.asked import Question
from dispatch.statistics.delay_parts import PARTS
from dispatch.statistics.delays import GROUPS, Asked
from dispatch.statistics.dimensions import DIMENSIONS
from dispatch.statistics.kpis import KPIS
from dispatch.statistics.late_records import BUTTON
from dispatch.statistics.marks import CLOCKS, LONGEST, MEASURES, SOURCES
from dispatch.statistics.period import Period, day_of, last_year, of_days, previous
from dispatch.statistics.rows import Behind, parts_of
from incidents.actor import Actor
from incidents.refusals import BadInput
from incidents.services.exporting import let_out

MOST_DAYS, MOST_HOURS = 92, 72
LONGEST_PERIOD = 3 * 366
KEYS = (*KPIS, "K19", "K20")
FORMS = ("csv", "xlsx")
LINES: dict[str, Callable[[dict[str, Any]], list[list[Any]]]] = {
    "figures": exports.lines_of,
    "rows": lambda answer: exports.row_lines(answer["rows"]),
    "types": lambda answer: exports.row_lines(answer["rows"]),
    "open-loops": lambda answer: exports.row_lines(answer["rows"]),
    "delays": exports.delay_lines,
    "unit-times": lambda answer: exports.row_lines(answer["rows"]),
    "worst": lambda answer: exports.miss_lines(answer["rows"]),
    "misses": lambda answer: exports.miss_lines(answer["misses"]),
}


class Asking(Protocol):
    """A request, or a question that was kept (dispatch/standing)."""

    @property
    def query_params(self) -> Any:
        """Return what was asked, by name."""


def days_of(request: Asking, default: int) -> int:
    """Return the number of days that was asked for; anything but 1 to 92 is BadInput."""
    asked = request.query_params.get("days", str(default))
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 3 and 1 <= int(asked) <= MOST_DAYS):
        raise BadInput(days=_("Ask for 1 to 92 days."))
    return int(asked)


def hours_of(request: Asking, default: int = 8) -> int:
    """Return the number of hours that was asked for; anything but 1 to 72 is BadInput."""
    return whole_number(request, "hours", default, MOST_HOURS)


def question_of(request: Asking, centre_id: int, now: dt.datetime, per: str = "") -> Question:
    """Return the question of a request."""
    by = chosen(request, "by", list(DIMENSIONS), "all")
    value = value_of(request)
    if per:
        per = chosen(request, "per", ("day", "week", "month"), per)
    urgent = urgent_of(request)
    split = bool(per) and chosen(request, "split", ("0", "1"), "0") == "1"
    if split and (value is not None or request.query_params.get("against")):
        raise BadInput(split=_("A split stands for itself: without a value and without another period."))
    return Question(centre_id, period_of(request, now), by, value, urgent, per, split)


def value_of(request: Asking) -> str | None:
    """Return the one value of a dimension that is asked for, if any."""
    value = request.query_params.get("value")
    if value is not None and (len(value) > 40 or "\0" in value):
        raise BadInput(value=_("This value is too long."))
    return value


def urgent_of(request: Asking) -> bool:
    """Tell whether priorities 1 and 2 alone are asked for."""
    return chosen(request, "urgent", ("0", "1"), "0") == "1"


def limit_of(request: Asking) -> str:
    """Return beyond which limit a delay is counted: K7's five minutes without a word."""
    return chosen(request, "limit", list(LIMITS), "K7")


def delays_of(request: Asking) -> Asked:
    """Return which delays are asked for."""
    by = chosen(request, "by", list(GROUPS), "station")
    part = chosen(request, "part", ("", *PARTS), "")
    return Asked(limit_of(request), urgent_of(request), by, value_of(request), part)


def misses_of(request: Asking, form: str) -> misses.Asked:
    """Return which misses are asked for; a file holds more of them than a page."""
    given = request.query_params.get("skip", "0")
    if not (given.isascii() and given.isdigit() and len(given) <= 7):
        raise BadInput(skip=_("Send `next` of the page before, as it is."))
    source = chosen(request, "source", SOURCES, BUTTON)
    limit = chosen(request, "limit", ("", *LIMITS), "")
    most = whole_number(request, "most", misses.PAGE, misses.MOST)
    return misses.Asked(source, limit, urgent_of(request), int(given), misses.MOST_OF_FILE if form else most)


def whole_number(request: Asking, name: str, default: int, most: int) -> int:
    """Return a whole number from 1 to the most that may be asked for."""
    given = request.query_params.get(name, str(default))
    if not (given.isascii() and given.isdigit() and len(given) <= 3 and 1 <= int(given) <= most):
        raise BadInput(**{name: _("A whole number from 1 to %(most)s.") % {"most": most}})
    return int(given)


def period_of(request: Asking, now: dt.datetime) -> Period:
    """Return the period from `since` to `until`, both days included; today without them."""
    today = day_of(now)
    last = day(request, "until", today)
    first = day(request, "since", last)
    if not 0 <= (last - first).days < LONGEST_PERIOD:
        raise BadInput(since=_("A period ends after it begins and is at most three years long."))
    return of_days(first, last)


def short_period_of(request: Asking, now: dt.datetime) -> Period:
    """Return a period of at most 92 days: what is read row by row when asked for."""
    period = period_of(request, now)
    if len(period.days()) > MOST_DAYS:
        raise BadInput(since=_("Ask for 1 to 92 days."))
    return period


def day(request: Asking, name: str, default: dt.date) -> dt.date:
    """Return a day that was asked for."""
    asked = request.query_params.get(name)
    if asked is None:
        return default
    try:
        if len(asked) != 10:
            raise ValueError
        found = dt.date.fromisoformat(asked)
    except ValueError as error:
        raise BadInput(**{name: _("A day is written YYYY-MM-DD.")}) from error
    if not 2000 <= found.year <= 2100:
        raise BadInput(**{name: _("A day is written YYYY-MM-DD.")})
    return found


def chosen(request: Asking, name: str, among: Collection[str], default: str) -> str:
    """Return one of some words."""
    asked: str = request.query_params.get(name, default)
    if asked not in among:
        raise BadInput(**{name: _("This is not one of the words that may stand here.")})
    return asked


def several(request: Asking, name: str, among: Collection[str], default: Collection[str]) -> tuple[str, ...]:
    """Return some of the words, joined by commas."""
    asked = request.query_params.get(name, "")
    found = tuple(dict.fromkeys(asked[:200].split(","))) if asked else tuple(default)
    if not set(found) <= set(among):
        raise BadInput(**{name: _("This is not one of the words that may stand here.")})
    return found


def wanted_of(request: Asking) -> Wanted:
    """Return which figures are asked for."""
    measures = request.query_params.get("measure", "")[:200]
    return Wanted(
        several(request, "keys", KEYS, ("K7", "K8", "K9")),
        several(request, "clock", CLOCKS, CLOCKS),
        several(request, "source", SOURCES, SOURCES),
        frozenset(measures.split(",")) if measures else (),
    )


def against_of(request: Asking, question: Question) -> Period | None:
    """Return the period that the figures are held against, if any."""
    asked = chosen(request, "against", ("", "previous", "year"), "")
    return {"previous": previous, "year": last_year}[asked](question.period) if asked else None


def is_in_columns(request: Asking, wanted: Wanted) -> bool:
    """Tell whether the answer is to be lists instead of a row for each figure."""
    if chosen(request, "shape", ("", "columns"), "") == "":
        return False
    if request.query_params.get("against") or request.query_params.get("as"):
        raise BadInput(shape=_("Columns hold one period and are JSON."))
    if not wanted.measures or "buckets" in wanted.measures or not set(wanted.keys) <= set(KPIS):
        raise BadInput(shape=_("Columns hold figures of a period: name their measures."))
    return True


def behind_of(request: Asking) -> Behind:
    """Return which rows are asked for."""
    measure = chosen(request, "of", list(MEASURES), "")
    part = chosen(request, "part", parts_of(measure), next(iter(parts_of(measure))))
    return Behind(measure, part, bound(request, "over", -1), bound(request, "up_to", LONGEST))


def bound(request: Asking, name: str, default: int) -> int:
    """Return a number of seconds."""
    asked = request.query_params.get(name)
    if asked is None or asked == "":
        return default
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 7):
        raise BadInput(**{name: _("This is a whole number of seconds.")})
    return int(asked)


def page_of(request: Asking) -> tuple[dt.datetime, int] | None:
    """Return where a page begins."""
    asked = request.query_params.get("after", "")
    if not asked:
        return None
    try:
        moment, number = asked[:60].split("~")
        at = dt.datetime.fromisoformat(moment)
        if at.tzinfo is None or not (number.isascii() and number.isdigit() and len(number) < 19):
            raise ValueError
        return at, int(number)
    except ValueError as error:
        raise BadInput(after=_("Send `next` of the page before, as it is.")) from error


def form_of(request: Asking) -> str:
    """Return the form of the answer: "" is JSON."""
    return chosen(request, "as", ("", *FORMS), "")


def table(by: Actor, form: str, answer: dict[str, Any], name: str) -> HttpResponse:
    """Return an answer as a file to be saved."""
    days = f"{answer['period']['first']}_{answer['period']['last']}" if "period" in answer else answer["as_of"][:10]
    return as_file(by, form, LINES[name](answer), name, days)


def as_file(by: Actor, form: str, lines: list[list[Any]], name: str, about: str = "") -> HttpResponse:
    """Return lines as a file to be saved; each is journalled, and there is a limit (A14)."""
    let_out(by, name, form, max(0, len(lines) - 1))
    csv = form == "csv"
    written = exports.as_csv(lines) if csv else exports.as_xlsx(lines)
    said = HttpResponse(written, content_type=exports.CSV_TYPE if csv else exports.XLSX_TYPE)
    said["Content-Disposition"] = f'attachment; filename="{"-".join(filter(None, ("zz110", name, about)))}.{form}"'
    return said
