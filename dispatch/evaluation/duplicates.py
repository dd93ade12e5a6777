"""Whether suggested duplicates are right, on labelled calls: precision, recall, the truth of the stated chance. Pure.

Each call is compared with the events that are open when it comes, as their earlier callers told them; afterwards it
joins its true event, as a call-taker would who is never wrong. The rule that the browser had before (300 m and 30 min,
or the same number) is told beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from scipy.optimize import minimize

from dispatch.evaluation.several_callers import Told, calls
from incidents import likeness
from incidents.geo import distance_m
from incidents.likeness import Rarity, Report, Rules, Signs

OPEN_S: Final = 5_400.0
BINS: Final = 10
RIDGE: Final = 1e-3
# What two reports have in common never speaks against one event, whatever a small set of calls says.
NEVER_AGAINST: Final = frozenset(
    {"near", "around", "words", "words_alone", "shared", "place", "place_alone", "plate", "number"}
)
Suggest = Callable[[Report, dict[int, Report]], "tuple[int | None, float]"]


@dataclass(slots=True)
class Asked:
    """One call with all that it can be compared with: the features of each event, and which one is true."""

    events: list[int]
    features: list[dict[str, float]]
    true: int | None  # of `events`; None when nobody has reported its event before


def asked(events: int, seed: int, known: Rules, said: float = 1.0) -> Iterator[Asked]:
    """Yield every call of a labelled set with what it is compared with; `said` is the share of its words typed yet."""
    standing: dict[int, Report] = {}
    ready: dict[int, Signs] = {}
    rarity = Rarity()
    for call in calls(events, seed):
        for number in [one for one, report in standing.items() if call.at - report.at > OPEN_S]:
            rarity.remove(ready.pop(number).grams)
            del standing[number]
        typed = call.report if said >= 1 else half_typed(call.report, said)
        compared = likeness.compare(likeness.signs(typed, known), ready, rarity, known)
        ids = [number for number, _ in compared]
        true = call.event if call.event in standing else None
        yield Asked(ids, [features for _, features in compared], true)
        join(standing, ready, rarity, call, known)


def half_typed(report: Report, said: float) -> Report:
    """Return a report as it stands while the caller still talks: the first words, no type yet."""
    return replace(report, words=report.words[: math.ceil(len(report.words) * said)], type="", plate="")


def join(standing: dict[int, Report], ready: dict[int, Signs], rarity: Rarity, call: Told, known: Rules) -> None:
    """Let a call open its event or join it with its words and number."""
    old, new = standing.get(call.event), call.report
    if old is not None:
        rarity.remove(ready[call.event].grams)
        new = replace(
            old,
            at=call.at,
            words=f"{old.words}\n{new.place}\n{new.words}",
            numbers=(*old.numbers, *new.numbers),
            lat=old.lat if old.lat is not None else new.lat,
            lng=old.lng if old.lat is not None else new.lng,
        )
    standing[call.event] = new
    ready[call.event] = likeness.signs(new, known)
    rarity.add(ready[call.event].grams)


def fit(events: int, seeds: Sequence[int], known: Rules) -> dict[str, float]:
    """Return the weights under which the labels are likeliest, a little pulled to zero."""
    names = sorted(known.weights)
    every = [one for seed in seeds for share in (1.0, 0.5) for one in asked(events, seed, known, share) if one.events]
    matrix = np.array([[row[name] for name in names] for one in every for row in one.features])
    starts = np.cumsum([0, *[len(one.events) for one in every]])[:-1]
    true = [at + one.events.index(one.true) for at, one in zip(starts, every, strict=True) if one.true in one.events]

    def loss(weights: Any) -> tuple[float, Any]:
        odds = np.clip(matrix @ weights, -40, 40)
        whole = 1 + np.add.reduceat(np.exp(odds), starts)
        sizes = np.diff([*starts, len(odds)])
        shares = np.exp(odds) / np.repeat(whole, sizes)
        value = float(np.log(whole).sum() - odds[true].sum() + RIDGE * weights @ weights)
        slope = matrix.T @ shares - matrix[true].sum(axis=0) + 2 * RIDGE * weights
        return value, slope

    start = np.array([known.weights[name] for name in names])
    bounds = [(0.0, None) if name in NEVER_AGAINST else (None, None) for name in names]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
    return {name: round(float(value), 2) for name, value in zip(names, found.x, strict=True)}


def evaluate(events: int, seed: int, known: Rules) -> dict[str, Any]:
    """Return what the suggestions are worth, all words typed and half of them, beside the old rule of the browser."""
    return {
        "events": events,
        "seed": seed,
        "version": known.version,
        "threshold": known.settings.work_from,
        "all_words": scored(list(asked(events, seed, known)), known),
        "half_of_the_words": scored(list(asked(events, seed, known, 0.5)), known),
        "old_rule": old_rule(events, seed),
    }


def scored(every: list[Asked], known: Rules) -> dict[str, Any]:
    """Return precision, recall and F1 of the first suggestion, recall of those shown, and how true the chances are."""
    pairs: list[tuple[float, bool]] = []
    firsts: list[tuple[int | None, float, int | None]] = []
    seen_in_list = 0
    for one in every:
        chances = likeness.shares([likeness.log_odds(row, known) for row in one.features])
        ranked = sorted(zip(chances, one.events, strict=True), key=lambda pair: (-pair[0], pair[1]))
        shown = [pair for pair in ranked if pair[0] >= known.settings.show_from][: known.settings.shown]
        pairs += [(chance, event == one.true) for chance, event in shown]
        seen_in_list += one.true is not None and one.true in [event for _, event in shown]
        best = ranked[0] if ranked else (0.0, None)
        firsts.append((best[1] if best[0] >= known.settings.work_from else None, best[0], one.true))
    again = sum(true is not None for _, _, true in firsts)
    return {
        **rates([(suggested, true) for suggested, _, true in firsts]),
        "recall_shown": round(seen_in_list / max(1, again), 3),
        "reliability": reliability(pairs),
    }


def rates(pairs: list[tuple[int | None, int | None]]) -> dict[str, Any]:
    """Return precision, recall and F1 of suggested against true events."""
    right = sum(suggested is not None and suggested == true for suggested, true in pairs)
    suggested_at_all = sum(suggested is not None for suggested, _ in pairs)
    again = sum(true is not None for _, true in pairs)
    precision, recall = right / max(1, suggested_at_all), right / max(1, again)
    return {
        "calls": len(pairs),
        "repeat_calls": again,
        "suggested": suggested_at_all,
        "right": right,
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "f1": round(2 * precision * recall / max(1e-9, precision + recall), 3),
    }


def reliability(pairs: list[tuple[float, bool]]) -> dict[str, Any]:
    """Hold stated chances against what was true, in tenths."""
    table, error = [], 0.0
    for tenth in range(BINS):
        members = [pair for pair in pairs if min(int(pair[0] * BINS), BINS - 1) == tenth]
        if not members:
            continue
        stated = sum(chance for chance, _ in members) / len(members)
        true = sum(right for _, right in members) / len(members)
        error += abs(stated - true) * len(members)
        table.append({"n": len(members), "stated": round(stated, 3), "true": round(true, 3)})
    count = max(1, len(pairs))
    return {
        "n": len(pairs),
        "mean_error": round(error / count, 3),
        "worst_tenth": max(
            (round(abs(row["stated"] - row["true"]), 3) for row in table if row["n"] >= 30), default=None
        ),
        "brier": round(sum((chance - right) ** 2 for chance, right in pairs) / count, 4),
        "table": table,
    }


def old_rule(events: int, seed: int) -> dict[str, Any]:
    """Return what the first suggestion of the browser's old rule was worth."""
    standing: dict[int, Report] = {}
    pairs: list[tuple[int | None, int | None]] = []
    for call in calls(events, seed):
        open_ones = {number: one for number, one in standing.items() if call.at - one.at <= OPEN_S}
        pairs.append((browser_choice(call.report, open_ones), call.event if call.event in open_ones else None))
        standing.setdefault(call.event, call.report)
    return rates(pairs)


def browser_choice(report: Report, standing: dict[int, Report]) -> int | None:
    """Return the first suggestion as `similar.js` gave it: near in place and time or the same number, best score."""
    found = []
    for number, event in standing.items():
        placed = report.lat is not None and event.lat is not None
        metres = distance_m(report.lat, report.lng, event.lat, event.lng) if placed else None  # type: ignore[arg-type]
        seconds = report.at - event.at
        same_phone = bool(set(report.numbers) & set(event.numbers))
        if same_phone or (metres is not None and metres <= 300 and seconds <= 1800):
            kin = bool(report.type) and report.type[:2] == event.type[:2]
            score = (
                (1 - metres / 300 if metres is not None else 0) + max(0, 1 - seconds / 1800) + kin + 1.5 * same_phone
            )
            found.append((score, number))
    return max(found)[1] if found else None
