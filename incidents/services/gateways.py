"""Registering gateways and devices."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import codebook
from incidents.actor import Actor
from incidents.cameras import sources
from incidents.commands import command
from incidents.journal import record
from incidents.models import Device, Gateway, User
from incidents.refusals import BadInput
from incidents.roles import ADAPTER
from incidents.row import Json

DEVICE_CHANNELS = ("CH31", "CH32", "CH33")


@command
def register_gateway(
    *, by: Actor | None, centre_id: int, code: str, name: str, kind: str, address: str = ""
) -> Gateway:
    """Enter a gateway with a fresh secret and a machine user of its own. A known one gets the address and a new
    secret: that is how a secret is changed."""
    now = timezone.now()
    if kind not in Gateway.Kind.values:
        raise BadInput(kind=_("Unknown kind of gateway."))
    if kind == Gateway.Kind.VIDEO and (fault := sources.fault_of(address)):
        raise BadInput(address=_("This address of a video adapter cannot be used: %(fault)s.") % {"fault": fault})
    known = Gateway.objects.select_for_update().filter(centre_id=centre_id, code=code).first()
    if known is not None:
        known.change(by=by, now=now, name=name, address=address, secret=secrets.token_urlsafe(36), active=True)
        record("gateway.registered", centre_id=centre_id, code=code, kind_of_gateway=known.kind)
        return known
    user = User.objects.create(centre_id=centre_id, username=f"gateway-{centre_id}-{code}", name=name)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    user.groups.set([Group.objects.get_or_create(name=ADAPTER)[0]])
    made = Gateway.make(
        by=by,
        now=now,
        centre_id=centre_id,
        code=code,
        name=name,
        kind=kind,
        user=user,
        address=address,
        secret=secrets.token_urlsafe(36),
    )
    record("gateway.registered", centre_id=centre_id, code=code, kind_of_gateway=kind)
    return made


@command
def register_devices(*, by: Actor | None, gateway_id: int, devices: Iterable[dict[str, Any]]) -> Json:
    """Enter devices or write known ones anew, by their number; those that are missing from the list stay."""
    now = timezone.now()
    gateway = Gateway.objects.get(pk=gateway_id)
    known = {one.device_no: one for one in Device.objects.select_for_update().filter(gateway=gateway)}
    made = changed = 0
    for facts in devices:
        codebook.require("channel", facts["channel"], "channel")
        if facts["channel"] not in DEVICE_CHANNELS:
            raise BadInput(channel=_("A device reports by CH31, CH32 or CH33."))
        device = known.get(facts["device_no"])
        if device is None:
            known[facts["device_no"]] = Device.make(
                by=by, now=now, centre_id=gateway.centre_id, gateway=gateway, **facts
            )
            made += 1
        elif device.change(by=by, now=now, **facts):
            changed += 1
    if made or changed:
        record("devices.loaded", centre_id=gateway.centre_id, gateway=gateway.code, made=made, changed=changed)
    return {"made": made, "changed": changed}
