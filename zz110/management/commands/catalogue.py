"""`manage.py catalogue extract|merge|compile|check`: the translations, without GNU gettext on the machine."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from zz110 import catalogue, surfaces
from zz110.catalogue import DOMAINS, Tree


class Command(BaseCommand):
    help = "Finds, merges, compiles and checks the zh-Hans translations."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("step", choices=("extract", "merge", "compile", "check"))
        parser.add_argument("--prune", action="store_true", help="extract: drop what the sources no longer use")
        parser.add_argument("--root", type=Path, default=None, help="the project's folder")

    def handle(self, *args: Any, step: str, prune: bool, root: Path | None, **options: Any) -> None:
        root = root or Path(settings.BASE_DIR)
        tree = Tree(root=root, locale=root / "locale")
        if step == "extract":
            self.extract(tree, prune=prune)
        else:
            {"merge": self.merge, "compile": self.compile, "check": self.judge}[step](tree)

    def extract(self, tree: Tree, *, prune: bool) -> None:
        """Bring the catalogues up to date with the sources; translations are kept."""
        for domain in DOMAINS:
            known = catalogue.load(tree.po(domain), tree)
            fresh = catalogue.renew(known, catalogue.find_messages(tree, domain), tree, prune=prune)
            catalogue.save(tree.po(domain), fresh, tree)
            bare = sum(1 for message in fresh if message.id and not catalogue.is_translated(message))
            self.stdout.write(f"{domain}: {len(fresh)} messages, {bare} without a translation")

    def merge(self, tree: Tree) -> None:
        """Take the fragments into the catalogues and delete them; a contradiction is told, the fragment wins."""
        for domain in DOMAINS:
            catalog = catalogue.load(tree.po(domain), tree)
            parts = tree.parts(domain)
            for part in parts:
                for line in catalogue.take(catalog, catalogue.load(part, tree)):
                    self.stdout.write(f"{part.name}: {line}")
            if parts:
                catalogue.save(tree.po(domain), catalog, tree)
            for part in parts:
                part.unlink()
            self.stdout.write(f"{domain}: {len(parts)} fragments")

    def compile(self, tree: Tree) -> None:
        """Write the .mo files that Django reads, where a .po is newer."""
        for domain in DOMAINS:
            if catalogue.compile_catalogue(tree.po(domain), tree):
                self.stdout.write(f"{domain}: compiled")
        for domain in surfaces.compile_surfaces(tree):
            self.stdout.write(f"{domain}: compiled")

    def judge(self, tree: Tree) -> None:
        """Fail with one line for each message that is not in order."""
        lines = [
            f"{domain}: {fault}"
            for domain in DOMAINS
            for fault in catalogue.faults(catalogue.load(tree.po(domain), tree), catalogue.find_messages(tree, domain))
        ]
        for line in lines:
            self.stdout.write(line)
        if lines:
            raise CommandError(f"{len(lines)} translations are not in order")
