"""The head of every journal, written outside the database each minute: a chain with its tail cut off is still a valid
chain, and only an anchor tells (style rule 31)."""

from __future__ import annotations

import json
import os

from django.conf import settings
from django.utils import timezone

from incidents.models import Head, Heartbeat
from incidents.row import stamp

ANCHOR = "anchor"


def write() -> int:
    """Append one line per centre to the anchor file and make it durable; returns how many."""
    path = settings.ANCHOR_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    now = timezone.now()
    heads = list(Head.objects.order_by("centre_id"))
    with open(path, "a", encoding="utf-8") as file:
        for head in heads:
            line = {
                "at": stamp(now),
                "centre": head.centre_id,
                "epoch": str(head.epoch),
                "seq": head.seq,
                "hash": bytes(head.hash).hex(),
            }
            file.write(json.dumps(line, sort_keys=True) + "\n")
        file.flush()
        os.fsync(file.fileno())
    Heartbeat.objects.update_or_create(name=ANCHOR, defaults={"at": timezone.now()})
    return len(heads)
