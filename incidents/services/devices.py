"""What alarm devices tell: alarms ring with the place already known; tests and faults are recorded (R19, M14)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Call, Device
from incidents.row import Json, stamp
from incidents.services import calls

ALARM, TEST, FAULT, RESTORED = "alarm", "test", "fault", "restored"
TYPES = (ALARM, TEST, FAULT, RESTORED)
ONE_KEY = "CH31"


@command
def hear_device(
    *, by: Actor, gateway_id: int, kind: str, device_no: str, text: str, sent_at: dt.datetime | None, point: Json | None
) -> Call:
    """Carry out one event of a device. A further alarm of a device whose call is open is added to that call; a device
    that nobody registered rings all the same. Tests, faults and restorations are contacts with an outcome, not calls
    that wait."""
    now = timezone.now()
    device = Device.objects.select_for_update(no_key=True).filter(gateway_id=gateway_id, device_no=device_no).first()
    facts = facts_of(device, device_no, text, point) | {"gateway_id": gateway_id, "sent_at": sent_at}
    if kind != ALARM:
        outcome = {"kind": "CK12" if kind == TEST else "CK05", "closing_reason": "CL6" if kind == TEST else "CL5"}
        return calls.noted(by=by, now=now, facts={**facts, **outcome, "closing_text": f"{kind} {text}".strip()})
    if device is not None:
        opened = Call.objects.filter(device=device).exclude(state=Call.State.DONE).order_by("-id").first()
        if opened is not None:
            call = Call.locked(opened.pk, by.centre_id)
            added = {"at": stamp(now), "by": by.badge, "text": text or _("alarm again")}
            call.change(by=by, now=now, supplements=[*call.supplements, added])
            record("call.supplemented", call)
            return call
    return calls.rung(by=by, now=now, facts=facts)


def facts_of(device: Device | None, device_no: str, text: str, point: Json | None) -> dict[str, Any]:
    """Return what a call of the device says before anybody asks."""
    if device is None:
        unknown = _("unregistered device %(number)s") % {"number": device_no}
        return {"channel": ONE_KEY, "caller_name": unknown, "narrative": text, "caller_point": point}
    return {
        "channel": device.channel,
        "device": device,
        "caller_name": device.contact_name or device.name,
        "contact_phone": device.contact_phone,
        "caller_number": device.contact_phone,
        "subscriber": device.name,
        "subscriber_address": device.address_text,
        "caller_address": device.address_text,
        "caller_point": point or device.point,
        "narrative": text,
    }
