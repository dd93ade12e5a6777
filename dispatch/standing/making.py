"""Making an edition: the question is put to the statistics, and the answer becomes a workbook."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dispatch.standing.models import Edition
from dispatch.statistics import answers, exports
from dispatch.statistics.asked import Question
from dispatch.statistics.definitions import definitions
from dispatch.statistics.period import Period
from dispatch.statistics_questions import against_of, question_of, wanted_of
from incidents.refusals import BadInput
from incidents.row import Json

MAY_SAY = ("keys", "by", "value", "urgent", "clock", "source", "measure", "against")
REFUSED = gettext_lazy("This is not one of the words that may stand here.")


@dataclass(frozen=True, slots=True)
class Stored:
    """A question that was kept, read as if it were asked now."""

    query_params: dict[str, str]


def read(
    question: Json, centre_id: int, now: dt.datetime, **days: str
) -> tuple[Question, answers.Wanted, Period | None]:
    """Read a kept question strictly; what makes no sense is BadInput with its path."""
    unknown = sorted(set(question) - set(MAY_SAY))
    if unknown or not all(isinstance(value, str) for value in question.values()):
        raise BadInput(question=REFUSED)
    stored = Stored({**question, **days})
    asked = question_of(stored, centre_id, now)
    return asked, wanted_of(stored), against_of(stored, asked)


def workbook(edition: Edition, now: dt.datetime) -> tuple[bytes, int]:
    """Return the workbook of an edition (what was asked, the figures, what they mean) and the number of its lines."""
    report = edition.report
    days = {"since": edition.first.isoformat(), "until": edition.last.isoformat()}
    asked, wanted, against = read(report.question, report.centre_id, now, **days)
    answer = answers.figures(asked, wanted, now, against)
    lines = exports.lines_of(answer)
    cover: list[list[Any]] = [
        [_("Standing report"), report.name],
        [_("Period"), f"{edition.first:%Y-%m-%d} – {edition.last:%Y-%m-%d}"],
        [_("Figures as of"), answer["as_of"]],
        *([name, report.question[name]] for name in MAY_SAY if report.question.get(name)),
    ]
    meanings = [["key", "name", "clock", "formula"], *meanings_of({line[3] for line in lines[1:]})]
    sheets = [(_("Standing report"), cover), (_("Figures"), lines), (_("Definitions"), meanings)]
    return exports.as_workbook(sheets), len(lines) - 1


def meanings_of(keys: set[str]) -> list[list[str]]:
    """Return the definitions of some figures."""
    return [
        [key, str(one.get("name", "")), str(one.get("clock", "")), str(one.get("formula", ""))]
        for key, one in definitions().items()
        if key.split(".")[0] in keys
    ]
