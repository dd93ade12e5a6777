"""The address index: a million seeded lines in a database of its own, one line per kind of question (L6).

The names are made of what Chinese streets are made of, unevenly, so that some pairs of signs stand in a great many of
them; the questions are drawn from the names, as typed by somebody who knows them.
"""

# ruff: noqa: E402  Django is set up before its models are imported
from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import django
from django.core.management import call_command
from django.db import connection

django.setup()

from incidents.addresses import editions
from incidents.addresses.editions import Name, Range
from incidents.addresses.keys import key_of, letters_of
from incidents.addresses.search import search
from incidents.models import Centre, Head
from tests.bench.figures import emit

SEED = 110
LINES = 1_000_000
QUESTIONS = 400
SIGNS = "新华延安胜利民主建设中山丹霞元光南昌水仙大通腾飞龙江芝山漳华北东西南上下河湖金银福寿康宁文武德仁义礼智信春夏秋冬梅兰竹菊松柏长安平顺兴盛荣昌富贵吉祥如意"
ENDS = ("路", "街", "巷", "大道", "里")
OWNERS = "闽兴顺达阿海金凤丰收福满大江荔香百合长乐宏图美佳益民康泰晨光四季好运来"
TRADES = (
    "便利店",
    "药店",
    "面馆",
    "理发店",
    "五金店",
    "超市",
    "小吃店",
    "宾馆",
    "幼儿园",
    "停车场",
    "银行网点",
    "派出所警务室",
)
HOMES = ("花园", "小区", "新村", "公寓", "家园", "大厦", "广场")


def main(seconds: float) -> None:
    """Measure; `seconds` bounds each kind of question."""
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    started = time.perf_counter()
    centre, streets = fill(LINES)
    emit("addresses: a million lines loaded", [], seconds=round(time.perf_counter() - started, 1), **sizes())
    for kind, draw in questions(streets).items():
        measure(kind, centre, draw, seconds)


def fill(lines: int) -> tuple[int, list[str]]:
    """Load an index of so many lines; returns the centre and the streets."""
    centre = Centre.objects.create(code="B1", name="B1", box=[24.0, 117.0, 25.0, 118.0], number_prefix="B1")
    Head.objects.create(centre=centre, hash=b"\0" * 32)
    random = Random(SEED)
    streets = list(dict.fromkeys(street(random) for _ in range(lines // 60)))
    edition = editions.write(
        centre.pk, source="bench", digest="", datum="WGS84", names=names(random, streets, lines), ranges=ranges(streets)
    )
    editions.use_edition(by=None, centre_id=centre.pk, edition_id=edition.pk, names=lines, houses=len(streets))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE incidents_place, incidents_houserange")
    return centre.pk, streets


def street(random: Random) -> str:
    """Make a street's name; few signs make most of them."""
    signs = "".join(SIGNS[int(len(SIGNS) * random.random() ** 2)] for _ in range(random.choice((2, 2, 2, 3, 3))))
    return signs + random.choice(ENDS)


def names(random: Random, streets: list[str], lines: int) -> Iterator[Name]:
    """Make the lines: streets, their crossings (three lines each), poles (two), old names, homes, and shops."""

    def at() -> tuple[float, float]:
        return 24 + random.random(), 117 + random.random()

    for name in streets:
        yield Name("road", name, *at())
    made = len(streets)
    for name in streets[: lines // 100]:
        yield Name("road", name, *at(), alias=f"老{name}")
        yield Name("crossing", f"{name}与{other_of(streets, name)}路口", *at())
        yield Name("post", f"{name}灯杆", *at(), code=f"{letters_of(key_of(name))[2][:2]}{made:06d}".upper())
        made += 6
    while made < lines:
        on = random.choice(streets)
        if random.random() < 0.25:
            yield Name("landmark", on[:2] + random.choice(SIGNS) + random.choice(HOMES), *at(), note=on)
        else:
            owner = "".join(random.choices(OWNERS, k=2))
            yield Name("shop", owner + random.choice(TRADES), *at(), note=f"{on}{random.randint(1, 400)}号")
        made += 1


def other_of(streets: list[str], name: str) -> str:
    """Return the street that a street crosses: always the same one."""
    return streets[sum(map(ord, name)) * 7919 % len(streets)]


def ranges(streets: list[str]) -> Iterator[Range]:
    """Give every street four stretches on either side."""
    for number, name in enumerate(streets):
        lat, lng = 24 + number % 1000 / 1000, 117 + number // 1000 / 1000
        for stretch in range(4):
            for side, first in (("odd", 1), ("even", 2)):
                low = first + 100 * stretch
                yield Range(name, low, low + 98, side, lat, lng, lat, lng + 0.003)


def questions(streets: list[str]) -> dict[str, Callable[[Random], str]]:
    """Return how each kind of question is drawn."""

    def one(random: Random) -> str:
        return random.choice(streets)

    def crossing(random: Random) -> tuple[str, str]:
        name = random.choice(streets[: LINES // 100])
        return name, other_of(streets, name)

    def pole(random: Random) -> str:
        number = random.randrange(min(len(streets), LINES // 100))
        return f"{letters_of(key_of(streets[number]))[2][:2]}{len(streets) + 6 * number:06d}"[: random.randint(5, 8)]

    def pinyin(random: Random) -> str:
        return letters_of(key_of(one(random)))[1]

    def initials(random: Random) -> str:
        return letters_of(key_of(one(random)))[2]

    return {
        "prefix of Hanzi": lambda random: one(random)[: random.choice((1, 2, 3))],
        "two signs anywhere": lambda random: random.choice(("".join(random.choices(SIGNS, k=2)), random.choice(HOMES), random.choice(TRADES)[-2:])),
        "three signs and more anywhere": lambda random: random.choice(TRADES + HOMES) + random.choice(("", "店")),
        "pinyin": lambda random: pinyin(random)[: random.randint(2, 9)],
        "initials": lambda random: initials(random)[: random.randint(1, 4)],
        "house number": lambda random: f"{one(random)}{random.randint(1, 390)}号",
        "house number by initials": lambda random: f"{initials(random)}{random.randint(1, 390)}",
        "crossing": lambda random: "{}{}口".format(*crossing(random)),
        "crossing by initials": lambda random: "".join(letters_of(key_of(road))[2] for road in crossing(random)),
        "two words": lambda random: "{1} {0}".format(*crossing(random)),
        "pole": pole,
        "not there": lambda random: "".join(random.choices("乙丙丁戊己庚辛壬癸", k=3)),
    }  # fmt: skip


def measure(kind: str, centre: int, draw: Callable[[Random], str], seconds: float) -> None:
    """Ask and print the figure."""
    random, took, hits = Random(SEED), [], 0
    end = time.perf_counter() + seconds
    for _ in range(QUESTIONS):
        text = draw(random)
        started = time.perf_counter()
        hits += bool(search(centre, text, 8))
        took.append((time.perf_counter() - started) * 1e3)
        if time.perf_counter() > end:
            break
    emit(f"addresses: {kind}", took, found=hits, target_p99_ms=80)


def sizes() -> dict[str, Any]:
    """Return how large the index is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM incidents_place), (SELECT count(*) FROM incidents_houserange), "
            "pg_table_size('incidents_place') / 1048576, pg_indexes_size('incidents_place') / 1048576"
        )
        lines, houses, table, indexes = cursor.fetchone()
    return {"lines": lines, "ranges": houses, "table_mib": table, "indexes_mib": indexes}


if __name__ == "__main__":
    main(float(sys.argv[1]))
