"""CSV and spreadsheets of an answer: one line for each figure of the picture, with the same values. Pure.

A cell that a spreadsheet would take for a formula is written with an apostrophe before it (A29).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

Json = dict[str, Any]
HEAD = (
    "group", "label", "at", "key", "clock", "source", "measure", "value", "unit", "n", "hits", "open", "not_started",
    "outside", "no_time", "lost", "excluded", "target", "within_s", "before", "before_n", "change", "as_of", "definition",
    "beside",
)  # fmt: skip
# What some figures carry beside n and what is open, in one cell.
BESIDE = ("replied", "asked", "unsuitable", "unknown")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def lines_of(answer: Json) -> list[list[Any]]:
    """Return the table of an answer with figures: its head, then a line for each figure and each bucket."""
    lines: list[list[Any]] = [list(HEAD)]
    for one in answer["groups"]:
        for figure in one["figures"]:
            before = figure.get("before") or {}
            shown = {
                **figure,
                "group": one["value"],
                "label": one["label"],
                "at": one.get("at", ""),
                "excluded": said(figure["excluded"]),
                "before": before.get("value"),
                "before_n": before.get("n"),
                "beside": beside(figure),
            }
            lines.append([shown.get(name) for name in HEAD])
        for buckets in one["buckets"]:
            lines += [[row.get(name) for name in HEAD] for row in bucket_rows(one, buckets)]
    return lines


def bucket_rows(group: Json, buckets: Json) -> Iterable[Json]:
    """Return a line for each bucket; the shares of n add up to one."""
    shared = {name: buckets[name] for name in ("key", "clock", "source", "n", "as_of", "definition")}
    shared |= {"group": group["value"], "label": group["label"], "at": group.get("at", ""), "unit": "share"}
    before = buckets.get("before")
    parts = [
        (f"{one['over_s']}-{one['up_to_s'] or ''} s", one["count"], one.get("before")) for one in buckets["buckets"]
    ]
    for measure, count, past in [*parts, ("not_yet", buckets["not_yet"], before and before["not_yet"])]:
        value = share(count, buckets["n"])
        row = {**shared, "measure": measure, "value": value, "hits": count, "excluded": said(buckets["excluded"])}
        if before:
            was = share(past, before["n"])
            change = None if value is None or was is None else round(value - was, 6)
            row |= {"before": was, "before_n": before["n"], "change": change}
        yield row
    for name in ("refused", "withdrawn", "needless"):
        if name in buckets:
            yield {**shared, "measure": name, "value": buckets[name], "unit": "count", "hits": buckets[name]}


def share(count: Any, n: int) -> float | None:
    """Return a part of n; None of nothing."""
    return round(count / n, 6) if n else None


def beside(figure: Json) -> str:
    """Write what else a figure carries: the three counts of K11, unknown losses, what was excluded too late."""
    late = {f"{code}_late": count for code, count in figure["excluded_late"].items()}
    return said({**{name: figure[name] for name in BESIDE if name in figure}, **late})


def said(counts: dict[str, int]) -> str:
    """Write counts by code in one cell."""
    return " ".join(f"{code}:{count}" for code, count in sorted(counts.items()))


def row_lines(rows: list[Json]) -> list[list[Any]]:
    """Return the table of the rows behind a figure."""
    names = list(rows[0]) if rows else []
    return [names, *([row[name] for name in names] for row in rows)]


def miss_lines(rows: list[Json]) -> list[list[Any]]:
    """Return the table of late incidents: what a row of the list says, its steps and reasons in one cell each."""
    names = (
        "incident",
        "incident_no",
        "type_reported",
        "address_text",
        "priority",
        "stage",
        "answered_at",
        "arrived_at",
    )
    return [
        [*names, "seconds_a", "seconds_b", "missed", "steps", "reasons", "units"],
        *(
            [
                *(row[name] for name in names),
                row["elapsed"]["A"],
                row["elapsed"]["B"],
                " ".join(row["missed"]),
                said({one["step"]: round(one["seconds"]) for one in row["gaps"]}),
                " ".join(one["code"] for one in row["reasons"]),
                " ".join(row["units"]),
            ]
            for row in rows
        ),
    ]


def delay_lines(answer: Json) -> list[list[Any]]:
    """Return the table of delays: a line for each part of all and of each group, then for each incident shown."""
    head = [
        "group",
        "label",
        "incident_no",
        "part",
        "n",
        "seconds",
        "norm_s",
        "excess_s",
        "delay_s",
        "share",
        "limit_s",
    ]
    lines: list[list[Any]] = [head]
    for one in [{"value": "all", "label": "", "parts": answer["parts"]}, *answer["groups"]]:
        for part in one["parts"]:
            values = [part["n"], part["elapsed_s"], None, None, part["delay_s"], part["share"], answer["limit_s"]]
            lines.append([one["value"], one["label"], None, part["part"], *values])
    for row in answer["rows"]:
        for part in row["parts"]:
            values = [part[name] for name in ("seconds", "norm_s", "excess_s", "delay_s")]
            lines.append([None, None, row["incident_no"], part["part"], None, *values, None, answer["limit_s"]])
    return lines


def safe(value: Any) -> Any:
    """Return a value that no spreadsheet takes for a formula; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return f"'{value}"
    return value


def as_csv(lines: list[list[Any]]) -> bytes:
    """Write a table as CSV with the mark by which spreadsheets know UTF-8."""
    written = io.StringIO()
    csv.writer(written).writerows([safe(value) for value in line] for line in lines)
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def as_xlsx(lines: list[list[Any]]) -> bytes:
    """Write a table as a workbook of one sheet."""
    return as_workbook([("ZZ110", lines)])


def as_workbook(sheets: list[tuple[str, list[list[Any]]]]) -> bytes:
    """Write tables as a workbook, each on a sheet of its own."""
    book = Workbook(write_only=True)
    for name, lines in sheets:
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(
                [ILLEGAL_CHARACTERS_RE.sub("", one) if isinstance(one := safe(value), str) else one for value in line]
            )
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
