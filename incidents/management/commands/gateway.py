"""`manage.py gateway CODE`: register a machine at the border, or change its secret."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from incidents.models import Centre, Gateway
from incidents.refusals import Refusal
from incidents.services.gateways import register_gateway


class Command(BaseCommand):
    help = "Registers a gateway (exchange, text, web, device, body, case, watch_feed, video) and prints its secret once; again: a new secret."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="short name, e.g. pbx1")
        parser.add_argument("--kind", choices=Gateway.Kind.values, required=True)
        parser.add_argument("--name", default="", help="name on screens; the code by default")
        parser.add_argument(
            "--address",
            default="",
            help="URL for outgoing texts, transfers or reports; of video: where pictures come from",
        )
        parser.add_argument("--centre", default="350600", help="code of the centre")

    def handle(self, *args: Any, code: str, kind: str, name: str, address: str, centre: str, **options: Any) -> None:
        found = Centre.objects.filter(code=centre).first()
        if found is None:
            raise CommandError(f"there is no centre {centre}")
        try:
            made = register_gateway(
                by=None, centre_id=found.pk, code=code, name=name or code, kind=kind, address=address
            )
        except Refusal as error:
            said = [str(one) for found in (error.fields or {}).values() for one in found]
            raise CommandError("; ".join(said) or str(error.sentence)) from error
        self.stdout.write(f"gateway {centre}/{code}\nsecret  {made.secret}")
