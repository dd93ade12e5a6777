"""One command = one transaction = one or more journal entries (style rules 23–28, targets 1.2)."""

from __future__ import annotations

import datetime as dt
import functools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

import psycopg
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from psycopg.types.json import Jsonb

from incidents import journal, metrics
from incidents.actor import Actor
from incidents.live import hint
from incidents.models import Command, Head
from incidents.refusals import InFlight, KeyReused, Refusal, Replayed
from incidents.row import Json, Row

P = ParamSpec("P")
R = TypeVar("R")

COMMANDS: dict[str, Callable[..., Any]] = {}
KEYS_KEPT_FOR = dt.timedelta(days=7)


@dataclass(slots=True)
class Answer:
    """What a client is told: status, body and the number of the command's last entry."""

    status: int = 200
    body: Json = field(default_factory=dict)
    seq: int | None = None
    replayed: bool = False


def command(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function a command: it runs in one transaction with its idempotency key claimed first and its journal
    written last. A command takes keyword-only arguments with `by` (an Actor, or None for the clock) and returns a
    Row, a list of them, or a dict; it raises a Refusal when nothing is to happen."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        return perform(function, kwargs)[0]  # type: ignore[no-any-return]

    COMMANDS[f"{function.__module__}.{function.__name__}"] = run
    return run


def carry_out(run: Callable[..., Any], **kwargs: Any) -> Answer:
    """Run a command for a client: the answer of this run, or the stored one when its key was carried out before."""
    try:
        return perform(run.__wrapped__, kwargs)[1]  # type: ignore[attr-defined]
    except Replayed as before:
        head = Head.objects.filter(centre_id=kwargs["by"].centre_id).values_list("seq", flat=True).first()
        return Answer(before.status, before.answer, head, replayed=True)


def perform(function: Callable[..., Any], kwargs: dict[str, Any]) -> tuple[Any, Answer]:
    """Run the body of a command in its transaction. Raises Refusal or Replayed."""
    by: Actor | None = kwargs["by"]
    box = journal.Pending(by=by)
    started, label = time.perf_counter(), "failed"
    token = journal.pending.set(box)
    try:
        with transaction.atomic():
            claimed = claim(by)
            result = function(**kwargs)
            answer = describe(result)
            if by and claimed:
                store(by, answer)
            if box.facts:
                # Never raised: the command has happened (style trap 1).
                transaction.on_commit(lambda: hint.send(box.numbers), robust=True)
                journal.write(box)
        label = "done"
    except Replayed:
        label = "replayed"
        raise
    except Refusal:
        label = "refused"
        raise
    finally:
        journal.pending.reset(token)
        metrics.COMMAND_SECONDS.labels(function.__name__, label).observe(time.perf_counter() - started)
    answer.seq = box.numbers.get(by.centre_id) if by else None
    return result, answer


def claim(by: Actor | None) -> bool:
    """Claim the actor's key in this transaction. Raises Replayed, KeyReused or InFlight; False when there is none."""
    if by is None or by.key is None:
        return False
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO incidents_command (actor_id, key, body_hash, status, at) VALUES (%s, %s, %s, 0, %s) "
                "ON CONFLICT DO NOTHING",
                [by.user_id, by.key, by.body_hash, timezone.now()],
            )
            if cursor.rowcount == 1:
                return True
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
            raise InFlight() from error
        raise
    stored = Command.objects.get(actor_id=by.user_id, key=by.key)
    if bytes(stored.body_hash) != by.body_hash:
        raise KeyReused()
    raise Replayed(stored.status, stored.answer or {})


def describe(result: Any) -> Answer:
    """Return the answer that a command's result makes."""
    if isinstance(result, Row):
        return Answer(201 if result.is_new else 200, {result.NOUN: result.row()})
    if isinstance(result, list) and result:
        return Answer(201, {f"{result[0].NOUN}s": [row.row() for row in result]})
    return Answer(200, result if isinstance(result, dict) else {})


def store(by: Actor, answer: Answer) -> None:
    """Keep the answer beside its key, in the same transaction."""
    with connection.cursor() as cursor:
        values: list[Any] = [answer.status, Jsonb(answer.body), by.user_id, by.key]
        cursor.execute("UPDATE incidents_command SET status = %s, answer = %s WHERE actor_id = %s AND key = %s", values)


def prune_keys(now: dt.datetime) -> int:
    """Forget keys older than seven days; returns how many."""
    return Command.objects.filter(at__lt=now - KEYS_KEPT_FOR).delete()[0]
