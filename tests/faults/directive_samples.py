"""Samples of the commands of directives, modes and outcomes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dispatch.directives import acts, services
from dispatch.directives.models import Directive
from dispatch.models import Assignment
from dispatch.services import outcomes
from incidents.models import Incident, Suspect
from incidents.services.incidents import switch_mode
from tests.database.acts import drive, send, take
from tests.database.casework import SNATCH
from tests.database.test_directives import issue, plan
from tests.faults.samples import Act, act, by
from tests.people import Cast


def directed(cast: Cast) -> Directive:
    """A directive that is attached to car-12's order and gives car-7 one."""
    incident = take(cast, **SNATCH)
    drive(cast, send(cast, incident), "on_scene")
    return issue(cast, incident, cast.car12.pk, cast.car7.pk)


def of_incident(run: Callable[..., Any], who: str, **facts: Any) -> Callable[[Cast], Act]:
    """An act on a fresh incident."""
    return lambda cast: act(run, by=by(cast, who), incident_id=take(cast, **SNATCH).pk, **facts)


def watched(cast: Cast) -> Assignment:
    """An order whose unit lies in wait."""
    order = drive(cast, send(cast, take(cast, **SNATCH)), "on_scene")
    switched(cast, order.incident_id, "stake_out")
    return order


def switched(cast: Cast, incident_id: int, mode: str) -> Incident:
    """An incident in a mode."""
    version = Incident.objects.get(pk=incident_id).version
    return switch_mode(by=cast.actor("dana"), incident_id=incident_id, version=version, mode=mode)


def suspect(cast: Cast, *, caught: bool = False) -> Suspect:
    """A suspect, at large or caught by car-12."""
    row = outcomes.add_suspect(by=cast.actor("dana"), incident_id=take(cast).pk, facts={"name": "柯某"})
    if not caught:
        return row
    return outcomes.catch_suspect(by=cast.actor("dana"), suspect_id=row.pk, caught_by="car-12")


def undoes_clearing(cast: Cast) -> Act:
    """The analyst takes back what she cleared."""
    row, other = suspect(cast, caught=True), take(cast)
    outcomes.clear_incident(by=cast.actor("ana"), suspect_id=row.pk, incident_id=other.pk, reason="供认")
    return act(outcomes.undo_clearing, by=by(cast, "ana"), suspect_id=row.pk, incident_id=other.pk, reason="登记错误")


def of_caught(run: Callable[..., Any], **facts: Any) -> Callable[[Cast], Act]:
    """An act on a suspect who has been caught."""
    return lambda cast: act(run, by=by(cast, "dana"), suspect_id=suspect(cast, caught=True).pk, **facts)


DIRECTIVE_SAMPLES: dict[str, Callable[[Cast], Act]] = {
    "dispatch.directives.acts.answer_prompt": lambda cast: act(
        acts.answer_prompt, by=by(cast, "omar"), assignment_id=watched(cast).pk, text="未出现"
    ),
    "dispatch.directives.acts.break_off": lambda cast: act(
        acts.break_off, by=by(cast, "sam"), incident_id=switched(cast, take(cast).pk, "pursuit").pk, reason="危险"
    ),
    "dispatch.directives.acts.relieve": lambda cast: act(
        acts.relieve, by=by(cast, "dana"), assignment_id=watched(cast).pk, unit_id=cast.car7.pk
    ),
    "dispatch.directives.services.accept_directive": lambda cast: act(
        services.accept_directive, by=by(cast, "omar"), directive_id=directed(cast).pk
    ),
    "dispatch.directives.services.issue_directive": lambda cast: of_incident(
        services.issue_directive, "vic", plan=plan(cast.car12.pk)
    )(cast),
    "dispatch.directives.services.send_interception": lambda cast: of_incident(
        services.send_interception, "dana", plans=[plan(cast.car12.pk), plan(cast.car7.pk)]
    )(cast),
    "dispatch.directives.services.withdraw_directive": lambda cast: act(
        services.withdraw_directive, by=by(cast, "vic"), directive_id=directed(cast).pk, reason="目标已离开"
    ),
    "dispatch.services.outcomes.add_suspect": of_incident(
        outcomes.add_suspect, "dana", facts={"name": "柯某", "description": "黑色摩托"}
    ),
    "dispatch.services.outcomes.catch_suspect": lambda cast: act(
        outcomes.catch_suspect, by=by(cast, "dana"), suspect_id=suspect(cast).pk, caught_by="car-12", credit=["car-7"]
    ),
    "dispatch.services.outcomes.clear_incident": lambda cast: act(
        outcomes.clear_incident, by=by(cast, "ana"), suspect_id=suspect(cast, caught=True).pk,
        incident_id=take(cast).pk, reason="供认",
    ),
    "dispatch.services.outcomes.undo_clearing": undoes_clearing,
    "dispatch.services.outcomes.credit_units": of_caught(outcomes.credit_units, credit=["car-7"]),
    "dispatch.services.outcomes.hand_suspect_over": of_caught(outcomes.hand_suspect_over, to="巷口所"),
    "dispatch.services.outcomes.release_suspect": of_caught(outcomes.release_suspect, reason="证据不足"),
}  # fmt: skip
