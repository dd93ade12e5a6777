"""`manage.py up`: run ZZ110 in the foreground. What it does: zz110/supervisor.py."""

import os
import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Starts PostgreSQL, Valkey, web, workers, beat and the demo city, and keeps them running until Ctrl-C."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> NoReturn:
        # This process becomes the supervisor, which must not depend on the application it watches.
        os.execv(sys.executable, [sys.executable, "-m", "zz110.supervisor"])
