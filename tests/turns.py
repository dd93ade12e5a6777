"""The order in which a run works through the files of tests (xdist gives them out in it, one after the other)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import itemgetter
from pathlib import Path

# These start programs of their own and need more than a core: each stands among files that need the database alone.
HEAVY = ("faults", "operations/test_up.py", "stack/test_shift.py", "stack/test_simulate.py")
# These share programs and a browser, which live until a file of another kind comes or the run ends: they come last.
SHARING = ("stack", "e2e")
# The files that take longest come first among them, so that the processes of a run end together.
LONG = (
    "e2e/test_accessibility.py",
    "e2e/test_story_a.py",
    "e2e/test_story_c.py",
    "e2e/test_story_b.py",
    "e2e/test_phone.py",
    "e2e/test_channels.py",
    "e2e/test_pages.py",
)


def in_turn(files: Iterable[Path]) -> list[Path]:
    """Return the files in the order of a run."""
    kinds: tuple[list[Path], list[Path], list[Path]] = ([], [], [])
    for file in sorted(files):
        kinds[0 if is_of(file, HEAVY) else 2 if is_of(file, SHARING) else 1].append(file)
    heavy, light, sharing = kinds
    return [*spread(heavy, light), *sorted(sharing, key=place)]


def is_of(file: Path, names: Sequence[str]) -> bool:
    """Say whether a file, or its folder, is among the names."""
    return file.parent.name in names or name_of(file) in names


def name_of(file: Path) -> str:
    """Return the name of a file with its folder's."""
    return f"{file.parent.name}/{file.name}"


def spread(few: Sequence[Path], many: Sequence[Path]) -> list[Path]:
    """Return both in one row, the few evenly among the many."""
    placed = [((number + 1) / (len(files) + 1), file) for files in (few, many) for number, file in enumerate(files)]
    return [file for _, file in sorted(placed, key=itemgetter(0))]


def place(file: Path) -> tuple[int, int]:
    """Return where a file stands among those that share programs."""
    name = name_of(file)
    return SHARING.index(file.parent.name), LONG.index(name) if name in LONG else len(LONG)
