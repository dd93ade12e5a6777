"""Log lines: one JSON object a line, UTC with milliseconds, nothing in it that a terminal or a log reader could obey.

A person stands in a log by id only, so only the fields named here are taken over from `extra`.
"""

import datetime as dt
import json
import logging
import re
import traceback
from contextvars import ContextVar
from types import TracebackType
from typing import Any

trace_id: ContextVar[str] = ContextVar("trace_id", default="")

FIELDS = (
    "actor",
    "seat",
    "role",
    "centre",
    "incident",
    "assignment",
    "unit",
    "verb",
    "kind",
    "seq",
    "result",
    "status",
    "ms",
    "count",
    "process",
)
# JSON encodes what lies below U+0020; these act on a screen too: DEL and C1, marks without width, changes of direction,
# line separators, and halves of surrogate pairs, which no file takes.
ACTING = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
LONGEST = 2_000  # characters of one message
FRAMES = 12


class Line(logging.Formatter):
    """Formats a record as one line of JSON (targets 5)."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line."""
        line: dict[str, Any] = {
            "at": _moment(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage()[:LONGEST],
        }
        if trace := trace_id.get():
            line["trace_id"] = trace
        line |= {name: _plain(record.__dict__[name]) for name in FIELDS if name in _extra(record)}
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = _error(record.exc_info[1], record.exc_info[2])
        return ACTING.sub(_escaped, json.dumps(line, ensure_ascii=False, separators=(",", ":")))


def _moment(created: float) -> str:
    moment = dt.datetime.fromtimestamp(created, dt.UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _extra(record: logging.LogRecord) -> set[str]:
    """Name what the caller added; `process` is also the name of a standard attribute, the process id."""
    return {name for name in record.__dict__ if name != "process" or isinstance(record.__dict__[name], str)}


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | int | float | None) else str(value)[:LONGEST]


def _error(error: BaseException, trace: TracebackType | None) -> dict[str, Any]:
    """Describe an exception by type, first line and places. The further lines of a database error quote the row."""
    places = traceback.extract_tb(trace)[-FRAMES:]
    return {
        "type": type(error).__qualname__,
        "says": str(error).split("\n", 1)[0][:300],
        "places": [f"{place.filename}:{place.lineno} {place.name}" for place in places],
    }


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"
