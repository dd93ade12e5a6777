"""Snapshot and entries are one picture: for every audience, whatever happened (style rule 57, targets 1.3)."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from dispatch import board
from dispatch.api.incident import IncidentView
from incidents.actor import Actor
from incidents.journal import canonical
from incidents.live import frames
from incidents.refusals import Refusal
from incidents.roles import audience_of
from tests.database.store_twin import Store, differences
from tests.database.walk import ACTS, Walk
from tests.people import Cast

STEPS = int(os.environ.get("ZZ110_STEPS", "320"))
CALLERS = "1900000"  # how every caller's number in these tests begins


class Reader:
    """One client of one audience: it loaded a snapshot once and lives on entries since."""

    def __init__(self, by: Actor) -> None:
        self.by = by
        self.audience = audience_of(by)
        self.store = Store(board.snapshot(by), self.fetch)
        self.texts: list[str] = []  # every frame as it went over the wire

    def fetch(self, incident_id: int) -> dict[str, list[Any]]:
        """Ask for one incident as the client does."""
        request: Any = SimpleNamespace(auth=self.by)
        try:
            return dict(IncidentView().get(request, incident_id).data["rows"])
        except Refusal:
            return {}

    def hear(self, lines: list[frames.Line]) -> None:
        """Hear entries, framed for the audience as the hub does it."""
        for line in lines:
            text = frames.frame(line, self.audience, self.store.seq)
            if text is not None:
                self.texts.append(text)
                self.store.hear(json.loads(text))

    def differences(self) -> list[str]:
        """Hold the store against a fresh snapshot."""
        return [f"{self.audience}: {line}" for line in differences(self.store, board.snapshot(self.by))]


def readers_of(walk: Walk) -> list[Reader]:
    """Return a client of every audience."""
    cast = walk.cast
    officer = cast.actor("omar")
    people = [
        cast.actor("dana"),
        cast.actor("lee"),
        cast.actor("ina"),
        cast.actor("stan"),
        replace(cast.actor("stan"), org_id=walk.other.pk),
        *(replace(officer, on_unit=unit.pk) for unit in walk.units[:4]),
    ]
    return [Reader(by) for by in people]


@pytest.mark.parametrize("seed", [int(seed) for seed in os.environ.get("ZZ110_SEEDS", "110,2024").split(",")])
def test_snapshot_and_entries_give_the_fresh_snapshot_for_every_audience(cast: Cast, seed: int) -> None:
    walk = Walk(cast, seed)
    readers = readers_of(walk)
    last = readers[0].store.seq

    def compare() -> None:
        nonlocal last
        lines = frames.read(cast.centre.pk, last, 10_000)
        last = lines[-1].seq if lines else last
        for reader in readers:
            reader.hear(lines)
        if walk.done.total() % 20 == 0:
            found = [line for reader in readers for line in reader.differences()]
            assert not found, "\n".join([*found[:20], str(walk.done)])

    walk.go(STEPS, compare)
    never = set(ACTS) - set(walk.done)
    assert len(never) <= 4, f"the shift was too quiet: {never}; {walk.refused}"
    assert sum(walk.done.values()) >= STEPS
    for reader in readers:
        said = "".join(reader.texts) + canonical(board.snapshot(reader.by)["rows"])
        assert (CALLERS in said) == (reader.audience != "overview"), reader.audience
