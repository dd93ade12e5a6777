"""The counts against a plain computation, through edits, merges and their undoing, a rebuild, and a process that dies."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dispatch.statistics import (
    answers,
    counting,
    details,
    drives,
    follower,
    head,
    late_records,
    months,
    rebuild,
    roll_up,
    rows,
)
from dispatch.statistics.answers import Wanted
from dispatch.statistics.asked import Question
from dispatch.statistics.counting import Touched, recount
from dispatch.statistics.kpis import KPIS
from dispatch.statistics.marks import Kind
from dispatch.statistics.period import day_of, of_days
from dispatch.statistics.rows import Behind
from incidents.models import Call, Cleared, Incident, Transfer
from tests.database import plain_figures
from tests.database.histories import BEGIN, NOW, History, stories
from tests.database.walk import Walk
from tests.people import Cast

EVERYTHING = Wanted(tuple(KPIS))
FIRST, LAST = dt.date(2026, 12, 31), dt.date(2027, 1, 1)
DECEMBER, JANUARY, MONTHS_END = FIRST.replace(day=1), LAST.replace(day=1), dt.date(2027, 1, 31)
YEAR = dt.date(2026, 1, 1), MONTHS_END
CHECKED = settings(
    max_examples=12,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a history that fails is small already
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


def everything_of(history: History) -> Touched:
    """Name every row of a history."""
    return Touched(
        {one.pk for one in history.incidents},
        set(Call.objects.values_list("id", flat=True)),
        set(Transfer.objects.values_list("id", flat=True)),
    )


def cleared_by(incident: Incident) -> set[int]:
    """Name what the arrests of an incident cleared along: the entry of a suspect names the suspect."""
    return set(Cleared.objects.filter(suspect__incident=incident).values_list("incident_id", flat=True))


def engine(cast: Cast, days: tuple[dt.date, dt.date], split: tuple[str, str], now: dt.datetime) -> plain_figures.Found:
    """Return what the engine says, in the shape of the plain computation."""
    by, value = split
    question = Question(cast.centre.pk, of_days(*days), by, value if by != "all" else None)
    [group] = answers.figures(question, EVERYTHING, now)["groups"]
    found: plain_figures.Found = {}
    for one in group["figures"]:
        found[one["key"], one["clock"], one["source"], one["measure"]] = one["value"], one["n"]
    for one in group["buckets"]:
        place = one["key"], one["clock"], one["source"]
        for bucket in one["buckets"]:
            found[(*place, f"≤{bucket['up_to_s'] or 10**9}")] = bucket["count"], one["n"]
        found[(*place, "not yet")] = one["not_yet"], one["n"]
    return found


def compare(cast: Cast, now: dt.datetime = NOW) -> None:
    """Hold the engine against the plain computation: each of the two days alone, both in their months and in a year,
    whole and split."""
    everything = plain_figures.all_events()
    splits = [("all", ""), ("priority", "2"), ("type_reported", "0107"), ("hour", "00"), ("unit", str(cast.car7.pk))]
    for days in ((FIRST, FIRST), (LAST, LAST), (DECEMBER, MONTHS_END), YEAR):
        for split in splits:
            plain = plain_figures.compute(everything, days, split, now)
            found = engine(cast, days, split, now)
            wrong = {key: (found.get(key), said) for key, said in plain.items() if found.get(key) != said}
            assert not wrong, (days, split, wrong)


def stored() -> Any:
    """Return all that is counted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.kind, c.urgent, c.monthly, f.dimension, f.value, c.date, s0, s1, s2, s3, s4, s5, s6, s7 "
            "FROM dispatch_count_cell c JOIN dispatch_count_facet f ON f.id = c.facet ORDER BY 1, 2, 3, 4, 5, 6"
        )
        return [tuple(bytes(one) if isinstance(one, memoryview) else one for one in row) for row in cursor.fetchall()]


