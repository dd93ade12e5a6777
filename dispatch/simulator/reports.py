"""What a handling report says: the fields that each result makes mandatory (7.5). Pure."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any, Final

from dispatch.simulator import words
from dispatch.simulator.plan import Scene

Json = dict[str, Any]

NEEDS_CASE: Final = ("RS02", "RS03", "RS09")
MISTYPED_SHARE: Final = 0.06  # of the scenes turn out to be something else than was reported
OTHERWISE: Final = {"0202": "0499", "0601": "0699", "030302": "0302", "0507": "0510", "0109": "0201", "0902": "0999"}


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
    if result in ("RS11", "RS13", "RS14"):
        facts["result_place"] = random.choice(
            {"RS11": words.HOSPITALS, "RS13": ("刑侦大队",)}.get(result, words.BODIES)
        )
    if scene is not None and scene.injured is not None:
        facts["injured"] = scene.injured
    return facts


def _verified(incident: Json, random: Random) -> str:
    reported = incident["type_reported"] or "0599"
    if random.random() < MISTYPED_SHARE:
        return OTHERWISE.get(reported, reported)
    return str(reported)
