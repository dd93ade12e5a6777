"""Question cards at work: which version holds, loading another one, and answers that fill the incident at once."""

from __future__ import annotations

import time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import cards, codebook
from incidents.actor import Actor
from incidents.cards import Cards, Question
from incidents.commands import command
from incidents.journal import record
from incidents.models import CardAnswer, CardSet, Incident
from incidents.refusals import BadInput
from incidents.row import Json, Row
from incidents.services.incidents import refuse_after_order, refuse_ended

RENEW_EVERY_S = 30.0
_SHIPPED = cards.read()
_kept: dict[int, tuple[float, Cards]] = {}


def of_centre(centre_id: int) -> Cards:
    """Return the cards that a centre works with: the highest version it loaded, else the shipped ones. A copy per
    process, renewed every 30 seconds."""
    kept = _kept.get(centre_id)
    if kept is None or time.monotonic() - kept[0] > RENEW_EVERY_S:
        loaded = CardSet.objects.filter(centre_id=centre_id).order_by("-number").first()
        if loaded is not None and kept is not None and kept[1].version == loaded.number:
            found = kept[1]
        else:
            found = cards.from_data(loaded.content) if loaded else _SHIPPED
        kept = _kept[centre_id] = (time.monotonic(), found)
    return kept[1]


def forget() -> None:
    """Drop the copies after a loading."""
    _kept.clear()


def unknown_types(content: Json) -> list[str]:
    """Return the sections of a file that are no type of the code table."""
    return sorted(name for name in content if name[:1].isdigit() and ("incident_type", name) not in codebook.book())


@command
def load_cards(*, by: Actor | None, centre_id: int, content: Json) -> Json:
    """Load another version of a centre's cards; it holds for every question, order and checklist from now on, and what
    was answered stays as it was asked. The version must be higher than the one that holds."""
    fresh, before = cards.from_data(content), of_centre(centre_id)
    if CardSet.objects.filter(centre_id=centre_id, number__gte=fresh.version).exists():
        raise BadInput(version=_("A version as high is loaded already."))
    if strange := unknown_types(content):
        raise BadInput(**{strange[0]: _("This code is not in the table.")})
    CardSet.objects.create(centre_id=centre_id, number=fresh.version, loaded_at=timezone.now(), content=content)
    changed = cards.changed(before, fresh)
    record("cards.loaded", centre_id=centre_id, version=str(fresh.version), count=len(changed), changed=changed)
    forget()
    return {"version": fresh.version, "changed": changed}


@command
def answer_question(*, by: Actor, incident_id: int, question: str, answer: str) -> CardAnswer:
    """Keep the answer to a question of the card and write it into the field that it fills, while the caller still
    talks. Answering again replaces the answer; the journal keeps the former."""
    now = timezone.now()
    incident = Incident.locked(incident_id, by.centre_id)
    refuse_ended(incident)
    known = of_centre(incident.centre_id)
    asked = known.of(incident.type_reported).question(question) or known.coded.question(question)
    if asked is None:
        raise BadInput(question=_("The card of this type does not ask this."))
    said = checked(asked, answer)
    facts = filled(asked, said)
    refuse_after_order(incident, by, facts)
    changes = incident.change(by=by, now=now, **facts)
    row = CardAnswer.objects.select_for_update(no_key=True).filter(incident=incident, question=question).first()
    before = row.answer if row else ""
    fields: Json = {"answer": said, "answered_at": now, "answered_by_no": by.badge, "cards": known.version}
    if row is None:
        row = CardAnswer.make(
            by=by, now=now, centre_id=incident.centre_id, incident=incident, question=question, kind=asked.kind,
            zh=asked.zh, en=asked.en, fills=asked.fills, **fields,
        )  # fmt: skip
    elif before == said and not changes:
        return row
    else:
        row.incident = incident
        row.change(by=by, now=now, **fields)
    rows: list[Row] = [row, incident] if changes else [row]
    record("card.answered", *rows, question=question, changes=changes)
    return row


def checked(asked: Question, answer: str) -> str:
    """Return the answer as it is kept. Raises BadInput for one that does not fit the question."""
    said = answer.strip()
    allowed = {cards.YES_NO: cards.ANSWERS, cards.SAY: (cards.DONE,)}.get(asked.kind)
    if allowed is not None and said not in allowed:
        raise BadInput(answer=_("This answer does not fit the question."))
    if asked.kind == cards.COUNT and said != cards.UNKNOWN:
        if not said.isascii() or not said.isdigit() or len(said) > 6 or int(said) > cards.MOST_COUNTED:
            raise BadInput(answer=_("This answer must be a whole number."))
        said = str(int(said))
    limit = cards.LIMITS.get(asked.fills, cards.LONGEST)
    if not said or len(said) > limit:
        raise BadInput(answer=_("This answer is empty or too long."))
    return said


def filled(asked: Question, said: str) -> dict[str, Any]:
    """Return the field of the incident that an answer fills, if any; an unknown number fills nothing."""
    if not asked.fills or (asked.kind != cards.YES_NO and said == cards.UNKNOWN):
        return {}
    return {asked.fills: int(said) if asked.kind == cards.COUNT else said}
