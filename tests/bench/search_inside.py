"""Inside the application: fill the search with documents, ask, and print one line per kind of question."""

from __future__ import annotations

import datetime as dt
import os
import random
import time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zz110.settings")
django.setup()

from django.utils import timezone  # noqa: E402  after the set-up

from dispatch.search.find import Question, checked, matching  # noqa: E402
from dispatch.search.terms import grams_of, plain, sounds  # noqa: E402
from incidents.actor import Actor  # noqa: E402
from incidents.models import Centre, SearchDocument  # noqa: E402
from tests.bench.figures import emit  # noqa: E402

DOCUMENTS = 100_000
STREETS = ["新华路", "延安北路", "水仙大街", "元光南路", "胜利东路", "九龙大道", "南昌路", "丹霞路"]
STORIES = [
    "楼下有人盗窃电动车",
    "邻居噪声扰民",
    "两人在店门口打架",
    "老人走失",
    "路口两车相撞",
    "电话里被骗转账",
    "有人拍门威胁",
]
ASKED = 60
QUESTIONS = {
    "two Hanzi, rare": "丹砂",
    "two Hanzi, every seventh": "走失",
    "two words": "盗窃 南昌路",
    "telephone": "19000077123",
    "initials": "sxdj",
    "number": "350600a20260101077123",
}


def fill(centre: Centre) -> None:
    """Write the documents, unless they stand already."""
    if SearchDocument.objects.count() >= DOCUMENTS:
        return
    chance = random.Random(1)
    start = timezone.now() - dt.timedelta(days=900)
    made = []
    for number in range(DOCUMENTS):
        street = chance.choice(STREETS)
        words = [
            f"350600A20260101{number:06d}",
            f"1900{number:07d}",
            f"{street}{chance.randrange(400)}号",
            *sounds(street),
            chance.choice(STORIES) + ("丹砂" if number % 5_000 == 0 else ""),
        ]
        text = "\n".join(plain(word) for word in words)
        grams = sorted(set().union(*(grams_of(line) for line in text.split("\n"))))
        made.append(
            SearchDocument(
                centre=centre, kind="incident", object_id=10_000_000 + number, level="desk",
                incident_id=10_000_000 + number, at=start + dt.timedelta(seconds=700 * number), text=text, grams=grams,
            )
        )  # fmt: skip
        if len(made) == 2_000:
            SearchDocument.objects.bulk_create(made)
            made = []


def main() -> None:
    """Fill and ask."""
    centre = Centre.objects.order_by("id")[0]
    fill(centre)
    by = Actor(user_id=0, centre_id=centre.pk, badge="", name="", roles=frozenset({"dispatcher"}))
    for name, words in QUESTIONS.items():
        samples: list[float] = []
        found = 0
        for _try in range(ASKED):
            began = time.perf_counter()
            found = ask(by, Question(q=words, purpose="核实"))
            samples.append((time.perf_counter() - began) * 1000)
        emit(f"search: {name}", samples, documents=DOCUMENTS, found=found)


def ask(by: Actor, question: Question) -> int:
    """Ask as a page is asked for: how many, and the newest twenty."""
    rows: Any = matching(by, question, checked(question))
    count = int(rows.order_by()[:1001].count())
    list(rows.order_by("-at", "-id")[:20])
    return count


if __name__ == "__main__":
    main()
