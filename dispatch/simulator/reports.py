"""What a handling report says: the fields that each result makes mandatory (7.5). Pure."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any, Final

from dispatch import report_form
from dispatch.simulator import words
from dispatch.simulator.plan import Scene
from incidents import code_tables

Json = dict[str, Any]

NEEDS_CASE: Final = ("RS02", "RS03", "RS09")
MISTYPED_SHARE: Final = 0.06  # of the scenes turn out to be something else than was reported
OTHERWISE: Final = {"0202": "0499", "0601": "0699", "030302": "0302", "0507": "0510", "0109": "0201", "0902": "0999"}


PLAUSIBLE: Final[dict[str, tuple[Any, ...]]] = {
    "address_verified": ("现场核实",),
    "camera_ref": tuple(f"JL{number:04d}" for number in range(1, 200)),
    "caught": (1,),
    "involved": (1, 2, 3),
    "escaped": (0, 0, 1),
    "loss_yuan": (0, 200, 800, 1600),
    "case_no": ("A00000000000001",),
    "result_place": words.HOSPITALS,
    "handover_to": words.BODIES,
    "property_text": ("电动自行车一辆", "手机一部"),
    "receipt": ("领取人签字",),
    "process_text": ("到场处置完毕。",),
    "traffic_form": ("TF1", "TF2", "TF4", "TF5", "TF6"),
    "traffic_cause": ("TC1", "TC3", "TC6", "TC7"),
    "road_surface": ("SF1", "SF1", "SF2"),
    "visibility": ("VI4", "VI4", "VI3"),
    "vehicles_damaged": (1, 2, 2),
}


def handling_report(order: Json, incident: Json, scene: Scene | None) -> Json:
    """Return the body of the handling report of a finished order."""
    random = Random(f"report/{order['assignment_no']}")
    result = order["result_code"] or "RS10"
    text = words.PROCESS.get(result, "到场处置完毕。")
    facts: Json = {
        "kind": "handling",
        "type_verified": _verified(incident, random),
        "address_verified": incident["address_text"],
        "result_codes": [result],
        "process_text": text.format(n=random.randint(1, 2)),
        "device_at": dt.datetime.now(dt.UTC).isoformat(),
    }
    if incident["point"] is not None:
        facts["handled_point"] = {"lat": incident["point"]["lat"], "lng": incident["point"]["lng"], "crs": "WGS84"}
    if result == "RS01":
        facts["caught"] = random.randint(1, 2)
    if result in NEEDS_CASE:
        facts["case_no"] = f"A{order['assignment_no'][-14:]}"
    if result == "RS11":
        facts["result_place"] = random.choice(words.HOSPITALS)
    if result in ("RS06", "RS13", "RS14"):
        facts["handover_to"] = random.choice({"RS06": ("网格员",), "RS13": ("刑侦大队",)}.get(result, words.BODIES))
    if scene is not None and scene.injured is not None:
        facts["injured"] = scene.injured
    return completed(facts, on_scene=not order.get("no_attendance", False), random=random)


def completed(facts: Json, *, on_scene: bool, random: Random) -> Json:
    """Fill in what the form still asks for, by type and results (`report_form`), with something plausible."""
    while lacks := report_form.missing(facts, report_form.needed(facts, on_scene=on_scene, attribute=shipped)):
        for name in lacks:
            facts[name] = random.choice(PLAUSIBLE[name])
    return facts


def shipped(table: str, code: str, name: str) -> Any:
    """Return an attribute of a shipped code."""
    return code_tables.find(table, code).attributes.get(name)


def _verified(incident: Json, random: Random) -> str:
    reported = incident["type_reported"] or "0599"
    if random.random() < MISTYPED_SHARE:
        return OTHERWISE.get(reported, reported)
    return str(reported)
