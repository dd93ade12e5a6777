"""What a first load of each page weighs over the wire, compressed as a browser asks for it (phone ≤ 150 KB), and what a
change of state costs an officer's phone (≤ 5 KB)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from tests.bench.figures import line
from tests.stack.stack import Stack

PAGES = {
    "login/": "", "console/": "zhihui", "m/": "c101a", "dashboard/": "juzhang", "followup/": "zhihui",
    "manage/": "guanli", "report/": "",
}  # fmt: skip
LIMITS = {"m/": 150, "report/": 150}
IMPORTED = re.compile(rb"""(?:from|import)\s*\(?\s*["'](\.{1,2}/[^"']+)["']""")
NAMED = re.compile(rb"""(?:src|href)="(/(?:static|jsi18n|m/)[^"]*)\"""")
ACCEPT = {"Accept-Encoding": "gzip, deflate, br"}


def fetch(client: httpx.Client, address: str) -> tuple[bytes, int]:
    """Return a file and the bytes that travelled for it."""
    with client.stream("GET", address, headers=ACCEPT) as answer:
        answer.raise_for_status()
        raw = b"".join(answer.iter_raw())
        body = httpx.Response(200, headers=answer.headers, content=raw).content
    return body, len(raw)


def weigh(client: httpx.Client, path: str) -> dict[str, Any]:
    """Load a page with all that it names and imports, each once."""
    page, total = fetch(client, f"/{path}")
    waiting = [found.decode() for found in NAMED.findall(page)]
    seen: set[str] = set()
    while waiting:
        address = waiting.pop()
        if address in seen or address.startswith("/m/sw.js"):
            continue
        seen.add(address)
        body, size = fetch(client, address)
        total += size
        if urlsplit(address).path.endswith(".js") and "/vendor/echarts" not in address:
            waiting += [urljoin(address, found.decode()) for found in IMPORTED.findall(body)]
    return {"page": f"/{path}", "kb": round(total / 1000, 1), "files": len(seen) + 1}


def state_change(stack: Stack) -> int:
    """Return the bytes of an accepted order as they travel, headers left out: what the phone sends, the answer, and the
    frames of the feed, which sockets do not compress."""
    lead, desk = stack.sign_in("c101a"), stack.sign_in("zhihui")
    unit = next(row for row in desk.get("/api/units/")["units"] if row["call_sign"] == "C101")
    if lead.get("/api/my-unit/")["unit"] is None:
        lead.post("/api/my-unit/shift/", {"unit": unit["id"], "crew": []})
    point = {"lat": 24.5112, "lng": 117.6540, "crs": "WGS84"}
    facts = {"type_reported": "020101", "address_text": "新华路", "point": point}
    call = desk.post("/api/calls/", {"channel": "CH11", "kind": "CK01", "state": "in_progress", "incident": facts})
    order = desk.post(f"/api/incidents/{call['call']['incident']}/orders/", {"units": [{"unit": unit["id"]}]})
    path = f"/api/assignments/{order['assignments'][0]['id']}/accept/"
    before = lead.get("/api/snapshot/")
    answer = lead.send("POST", path, {})
    heard = lead.client.get("/api/events/", params={"after": before["seq"], "epoch": before["epoch"]})
    return answer.num_bytes_downloaded + len(answer.request.content) + len(heard.content)


def run(stack: Stack, seconds: float) -> None:
    """Weigh every page and one change of state."""
    for path, username in PAGES.items():
        client = stack.sign_in(username).client if username else stack.anonymous().client
        found = weigh(client, path)
        limit = LIMITS.get(path)
        line("page_weight", **found, target=f"≤ {limit} KB" if limit else "none")
    line("state_change", kb=round(state_change(stack) / 1000, 1), target="≤ 5 KB", of="accept by the lead")
