"""What a reader sees of a review: masked as everywhere and by what holds today; nobody plays back what has been closed to
him since (docs/contract.md 2)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.db import connection
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from dispatch.api.incident import visible_incident
from dispatch.api.reading import before_it
from dispatch.review import marks
from dispatch.review.chapters import chapter_of
from dispatch.review.models import Review, ReviewReading
from dispatch.review.then import BoardThen, Copy
from dispatch.sentences import sentence
from incidents import audience as audiences
from incidents import centres
from incidents.actor import Actor
from incidents.audience import COMPLAINT, COMPLAINT_CLASS
from incidents.journal import canonical
from incidents.live import frames
from incidents.live.frames import Line
from incidents.models import Bookmark, Call, Entry, Head, Incident
from incidents.refusals import NotFound, Refusal
from incidents.roles import audience_of
from incidents.row import Json, stamp

UNMASKED: Final = ("desk", "inspector")  # they see every row as it is
READS_FOR: Final = dt.timedelta(hours=12)
PAGE: Final = 500
LONGEST_TRACK: Final = dt.timedelta(minutes=60)
FIX_OLD: Final = dt.timedelta(days=92)
NEWEST: Final = 20  # fixes of a unit among which the latest moment is looked for: a queue of a phone may come late


class PurposeNeeded(Refusal):
    """Whoever plays a review says first why."""

    status, code = 403, "purpose_needed"
    sentence = _("Say first why you look at this review.")


class Shut:
    """Incidents that an audience may not see, or only masked, as things stand today."""

    def __init__(self, audience: str, incident_ids: set[int]) -> None:
        """Read them once for the incidents of a question; desk and inspectors see everything."""
        self.audience = audience
        self.gone: set[int] = set()
        self.masked: set[int] = set()
        if audience not in UNMASKED:
            mine = Incident.objects.filter(pk__in=incident_ids)
            complaint = Q(type_reported__startswith=COMPLAINT) | Q(intake_class=COMPLAINT_CLASS)
            self.gone = set(mine.filter(complaint).values_list("pk", flat=True))
            self.masked = set(mine.filter(confidential=True).values_list("pk", flat=True))

    def seen(self, noun: str, row: Json, readers: list[str]) -> Json | None:
        """Return a row as the audience may see it today, or None."""
        of = row["id"] if noun == "incident" else row.get("incident")
        if of in self.gone:
            return None
        if noun == "incident" and of in self.masked:
            row = {**row, "confidential": True}
        return audiences.seen(self.audience, noun, row, readers)

    def text(self, copy: Copy) -> str | None:
        """Return the JSON of a row as the audience may see it today, or None."""
        if self.audience in UNMASKED:
            return copy.text
        row = self.seen(copy.name, copy.row, copy.readers)
        if row is None:
            return None
        return copy.text if row is copy.row else canonical(row)

    def body(self, line: Line) -> Json | None:
        """Return what the audience sees of an entry, or None."""
        if self.audience in UNMASKED:
            return line.body
        rows: Json = {}
        for noun, items in line.body["rows"].items():
            for row in items:
                shown = self.seen(noun, row, line.readers.get(f"{noun}:{row['id']}", []))
                if shown is not None:
                    rows.setdefault(noun, []).append(shown)
        held = {**line.body["rows"], "incident": [{"confidential": True}]} if self.hides(line) else line.body["rows"]
        return {"rows": rows, "data": audiences.data_shown(self.audience, line.body["data"], held)} if rows else None

    def hides(self, line: Line) -> bool:
        """Tell whether an entry speaks of an incident that is confidential today."""
        return any(row["id"] in self.masked for row in line.body["rows"].get("incident", []))


def review_of(by: Actor, review_id: int, *, played: bool = True) -> Review:
    """Return a review that a reader may see; NotFound for others. Raises PurposeNeeded when it is to be played and the
    reader has not said why in the last hours."""
    found = Review.objects.filter(pk=review_id, centre_id=by.centre_id).first()
    if found is None:
        raise NotFound()
    if found.incident_id is not None:
        visible_incident(by, found.incident_id)
    if played and not may_play(by, found):
        raise PurposeNeeded()
    return found


def may_play(by: Actor, review: Review) -> bool:
    """Tell whether a reader has said why within the last hours."""
    since = timezone.now() - READS_FOR
    return ReviewReading.objects.filter(review=review, reader_id=by.user_id, at__gte=since).exists()


def board_at(by: Actor, moment: dt.datetime) -> Json:
    """Return the board as it stood at a moment, in the shape of a snapshot (docs/contract.md 4)."""
    found: Json = json.loads(board_text(by, moment))
    return found


def board_text(by: Actor, moment: dt.datetime) -> str:
    """Return the board as it stood at a moment as JSON. A row that is shown as it is goes out as the text in which the
    journal holds it: a board of 2,700 rows is neither decoded nor encoded."""
    board = marks.at(by.centre_id, moment)
    shut = shut_of(audience_of(by), board)
    texts = {noun: shown(board, noun, shut) for noun in board.rows}
    head = canonical({
        "epoch": str(Head.objects.values_list("epoch", flat=True).get(centre_id=by.centre_id)),
        "seq": board.seq,
        "at": stamp(moment),
        "centre": centres.centre(by.centre_id).row(),
        "positions": positions_at(list(texts.get("unit", ())), moment),
    })  # fmt: skip
    rows = ",".join(f'"{noun}":[{",".join(of_noun.values())}]' for noun, of_noun in texts.items())
    return f'{head[:-1]},"rows":{{{rows}}}}}'


def shut_of(audience: str, board: BoardThen) -> Shut:
    """Return what is shut to an audience among the incidents that a board speaks of."""
    if audience in UNMASKED:
        return Shut(audience, set())
    return Shut(audience, named_in(copy.row for copy in board.copies()) | set(board.rows["incident"]))


def named_in(rows: Iterable[Json]) -> set[int]:
    """Return the incidents that rows hang on."""
    return {row["incident"] for row in rows if row.get("incident")}


def of_lines(lines: Iterable[Line]) -> set[int]:
    """Return the incidents that entries speak of."""
    found: set[int] = set()
    for line in lines:
        found |= {row["id"] for row in line.body["rows"].get("incident", [])}
        found |= named_in(row for rows in line.body["rows"].values() for row in rows)
    return found


def shown(board: BoardThen, noun: str, shut: Shut) -> dict[int, str]:
    """Return the JSON of the rows of a collection that a reader may see, by id."""
    found = sorted(board.rows[noun].items())
    return {row_id: text for row_id, copy in found if (text := shut.text(copy)) is not None}


LAST_FIX = f"""
SELECT u.id, f.lat, f.lng, f.accuracy_m, f.speed_kmh, f.heading, f.fixed_at, f.source, f.suspect
FROM unnest(%s::bigint[]) AS u (id), LATERAL (
    SELECT * FROM (
        SELECT * FROM patrol_fix WHERE unit_id = u.id AND received_at <= %s AND received_at > %s AND NOT suspect
        ORDER BY received_at DESC LIMIT {NEWEST}
    ) newest ORDER BY fixed_at DESC LIMIT 1
) f
"""
TRACK = """
SELECT DISTINCT ON (unit_id, step) unit_id, lat, lng, accuracy_m, speed_kmh, heading, fixed_at, source, suspect
FROM (SELECT f.*, floor(extract(epoch FROM f.received_at) / %s) AS step FROM patrol_fix f
      JOIN patrol_unit u ON u.id = f.unit_id
      WHERE u.centre_id = %s AND f.received_at > %s AND f.received_at <= %s AND NOT f.suspect) stepped
