"""Finding: rights first, then the words. The same filter as everywhere decides what is shown (design 6)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import F, QuerySet, Value
from django.db.models.functions import StrIndex
from django.utils.translation import gettext_lazy as _

from dispatch.search import documents
from dispatch.search.documents import DESK, OPEN, PERSONAL, keyed
from dispatch.search.terms import MOST_TERMS, SHORTEST_TERM, is_identity, needed, number_of, plain, terms_of
from incidents import places
from incidents.actor import Actor
from incidents.audience import CALLER_FIELDS, MASK, seen
from incidents.commands import command
from incidents.journal import record
from incidents.models import Call, Incident, NumberFlag, SearchDocument
from incidents.refusals import BadInput
from incidents.roles import DESK as AT_THE_DESK
from incidents.roles import INSPECTOR, STATION_DUTY, audience_of
from incidents.row import Json, stamp
from incidents.tree import under
from patrol.models import Unit

PAGE, COUNTED = 20, 1_000
BESIDE = 5  # units and places beside the list
EXCERPT = 40  # signs on either side of a hit


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for, and why."""

    q: str = ""
    purpose: str = ""
    kind: str = ""
    stage: str = ""
    type_code: str = ""
    since: dt.datetime | None = None
    before: dt.datetime | None = None
    page: int = 1
    terms: list[str] = field(default_factory=list)


def level_of(by: Actor, purpose: str) -> str:
    """Return what a person may find things by. Without a purpose nobody looks into personal data (insider queries)."""
    if not purpose:
        return OPEN
    if by.has(*AT_THE_DESK, INSPECTOR):
        return DESK
    return PERSONAL if audience_of(by).startswith("station.") else OPEN


