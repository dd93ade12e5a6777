"""A whole day of the random shift, on a clock that the journal follows too: PostgreSQL's own clock is set forward for
the journal's statement, because the moments of entries are the database's."""

from __future__ import annotations

import datetime as dt

import time_machine
from django.db import connection
from django.utils import timezone

from dispatch import board
from incidents.actor import Actor
from incidents.refusals import Refusal
from incidents.row import Json
from tests.database.walk import ACTS, Walk
from tests.people import Cast

CLOCK = """
CREATE SCHEMA IF NOT EXISTS day_clock;
CREATE OR REPLACE FUNCTION day_clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
$$ SELECT pg_catalog.clock_timestamp() + current_setting('day.ahead')::interval $$;
"""


class Day(Walk):
    """A shift of 24 hours whose boards are recorded after every act."""

    def __init__(self, cast: Cast, seed: int, by: Actor) -> None:
        """Begin now."""
        super().__init__(cast, seed)
        self.by = by
        self.recorded: list[tuple[dt.datetime, Json]] = []
        self.began = timezone.now()

    def play(self, acts: int) -> None:
        """Let so many acts happen within the day."""
        names = [act for name in ACTS for act in [name] * ACTS[name]]
        moment, mean_s, happened = self.began, 86_400 / acts, 0
        with connection.cursor() as cursor:
            cursor.execute(CLOCK)
            cursor.execute("SET search_path = day_clock, public, pg_catalog")
        try:
            while happened < acts:
                moment += dt.timedelta(seconds=self.random.expovariate(1 / mean_s) + 0.2)
                happened += self.act(self.random.choice(names), moment)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET search_path")

    def act(self, name: str, moment: dt.datetime) -> int:
        """Try one act at a moment; returns whether it happened."""
        self.set_ahead(moment)
        with time_machine.travel(moment, tick=True):
            try:
                done = getattr(self, name)() is not None
            except Refusal:
                return 0
            if done:
                self.done[name] += 1
                self.record()
            return int(done)

    def set_ahead(self, moment: dt.datetime) -> None:
        """Set the journal's clock."""
        ahead = moment - timezone.now()
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('day.ahead', %s, false)", [f"{ahead.total_seconds()} seconds"])

    def record(self) -> None:
        """Record the board as it stands, and from which moment on."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            at = cursor.fetchone()[0]
        self.recorded.append((at, board.snapshot(self.by)))


def differences(then: Json, fresh: Json) -> list[str]:
    """Name every row in which a rebuilt board differs from the one that was recorded."""
    found = []
    for name, rows in fresh["rows"].items():
        mine = {row["id"]: row for row in then["rows"][name]}
        theirs = {row["id"]: row for row in rows}
        for row_id in sorted(mine.keys() | theirs.keys()):
            if mine.get(row_id) != theirs.get(row_id):
                found.append(f"{name} {row_id}: rebuilt {mine.get(row_id)}, recorded {theirs.get(row_id)}")
    if sorted(then["positions"]) != sorted(fresh["positions"]):
        found.append(f"positions: rebuilt {then['positions']}, recorded {fresh['positions']}")
    return found