ORDER BY unit_id, step, fixed_at DESC
"""


def positions_at(units: list[int], moment: dt.datetime) -> list[list[Any]]:
    """Return the last position of each unit that the centre knew at a moment, none older than three months."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_FIX, [units, moment, moment - FIX_OLD])
        return [position(row) for row in cursor.fetchall()]


def positions_between(by: Actor, since: dt.datetime, until: dt.datetime, step_s: int) -> list[list[Any]]:
    """Return the positions that came in a span in the order of their moments, at most one of a unit in `step_s`."""
    with connection.cursor() as cursor:
        cursor.execute(TRACK, [step_s, by.centre_id, since, until])
        return sorted((position(row) for row in cursor.fetchall()), key=lambda one: one[6])


def position(row: tuple[Any, ...]) -> list[Any]:
    """Return a fix in the shape of a position (docs/contract.md 4)."""
    unit, lat, lng, accuracy, speed, heading, fixed_at, source, suspect = row
    speed = None if speed is None else round(speed, 1)
    moment = int(fixed_at.timestamp() * 1000)
    return [unit, round(lat, 6), round(lng, 6), accuracy, speed, heading, moment, source, int(suspect)]


def frames_between(by: Actor, after: int, since: dt.datetime, until: dt.datetime) -> Json:
    """Return the frames of a span after a number as the live feed would have sent them to this reader, a page of them."""
    lines = list(marks.after(by.centre_id, after, since, PAGE, until))
    shut = Shut(audience_of(by), of_lines(lines))
    told, before = [], after
    for line in lines:
        body = shut.body(line)
        if body is None:
            continue
        told.append({"t": "entry", "seq": line.seq, "prev_seq": before, "at": stamp(line.at), "kind": line.kind,
                     "actor": frames.actor_shown(line.actor), **body})  # fmt: skip
        before = line.seq
    return {"entries": told, "next": lines[-1].seq if len(lines) == PAGE else None}


