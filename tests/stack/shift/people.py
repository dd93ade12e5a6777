"""The people of the shift: seats, units on the street, watch commander, reviewer, callback agent."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from tests.stack.session import Session
from tests.stack.stack import Stack

Row = dict[str, Any]
# What a report of a type must say besides (7.5).
OF_A_TYPE: dict[str, Row] = {
    "02": {"caught": 0, "involved": 2, "escaped": 0, "loss_unknown": True},
    "03": {
        "traffic_form": "TF1", "traffic_cause": "TC1", "road_surface": "SF1", "visibility": "VI4",
        "vehicles_damaged": 2,
    },
}  # fmt: skip
UNITS = {
    "C101": (24.5110, 117.6545), "C102": (24.5140, 117.6455), "C103": (24.5092, 117.6588), "C107": (24.5172, 117.6602),
    "B201": (24.5168, 117.6690), "B203": (24.4985, 117.6895), "B205": (24.5170, 117.7045), "B208": (24.5195, 117.7190),
}  # fmt: skip


class Desk:
    """Who works in the centre."""

    def __init__(self, stack: Stack) -> None:
        takers = [stack.sign_in(f"jiejing{number}", seat=f"J{number:02d}") for number in range(1, 5)]
        self.takers = itertools.cycle(takers)
        self.dispatcher = stack.sign_in("paijing1", seat="P11")
        self.watch = stack.sign_in("zhihui", seat="Z01")
        self.reviewer = stack.sign_in("shenhe1")
        self.agent = stack.sign_in("huifang1")
        self.adapter = stack.sign_in("jieru")

    def incident(self, incident_id: int) -> Row:
        """Return an incident as it stands."""
        return dict(self.watch.get(f"/api/incidents/{incident_id}/")["rows"]["incident"][0])

    def decide(self, who: Session, incident_id: int, verb: str, **facts: Any) -> Row:
        """Decide about an incident as it stands."""
        version = self.incident(incident_id)["version"]
        answer = who.post(f"/api/incidents/{incident_id}/{verb}/", {"version": version, **facts})
        return dict(answer["incident"])


class Street:
    """The units and their leads."""

    def __init__(self, stack: Stack, desk: Desk) -> None:
        self.desk = desk
        self.units: dict[str, Row] = {row["call_sign"]: row for row in desk.watch.get("/api/units/")["units"]}
        self.leads: dict[int, Session] = {}
        for call_sign in UNITS:
            lead = stack.sign_in(f"{call_sign.lower()}a")
            unit = self.units[call_sign]["id"]
            lead.post("/api/my-unit/shift/", {"unit": unit, "crew": []})
            self.leads[unit] = lead
        self.patrols = itertools.cycle(self.leads.values())
        self.stand()

    def stand(self) -> None:
        """Let every unit report where it stands."""
        now = dt.datetime.now(dt.UTC).isoformat()
        fixes = [
            {"call_sign": sign, "lat": lat, "lng": lng, "crs": "WGS84", "accuracy_m": 8, "taken_at": now}
            for sign, (lat, lng) in UNITS.items()
        ]
        self.desk.adapter.post("/api/positions/", {"fixes": fixes})

    def order(self, incident: int, units: int = 1) -> list[Row]:
        """Send the units that stand first."""
        listed = self.desk.dispatcher.get(f"/api/incidents/{incident}/candidates/")["candidates"]
        chosen = [{"unit": one["unit"]} for one in listed[:units]]
        seen = [one["unit"] for one in listed[:units]]
        answer = self.desk.dispatcher.post(f"/api/incidents/{incident}/orders/", {"units": chosen, "seen": seen})
        return list(answer["assignments"])

    def move(self, order: Row, *moves: str, **facts: Any) -> None:
        """Let the unit's lead move its order."""
        for move in moves:
            self.leads[order["unit"]].post(f"/api/assignments/{order['id']}/{move}/", facts)

    def finish(self, order: Row, type_verified: str, results: tuple[str, ...] = ("RS10",), **facts: Any) -> None:
        """Finish and report."""
        lead = self.leads[order["unit"]]
        lead.post(f"/api/assignments/{order['id']}/finish/", {"result_code": results[0]})
        report = {
            "kind": "handling", "type_verified": type_verified, "result_codes": list(results),
            "process_text": "到场处置完毕，双方已离开", "camera_ref": "JL-0001", "address_verified": "现场核实",
            **OF_A_TYPE.get(type_verified[:2], {}), **facts,
        }  # fmt: skip
        lead.post(f"/api/assignments/{order['id']}/reports/", report)

    def go_home(self) -> None:
        """End every shift."""
        for lead in self.leads.values():
            lead.post("/api/my-unit/shift/end/")
