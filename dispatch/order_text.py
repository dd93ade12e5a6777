"""The words of an order (派警意见), prefilled from what is known; the dispatcher may change them before sending."""

from __future__ import annotations

from incidents import cards, codebook
from incidents.models import Incident
from incidents.services.cards import of_centre

RISKS = {"weapon": "有凶器", "hazmat": "有危化品", "explosion_leak": "有爆炸或泄漏"}
PEOPLE = {"offenders_reported": "嫌疑人{}名", "injured": "受伤{}人", "trapped": "被困{}人", "dead": "死亡{}人"}
SILENT = "静默报警，勿回拨、静默接近"
QUIET = "静默行动，终端不响不亮"
REMOTE = "异地报警：{}"


def prefilled(incident: Incident) -> str:
    """Return the text of an order by the template of the type's card: type, place, risks, people, vehicle, whether the
    caller must not be rung (R19) and whether phones stay silent (M40), whether the call came from another city (R21), and what the card advises."""
    card = of_centre(incident.centre_id).of(incident.type_reported)
    return cards.order_text(card.order, {**facts_of(incident), "advice": card.advice})


def facts_of(incident: Incident) -> dict[str, str]:
    """Return what the template may name."""
    named = codebook.book().get(("incident_type", incident.type_reported))
    cities = incident.calls.exclude(remote_city="").values_list("remote_city", flat=True)
    return {
        "type": named.zh if named else "",
        "place": incident.address_text,
        "note": incident.place_note,
        "risks": "、".join(word for name, word in RISKS.items() if getattr(incident, name) == "yes"),
        "people": "、".join(word.format(count) for name, word in PEOPLE.items() if (count := getattr(incident, name))),
        "vehicle": " ".join(part for part in (incident.vehicle_plate, incident.vehicle_note) if part),
        "silent": "；".join(word for word, holds in ((SILENT, incident.silent), (QUIET, incident.quiet)) if holds),
        "remote": "、".join(REMOTE.format(city) for city in dict.fromkeys(cities)),
    }
