"""What of a replay is done: one line a step, appended; a lost tail only means that steps are asked for again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final

Json = dict[str, Any]

WRITES_AFTER: Final = 100


class OtherReplay(Exception):
    """The file of progress belongs to another run: another centre's database, or none was asked to be resumed."""


class Progress:
    """The steps that are done, with the ids that they brought."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.done: dict[str, Json] = {}
        self.header: Json = {}
        self._lines: list[str] = []
        if path.exists():
            self._read()

    def _read(self) -> None:
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                found = json.loads(line)
            except ValueError:
                continue  # the last line of a run that was killed
            if "step" in found:
                self.done[found["step"]] = found.get("ids", {})
            else:
                self.header = found

    def begin(self, header: Json, *, resume: bool) -> None:
        """Start a file, or go on with the one of the same run. Raises OtherReplay."""
        if self.header:
            if self.header != header:
                raise OtherReplay(
                    f"{self.path} belongs to another database or file: remove it, or take another centre."
                )
            if self.done and not resume:
                raise OtherReplay(f"{len(self.done)} steps are done already: add --resume, or take another centre.")
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.header = header
        self._lines.append(json.dumps(header))
        self.write()

    def note(self, step: str, ids: Json) -> None:
        """Note a step as done."""
        self.done[step] = ids
        self._lines.append(json.dumps({"step": step, "ids": ids} if ids else {"step": step}))
        if len(self._lines) >= WRITES_AFTER:
            self.write()

    def write(self) -> None:
        """Append what has gathered."""
        with self.path.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in self._lines)
        self._lines.clear()


def path_of(home: Path, code: str, source: Path) -> Path:
    """Return the file of progress of a source in a centre, below the data folder."""
    digest = hashlib.sha256(source.read_bytes()).hexdigest()[:12]
    return home / "replay" / f"{code}-{digest}.jsonl"
