"""Asking the caller afterwards (回访, R27): who is asked, in which way, and what an answer brings."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import tomllib
from pathlib import Path
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import centres, gateways, jobs, limits
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Callback, Gateway, Incident, NumberFlag
from incidents.refusals import BadInput, WrongTurn
from incidents.row import Json, stamp
from incidents.services import supervision

ASK = "ask_callback"
RULES: Final[Json] = tomllib.loads(
    (Path(__file__).parent.parent / "codes" / "callbacks.toml").read_text(encoding="utf-8")
)
BATCH: Final = 100
LATEST: Final = dt.timedelta(days=7)
Outcome = Callback.Outcome
Way = Callback.Way
GRADES = {"1": 1, "2": 2, "3": 3, "１": 1, "２": 2, "３": 3, "满意": 1, "基本满意": 2, "不满意": 3}
DISSATISFIED = 3


def seconds(name: str) -> dt.timedelta:
    """Return a span of the rules."""
    return dt.timedelta(seconds=int(RULES[name]))


def is_sampled(incident: Incident) -> bool:
    """Tell whether an incident is in the sample: the same answer whenever it is asked, by the share of its priority."""
    digest = hashlib.sha256(f"callback {incident.incident_no}".encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32 < float(RULES["share"][str(incident.priority)])


def why_unsuitable(incident: Incident) -> str:
    """Return why the caller must not be asked, or an empty text."""
    kind = incident.type_verified or incident.type_reported
    kinds: dict[str, str] = RULES["unsuitable_types"]
    if incident.silent:
        return "静默报警"
    if incident.is_complaint:
        return "投诉由督察回访"
    if found := kinds.get(kind) or kinds.get(kind[:4]):
        return found
    if not incident.contact_phone:
        return "无联系电话"
    protected = NumberFlag.objects.filter(
        centre_id=incident.centre_id,
        number=incident.contact_phone,
        kind=NumberFlag.Kind.PROTECTED,
        approved_at__isnull=False,
        ended_at__isnull=True,
        expires_at__gt=timezone.now(),
    )
    return "保护号码" if protected.exists() else ""


def waiting_to_be_asked(now: dt.datetime) -> list[int]:
    """Return the incidents that were reported long enough ago, are in the sample and have no callback yet."""
    reported = Incident.objects.filter(
        reported_at__lte=now - seconds("ask_after_s"), reported_at__gt=now - LATEST, drill=False, callbacks__isnull=True
    ).exclude(stage__in=["merged", "cancelled", "invalid"])
    # Those outside the sample never get a row, so none of them may use a place of the batch up.
    sampled = (one.pk for one in reported.only("incident_no", "priority").order_by("reported_at") if is_sampled(one))
    return list(itertools.islice(sampled, BATCH))


@command
def plan(*, by: Actor | None, incident_id: int) -> Json:
    """Open the callback of an incident: by SMS where a text gateway is, else by an agent; or note why not."""
    now = timezone.now()
    incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
    why = why_unsuitable(incident)
    gateway = gateway_of(incident.centre_id)
    facts: dict[str, Any] = {"outcome": Outcome.UNSUITABLE, "reason": why} if why else {}
    try:
        with transaction.atomic():
            row = Callback.make(
                by=by,
                now=now,
                centre_id=incident.centre_id,
                incident=incident,
                way=Way.SMS if gateway is not None and not why else Way.HUMAN,
                number="" if why else incident.contact_phone,
                due_at=now + seconds("wait_s"),
                **facts,
            )
    except IntegrityError:
        return {}  # another process was quicker
    if row.way == Way.SMS:
        jobs.enqueue(ASK, centre_id=row.centre_id, payload={"callback": row.pk}, now=now, queue="bulk")
    record("callback.planned", row, way=row.way, reason=why)
    return {"callback": row.row()}


def gateway_of(centre_id: int) -> Gateway | None:
    """Return the text gateway that questions go out through."""
    found = Gateway.objects.filter(centre_id=centre_id, kind=Gateway.Kind.TEXT, active=True).exclude(address="")
    return found.order_by("id").first()


@jobs.handler(ASK)
def ask(payload: Json) -> None:
    """Send the question; may run twice, the gateway sees the same event."""
    row = Callback.objects.select_related("incident").get(pk=payload["callback"])
    gateway = gateway_of(row.centre_id)
    if row.outcome or row.asked_at is not None:
        return
    if gateway is None:
        raise RuntimeError("no text gateway with an address")
    text = str(RULES["question"]).format(number=row.incident.incident_no[-6:])
    content = {"number": row.number, "text": text, "message": f"callback-{row.pk}"}
    gateways.post(gateway, centres.centre(row.centre_id).code, f"callback-{row.pk}", content)
    note_asked(by=None, callback_id=row.pk)


@jobs.given_up(ASK)
def give_up_asking(payload: Json) -> None:
    """An agent rings instead."""
    hand_to_agent(by=None, callback_id=payload["callback"])


@command
def note_asked(*, by: Actor | None, callback_id: int) -> Callback:
    """Note that the question went out."""
    now = timezone.now()
    row = Callback.objects.select_for_update(no_key=True).get(pk=callback_id)
    if row.asked_at is None:
        attempts = [*row.attempts, {"at": stamp(now), "by": "", "way": row.way}]
        row.change(by=by, now=now, asked_at=now, attempts=attempts)
        record("callback.asked", row, way=row.way)
    return row


@command
def hand_to_agent(*, by: Actor | None, callback_id: int) -> Callback:
    """Put a callback that the SMS way did not settle on the agents' list."""
    now = timezone.now()
    row = Callback.objects.select_for_update(no_key=True).get(pk=callback_id)
    if not row.outcome and row.way == Way.SMS:
        row.change(by=by, now=now, way=Way.HUMAN)
        record("callback.handed_on", row)
    return row


