"""The export's codes and ours (San Francisco fire department, DataSF "Fire Department Calls for Service"). Data."""

from __future__ import annotations

from typing import Final

# Call Type -> incident type (7.1).
TYPES: Final = {
    "Medical Incident": "0507",
    "Alarms": "0699",
    "Structure Fire": "0601",
    "Outside Fire": "0601",
    "Vehicle Fire": "0601",
    "Smoke Investigation (Outside)": "0699",
    "Traffic Collision": "0302",
    "Gas Leak (Natural and LP Gases)": "0602",
    "Fuel Spill": "0603",
    "Odor (Strange / Unknown)": "0699",
    "Electrical Hazard": "0509",
    "Water Rescue": "0605",
    "Elevator / Escalator Rescue": "0607",
    "Citizen Assist / Service Call": "0599",
    "Assist Police": "1205",
    "Other": "1299",
}
OTHER_TYPE: Final = "1299"

# Original Priority E (echo: heart or breath has stopped) is our 1; Final Priority 3 goes with lights, 2 without.
PRIORITIES: Final = {"E": 1, "3": 2, "2": 3}
LOWEST: Final = 3

# Call Final Disposition -> main result (7.5), and where it names one the place or body.
RESULTS: Final[dict[str, tuple[str, str]]] = {
    "Code 2 Transport": ("RS11", "hospital, code 2"),
    "Code 3 Transport": ("RS11", "hospital, code 3"),
    "Fire": ("RS10", ""),
    "Patient Declined Transport": ("RS15", ""),
    "Against Medical Advice": ("RS15", ""),
    "No Merit": ("RS16", ""),
    "Unable to Locate": ("RS16", ""),
    "Gone on Arrival": ("RS17", ""),
    "Cancelled": ("RS17", ""),
    "Medical Examiner": ("RS14", "Medical Examiner"),
    "SFPD": ("RS13", "SFPD"),
    "CHP": ("RS13", "CHP"),
    "Other": ("RS99", ""),
}
OTHER_RESULT: Final = ("RS99", "")

# Unit Type -> unit kind (7.7).
UNIT_KINDS: Final = {
    "ENGINE": "US",
    "TRUCK": "US",
    "MEDIC": "UP",
    "PRIVATE": "UP",
    "SUPPORT": "UM",
    "RESCUE CAPTAIN": "UP",
    "RESCUE SQUAD": "UW",
    "CHIEF": "UT",
    "INVESTIGATION": "UT",
}
OTHER_KIND: Final = "UP"

CHANNEL: Final = "CH63"  # a call from 119, the fire service
CALL_KIND: Final = "CK02"
INTAKE_CLASS: Final = "IC2"
NEVER_LEFT: Final = "CX3"  # the order was taken back: a nearer unit went
NOBODY_WENT: Final = "CX1"


def type_of(call_type: str) -> str:
    """Return our incident type."""
    return TYPES.get(call_type, OTHER_TYPE)


def priority_of(original: str, final: str) -> int:
    """Return our priority, 1 to 3."""
    return PRIORITIES.get(original if original == "E" else final, LOWEST)


def result_of(disposition: str) -> tuple[str, str]:
    """Return the main result, and where it went."""
    return RESULTS.get(disposition, OTHER_RESULT)
