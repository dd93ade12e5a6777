"""Fixtures of the real stack, for every test folder (imported by tests/conftest.py)."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stack.stack import Stack

OwnStack = Callable[..., Stack]


@pytest.fixture(scope="session")
def stacks_folder() -> Iterator[Path]:
    """The folder of this run's stacks, short enough for sockets; gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="zz110-stack-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def stack(stacks_folder: Path) -> Iterator[Stack]:
    """One running ZZ110 for the whole run: web, worker, beat, demo city. Tests share it and must not break it."""
    with Stack(stacks_folder / "shared") as running:
        yield running.start_all()


@pytest.fixture
def own_stack(stacks_folder: Path) -> Iterator[OwnStack]:
    """Return a maker of stacks that the test may break; `programs` says what is started ("web", "worker", "beat")."""
    yield from _maker(stacks_folder)


@pytest.fixture(scope="module")
def module_stack(stacks_folder: Path) -> Iterator[OwnStack]:
    """The same for one module."""
    yield from _maker(stacks_folder)


def _maker(folder: Path) -> Iterator[OwnStack]:
    made: list[Stack] = []

    def make(programs: str = "web worker beat", **environment: Any) -> Stack:
        home = Path(tempfile.mkdtemp(prefix="own-", dir=folder))
        running = Stack(home, {name: str(value) for name, value in environment.items()})
        made.append(running)
        for program in programs.split():
            if program != "web":
                getattr(running, f"start_{program}")()
        if "web" in programs.split():
            running.start_web()
        if "worker" in programs and "beat" in programs:
            running.wait_until(running.sweeps, "the first sweep")
        return running

    yield make
    for running in made:
        running.stop()
        shutil.rmtree(running.home, ignore_errors=True)
