"""Housekeeping, once a minute: partitions, the journal's anchor, old keys and tickets."""

from __future__ import annotations

import datetime as dt

from django.contrib.sessions.models import Session
from django.utils import timezone

from dispatch import state_print
from dispatch.merit import services as merit
from dispatch.prevention import finding
from dispatch.quality import services as sampling
from dispatch.review import marks
from dispatch.standing import services as standing
from dispatch.statistics import roll_up
from incidents import anchor, commands, followup, partitions
from incidents.models import Centre, Heartbeat, Ticket
from incidents.services import blocks

KEEPING = "keeping"


def keep() -> None:
    """Do it; every step may run twice."""
    now = timezone.now()
    partitions.ensure(now)
    anchor.write()
    commands.prune_keys(now)
    followup.keep(now)
    state_print.keep(now)
    for centre_id in Centre.objects.values_list("pk", flat=True):
        blocks.keep_reserve(centre_id)
    roll_up.go_on(now)
    sampling.keep(now)
    merit.keep(now)
    standing.keep(now)
    marks.keep(now)
    finding.keep(now)
    Ticket.objects.filter(expires_at__lt=now - dt.timedelta(hours=1)).delete()
    Session.objects.filter(expire_date__lt=now - dt.timedelta(days=1)).delete()
    Heartbeat.objects.update_or_create(name=KEEPING, defaults={"at": timezone.now()})
