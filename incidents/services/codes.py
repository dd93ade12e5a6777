"""Code tables: loading the shipped ones again and again, and editing them by hand."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents import code_tables, codebook, duty, limits
from incidents.actor import Actor
from incidents.archive import classes
from incidents.commands import command
from incidents.journal import record
from incidents.models import Code
from incidents.refusals import NotFound, Refusal
from incidents.row import Json, plain

SHOWN = ("zh", "en", "ext_code", "attributes", "order")


class StaleCode(Refusal):
    """The code has changed since the administrator read it."""

    status, code = 409, "stale"
    sentence = _("Somebody changed this record meanwhile.")

    def __init__(self, current: Any):
        super().__init__(current=current)


def load_codes() -> tuple[int, int]:
    """Bring the shipped tables into the database; rows edited by hand are left alone. Returns (made, changed)."""
    present = {(code.table, code.code): code for code in Code.objects.all()}
    made: list[Code] = []
    changed = 0
    for table, rows in code_tables.TABLES.items():
        for order, row in enumerate(rows):
            values: dict[str, Any] = {
                "zh": row.zh,
                "en": row.en,
                "ext_code": row.ext_code,
                "attributes": dict(row.attributes),
                "order": order,
            }
            code = present.get((table, row.code))
            if code is None:
                made.append(Code(table=table, code=row.code, **values))
            elif not code.edited_by_hand and any(getattr(code, name) != values[name] for name in SHOWN):
                Code.objects.filter(pk=code.pk).update(version=code.version + 1, **values)
                changed += 1
    Code.objects.bulk_create(made)
    codebook.forget()
    return len(made), changed


@command
def load_codes_of_centre(*, by: Actor | None, centre_id: int) -> Json:
    """Load the shipped tables and journal it when something changed."""
    made, changed = load_codes()
    if made or changed:
        record("codes.loaded", centre_id=centre_id, version=str(code_tables.VERSION), made=made, changed=changed)
    return {"made": made, "changed": changed}


@command
def edit_code(*, by: Actor, table: str, code: str, version: int, facts: dict[str, Any]) -> Json:
    """Edit one code; its before and after stand in the journal, and old rows keep meaning what they meant."""
    row = Code.objects.select_for_update().filter(table=table, code=code).first()
    if row is None:
        raise NotFound()
    if table == "priority" and "attributes" in facts:
        limits.check_seconds(facts["attributes"])
    if table == classes.TABLE and "attributes" in facts:
        classes.check_periods(code, facts["attributes"])
    if table == "duty_level" and "attributes" in facts:
        limits.check_seconds(facts["attributes"])
        duty.check_settings(facts["attributes"])
    if row.version != version:
        raise StaleCode(row)
    changes = {name: [plain(getattr(row, name)), value] for name, value in facts.items() if getattr(row, name) != value}
    if changes:
        for name, value in facts.items():
            setattr(row, name, value)
        row.version += 1
        row.edited_by_hand = True
        row.save()
        codebook.forget()
        record("code.edited", centre_id=by.centre_id, table=table, code=code, changes=changes)
    return {"code": row.row()}
