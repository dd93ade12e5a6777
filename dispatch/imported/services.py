"""Loading a history: begun and ended as commands, its rows in chunks of less than a second between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import connection, transaction
from django.db.models import F, Max, Min
from django.utils import timezone

from dispatch.imported.models import History, HistoryResponse
from dispatch.imported.reading import Response
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record

CHUNK = 2000
FIELDS = (
    "row", "incident", "unit", "received_at", "dispatched_at", "departed_at", "on_scene_at", "cleared_at", "type",
    "type_code", "priority_text", "priority", "place", "lat", "lng",
)  # fmt: skip
COLUMNS = ("history_id", "centre_id", "source", "row_no", *FIELDS[1:])
INSERT = (
    f"INSERT INTO {HistoryResponse._meta.db_table} ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))}) "
    "ON CONFLICT DO NOTHING"
)


@command
def begin_history(
    *, by: Actor | None, centre_id: int, source: str, file_name: str, file_digest: str, mapping: str, rows_total: int,
    rows_faulty: int,
) -> History:  # fmt: skip
    """Note that a file is being loaded; the same file again is the same row, however far it came."""
    now = timezone.now()
    known = History.objects.filter(centre_id=centre_id, file_digest=file_digest).first()
    if known is not None:
        return known
    row = History.make(
        by=by, now=now, centre_id=centre_id, source=source, file_name=file_name, file_digest=file_digest, mapping=mapping,
        rows_total=rows_total, rows_faulty=rows_faulty,
    )  # fmt: skip
    record("history.begun", row, source=source, file=file_name, rows=rows_total)
    return row


@command
def end_history(*, by: Actor | None, history_id: int) -> History:
    """Note that every row of a file is in; harmless when run twice."""
    now = timezone.now()
    row = History.locked(history_id, History.objects.values_list("centre_id", flat=True).get(pk=history_id))
    if row.state == History.State.LOADED:
        return row
    span = row.responses.aggregate(first=Min("received_at"), last=Max("received_at"))
    row.change(by=by, now=now, state=History.State.LOADED, loaded_at=now, first_at=span["first"], last_at=span["last"])
    record("history.loaded", row, source=row.source, rows=row.rows_done, repeated=row.rows_repeated)
    return row


def load(history: History, responses: Iterable[Response]) -> Iterator[int]:
    """Write what is not written yet, a chunk a transaction; yields the number of good rows done so far."""
    done = history.rows_done
    rest = islice(responses, done, None)
    while chunk := list(islice(rest, CHUNK)):
        with transaction.atomic():
            held = History.objects.select_for_update().get(pk=history.pk)
            if held.rows_done != done:
                raise RuntimeError("another process loads this file")
            new = write(history, chunk)
            done += len(chunk)
            History.objects.filter(pk=history.pk).update(
                rows_done=done, rows_repeated=F("rows_repeated") + len(chunk) - new
            )
        yield done


def write(history: History, chunk: list[Response]) -> int:
    """Insert responses and return how many were new: one that an earlier file of the same source brought is left."""
    head = (history.pk, history.centre_id, history.source)
    with connection.cursor() as cursor:
        cursor.executemany(INSERT, [(*head, *(getattr(one, name) for name in FIELDS)) for one in chunk])
        return int(cursor.rowcount)


def of_centre(centre_id: int) -> list[History]:
    """Return the histories of a centre, the latest first."""
    return list(History.objects.filter(centre_id=centre_id).order_by("-id"))
