"""The job that looks for warnings: signals every ten minutes, hot spots every night; harmless when run twice."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from dispatch.prevention import past, signals
from dispatch.prevention.model import Settings, fit, grid_over, hot_spots, knox
from dispatch.prevention.services import let_warning_pass, raise_warning, run_out
from dispatch.prevention.signals import Finding
from incidents import centres, places, serial
from incidents.models import Head, Heartbeat, Incident, SeriesMember
from incidents.standing import report_of

SIGNALS_EVERY: Final = dt.timedelta(minutes=10)
NIGHTLY: Final = dt.timedelta(hours=20)
OVERLAP: Final = dt.timedelta(hours=1)  # words and types are written after the call
MOST_COMPARED: Final = 10
NIGHT_HOUR: Final = 4  # of the city, the quietest
WEEKS: Final = 4
HISTORY: Final = dt.timedelta(weeks=52)
ENOUGH: Final = 200
"""Events of the past without which nothing is expected and nothing told."""
LEAST_HISTORY_DAYS: Final = 56.0
FALSE_SHARE: Final = 0.05
MOST_HOT_SPOTS: Final = 20
SERIES_LEAST: Final = 2
KNOX_DAYS: Final = 182.0
log = logging.getLogger(__name__)


def keep(now: dt.datetime) -> None:
    """Do what is due, once a minute."""
    for warning_id in run_out(now):
        let_warning_pass(by=None, warning_id=warning_id)
    for centre_id in Head.objects.values_list("centre_id", flat=True):
        try:
            if (last := claimed(f"signals:{centre_id}", now, SIGNALS_EVERY)) is not None:
                look(centre_id, now, last)
            night = (now + past.CITY_OFFSET).hour == NIGHT_HOUR
            if night and claimed(f"hotspots:{centre_id}", now, NIGHTLY) is not None:
                tell(centre_id, hot(centre_id, now))
        except Exception:
            log.exception("warnings of centre %s not looked for", centre_id)


def claimed(name: str, now: dt.datetime, every: dt.timedelta) -> dt.datetime | None:
    """Claim a run and return when the last one was, a day ago for the first; None when it is not due, or another
    process has claimed it."""
    last = Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
    if last is None:
        made = Heartbeat.objects.bulk_create([Heartbeat(name=name, at=now)], ignore_conflicts=True)
        return now - past.DAY if made else None
    if last > now - every:
        return None
    return last if Heartbeat.objects.filter(name=name, at=last).update(at=now) else None


def look(centre_id: int, now: dt.datetime, last: dt.datetime | None = None) -> int:
    """Look for addresses, callers, near-repeats, and for series of what came since the last look; returns how many
    warnings were raised."""
    since = (last or now - past.DAY) - OVERLAP
    found = [*of_addresses(centre_id, now), *of_callers(centre_id, now), *of_pairs(centre_id, now)]
    return tell(centre_id, [*found, *of_series(centre_id, now, since)])


def tell(centre_id: int, found: Iterable[Finding]) -> int:
    """Raise what was found; one that fails leaves the others alone."""
    made = 0
    for one in found:
        try:
            made += bool(raise_warning(by=None, centre_id=centre_id, found=one))
        except Exception:
            log.exception("warning %s not raised", one.kind)
    return made


def of_addresses(centre_id: int, now: dt.datetime) -> list[Finding]:
    """Find repeated addresses."""
    since = now - (signals.ADDRESS_DAYS + signals.BEFORE_DAYS) * past.DAY
    return signals.addresses(past.happened(centre_id, since, now, past.AT_ADDRESSES), past.day_of(now))


def of_callers(centre_id: int, now: dt.datetime) -> list[Finding]:
    """Find repeated callers."""
    days = int(signals.ADDRESS_DAYS)
    return signals.repeat_callers(past.callers(centre_id, now - days * past.DAY, signals.CALLER_LEAST), days)


def of_pairs(centre_id: int, now: dt.datetime) -> list[Finding]:
    """Find near-repeats, if this city has them."""
    found = past.happened(centre_id, now - KNOX_DAYS * past.DAY, now, past.PREVENTABLE)
    if len(found) < ENOUGH:
        return []
    grid = grid_over(centres.centre(centre_id).box, Settings().cell_m)
    known = knox(past.as_events(grid, found), signals.NEAR_M, signals.NEAR_DAYS)
    return signals.near_repeats(found, past.day_of(now), known)


def of_series(centre_id: int, now: dt.datetime, fresh_since: dt.datetime) -> list[Finding]:
    """Find what may be of one hand and is in no series yet: new incidents with at least two others. Comparing costs
    about a second for each, so no more than the newest ten are compared in one run."""
    known = serial.rules()
    since = now - dt.timedelta(days=known.settings["days"])
    ids = [one.id for one in past.happened(centre_id, since, now, past.PREVENTABLE)][-int(known.settings["read"]) :]
    rows = {row.pk: row for row in Incident.objects.filter(pk__in=ids)}
    joined = set(
        SeriesMember.objects.filter(incident_id__in=ids, left_at__isnull=True).values_list("incident_id", flat=True)
    )
    reports = {pk: report_of(row, []) for pk, row in rows.items()}
    fresh = [row for row in rows.values() if row.answered_at > fresh_since and row.pk not in joined]
    told: list[Finding] = []
    taken: set[int] = set()
    for row in sorted(fresh, key=lambda row: -row.pk)[:MOST_COMPARED]:
        if row.pk in taken:
            continue
        kin = serial.kin_of(reports[row.pk], {pk: one for pk, one in reports.items() if pk != row.pk}, known)
        if len(kin) >= SERIES_LEAST:
            members = tuple(sorted([row.pk, *(one.id for one in kin)]))
            taken.update(members)
            told.append(Finding(
                "series", str(members[0]), members, {"n": len(members), "days": int(known.settings["days"]),
                "points": kin[0].points, "means": list(kin[0].means)}, row.lat, row.lng, known.settings["near_m"],
                row.address_text, signals.common([rows[pk].type_reported for pk in members]),
            ))  # fmt: skip
    return told


def hot(centre_id: int, now: dt.datetime) -> list[Finding]:
    """Find the cells and hours in which the last four weeks were above what the time before lets expect."""
    found = past.happened(centre_id, now - HISTORY, now, past.PREVENTABLE)
    grid = grid_over(centres.centre(centre_id).box, Settings().cell_m)
    events = past.as_events(grid, found)
    until = float(int(past.day_of(now))) - 7 * WEEKS
    known = events.before(until)
    if len(known) < ENOUGH or until - known.days[0] < LEAST_HISTORY_DAYS:
        return []
    model = fit(grid, Settings(), events, until, float(int(known.days[0])))
    spots = hot_spots(model, events, WEEKS, FALSE_SHARE)[:MOST_HOT_SPOTS]
    told = signals.hot_places(grid, spots, found, until, WEEKS)
    return [named(centre_id, one) for one in told]


def named(centre_id: int, found: Finding) -> Finding:
    """Name the place that lies nearest."""
    assert found.lat is not None and found.lng is not None
    beside = places.nearest(centre_id, found.lat, found.lng)
    return replace(found, place=beside[0].name) if beside else found
