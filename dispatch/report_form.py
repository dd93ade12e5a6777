"""What a complete report must hold, by verified type and results (domain 6, 反馈单, and 7.5). Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

ALWAYS: Final = ("type_verified", "result_codes", "process_text", "address_verified")
OF_SUSPECTS: Final = ("caught", "involved", "escaped")
OF_TRAFFIC: Final = ("traffic_cause", "road_surface", "visibility", "vehicles_damaged")
NO_ACCIDENT: Final = "no_accident"
Attribute = Callable[[str, str, str], Any]  # table, code, name → value or None


def needed(facts: dict[str, Any], *, on_scene: bool, attribute: Attribute) -> list[str]:
    """Return the names of the fields that a complete report must hold. `on_scene`: the unit was there, so a body camera
    ran (R16)."""
    results = facts.get("result_codes") or []
    names = [*ALWAYS, *(["camera_ref"] if on_scene else [])]
    names += [field for code in results if (field := attribute("result", code, "extra_field"))]
    top = str(facts.get("type_verified") or "")[:2]
    if top in ("01", "02") and not (results and attribute("result", results[0], "nothing_happened")):
        names += [*OF_SUSPECTS, *([] if facts.get("loss_unknown") else ["loss_yuan"])]
    if top == "03":
        names.append("traffic_form")
        form = facts.get("traffic_form") or ""
        if not form or not attribute("traffic_form", form, NO_ACCIDENT):
            names += OF_TRAFFIC
    return list(dict.fromkeys(names))


def missing(facts: dict[str, Any], names: list[str]) -> list[str]:
    """Return those of the fields that are empty; a number 0 says something, except how many an arrest caught."""
    empty = [name for name in names if facts.get(name) in (None, "", [])]
    if "RS01" in (facts.get("result_codes") or []) and facts.get("caught") == 0:
        empty.append("caught")
    return empty
