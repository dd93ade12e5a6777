"""Measure the map in a real browser: script per update with n moving units, and frames while panning (targets, L5).

    python tests/bench/map_frames.py [--units 500] [--incidents 60] [--zoom 14] [--seconds 10]

Prints one JSON line. No Django and no server of ours is needed: the page loads the map's own modules. The browser is
headless and draws in software, so the frames are a floor, not what a desk's graphics card shows.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import shutil
import statistics
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from incidents.demo_city.base_map import base_map

CHECKOUT = Path(__file__).resolve().parent.parent.parent
SETTLE_S = 3
UPDATE_MS = 250


class Pages(SimpleHTTPRequestHandler):
    """Serves the static files, Leaflet and the base map, and says nothing about it."""

    def __init__(self, *args: Any, drawn: bytes, **kwargs: Any) -> None:
        self.drawn = drawn
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        if self.path != "/base_map.json":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.drawn)))
        self.end_headers()
        self.wfile.write(self.drawn)

    def translate_path(self, path: str) -> str:
        first, _, rest = path.split("?", maxsplit=1)[0].lstrip("/").partition("/")
        roots = {"static": CHECKOUT / "static", "bench": CHECKOUT / "tests" / "bench", "leaflet": leaflet()}
        return str(roots.get(first, CHECKOUT / "nothing") / rest)

    def log_message(self, *args: Any) -> None:
        """Stay silent: the one line of output is the result."""


def leaflet() -> Path:
    """Return the folder of django-leaflet's own static files."""
    found = importlib.util.find_spec("leaflet")
    if found is None or found.origin is None:
        raise SystemExit("django-leaflet is not installed")
    return Path(found.origin).parent / "static" / "leaflet"


def drawn_city() -> bytes:
    """Return the demo city's base map as it travels."""
    return json.dumps(base_map(), ensure_ascii=False).encode()


def browser_path() -> str | None:
    """Return an installed Chromium, or None for Playwright's own."""
    return next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )


def measure(address: str, *, units: int, incidents: int, zoom: float, seconds: float) -> dict[str, Any]:
    """Open the page, let it run, and return the figures."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path(), args=["--disable-background-networking", "--no-first-run"]
        )
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{address}/bench/map_page.html?units={units}&incidents={incidents}&zoom={zoom}")
        page.wait_for_function("globalThis.bench?.ready === true", timeout=30_000)
        page.wait_for_timeout(SETTLE_S * 1000)
        page.evaluate("bench.costs.length = 0")
        page.wait_for_timeout(seconds * 1000)
        costs = sorted(page.evaluate("bench.costs"))
        panned = page.evaluate("bench.pan(6)")
        browser.close()
    if faults:
        raise SystemExit(f"the page failed: {faults[0]}")
    return {
        "n_units": units,
        "n_incidents": incidents,
        "zoom": zoom,
        "updates": len(costs),
        "script_ms_p10": round(costs[len(costs) // 10], 2),
        "script_ms_median": round(statistics.median(costs), 2),
        "script_ms_p99": round(costs[min(len(costs) - 1, round(0.99 * len(costs)))], 2),
        "pan_fps": round(panned["fps"], 1),
        "pan_longest_frame_ms": round(panned["longest"], 1),
    }


def main() -> None:
    """Run the measurement and print its line."""
    parser = argparse.ArgumentParser(description="Measure the map in a real browser.")
    parser.add_argument("--units", type=int, default=500)
    parser.add_argument("--incidents", type=int, default=60)
    parser.add_argument("--zoom", type=float, default=14)
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Pages, drawn=drawn_city()))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps(measure(f"http://127.0.0.1:{server.server_port}", **vars(options))))


if __name__ == "__main__":
    main()
