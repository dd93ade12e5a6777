"""`manage.py explain ASSIGNMENT`: the ranking that an order rested on, as it was kept and as it is answered anew."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dispatch import rank_record
from dispatch.models import Assignment, RankRecord
from dispatch.policy import UnknownPolicy


class Command(BaseCommand):
    help = "Explains why a unit was recommended: answers the kept question of an order anew and compares."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("assignment", help="number (350600-…-P…) or id of the order")
        parser.add_argument("--json", action="store_true", help="print everything as one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        order = find(options["assignment"])
        record = RankRecord.objects.filter(pk=order.rank_basis.get("record", 0)).first()
        if record is None:
            raise CommandError("This order rests on no kept ranking: it was self-initiated, unplaced, or is older.")
        try:
            fresh = rank_record.again(record.question)
        except UnknownPolicy as error:
            raise CommandError(str(error)) from error
        intact = rank_record.digest(record.question, record.answer) == order.rank_basis.get("digest")
        same = fresh == record.answer
        if options["json"]:
            told = {"assignment": order.assignment_no, "intact": intact, "same": same}
            told |= {"basis": order.rank_basis, "question": record.question, "kept": record.answer, "again": fresh}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            for line in lines(order, record, fresh):
                self.stdout.write(line)
            self.stdout.write(f"kept ranking unchanged: {intact}; answered anew, the same: {same}")
        if not (intact and same):
            raise CommandError("The kept ranking was changed, or the answer differs.")


def find(wanted: str) -> Assignment:
    """Return the order of a number or an id."""
    by = {"pk": int(wanted)} if wanted.isdigit() and len(wanted) < 12 else {"assignment_no": wanted}
    order = Assignment.objects.filter(**by).first()
    if order is None:
        raise CommandError(f"There is no order {wanted}.")
    return order


def lines(order: Assignment, record: RankRecord, fresh: dict[str, Any]) -> list[str]:
    """Return the ranking as lines of a table."""
    told = [
        f"{order.assignment_no} to {order.call_sign} at {record.at.isoformat()}: basis {fresh['basis']}, "
        f"policy {record.policy}, override {order.override_reason or '–'}",
        "rank  unit    road s  there s  cost s    A5    A10   after  reasons",
    ]
    for one in fresh["candidates"]:
        sent = "*" if one["call_sign"] == order.call_sign else " "
        after = "–" if one["coverage_after"] is None else f"{one['coverage_after']:.1%}"
        told.append(
            f"{sent}{one['rank']:>3}  {one['call_sign']:<7} {one['seconds']:>6.0f} {one['expected_s']:>8.0f} "
            f"{one['cost_s']:>7.0f}  {one['chance']['A5']:>5.1%} {one['chance']['A10']:>6.1%} {after:>6}  {one['reason']}"
        )
    told.append("not sent: " + ", ".join(f"{call_sign} {code}" for call_sign, code in fresh["excluded"]))
    return told
