"""Playing the steps over HTTP: several at once, each after those it waits for, at a multiple of the file's time."""

from __future__ import annotations

import asyncio
import heapq
import time
import traceback
import uuid
from collections.abc import Callable
from random import Random
from typing import Any, Final

from dispatch.replay import mapping
from dispatch.replay.crews import Crews
from dispatch.replay.plan import Plan, Step, is_placed
from dispatch.replay.progress import Progress
from dispatch.replay.rows import Response
from dispatch.simulator.client import Reply
from dispatch.simulator.reports import completed

Json = dict[str, Any]

NAMESPACE: Final = uuid.UUID("7a2c1f5e-0110-4110-8110-5f1a7e0b1100")
AT_ONCE: Final = 10


class Failed(Exception):
    """A step was refused; what waits for it in its incident cannot be played."""


class Player:
    """Plays a plan."""

    def __init__(self, plan: Plan, crews: Crews, progress: Progress, *, speed: float, box: Any) -> None:
        self.plan, self.crews, self.progress, self.speed, self.box = plan, crews, progress, speed, box
        self.by_incident = plan.by_incident()
        self.failed: list[str] = []
        self.played = 0
        self.stopped = asyncio.Event()
        self._changed = asyncio.Event()
        self._broken: set[str] = set()
        self._acts: dict[str, Callable[[Step], Any]] = {
            "call": self._call,
            "incident": self._incident,
            "finish_call": self._finish_call,
            "order": self._order,
            "depart": self._depart,
            "arrive": self._arrive,
            "clear": self._clear,
            "withdraw": self._withdraw,
            "report": self._report,
            "close": self._close,
            "cancel": self._cancel,
        }

    async def play(self, moved: Callable[[int], None]) -> None:
        """Play every step that is not done yet; `moved` is told how many more are."""
        steps = self.plan.steps
        waits = [len(step.after) for step in steps]
        followers: list[list[int]] = [[] for _ in steps]
        for number, step in enumerate(steps):
            for before in step.after:
                followers[before].append(number)
        ready = [number for number, count in enumerate(waits) if not count]
        heapq.heapify(ready)
        gate, running = asyncio.Semaphore(AT_ONCE), set[asyncio.Task[None]]()

        def finish(number: int) -> None:
            moved(1)
            for follower in followers[number]:
                waits[follower] -= 1
                if not waits[follower]:
                    heapq.heappush(ready, follower)
            self._changed.set()

        async def perform(number: int) -> None:
            try:
                await self._perform(steps[number])
            finally:
                gate.release()
                finish(number)

        pending = next((step for step in steps if step.key not in self.progress.done), steps[0])
        began, first = time.monotonic(), pending.at
        while (ready or running) and not self.stopped.is_set():
            self._changed.clear()
            due = self._due_in(steps[ready[0]], first, began) if ready else None
            if due is None or due > 0:
                await self._wait(due)
            elif steps[ready[0]].key in self.progress.done:
                finish(heapq.heappop(ready))
            else:
                await gate.acquire()
                task = asyncio.create_task(perform(heapq.heappop(ready)))
                running.add(task)
                task.add_done_callback(running.discard)
        await asyncio.gather(*running)
        self.progress.write()

    def _due_in(self, step: Step, first: Any, began: float) -> float:
        """Return in how many real seconds a step is due; at speed 0 at once."""
        if not self.speed or step.key in self.progress.done:
            return 0.0
        return float((step.at - first).total_seconds() / self.speed - (time.monotonic() - began))

    async def _wait(self, seconds: float | None) -> None:
        try:
            await asyncio.wait_for(self._changed.wait(), 0.5 if seconds is None else min(0.5, seconds))
        except TimeoutError:
            return

    async def _perform(self, step: Step) -> None:
        if step.incident_no in self._broken:
            self.failed.append(step.key)
            return
        try:
            ids = await self._acts[step.kind](step)
        except Failed as error:
            self._broken.add(step.incident_no)
            self.failed.append(f"{step.key}: {error}")
        except Exception as error:
            self._broken.add(step.incident_no)
            self.failed.append(f"{step.key}: {error!r}")
            traceback.print_exception(error)
        else:
            self.played += 1
            self.progress.note(step.key, ids or {})

    # --- the acts; each has a key made of the row, so that a repeat is answered and not done again ---

    async def _post(self, who: str, path: str, body: Json, *key: object) -> Reply:
        name = "/".join(str(part) for part in (self.crews.code, *key))
        reply = await (await self.crews.of(who)).post(path, body, key=uuid.uuid5(NAMESPACE, name))
        if not reply.ok:
            raise Failed(f"{reply.status} {reply.body.get('message', '')} {reply.body.get('fields', '')}".strip())
        return reply

    def _first(self, step: Step) -> Response:
        return self.by_incident[step.incident_no][0]

    def _id(self, step: Step, kind: str) -> int:
        return int(self.progress.done[f"{step.incident_no}/{kind}"]["id"])

    def _order_id(self, step: Step) -> int:
        return self._orders(step.incident_no)[step.units[0]]

    def _orders(self, incident_no: str) -> dict[str, int]:
        """Return the ids of an incident's orders by unit."""
        found: dict[str, int] = {}
        for response in self.by_incident[incident_no]:
            found |= self.progress.done.get(f"{incident_no}/order/{response.unit}", {})
        return found

    async def _call(self, step: Step) -> Json:
        first = self._first(step)
        body = {
            "channel": mapping.CHANNEL,
            "kind": mapping.CALL_KIND,
            "sent_at": first.received.isoformat(),
            "recording_id": first.call_no,
            "narrative": said(first),
        }
        reply = await self._post("taker", "/api/calls/", body, step.key)
        return {"id": reply.body["call"]["id"]}

    async def _incident(self, step: Step) -> Json:
        first = self._first(step)
        body: Json = {
            "type_reported": mapping.type_of(first.call_type),
            "priority": mapping.priority_of(first.original_priority, first.final_priority),
            "intake_class": mapping.INTAKE_CLASS,
            "address_text": first.address,
            "narrative": said(first),
            "occurred_from": first.received.isoformat(),
        }
        if is_placed(first, self.box):
            body["point"] = {"lat": first.lat, "lng": first.lng, "crs": "WGS84", "source": "file"}
            body["point_status"] = "verified"
        reply = await self._post("taker", f"/api/calls/{self._id(step, 'call')}/incident/", body, step.key)
        return {"id": reply.body["incident"]["id"]}

    async def _finish_call(self, step: Step) -> None:
        await self._post("taker", f"/api/calls/{self._id(step, 'call')}/finish/", {}, step.key)

    async def _order(self, step: Step) -> Json:
        is_first = not self._orders(step.incident_no)
        units = [
            {"unit": await self.crews.bring(unit), "purpose": "first" if is_first and not number else "support"}
            for number, unit in enumerate(step.units)
        ]
        body = {"units": units, "order_text": step.claim.isoformat() if step.claim else ""}
        path = f"/api/incidents/{self._id(step, 'incident')}/orders/"
        reply = await self._post("dispatcher", path, body, step.key)
        return {row["call_sign"]: row["id"] for row in reply.body["assignments"]}

    async def _depart(self, step: Step) -> None:
        await self._move(step, "depart", {})

    async def _arrive(self, step: Step) -> None:
        await self._move(step, "arrive", {})

    async def _clear(self, step: Step) -> None:
        response = self.plan.responses[step.incident_no, step.units[0]]
        body: Json = {"result_code": mapping.result_of(response.disposition)[0]}
        if response.arrived is None:
            body["no_attendance"] = True
        await self._move(step, "finish", body)

    async def _move(self, step: Step, act: str, body: Json) -> None:
        """Make a move as the unit's lead, with the file's own time as the device's claim."""
        claim = {"device_at": step.claim.isoformat()} if step.claim else {}
        path = f"/api/assignments/{self._order_id(step)}/{act}/"
        await self._post(step.units[0], path, {**claim, **body}, step.key)

    async def _withdraw(self, step: Step) -> None:
        path = f"/api/assignments/{self._order_id(step)}"
        body = {"cancel_code": mapping.NEVER_LEFT, "text": step.claim.isoformat() if step.claim else ""}
        await self._post("dispatcher", f"{path}/withdraw/", body, step.key)
        await self._post(step.units[0], f"{path}/confirm-withdrawal/", {}, step.key, "confirmed")

    async def _report(self, step: Step) -> None:
        response = self.plan.responses[step.incident_no, step.units[0]]
        result, where = mapping.result_of(response.disposition)
        body = {
            "kind": "handling",
            "type_verified": mapping.type_of(response.call_type),
            "result_codes": [result],
            "process_text": response.disposition or "–",
            "address_verified": response.incident_no,
            **({"result_place": where, "handover_to": where} if where else {}),
        }
        body = completed(body, on_scene=True, random=Random(step.incident_no))
        await self._post(step.units[0], f"/api/assignments/{self._order_id(step)}/reports/", body, step.key)

    async def _close(self, step: Step) -> None:
        """Submit and approve, from the versions that are read; a repeat finds it closed."""
        for who, act, stage in (("dispatcher", "submit", "reported"), ("reviewer", "approve", "review")):
            row = await self._row(step)
            if row["stage"] == stage:
                path = f"/api/incidents/{row['id']}/{act}/"
                await self._post(who, path, {"version": row["version"]}, step.key, act, row["version"])

    async def _cancel(self, step: Step) -> None:
        row = await self._row(step)
        if row["open"]:
            body = {
                "version": row["version"],
                "cancel_code": mapping.NOBODY_WENT,
                "reason": self._first(step).disposition,
            }
            path = f"/api/incidents/{row['id']}/cancel/"
            await self._post("dispatcher", path, body, step.key, row["version"])

    async def _row(self, step: Step) -> Json:
        path = f"/api/incidents/{self._id(step, 'incident')}/"
        reply = await (await self.crews.of("dispatcher")).get(path)
        if not reply.ok:
            raise Failed(f"{reply.status} {path}")
        return dict(reply.body["rows"]["incident"][0])


def said(first: Response) -> str:
    """Return the words of the call: the file's number, by which an incident is found again, and its type."""
    return f"{first.incident_no} · {first.call_type}"
