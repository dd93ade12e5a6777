"""One replay: sign in, play what is not played yet, compare, say what came of it."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from dataclasses import dataclass
from typing import Any

from tqdm import tqdm

from dispatch.replay import check
from dispatch.replay.crews import Crews
from dispatch.replay.plan import Plan
from dispatch.replay.player import Player
from dispatch.replay.progress import Progress
from dispatch.simulator.client import Server
from dispatch.simulator.report import Tally

Json = dict[str, Any]
Box = tuple[float, float, float, float]
ERRORS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Options:
    """What a replay is asked for; speed 0 is as fast as possible."""

    url: str
    code: str
    speed: float
    resume: bool
    only_check: bool


async def run(options: Options, plan: Plan, box: Box, progress: Progress) -> tuple[Json, list[check.Difference]]:
    """Play and compare; return the summary and the differences."""
    server = Server(options.url, Tally())
    crews = Crews(server, options.code)
    try:
        played = Json()
        if not options.only_check:
            played = await _play(options, plan, box, progress, crews)
        differences = await _compare(plan, crews, box) if not played.get("stopped") else []
        await crews.end(go_home=bool(played) and not played["stopped"])
        return _summary(options, plan, server.tally, played, differences), differences
    finally:
        await server.close()


async def _play(options: Options, plan: Plan, box: Box, progress: Progress, crews: Crews) -> Json:
    dispatcher = await crews.of("dispatcher")
    epoch = (await dispatcher.get("/api/events/", after=0)).body["epoch"]
    progress.begin({"centre": options.code, "epoch": epoch}, resume=options.resume)
    await crews.look()
    player = Player(plan, crews, progress, speed=options.speed, box=box)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, player.stopped.set)
    before, started = crews.server.tally.commands, time.monotonic()
    with tqdm(total=len(plan.steps), desc="steps", file=sys.stderr, disable=None) as bar:
        await player.play(lambda more: _moved(bar, more))
    seconds = time.monotonic() - started
    return {
        "played": player.played,
        "seconds": round(seconds, 1),
        "commands": crews.server.tally.commands - before,
        "answered_before": crews.server.tally.replayed,
        "failed": len(player.failed),
        "failures": player.failed[:ERRORS_SHOWN],
        "stopped": player.stopped.is_set(),
    }


async def _compare(plan: Plan, crews: Crews, box: Box) -> list[check.Difference]:
    """Read everything back and compare it with the file."""
    account = await crews.of("dispatcher")
    with tqdm(total=len(plan.by_incident()), desc="incidents read", file=sys.stderr, disable=None) as bar:
        found, twice = await check.read(account, lambda more: _moved(bar, more))
    return check.compare(plan, found, twice, box)


def _moved(bar: Any, more: int) -> None:
    bar.update(more)


def _summary(options: Options, plan: Plan, tally: Tally, played: Json, differences: list[check.Difference]) -> Json:
    unexplained = [one for one in differences if not one.rule]
    seconds = played.get("seconds") or 0.0
    figures: Json = {
        "centre": options.code,
        "incidents": len(plan.by_incident()),
        "responses": len(plan.responses),
        "duplicate_rows": len(plan.repeated),
        "transports_not_played": sum(one.transported for one in plan.responses.values()),
        "rules_applied": plan.counts,
        "explained": check.classes(differences),
        "unexplained": len(unexplained),
        "errors": tally.error_count,
        "error_samples": tally.errors[:ERRORS_SHOWN],
        "retries": tally.retries,
        "p50_ms": tally.latencies.percentile(0.50),
        "p99_ms": tally.latencies.percentile(0.99),
        **played,
    }
    if seconds:
        figures["times_real_time"] = round(plan.span / seconds, 1)
        figures["commands_per_s"] = round(played["commands"] / seconds, 1)
    return figures
