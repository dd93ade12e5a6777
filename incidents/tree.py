"""Which organisations stand above and below another: a branch sees what its stations see (M42)."""

from __future__ import annotations

import time

from incidents.models.people import Organisation

# An organisation that is hung elsewhere is seen from there within a minute: nobody does it during an incident.
KEPT_S = 60.0
_above: dict[int, tuple[float, int | None]] = {}


def branch_above(org_id: int) -> int | None:
    """Return the branch that a station belongs to, None for what hangs on the bureau itself."""
    now = time.monotonic()
    known = _above.get(org_id)
    if known is not None and now - known[0] < KEPT_S:
        return known[1]
    found = Organisation.objects.filter(pk=org_id, parent__kind=Organisation.Kind.BRANCH)
    parent = found.values_list("parent_id", flat=True).first()
    _above[org_id] = (now, parent)
    return parent


def under(org_id: int) -> list[int]:
    """Return an organisation and the stations and squads right below it."""
    return [
        org_id,
        *Organisation.objects.filter(parent_id=org_id, parent__kind=Organisation.Kind.BRANCH).values_list(
            "pk", flat=True
        ),
    ]


def forget() -> None:
    """Forget what was read."""
    _above.clear()