def add_year(cast: Cast) -> None:
    """Roll up the year before the new one by some of the dimensions, so that both ways of reading it are used."""
    rolled = {(kind, dimension) for _year, kind, dimension in months.years_rolled_up(cast.centre.pk, {FIRST.year})}
    for kind, dimension in roll_up.PARTS - rolled:
        if dimension % 4 == 0:
            roll_up.add_months(cast.centre.pk, FIRST.year, (kind, dimension))


def facts_stored() -> Any:
    """Return every fact with what is asked of it by itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, source, day, urgent, facets, marks, detail FROM dispatch_count_fact ORDER BY 1, 2, 3"
        )
        return [(*row[:6], None if row[6] is None else bytes(row[6])) for row in cursor.fetchall()]


@CHECKED
@given(st.lists(stories, min_size=1, max_size=7), st.lists(st.tuples(st.integers(0, 6), stories), max_size=4))
def test_every_figure_is_the_plain_one_also_after_edits_merges_and_reopenings(
    quick: Cast, some: list[Any], edits: list[tuple[int, Any]]
) -> None:
    with transaction.atomic():
        history = History(quick)
        history.write(some)
        recount(quick.centre.pk, everything_of(history))
        compare(quick)
        roll_up.add_days(quick.centre.pk, DECEMBER, FIRST - dt.timedelta(days=1))
        roll_up.add_days(quick.centre.pk, JANUARY, LAST)
        for at, story in edits:
            if at < len(history.incidents):
                before, cleared = everything_of(history), cleared_by(history.incidents[at])
                history.tell(at, story)
                cleared |= cleared_by(history.incidents[at])
                touched = Touched({history.incidents[at].pk} | cleared, before.calls, before.transfers)
                touched.calls |= everything_of(history).calls
                touched.transfers |= everything_of(history).transfers
                recount(quick.centre.pk, touched)
                roll_up.add_days(quick.centre.pk, DECEMBER, FIRST)
                add_year(quick)
        compare(quick)
        roll_up.add_days(quick.centre.pk, DECEMBER, FIRST)
        roll_up.add_days(quick.centre.pk, JANUARY, MONTHS_END)
        add_year(quick)
        compare(quick)
        counted = stored()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM dispatch_count_cell")
            cursor.execute("DELETE FROM dispatch_count_fact")
            cursor.execute("DELETE FROM dispatch_count_month_part")
            cursor.execute("DELETE FROM dispatch_count_year")
        recount(quick.centre.pk, everything_of(history))
        roll_up.add_days(quick.centre.pk, DECEMBER, FIRST)
        roll_up.add_days(quick.centre.pk, JANUARY, MONTHS_END)
        add_year(quick)
        assert stored() == counted
        transaction.set_rollback(True)


@CHECKED
@given(st.lists(stories, min_size=1, max_size=5), st.integers(0, 700))
def test_who_is_not_there_yet_is_open_until_the_limit_without_anything_being_written(
    quick: Cast, some: list[Any], age: int
) -> None:
    with transaction.atomic():
        history = History(quick)
        history.write(some)
        recount(quick.centre.pk, everything_of(history))
        compare(quick, BEGIN + dt.timedelta(seconds=some[0].answered + age))
        transaction.set_rollback(True)


@pytest.mark.parametrize("seed", [7, 110])
def test_following_the_journal_and_counting_anew_give_the_same(cast: Cast, seed: int) -> None:
    walk = Walk(cast, seed)

    def count_now_and_then() -> None:
        if walk.done.total() % 15 == 0:
            follower.follow()

    walk.go(150, count_now_and_then)
    follower.follow()
    followed, facts = stored(), facts_stored()
    assert followed and any(row[6] for row in facts)
    assert not head.heads_behind()
    assert {"merge", "reopen", "end_otherwise"} & set(walk.done)
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE dispatch_count_cell, dispatch_count_fact, dispatch_count_month, dispatch_count_month_part"
        )
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=1)):
        rebuild.begin(cast.centre.pk, dt.datetime.now(dt.UTC).date())
        while head.read(cast.centre.pk).rebuilding:
            rebuild.step(cast.centre.pk)
    assert [row for row in stored() if not row[2]] == followed
    assert facts_stored() == facts


def test_days_are_rolled_up_when_they_have_settled_and_what_changes_later_changes_day_and_month(cast: Cast) -> None:
    walk = Walk(cast, 11)
    walk.go(60, lambda: None)
    follower.follow()
    by_day, today = stored(), day_of(dt.datetime.now(dt.UTC))
    noon = dt.datetime.combine(today, dt.time(4), dt.UTC)

    def keep(days: int) -> tuple[int, dt.date | None]:
        done = roll_up.go_on(noon + dt.timedelta(days=days))
        assert [row for row in stored() if not row[2]] == by_day
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT min(until), count(*) FROM dispatch_count_month_part WHERE month = %s", [today.replace(day=1)]
            )
            until, parts = cursor.fetchone()
            assert parts in (0, len(roll_up.MONTH_PARTS))
            return done, until

    assert keep(1)[1] != today
    done, until = keep(2)
    assert done and until == today
    assert keep(2) == (0, today)
    year_after = dt.datetime(today.year + 1, 1, 2, 4, tzinfo=dt.UTC)
    assert roll_up.go_on(year_after + dt.timedelta(days=1)) >= len(roll_up.PARTS)
    assert roll_up.go_on(year_after + dt.timedelta(days=1)) == 0
    assert months.year_end(today.year) in {row[5] for row in stored() if row[2]}
    assert [row for row in stored() if row[2]]
    walk.go(40, lambda: None)
    follower.follow()
    changed = stored()
    assert [row for row in changed if row[2]] != [row for row in by_day if row[2]]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM dispatch_count_month_part")
        cursor.execute("DELETE FROM dispatch_count_year")
    roll_up.go_on(year_after + dt.timedelta(days=1))
    assert stored() == changed


def detailed(cast: Cast, kind: Kind) -> tuple[list[bytes], list[bytes]]:
    """Return the details of a kind of facts as a question reads them, and as they stand in the facts."""
    size = {Kind.INCIDENT: late_records.RECORD, Kind.ORDER: drives.RECORD}[kind].itemsize
    today = day_of(dt.datetime.now(dt.UTC))
    whole = details.pieces(cast.centre.pk, kind, of_days(today - dt.timedelta(days=1), today + dt.timedelta(days=1)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT detail FROM dispatch_count_fact WHERE kind = %s AND detail IS NOT NULL", [int(kind)])
        plain = [bytes(row[0]) for row in cursor.fetchall()]
    return sorted(whole[at : at + size] for at in range(0, len(whole), size)), sorted(plain)


def test_details_of_settled_days_are_kept_and_follow_what_changes_later(cast: Cast) -> None:
    walk, settled = Walk(cast, 23), dt.datetime.now(dt.UTC) + dt.timedelta(days=3)
    seen: list[dict[Kind, tuple[list[bytes], list[bytes]]]] = []

    def look() -> None:
        if walk.done.total() % 40:
            return
        follower.follow()
        seen.append({kind: detailed(cast, kind) for kind in details.KINDS})
        if len(seen) == 1:
            roll_up.go_on(settled)
            with connection.cursor() as cursor:
                cursor.execute("SELECT kind, sum(octet_length(pieces)) FROM dispatch_count_detail GROUP BY 1")
                kept = dict(cursor.fetchall())
            assert kept == {int(kind): sum(map(len, plain)) for kind, (_read, plain) in seen[0].items()}
            assert {kind: detailed(cast, kind) for kind in details.KINDS} == seen[0]

    walk.go(160, look)
    look()
    assert len(seen) > 2
    assert all(read == plain for one in seen for read, plain in one.values())
    assert 0 < len(seen[0][Kind.ORDER][0]) < len(seen[-1][Kind.ORDER][0])
    rebuild.begin(cast.centre.pk, day_of(settled))
    assert {kind: detailed(cast, kind) for kind in details.KINDS} == seen[-1], "read from the facts until it has kept"


def test_counting_comes_between_two_parts_of_a_roll_up_and_a_turn_ends_with_its_time(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = Walk(cast, 17)
    walk.go(30, lambda: None)
    follower.follow()
    settled = dt.datetime.now(dt.UTC) + dt.timedelta(days=3)
    with monkeypatch.context() as patched:
        patched.setattr(roll_up, "BUDGET_S", 0.0)
        assert roll_up.go_on(settled) == 0
    give_way, parts = roll_up.give_way, 0

    def go_on_meanwhile(centre_id: int) -> None:
        nonlocal parts
        parts += 1
        if parts == len(roll_up.MONTH_PARTS) // 2:
            with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(hours=6)):  # later than all that was
                walk.go(5, lambda: None)
            assert head.heads_behind()
        give_way(centre_id)
        assert not head.heads_behind()

    with monkeypatch.context() as patched:
        patched.setattr(roll_up, "give_way", go_on_meanwhile)
        patched.setattr("dispatch.statistics.roll_up.time.sleep", lambda _seconds: follower.follow())
        assert roll_up.go_on(settled) == parts >= len(roll_up.MONTH_PARTS)
    counted = stored()
    assert any(row[2] for row in counted)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM dispatch_count_month_part")
    roll_up.go_on(settled)
    assert stored() == counted


def test_a_process_that_dies_in_the_middle_leaves_the_counts_as_they_were(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = Walk(cast, 3)
    walk.go(30, lambda: None)

    class Killed(BaseException):
        """A process that is gone runs no handler."""

    def die(*args: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(counting, "write", die)
        with pytest.raises(Killed):
            follower.follow()
    assert stored() == []
    assert head.read(cast.centre.pk).seq == 0
    follower.follow()
    counted = stored()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE dispatch_count_head SET seq = 0")
    follower.follow()  # every entry once more
    assert stored() == counted


def test_a_rebuild_that_was_stopped_goes_on_with_the_follower(cast: Cast) -> None:
    Walk(cast, 5).go(30, lambda: None)
    today = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    assert rebuild.begin(cast.centre.pk, today) >= 2
    rebuild.step(cast.centre.pk)
    left = head.read(cast.centre.pk)
    assert left.rebuilding
    assert rebuild.begin(cast.centre.pk, today) == (left.rebuild_until - left.rebuild_next).days + 1  # type: ignore[operator]
    follower.follow(budget_s=60)
    assert not head.read(cast.centre.pk).rebuilding
    counted = stored()
    rebuild.begin(cast.centre.pk, today)
    follower.follow(budget_s=60)
    assert stored() == counted


def test_counts_of_other_definitions_are_made_anew_by_themselves(cast: Cast) -> None:
    Walk(cast, 6).go(20, lambda: None)
    follower.follow()
    counted = stored()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE dispatch_count_head SET version = 0")
        cursor.execute("UPDATE dispatch_count_cell SET s0 = s7, s7 = s0")  # that version had laid them out otherwise
    assert stored() != counted
    assert answers.counted_to(cast.centre.pk, NOW)["outdated"]
    follower.follow(budget_s=60)
    assert not answers.counted_to(cast.centre.pk, NOW)["outdated"]
    assert stored() == counted


@CHECKED
@given(st.lists(stories, min_size=3, max_size=7))
def test_n_opens_n_rows(quick: Cast, some: list[Any]) -> None:
    with transaction.atomic():
        history = History(quick)
        history.write(some)
        recount(quick.centre.pk, everything_of(history))
        question = Question(quick.centre.pk, of_days(FIRST, LAST))
        wanted = Wanted(("K1", "K2", "K3", "K7", "K8", "K9", "K15"))
        [group] = answers.figures(question, wanted, NOW)["groups"]
        for one in group["figures"]:
            if one["measure"] in ("by_position", "unverified"):
                continue
            for part in ("n", "open"):
                opened = rows.behind(question, Behind(one["rows"], part), "desk", NOW, None)
                assert len(opened["rows"]) == one[part], (one, part)
        transaction.set_rollback(True)
