"""`manage.py prepare`: bring a database and the translations up to this checkout, in one process."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = (
        "Migrates the database and compiles the translations; with --demo it also builds the demo city. Safe to repeat."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="build the demo city where it is missing")

    def handle(self, *args: Any, demo: bool, **options: Any) -> None:
        call_command("catalogue", "compile", stdout=self.stdout)
        call_command("migrate", interactive=False, verbosity=1, stdout=self.stdout)
        if demo:
            call_command("seed", stdout=self.stdout)