def timeline(by: Actor, review: Review, after: int, at_most: int = PAGE) -> Json:
    """Return a page of what happened as sentences, each with its chapter: of the incident, or of everything in the
    window that belongs to an incident or a unit."""
    found = list(of_incident(review, after, at_most) if review.incident_id else of_window(review, after, at_most))
    shut = Shut(audience_of(by), of_lines(found))
    told = [line for one in found if chapter_of(one.kind) and (line := told_line(one, shut)) is not None]
    return {"lines": told, "next": found[-1].seq if len(found) == at_most else None}


def of_incident(review: Review, after: int, at_most: int) -> list[Line]:
    """Return the entries of the review's incident after a number; the first page begins with its calls."""
    incident = Incident.objects.get(reviews=review)
    own = Entry.objects.filter(centre_id=review.centre_id, incident_id=incident.pk, seq__gt=after)
    early = before_it(incident) if after == 0 else []
    return [line_of(entry) for entry in [*early, *own.order_by("seq")[:at_most]]]


def of_window(review: Review, after: int, at_most: int) -> Iterator[Line]:
    """Yield the entries of a window after a number."""
    return marks.after(review.centre_id, after, review.since, at_most, review.until)


def line_of(entry: Entry) -> Line:
    """Return an entry as it is read for the feed."""
    return Line(entry.seq, entry.at, entry.kind, entry.actor, entry.command, json.loads(entry.readers),
                json.loads(entry.body), entry.body)  # fmt: skip


def told_line(line: Line, shut: Shut) -> Json | None:
    """Return an entry as a line of the timeline, in the reader's language; None when he sees nothing of it."""
    body = shut.body(line)
    if body is None:
        return None
    actor = frames.actor_shown(line.actor)
    incident = next((row["id"] for row in body["rows"].get("incident", [])), None)
    other = next((row["incident"] for rows in body["rows"].values() for row in rows if row.get("incident")), None)
    return {
        "seq": line.seq,
        "at": stamp(line.at),
        "kind": line.kind,
        "chapter": chapter_of(line.kind),
        "incident": incident or other,
        "by": f"{actor['badge']} {actor['name']}".strip() if actor else "",
        "sentence": sentence(line.kind, body, translation.get_language() or ""),
    }


def records(by: Actor, review: Review) -> Json:
    """Name what was recorded in the span: talks by their number (to those who see calls) and marks in pictures."""
    audience = audience_of(by)
    spoken = Call.objects.filter(centre_id=by.centre_id).exclude(recording_id="")
    marked = Bookmark.objects.filter(centre_id=by.centre_id).select_related("incident", "camera")
    if review.incident_id:
        spoken = spoken.filter(Q(incident=review.incident_id) | Q(incident__merged_into=review.incident_id))
        marked = marked.filter(incident=review.incident_id)
    else:
        spoken = spoken.filter(answered_at__range=(review.since, review.until))
        marked = marked.filter(at__range=(review.since, review.until))
    sees_calls = audience in UNMASKED
    pictures = list(marked.order_by("at")[:PAGE])
    shut = Shut(audience, {one.incident_id for one in pictures})
    return {
        "recordings": [recording(call) for call in spoken.order_by("answered_at")[:PAGE]] if sees_calls else [],
        "bookmarks": [bookmark(one) for one in pictures if one.incident_id not in shut.gone],
    }


def recording(call: Call) -> Json:
    """Name the recording of a talk."""
    return {
        "call": call.pk,
        "call_no": call.call_no,
        "recording_id": call.recording_id,
        "at": stamp(call.answered_at or call.ring_at),
        "until": stamp(call.hung_up_at),
        "incident": call.incident_id,
    }


def bookmark(one: Bookmark) -> Json:
    """Name a mark in a camera's picture."""
    return {**one.row(), "camera_name": one.camera.name, "camera_code": one.camera.gb_code}
