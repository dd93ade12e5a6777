"""The translations of one small page alone: what a telephone loads over 4G must not carry the consoles' words."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog

from zz110.catalogue import Tree, is_translated, load, write_compiled

SURFACES: Final = ("phone", "report", "where", "grid")
"""The pages that have a catalogue of their own, each named like its entry script."""
IMPORT: Final = re.compile(
    r"""^\s*(?:import|export)\b[^;(]*?["'](\.{1,2}/[^"']+)["'];|\bimport\(["'](\.{1,2}/[^"']+)["']\)""", re.MULTILINE
)


def domain_of(surface: str) -> str:
    """Return the name of a page's catalogue."""
    return f"djangojs-{surface}"


def compile_surfaces(tree: Tree) -> Iterator[str]:
    """Write the catalogue of each page that is older than the translations or the page's scripts; yield its name."""
    po = tree.po("djangojs")
    for surface in SURFACES:
        start = tree.root / tree.scripts / f"{surface}.js"
        if not (po.exists() and start.exists()):
            continue
        scripts = modules(start)
        mo = po.with_name(f"{domain_of(surface)}.mo")
        newest = max(path.stat().st_mtime for path in (po, *scripts))
        if not mo.exists() or mo.stat().st_mtime <= newest:
            write_compiled(mo, chosen(load(po, tree), {path.relative_to(tree.root).as_posix() for path in scripts}))
            yield domain_of(surface)


def modules(entry: Path) -> list[Path]:
    """List a script and every module that it imports, whatever the way."""
    found, waiting = [entry.resolve()], [entry.resolve()]
    while waiting:
        here = waiting.pop()
        for name in IMPORT.finditer(here.read_text(encoding="utf-8")):
            path = (here.parent / (name[1] or name[2])).resolve()
            if path.exists() and path not in found:
                found.append(path)
                waiting.append(path)
    return found


def chosen(catalog: Catalog, scripts: set[str]) -> Catalog:
    """Return the translated messages that one of the scripts uses."""
    some = Catalog(locale=catalog.locale, project="ZZ110", version="1")
    for message in catalog:
        used = any(place in scripts for place, _line in message.locations)
        if message.id and used and is_translated(message) and not message.fuzzy:
            some[message.id] = message
    return some