def find(by: Actor, question: Question) -> Json:
    """Return a page of what fits, the newest first; that it was asked, and why, is in the journal."""
    terms = checked(question)
    found = matching(by, question, terms)
    count = found.order_by()[: COUNTED + 1].count()
    start = (question.page - 1) * PAGE
    rows = list(found.order_by("-at", "-id")[start : start + PAGE])
    results = shown(by, rows, terms, bool(question.purpose))
    note_searched(by=by, terms=[keyed(term) for term in terms], purpose=question.purpose, found=count)
    return {
        "count": min(count, COUNTED),
        "more": count > COUNTED,
        "page": question.page,
        "pages": max(1, -(-min(count, COUNTED) // PAGE)),
        "personal": level_of(by, question.purpose) != OPEN,
        "results": results,
        "units": units(by, question) if question.page == 1 else [],
        "places": beside(by, question) if question.page == 1 else [],
    }


def checked(question: Question) -> list[str]:
    """Return the words of a question; BadInput when there is nothing to look for, or too much (A31)."""
    terms = terms_of(question.q)
    if len(terms) > MOST_TERMS:
        raise BadInput(q=_("At most eight words."))
    if any(len(term) < SHORTEST_TERM for term in terms):
        raise BadInput(q=_("A word has at least two signs."))
    narrowed = question.stage or question.type_code or question.since or question.before or question.kind
    if not terms and not narrowed:
        raise BadInput(q=_("Say what you are looking for."))
    return terms


def matching(by: Actor, question: Question, terms: list[str]) -> QuerySet[SearchDocument]:
    """Return the documents that fit and that the person may see."""
    found = SearchDocument.objects.filter(centre_id=by.centre_id, level=level_of(by, question.purpose))
    audience = audience_of(by)
    if audience.startswith("station."):
        found = found.filter(jurisdiction_id__in=under(int(audience.removeprefix("station."))))
    if not by.has(*AT_THE_DESK, INSPECTOR):
        found = found.filter(complaint=False)
    for name, value in (("kind", question.kind), ("stage", question.stage)):
        if value:
            found = found.filter(**{name: value})
    if question.type_code:
        found = found.filter(type_code__startswith=question.type_code)
    if question.since:
        found = found.filter(at__gte=question.since)
    if question.before:
        found = found.filter(at__lt=question.before)
    return with_words(found, terms)


def with_words(found: QuerySet[SearchDocument], terms: list[str]) -> QuerySet[SearchDocument]:
    """Narrow to documents that hold every word. The index knows pairs and triples; the text has the last word."""
    for place, term in enumerate(terms):
        if (number := number_of(term)) is not None:
            found = found.filter(incident_id=number)
            continue
        # An identity number is kept as its keyed hash alone.
        wanted = keyed(term) if is_identity(term) else term
        found = found.filter(grams__contains=needed(wanted)).annotate(
            **{f"at_{place}": StrIndex(F("text"), Value(wanted))}
        )
        found = found.filter(**{f"at_{place}__gt": 0})
    return found


def shown(by: Actor, rows: list[SearchDocument], terms: list[str], personal: bool) -> list[Json]:
    """Return the results as the person may see them."""
    of = {kind: [row.object_id for row in rows if row.kind == kind] for kind in ("incident", "call", "number")}
    incidents = {one.pk: one for one in Incident.objects.filter(pk__in=of["incident"])}
    calls = {one.pk: one for one in Call.objects.filter(pk__in=of["call"])}
    flags = {one.pk: one for one in NumberFlag.objects.filter(pk__in=of["number"])}
    results: list[Json] = []
    for row in rows:
        if row.kind == documents.INCIDENT:
            line = of_incident(by, incidents[row.object_id], personal)
        elif row.kind == documents.CALL:
            line = of_call(calls[row.object_id])
        else:
            flag = flags[row.object_id]
            line = {"number": flag.number, "flag": flag.kind, "reason": flag.reason, "ended": flag.ended_at is not None}
        if line is not None:
            excerpt = excerpts(row.text, terms) if personal or row.level == OPEN else []
            results.append({"kind": row.kind, "id": row.object_id, "at": stamp(row.at), "excerpts": excerpt, **line})
    return results


def of_incident(by: Actor, incident: Incident, personal: bool) -> Json | None:
    """Return an incident's line; its contact only to those who said why they look."""
    row = seen(audience_of(by), "incident", incident.row(), incident.readers())
    if row is None:
        return None
    names = (
        "incident_no", "stage", "priority", "type_reported", "type_verified", "address_text", "jurisdiction_name",
        "confidential", *CALLER_FIELDS,
    )  # fmt: skip
    line = {name: row[name] for name in names}
    if not personal:
        line |= {name: MASK if line[name] else "" for name in CALLER_FIELDS}
    return {**line, "file": f"/incidents/{incident.pk}/file/"}


def of_call(call: Call) -> Json:
    """Return the line of a call without an incident; only the desk and the inspectors find one."""
    names = ("call_no", "state", "channel", "caller_number", "caller_name", "closing_reason")
    return {**{name: getattr(call, name) for name in names}, "call_kind": call.kind}


def excerpts(text: str, terms: list[str]) -> list[str]:
    """Return at most two places where a word stands, with a little around it; lines of sounds are left out."""
    found: list[str] = []
    for line in text.split("\n"):
        hit = next((term for term in terms if term in line), None)
        if hit is None or (line.isascii() and line.isalpha()):
            continue
        at = line.index(hit)
        start, end = max(0, at - EXCERPT), at + len(hit) + EXCERPT
        found.append(f"{'…' if start else ''}{line[start:end]}{'…' if end < len(line) else ''}")
    return found[:2]


def units(by: Actor, question: Question) -> list[Json]:
    """Return the units that the words name."""
    word = plain(question.q).strip()
    if len(word) < SHORTEST_TERM or question.kind or (by.has(STATION_DUTY) and not by.org_id):
        return []
    found = Unit.objects.filter(centre_id=by.centre_id, ended_at__isnull=True)
    mine = found.filter(call_sign__icontains=word) | found.filter(label__icontains=word)
    rows = [one for one in mine.order_by("call_sign")[:50] if seen(audience_of(by), "unit", one.row(), one.readers())]
    return [
        {"id": one.pk, "call_sign": one.call_sign, "label": one.label, "status": one.status} for one in rows[:BESIDE]
    ]


def beside(by: Actor, question: Question) -> list[Json]:
    """Return the places that the words name, by Hanzi, pinyin or initials."""
    if len(question.q.strip()) < SHORTEST_TERM or question.kind:
        return []
    found = places.search(by.centre_id, question.q, BESIDE)
    return [place.row() for place in found]


@command
def note_searched(*, by: Actor, terms: list[str], purpose: str, found: int) -> Json:
    """Journal that somebody searched, what for, and how much was found: the words as keyed hashes (targets 3.2)."""
    record("archive.searched", centre_id=by.centre_id, terms=terms, purpose=purpose, found=found, badge=by.badge)
    return {}
