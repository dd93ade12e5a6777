"""Doing things at the same moment, each in a thread with a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connection

T = TypeVar("T")


def together(acts: Sequence[Callable[[], T]], *, raise_errors: bool = True) -> list[T | BaseException]:
    """Start all acts at one moment and return what each returned, in their order (or raised, if not to be raised)."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], T]) -> T | BaseException:
        try:
            connection.ensure_connection()
            gate.wait(20)
            return act()
        except BaseException as error:
            gate.abort()
            if raise_errors:
                raise
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(run, act) for act in acts]]


def errors_of(found: Sequence[Any]) -> list[BaseException]:
    """Return those that are exceptions."""
    return [one for one in found if isinstance(one, BaseException)]
