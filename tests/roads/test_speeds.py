"""The file of speeds: a city's own counts, and one that is wrong says which entry."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from patrol.roads import profiles
from zz110.home import CHECKOUT

SAID = profiles.SHIPPED.read_text(encoding="utf-8")
URGENT = """
from patrol.roads import profiles
print(profiles.speeds(profiles.PROFILES["car"], 3, True)[0], profiles.VERSION)
"""


def urgent_speed(file: Path | None) -> tuple[float, str]:
    """Return the urgent speed of a car on a motorway at night in m/s, and the version, of a process with a file."""
    environment = {**os.environ, "ZZ110_SPEEDS": str(file or "")}
    done = subprocess.run(
        [sys.executable, "-c", URGENT], cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=True
    )
    speed, version = done.stdout.split()
    return float(speed), version


def test_a_citys_own_emergency_factor_counts_and_changes_the_version(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(SAID.replace("emergency_factor = 1.2 ", "emergency_factor = 1.5 "), encoding="utf-8")
    shipped, changed = urgent_speed(None), urgent_speed(own)
    assert changed[0] / shipped[0] == pytest.approx(1.5 / 1.2)
    assert changed[1] != shipped[1]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("emergency_factor = 1.2 ", "emergency_factor = 30 ", "car.emergency_factor"),
        ("junction_s = 3.0", 'junction_s = "three"', "car.junction_s"),
        ("posted_share = 0.85 ", "posted_share = 0 ", "car.posted_share"),
        ("primary = 45", "primary = nan", "car.kmh.primary"),
        ("trunk = 60", "trank = 60", "trunk"),
        ("1.0, 1.03", "1.0", "hours"),
        ('"secondary"]', '"secondary", "canal"]', "canal"),
        ("[profile.foot]", "[profile.horse]", "foot"),
        ("road_factor = 1.4", "road_factor = ", "speeds.toml"),
    ],
)
def test_a_file_that_cannot_be_used_names_the_entry(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in SAID
    path = tmp_path / "speeds.toml"
    path.write_text(SAID.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(profiles.UnusableSpeeds, match=told):
        profiles.read_speeds(path)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(profiles.UnusableSpeeds, match=r"none\.toml"):
        profiles.read_speeds(tmp_path / "none.toml")
