"""The alarm budget: one sound per cause, nothing hidden, shelved with an end, measured per seat."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from dispatch import alarm_figures
from incidents import alarm_policy, alerts
from incidents.models import Alert, Incident
from incidents.refusals import BadInput, WrongTurn
from tests.database.acts import kinds, take
from tests.people import Cast


def ring(cast: Cast, kind: str, incident: Incident, **how: Any) -> Alert:
    return alerts.raise_alert(
        kind, centre_id=cast.centre.pk, by=None, now=timezone.now(), incident_id=incident.pk, **how
    )


def test_one_cause_sounds_once_until_somebody_takes_it_on(quick: Cast) -> None:
    incident = take(quick)
    first, second, slight = (ring(quick, kind, incident) for kind in ("undelivered", "unaccepted", "not_departed"))
    assert [one.sounds for one in (first, second, slight)] == [True, False, False]
    assert ring(quick, "refused", incident, urgent=True).sounds, "a critical alert always sounds"
    for alert in Alert.objects.filter(sounds=True):
        alerts.acknowledge(by=quick.actor("dana"), alert_id=alert.pk)
    assert ring(quick, "refused", incident).sounds


def test_what_had_joined_an_alarm_sounds_when_that_alarm_ends_by_itself(quick: Cast) -> None:
    incident = take(quick)
    ring(quick, "undelivered", incident)
    joined = ring(quick, "refused", incident)
    told = alerts.end_causes(timezone.now(), "undelivered", incident_id=incident.pk)
    joined.refresh_from_db()
    assert joined.sounds
    assert [(row.pk, row.version) for row in told][-1] == (joined.pk, joined.version)


def test_an_alert_is_shelved_with_reason_and_end_but_never_a_critical_one(quick: Cast, api: Any) -> None:
    incident = take(quick)
    alert, grave = ring(quick, "refused", incident), ring(quick, "order_overdue", incident, urgent=True)
    dana = api(quick.user("dana"))
    body = {"minutes": 10, "reason": "通话中"}
    row = dana.post(f"/api/alerts/{alert.pk}/shelve/", body).json()["alert"]
    assert (row["open"], row["shelf_reason"], row["shelved_by"]) == (True, "通话中", quick.users["dana"].badge)
    assert kinds()[-1] == "alert.shelved"
    assert dana.post(f"/api/alerts/{alert.pk}/shelve/", {"minutes": 31, "reason": "x"}).status_code == 400
    with pytest.raises(BadInput):
        alerts.shelve(by=quick.actor("dana"), alert_id=alert.pk, minutes=0, reason="x")
    with pytest.raises(WrongTurn):
        alerts.shelve(by=quick.actor("dana"), alert_id=grave.pk, minutes=5, reason="x")
    alerts.acknowledge(by=quick.actor("dana"), alert_id=alert.pk)
    assert dana.post(f"/api/alerts/{alert.pk}/shelve/", body).status_code == 409


def test_every_raised_alert_is_counted_as_rung_listed_or_joined(quick: Cast, api: Any) -> None:
    incident, other = take(quick), take(quick)
    for kind in ("undelivered", "unaccepted", "late5", "late10"):
        ring(quick, kind, incident)
    ring(quick, "text_failed", other)
    found = api(quick.user("sam")).get("/api/statistics/alarms/?hours=1").json()
    assert found["raised"] == found["rung"] + found["listed"] + found["joined"] == 5
    assert (found["rung"], found["joined"], found["listed"]) == (2, 2, 1)
    heard = {one["role"]: (one["rung"], one["worst_10_min"]) for one in found["roles"]}
    assert heard == {"call_taker": (1, 1), "dispatcher": (1, 1), "watch_commander": (2, 2)}
    assert found["roles"][2]["per_10_min"] == 0.33
    assert api(quick.user("sam")).get("/api/statistics/alarms/?hours=99").status_code == 400


def test_old_alarms_leave_the_figures_and_stand_out_when_nobody_took_them_on(quick: Cast) -> None:
    incident, now = take(quick), timezone.now()
    alert = ring(quick, "refused", incident)
    Alert.objects.filter(pk=alert.pk).update(raised_at=now - dt.timedelta(hours=2))
    found = alarm_figures.figures(quick.centre.pk, now, 1)
    assert (found["raised"], found["standing"]) == (0, 1)


def test_the_worst_ten_minutes_are_found_wherever_they_begin() -> None:
    start = timezone.now()
    minutes = [0, 9, 11, 12, 15, 18.9, 40]
    assert alarm_policy.worst_window(start + dt.timedelta(minutes=one) for one in minutes) == 5
    assert alarm_policy.worst_window([]) == 0
