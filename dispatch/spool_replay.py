"""Bringing the emergency spool into the database, exactly once, when it takes writes again (targets D3).

Each line is one command under the key of its request: a process killed between the command and the mark finds the key
carried out and only marks the line. The number of the call is its id, so even without the key no call could double.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import logging
import threading
from typing import Any
from uuid import UUID

from django.db import DatabaseError, close_old_connections

from dispatch.api.late_inputs import arguments, entered_late
from incidents import emergency
from incidents.actor import Actor
from incidents.api import inputs
from incidents.api_tools import reader_of
from incidents.commands import carry_out
from incidents.refusals import InFlight, Refusal
from incidents.row import Json
from incidents.services import late

LOOK_EVERY_S = 2.0
log = logging.getLogger(__name__)
_begun = False


def begin() -> None:
    """Start the replaying thread of this web process once: the spool lies on the web servers' own disks."""
    global _begun
    if not _begun:
        _begun = True
        threading.Thread(target=run, name="spool-replay", daemon=True).start()


def run() -> None:
    """Look for waiting lines until the process ends."""
    pause = threading.Event()
    with contextlib.suppress(OSError):
        emergency.spool().prepare()
    while True:
        pause.wait(LOOK_EVERY_S)
        try:
            replay()
        except DatabaseError as error:
            log.warning("spool waits: %s", error)
            close_old_connections()
        except Exception:
            log.exception("spool replay failed")


def replay() -> int:
    """Replay what waits, oldest first; returns how many. Stops at a database that still refuses."""
    spool, done = emergency.spool(), 0
    with spool.replay() as lines:
        for line in lines:
            spool.mark(line, replay_line(line))
            done += 1
        if not lines or done:
            spool.retire()
    return done


def replay_line(line: Json) -> str:
    """Carry one line out; what the centre's rules refuse is entered with its words alone, never dropped."""
    by = actor_of(line)
    try:
        return enter(by, line)
    except InFlight:
        raise DatabaseError("the same request is being carried out") from None
    except Refusal as error:
        log.error("spooled call %s refused: %s %s", line["n"], error.code, error.sentence)
        return enter_bare(by, line, str(error.sentence))
    except Exception as error:
        if isinstance(error, DatabaseError):
            raise
        log.exception("spooled call %s cannot be read", line["n"])
        return enter_bare(by, line, type(error).__name__)


def enter(by: Actor, line: Json) -> str:
    """Enter a line as it was asked for."""
    if line["act"] == "late":
        return told(carry_out(entered_late(), by=by, **arguments(by, line["body"])))
    facts = dict(reader_of(inputs.NewCall).run_validation(line["body"]))
    facts.pop("number", None)
    waiting = facts.pop("state") == "waiting"
    incident = facts.pop("incident", None)
    found = inputs.centre_of(by)
    if incident is not None:
        incident = inputs.with_point(incident, found, path="incident.")
    facts = inputs.with_point(facts, found, "caller_point")
    return told(
        carry_out(
            late.enter_spooled, by=by, number=line["number"], facts=facts, incident=incident, waiting=waiting,
            at=moment(line),
        )
    )  # fmt: skip


def enter_bare(by: Actor, line: Json, why: str) -> str:
    """Enter a line with its words only: a lost call that somebody has to ring back (R18)."""
    text = f"{why}\n{json.dumps(line['body'], ensure_ascii=False)}"[:10_000]
    facts = {"channel": "CH11", "narrative": text}
    answer = carry_out(
        late.enter_spooled, by=by, number=None, facts=facts, incident=None, waiting=False, at=moment(line),
        note_text=why[:400],
    )  # fmt: skip
    return f"bare: {told(answer)}"


def told(answer: Any) -> str:
    """Return what is noted beside a line."""
    return "again" if answer.replayed else "entered"


def actor_of(line: Json) -> Actor:
    """Return who acted, with the key and the body of the request."""
    facts = dict(line["actor"])
    roles = frozenset(facts.pop("roles"))
    return Actor(**facts, roles=roles, key=UUID(line["key"]), body_hash=bytes.fromhex(line["body_hash"]))


def moment(line: Json) -> dt.datetime:
    """Return when the line was taken."""
    return dt.datetime.fromisoformat(str(line["at"]))
