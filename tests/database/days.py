"""A whole day of the random shift, on a clock that the journal follows too: PostgreSQL's own clock is set forward for
the journal's statement, because the moments of entries are the database's."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Iterator
from random import Random

import time_machine
from django.db import connection
from django.utils import timezone

from dispatch import board
from incidents.actor import Actor
from incidents.journal import canonical
from incidents.refusals import Refusal
from incidents.row import Json
from tests.database.walk import ACTS, Walk
from tests.people import Cast

CLOCK = """
CREATE SCHEMA IF NOT EXISTS day_clock;
CREATE OR REPLACE FUNCTION day_clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
$$ SELECT pg_catalog.clock_timestamp() + current_setting('day.ahead')::interval $$;
"""


DAY_S = 86_400
SPARE = 1.2  # seconds that are drawn for each one wanted: those within an act are not recorded


class Day(Walk):
    """A shift of 24 hours whose board is recorded at random seconds."""

    def __init__(self, cast: Cast, seed: int, by: Actor, seconds: int) -> None:
        """Begin now, and draw the seconds: a board of a thousand rows is costly to read, and most need not be."""
        super().__init__(cast, seed)
        self.by = by
        self.began = self.settled = timezone.now()
        draw = Random(seed)
        drawn = (self.began + dt.timedelta(seconds=draw.randrange(DAY_S)) for _ in range(round(seconds * SPARE)))
        self.drawn = sorted(drawn, reverse=True)  # the next one is the last
        self.kept: list[tuple[list[dt.datetime], bytes]] = []

    def play(self, acts: int) -> None:
        """Let so many acts happen within the day."""
        names = [act for name in ACTS for act in [name] * ACTS[name]]
        moment, mean_s, happened = self.began, DAY_S / acts, 0
        with connection.cursor() as cursor:
            cursor.execute(CLOCK)
            cursor.execute("SET search_path = day_clock, public, pg_catalog")
        try:
            while happened < acts:
                # An act that took long on a slow machine is over before the next one begins.
                moment = max(moment, self.settled) + dt.timedelta(seconds=self.random.expovariate(1 / mean_s) + 0.2)
                self.record(moment)
                happened += self.act(self.random.choice(names), moment)
            self.record(self.began + dt.timedelta(seconds=2 * DAY_S))
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
                done = False
            self.done[name] += done
            self.settled = self.clock()
            return int(done)

    def set_ahead(self, moment: dt.datetime) -> None:
        """Set the journal's clock."""
        ahead = moment - timezone.now()
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('day.ahead', %s, false)", [f"{ahead.total_seconds()} seconds"])

    def clock(self) -> dt.datetime:
        """Read the journal's clock."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            found: dt.datetime = cursor.fetchone()[0]
        return found

    def record(self, until: dt.datetime) -> None:
        """Record the board as it stands if one of the seconds lies between the act before and the next one. It is kept as
        it goes over the wire, and small: a thousand boards of rows would fill the memory."""
        seconds = []
        while self.drawn and self.drawn[-1] < until:
            second = self.drawn.pop()
            if second > self.settled:
                seconds.append(second)
        if seconds:
            self.kept.append((seconds, zlib.compress(canonical(board.snapshot(self.by)).encode(), 1)))

    def recorded(self) -> Iterator[tuple[dt.datetime, Json]]:
        """Yield the seconds in a random order of their boards, each with the board of then."""
        kept = list(self.kept)
        self.random.shuffle(kept)
        for seconds, packed in kept:
            recorded = json.loads(zlib.decompress(packed))
            for second in seconds:
                yield second, recorded


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
