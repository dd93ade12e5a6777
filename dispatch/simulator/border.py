"""Machines at the border, simulated: an exchange, alarm devices, and a text service that takes what the desk writes.

They speak the signed contract (docs/contract.md 8) over HTTP and know nothing else of ZZ110.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import httpx

from incidents import signatures

Json = dict[str, Any]
LONGEST_BODY = 100_000


class Machine:
    """One gateway's client: whatever it says is signed."""

    def __init__(self, url: str, gateway: str, secret: str) -> None:
        """Speak to `url` as `gateway` (`<centre>/<code>`)."""
        self.url, self.gateway, self.secret = url.rstrip("/"), gateway, secret
        self.http = httpx.Client(timeout=20.0)

    def say(self, path: str, content: Json, event: str = "") -> httpx.Response:
        """Post one event; the same `event` sent again is the same event."""
        body = json.dumps(content, ensure_ascii=False).encode()
        signed = signatures.headers(
            self.secret,
            gateway=self.gateway,
            moment=int(time.time()),
            event=event or uuid.uuid4().hex,
            method="POST",
            path=path,
            body=body,
        )
        return self.http.post(self.url + path, content=body, headers={**signed, "Content-Type": "application/json"})


class Exchange(Machine):
    """A telephone exchange: it rings seats and tells what becomes of a call."""

    def ring(self, number: str, **facts: Any) -> str:
        """Let somebody call; returns the exchange's own reference."""
        reference = uuid.uuid4().hex
        self.tell(reference, "ring", caller_number=number, **{"dialled_number": "110", **facts})
        return reference

    def tell(self, reference: str, kind: str, **facts: Any) -> Json:
        """Tell an event of a call; raises for what was not taken."""
        answer = self.say("/api/gateway/exchange/", {"type": kind, "call": reference, **facts})
        answer.raise_for_status()
        found: Json = answer.json()
        return found


class Listener(Machine):
    """A machine that ZZ110 posts to as well, on a port of this machine; it takes what is signed, each event once."""

    def __init__(self, url: str, gateway: str, secret: str) -> None:
        """Start to listen; `address` is where ZZ110 shall post."""
        super().__init__(url, gateway, secret)
        self.taken: list[Json] = []
        self.refuses = 0  # so many posts are answered 503
        self.numbers = itertools.count(1)
        service = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = min(int(self.headers.get("Content-Length", 0)), LONGEST_BODY)
                status, content = service.take(self.path, dict(self.headers), self.rfile.read(length))
                body = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing: what came is in `taken`."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.address = f"http://127.0.0.1:{self.server.server_port}/in/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Json]:
        """Take what ZZ110 posts, if its signature is right; the same event twice is one."""
        given = {name.lower(): value for name, value in headers.items()}
        event, moment = given.get(signatures.EVENT.lower(), ""), given.get(signatures.TIME.lower(), "0")
        genuine = signatures.is_genuine(
            self.secret,
            given.get(signatures.SIGNATURE.lower(), ""),
            now=time.time(),
            moment=int(moment),
            event=event,
            method="POST",
            path=path,
            body=body,
        )
        if not genuine:
            return 401, {"error": "signature"}
        if self.refuses > 0:
            self.refuses -= 1
            return 503, {"error": "busy"}
        known = next((one for one in self.taken if one["event"] == event), None)
        if known is None:
            known = {**json.loads(body), "event": event, "id": f"s{next(self.numbers)}"}
            self.taken.append(known)
        return 200, self.answer(known)

    def answer(self, taken: Json) -> Json:
        """Return what the machine says to something that it took."""
        return {}

    def close(self) -> None:
        """Stop listening."""
        self.server.shutdown()
        self.server.server_close()
        self.http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class TextService(Listener):
    """A text service: it brings people's texts in and takes what the desk writes."""

    def answer(self, taken: Json) -> Json:
        """Confirm with the number of the text."""
        return {"message": taken["id"]}

    def bring(self, number: str, text: str, message: str = "") -> httpx.Response:
        """Bring a person's text in."""
        content = {"message": message or uuid.uuid4().hex, "number": number, "text": text}
        return self.say("/api/gateway/text/", content, event=content["message"])


class Body(Listener):
    """Another body, e.g. the city hotline 12345: it takes transfers, accepts, settles or returns them, and passes
    contacts of its own to 110."""

    confirms_at_once = True

    def answer(self, taken: Json) -> Json:
        """Confirm with the body's own number, unless it confirms later."""
        return {"receipt_no": f"H{taken['id']}"} if self.confirms_at_once else {}

    def tell(self, transfer: str, kind: str, **facts: Any) -> httpx.Response:
        """Tell what became of a transfer: accepted, finished, returned; or pass something on: new."""
        return self.say("/api/gateway/body/", {"type": kind, "transfer": transfer, **facts})


class CaseRecords(Listener):
    """The case records system (警综): it takes reports of cases and gives each incident a number."""

    numbers_at_once = True

    def answer(self, taken: Json) -> Json:
        """Answer with the number of the case, unless it comes later."""
        return {"case_no": f"A3506{taken['incident_no'][-8:]}"} if self.numbers_at_once else {}

    def number(self, incident_no: str, case_no: str) -> httpx.Response:
        """Tell the number of a case."""
        return self.say("/api/gateway/case/", {"incident_no": incident_no, "case_no": case_no})


class WatchFeed(Machine):
    """A feed of sightings: cameras that read plates, networks that know numbers (布控)."""

    def sight(self, value: str, kind: str = "plate", event: str = "", **facts: Any) -> httpx.Response:
        """Tell that something was seen; the same `event` sent again is the same sighting."""
        seen_at = facts.pop("seen_at", None) or dt.datetime.now(dt.UTC).isoformat()
        content = {"kind": kind, "value": value, "seen_at": seen_at, **facts}
        return self.say("/api/gateway/sightings/", content, event=event)


class AlarmReceiver(Machine):
    """A receiver of one-key devices and alarm panels."""

    def tell(self, device: str, kind: str = "alarm", **facts: Any) -> httpx.Response:
        """Pass an event of a device on."""
        return self.say("/api/gateway/device/", {"type": kind, "device": device, **facts})