def open_question(centre_id: int, number: str, now: dt.datetime) -> Callback | None:
    """Return the question that a text of this number may answer."""
    return (
        Callback.objects.filter(
            centre_id=centre_id, number=number, outcome="", asked_at__gt=now - seconds("wait_s"), asked_at__lte=now
        )
        .order_by("-asked_at")
        .first()
    )


def grade_of(text: str) -> int | None:
    """Return the grade that a reply names, None when it is something else (somebody may need help)."""
    return GRADES.get(text.strip().rstrip("。.!！"))


@command
def reply_by_text(*, by: Actor, callback_id: int, text: str) -> Callback:
    """Take the grade that somebody wrote back."""
    row = Callback.locked(callback_id, by.centre_id)
    grade = grade_of(text)
    if row.outcome or grade is None:
        return row
    settle(row, by=by, outcome=Outcome.ANSWERED, grade=grade, words=text, aspects=[], reason="", agent_no="")
    return row


@command
def record_callback(
    *, by: Actor, callback_id: int, version: int, outcome: str, grade: int | None, words: str, aspects: list[str],
    reason: str,
) -> Callback:  # fmt: skip
    """Write down what an agent heard on the telephone; "no answer" is a try, and the third one is the outcome."""
    now = timezone.now()
    row = Callback.locked(callback_id, by.centre_id, version)
    if row.outcome:
        raise WrongTurn(row)
    if outcome == Outcome.ANSWERED and grade is None:
        raise BadInput(grade=_("An answer has a grade from 1 to 3."))
    if outcome == Outcome.UNSUITABLE and not reason.strip():
        raise BadInput(reason=_("Say why this caller must not be asked."))
    attempts = [*row.attempts, {"at": stamp(now), "by": by.badge, "way": Way.HUMAN}]
    row.change(by=by, now=now, attempts=attempts, asked_at=row.asked_at or now)
    if outcome == Outcome.NO_ANSWER and sum(one["way"] == Way.HUMAN for one in attempts) < TRIES:
        record("callback.tried", row)
        return row
    settle(
        row,
        by=by,
        outcome=outcome,
        grade=grade if outcome == Outcome.ANSWERED else None,
        words=words,
        aspects=aspects,
        reason=reason,
        agent_no=by.badge,
    )
    return row


TRIES = 3


@command
def let_pass(*, by: Actor | None, callback_id: int) -> Callback:
    """Close a callback that nobody answered within the waiting limit; closing the incident waits for it no longer."""
    now = timezone.now()
    row = Callback.objects.select_for_update(no_key=True).select_related("incident").get(pk=callback_id)
    if not row.outcome and row.due_at <= now:
        settle(row, by=by, outcome=Outcome.NO_ANSWER, grade=None, words="", aspects=[], reason="", agent_no="")
    return row


def settle(row: Callback, *, by: Actor | None, outcome: str, grade: int | None, **facts: Any) -> None:
    """Give a callback its outcome. A dissatisfied caller is rung within a day, and the owner must put it right."""
    now = timezone.now()
    replied = now if outcome in (Outcome.ANSWERED, Outcome.REFUSED) else None
    row.change(by=by, now=now, outcome=outcome, grade=grade, replied_at=replied, **facts)
    record("callback.settled", row, outcome=outcome, grade=grade)
    if grade != DISSATISFIED:
        return
    if not facts["agent_no"]:
        follow_up = Callback.make(
            by=by,
            now=now,
            centre_id=row.centre_id,
            incident_id=row.incident_id,
            aim=row.aim,
            way=Way.HUMAN,
            number=row.number,
            due_at=now + seconds("phone_within_s"),
            follows=row,
        )
        record("callback.planned", follow_up, way=Way.HUMAN, reason="")
    supervision.issue_for_dissatisfaction(row.incident, by=by, now=now, words=facts["words"])


def to_hand_on(now: dt.datetime) -> list[int]:
    """Return the SMS questions that stayed without an answer for a day."""
    asked = Callback.objects.filter(outcome="", way=Way.SMS, asked_at__lte=now - seconds("human_after_s"))
    return list(asked.values_list("pk", flat=True)[:200])


@command
def urge(*, by: Actor | None, callback_id: int) -> Callback:
    """Remind the agents before the waiting limit (催办), once."""
    now = timezone.now()
    row = Callback.objects.select_for_update(no_key=True).get(pk=callback_id)
    if not row.outcome and row.way == Way.HUMAN and row.urged_at is None and now < row.due_at:
        row.change(by=by, now=now, urged_at=now)
        record("callback.urged", row, channel="screen")
    return row


def to_urge(now: dt.datetime) -> list[int]:
    """Return the callbacks that agents have left until most of the limit is over."""
    waiting = Callback.objects.filter(outcome="", way=Way.HUMAN, urged_at__isnull=True, due_at__gt=now)
    found = waiting.order_by("due_at").values_list("pk", "created_at", "due_at")
    return [pk for pk, start, end in found if start + (end - start) * limits.URGE_AT <= now][:200]


def run_out(now: dt.datetime) -> list[int]:
    """Return the callbacks whose waiting limit has passed."""
    return list(Callback.objects.filter(outcome="", due_at__lte=now).values_list("pk", flat=True)[:200])
