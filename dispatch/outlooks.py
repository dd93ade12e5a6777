"""Reading what is foreseen for every open incident that nobody has reached, by the positions of this moment."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from typing import Any

from dispatch import candidates, history, outlook, ranking, travel
from dispatch import policy as policies
from dispatch import spread as spreads
from dispatch.models import Assignment
from dispatch.outlook import Going, Outlook
from dispatch.policy import Policy
from dispatch.ranking import UnitState, Way
from dispatch.spread import Spread
from incidents.models import Deadline, Incident, Stage
from incidents.row import Json, stamp

OPEN = (Stage.PENDING, Stage.DISPATCHED, Stage.ACCEPTED, Stage.EN_ROUTE)
GOING = ("dispatched", "delivered", "accepted", "en_route")
LIMITS = {"arrive5_a": "A5", "arrive10_a": "A10", "arrive5_b": "B5", "arrive10_b": "B10"}
AT_MOST = 60  # incidents looked at in one go, the most urgent first: a flood must not stop the sweep
KEPT_S = 2.0
_kept: dict[int, tuple[float, Json]] = {}


@dataclass(frozen=True, slots=True)
class Scene:
    """What all incidents of one look share."""

    now: dt.datetime
    policy: Policy
    spread: Spread
    units: list[UnitState]
    orders: dict[int, list[Assignment]]
    left: dict[int, dict[str, float]]


def look(centre_id: int, now: dt.datetime) -> list[Outlook]:
    """Foresee every placed incident of a centre that nobody has reached, the least slack first."""
    incidents = list(
        Incident.objects.filter(
            centre_id=centre_id, stage__in=OPEN, first_on_scene_at__isnull=True, attendance=True, lat__isnull=False
        ).order_by("priority", "answered_at")[:AT_MOST]
    )
    if not incidents:
        return []
    scene = Scene(
        now,
        policies.current(),
        history.parameters(centre_id, now),
        candidates.states(centre_id, now, with_drops=True),
        live_orders(incidents),
        limits_left(incidents, now),
    )
    return sorted((foresee(incident, scene) for incident in incidents), key=lambda one: one.slack_s)


def live_orders(incidents: list[Incident]) -> dict[int, list[Assignment]]:
    """Return the orders under way by incident; a directive leads elsewhere than to the caller."""
    found: dict[int, list[Assignment]] = {}
    for order in (
        Assignment.objects.filter(incident__in=incidents, state__in=GOING).exclude(purpose="directive").order_by("id")
    ):
        found.setdefault(order.incident_id, []).append(order)
    return found


def limits_left(incidents: list[Incident], now: dt.datetime) -> dict[int, dict[str, float]]:
    """Return the seconds that each running arrival limit has left, by incident."""
    rows = Deadline.objects.filter(incident__in=incidents, kind__in=list(LIMITS), state="running", assignment_id=None)
    found: dict[int, dict[str, float]] = {}
    for incident, kind, due_at in rows.values_list("incident_id", "kind", "due_at"):
        found.setdefault(incident, {})[LIMITS[kind]] = (due_at - now).total_seconds()
    return found


def foresee(incident: Incident, scene: Scene) -> Outlook:
    """Foresee one incident: the road of those under way and of those that could go, in one search."""
    assert incident.lat is not None and incident.lng is not None
    question = candidates.question_of(incident, scene.now)
    orders = scene.orders.get(incident.pk, [])
    under_way = {order.unit_id for order in orders}
    free = [unit for unit in scene.units if not ranking.exclusion(unit, question, scene.policy)]
    wanted = [*free, *(unit for unit in scene.units if unit.unit_id in under_way and unit.lat is not None)]
    urgent = incident.priority <= scene.policy.divert_up_to
    ways = travel.ways(incident.centre_id, wanted, incident.lat, incident.lng, scene.now, emergency=urgent)
    by_id = {unit.unit_id: unit for unit in scene.units}
    going = [
        going_of(order, by_id[order.unit_id], ways, question, scene)
        for order in orders
        if order.unit_id in by_id and by_id[order.unit_id].lat is not None
    ]
    found = ranking.rank(question, free, ways, policy=scene.policy, spread=scene.spread)
    return outlook.foresee(
        incident.pk,
        incident.priority,
        scene.left.get(incident.pk, {}),
        going=going,
        free=found.recommended(),
        spread=scene.spread,
        warning=scene.policy.warning,
        swap=scene.policy.swap,
    )


def going_of(
    order: Assignment, unit: UnitState, ways: dict[int, Way], question: ranking.Question, scene: Scene
) -> Going:
    """Return an order under way with the road that its unit has left."""
    since = order.accepted_at if order.state == "accepted" and order.accepted_at else order.dispatched_at
    way = ways.get(unit.unit_id) or ranking.straight_way(unit, question, scene.policy)
    waited = max(0.0, (scene.now - since).total_seconds())
    return Going(order.pk, unit.unit_id, order.call_sign, order.state, waited, way, ranking.age_of(unit, scene.now))


def still_to_wait(order: Assignment, now: dt.datetime) -> float:
    """Return the expected seconds until the unit of an order drives off."""
    since = order.accepted_at if order.state == "accepted" and order.accepted_at else order.dispatched_at
    waited = int(max(0.0, (now - since).total_seconds()))
    return float(spreads.preparation(history.parameters(order.centre_id, now), order.state, waited).mean())


def shown(centre_id: int, now: dt.datetime) -> Json:
    """Return what is foreseen as the console shows it; kept for two seconds per process, for every seat asks."""
    kept = _kept.get(centre_id)
    if kept is None or time.monotonic() - kept[0] > KEPT_S:
        kept = (time.monotonic(), {"at": stamp(now), "outlooks": [row(one, now) for one in look(centre_id, now)]})
        _kept[centre_id] = kept
    return kept[1]


def forget() -> None:
    """Drop the copies."""
    _kept.clear()


def row(found: Outlook, now: dt.datetime) -> Json:
    """Return one incident's outlook (docs/contract.md 5)."""
    return {
        "incident": found.incident,
        "best_s": found.best_s,
        "who": found.who,
        "going": found.is_going,
        "slack_s": found.slack_s,
        "chance": found.chance,
        "unreachable": found.unreachable,
        "orders": [order_row(one, now) for one in found.orders],
        "swap": swap_row(found),
    }


def order_row(one: outlook.OrderOutlook, now: dt.datetime) -> Json:
    """Return when an order will be there."""
    return {
        "assignment": one.going.assignment,
        "unit": one.going.unit,
        "call_sign": one.going.call_sign,
        "eta_s": one.eta_s,
        "arrives_at": stamp(now + dt.timedelta(seconds=one.eta_s)),
        "basis": one.going.way.basis,
        "fix_age_s": round(one.going.fix_age_s),
        "chance": one.chance,
    }


def swap_row(found: Outlook) -> Json | None:
    """Return the unit that would be there clearly earlier."""
    swap = found.swap
    policy = policies.current()
    if swap is None or not outlook.begins(swap, found.best_s or 0.0, policy.swap):
        return None
    values: dict[str, Any] = {"assignment": swap.assignment, "unit": swap.unit}
    return {**values, "call_sign": swap.call_sign, "gain_s": swap.gain_s}
