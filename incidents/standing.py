"""The open incidents of a centre, ready to be compared with what a caller is saying; one picture per process (F6).

The journal says what has changed since the last question: only these incidents are read and prepared again, so that a
question costs the comparing alone. The picture may be thrown away at any moment; it is made anew from the rows.
"""

from __future__ import annotations

import threading
from typing import Any, Final

from django.db import connection
from django.db.models import Q

from incidents import likeness
from incidents.likeness import Like, Rarity, Report, Rules, Signs
from incidents.models import Call, Head, Incident
from incidents.models.incidents import ENDED
from incidents.services.learning import words_of

TOGETHER: Final = 500
_pictures: dict[int, Standing] = {}
_making: Final = threading.Lock()


class Standing:
    """The open incidents of one centre."""

    def __init__(self, centre_id: int) -> None:
        self.centre_id = centre_id
        self.lock = threading.Lock()
        self.empty()

    def empty(self) -> None:
        """Forget everything."""
        self.epoch: Any = None
        self.seq = -1
        self.signs: dict[int, Signs] = {}
        self.callers: dict[int, int] = {}
        self.rarity = Rarity()

    def refresh(self, known: Rules) -> None:
        """Take over what has changed since the last time. The head is read before the rows: a row may be newer."""
        epoch, seq = Head.objects.values_list("epoch", "seq").get(centre_id=self.centre_id)
        if epoch != self.epoch or seq < self.seq:
            self.empty()
            opened = Incident.objects.filter(centre_id=self.centre_id).exclude(stage__in=ENDED)
            changed = list(opened.values_list("id", flat=True))
        elif seq == self.seq:
            return
        else:
            changed = self.changed_since(seq)
        for at in range(0, len(changed), TOGETHER):
            self.take(changed[at : at + TOGETHER], known)
        self.epoch, self.seq = epoch, seq

    def changed_since(self, seq: int) -> list[int]:
        """Return the incidents that the journal names after the last number."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT incident_id FROM incidents_entry WHERE centre_id = %s AND seq > %s AND seq <= %s "
                "AND incident_id IS NOT NULL",
                [self.centre_id, self.seq, seq],
            )
            return [found for (found,) in cursor.fetchall()]

    def take(self, ids: list[int], known: Rules) -> None:
        """Read incidents with all their callers' words again."""
        found = {row.pk: row for row in Incident.objects.filter(pk__in=ids).exclude(stage__in=ENDED)}
        calls: dict[int, list[Call]] = {one: [] for one in found}
        of_them = Q(incident__in=found) | Q(incident__merged_into__in=found)
        for call in Call.objects.filter(of_them).select_related("incident").order_by("id"):
            into = call.incident_id if call.incident_id in found else call.incident.merged_into_id  # type: ignore[union-attr]
            calls[int(into)].append(call)  # type: ignore[arg-type]
        for one in ids:
            self.drop(one)
            if one in found:
                self.signs[one] = likeness.signs(report_of(found[one], calls[one]), known)
                self.callers[one] = len(calls[one])
                self.rarity.add(self.signs[one].grams)

    def drop(self, one: int) -> None:
        """Forget an incident."""
        held = self.signs.pop(one, None)
        if held is not None:
            self.rarity.remove(held.grams)
            del self.callers[one]


def report_of(incident: Incident, calls: list[Call]) -> Report:
    """Return all that is known of an incident as one report; its moment is that of the latest call."""
    answered = [incident.answered_at, *(call.answered_at for call in calls if call.answered_at)]
    numbers = {incident.contact_phone, *(call.caller_number for call in calls), *(call.contact_phone for call in calls)}
    own = [text for call in calls if (text := words_of(call)) and text != incident.narrative]
    return Report(
        at=max(answered).timestamp(),
        lat=incident.lat,
        lng=incident.lng,
        type=incident.type_reported,
        place=incident.address_text,
        words="\n".join([incident.narrative, incident.place_note, incident.vehicle_note, *own]),
        plate=incident.vehicle_plate,
        numbers=tuple(sorted(numbers - {""})),
    )


def likely(centre_id: int, report: Report, but: int | None = None) -> list[tuple[Like, int]]:
    """Return which open incidents a report may be about, each with how many have called about it."""
    known = likeness.rules()
    new = likeness.signs(report, known)
    picture = picture_of(centre_id)
    with picture.lock:
        picture.refresh(known)
        events = picture.signs if but is None else {one: held for one, held in picture.signs.items() if one != but}
        found = likeness.likely(new, events, picture.rarity, known)[: known.settings.shown]
        return [(like, picture.callers[like.id]) for like in found]


def forget() -> None:
    """Forget all pictures."""
    with _making:
        _pictures.clear()


def picture_of(centre_id: int) -> Standing:
    """Return the picture of a centre."""
    with _making:
        return _pictures.setdefault(centre_id, Standing(centre_id))
