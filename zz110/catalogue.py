"""The translation catalogues, made without GNU gettext: found in the sources, kept in .po files, compiled, checked.

Msgids are English. Python and templates belong to the domain `django`, browser scripts to `djangojs`.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any, cast

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.jslexer import unquote_string
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

LANGUAGE = "zh-hans"
DOMAINS = ("django", "djangojs")
PACKAGES = ("zz110", "dispatch", "patrol", "incidents")
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
TEMPLATES = (".html", ".txt", ".webmanifest")
COMMENT_TAGS = ("Translators:",)
HEADER = (
    'msgid ""\nmsgstr ""\n"Project-Id-Version: ZZ110\\n"\n"Language: {locale}\\n"\n"MIME-Version: 1.0\\n"\n'
    '"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
    '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
)
NAMED = re.compile(r"%\((\w+)\)[-+#0 ]*\d*(?:\.\d+)?[a-zA-Z]|(?<!\{)\{([A-Za-z_]\w*)\}(?!\})")
POSITIONAL = re.compile(r"(?<!%)(?:%%)*%(?:\.\d+)?[sdifr]")

JS_STRING = r"""(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\$]|\\.)*`)"""
JS_SUM = rf"{JS_STRING}(?:\s*\+\s*{JS_STRING})*"
JS_CALL = re.compile(rf"(?<![\w.$])(n?p?gettext)\(\s*({JS_SUM}(?:\s*,\s*{JS_SUM})*)")

Key = tuple[str, str]


@dataclass(frozen=True)
class Tree:
    """Where the sources and the catalogues of one project lie."""

    root: Path
    locale: Path
    packages: tuple[str, ...] = PACKAGES
    templates: str = "templates"
    scripts: str = "static/js"
    fragments: str = "parts"
    language: str = LANGUAGE

    def po(self, domain: str) -> Path:
        """Return the path of the language's catalogue of a domain: 'zh-hans' lies in the folder zh_Hans."""
        return self.locale / to_locale(self.language) / "LC_MESSAGES" / f"{domain}.po"

    def parts(self, domain: str) -> list[Path]:
        """List the fragments of a domain: *-js.po belong to `djangojs`, every other .po to `django`."""
        found = sorted((self.locale / self.fragments).glob("*.po"))
        return [path for path in found if path.stem.endswith("-js") == (domain == "djangojs")]


def find_messages(tree: Tree, domain: str) -> Catalog:
    """Collect every message of the domain's sources, each with the files that use it."""
    found = _empty(tree)
    for path, method in _sources(tree, domain):
        source = _calls(path) if path.suffix in TEMPLATES else path.read_bytes()
        for _line, message, comments, context in extract(
            method,
            BytesIO(source),
            keywords=KEYWORDS,
            comment_tags=COMMENT_TAGS,
            options={"encoding": "utf-8"},
        ):
            place = (path.relative_to(tree.root).as_posix(), 0)
            found.add(message, locations=[place], auto_comments=comments, context=context)
    return found


def load(path: Path, tree: Tree) -> Catalog:
    """Read a catalogue; a file that does not exist is an empty one."""
    if not path.exists():
        return _empty(tree)
    return read_po(BytesIO(path.read_bytes()), locale=to_locale(tree.language), charset="utf-8")


def save(path: Path, catalog: Catalog, tree: Tree) -> None:
    """Write a catalogue in a form that changes only where a message changed: sorted, unwrapped, no dates, no lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    body = BytesIO()
    write_po(body, catalog, width=0, omit_header=True, sort_output=True, include_lineno=False)
    path.write_bytes(HEADER.format(locale=to_locale(tree.language)).encode() + body.getvalue())


def renew(known: Catalog, found: Catalog, tree: Tree, *, prune: bool = False) -> Catalog:
    """Return the messages of `found` with the translations of `known`; what is no longer used stays as obsolete."""
    fresh = _empty(tree)
    kept = {**{_key(old): old for old in known.obsolete.values()}, **{_key(old): old for old in _messages(known)}}
    for message in _messages(found):
        old = kept.pop(_key(message), None)
        if old is not None and old.pluralizable == message.pluralizable:
            message.string, message.user_comments = old.string, old.user_comments
            message.flags |= old.flags & {"fuzzy"}
        fresh[message.id] = message
    if not prune:
        left = [message for message in kept.values() if is_translated(message)]
        fresh.obsolete = {_key(message): message for message in left}
    return fresh


def take(catalog: Catalog, fragment: Catalog) -> list[str]:
    """Put a fragment's translations into the catalogue; return a line for each that contradicts an earlier one."""
    contradictions = []
    for message in _messages(fragment):
        if not is_translated(message):
            continue
        old = catalog.get(message.id, context=message.context)
        if old is not None and is_translated(old) and old.string != message.string:
            contradictions.append(f"{_name(message)}: {old.string!r} replaced by {message.string!r}")
        if old is None:
            catalog.add(message.id, message.string, flags=message.flags, context=message.context)
        else:
            old.string = message.string
    return contradictions


def compile_catalogue(po: Path, tree: Tree) -> bool:
    """Write the .mo beside a .po unless it is newer already; answer whether it was written."""
    mo = po.with_suffix(".mo")
    if not po.exists() or (mo.exists() and mo.stat().st_mtime > po.stat().st_mtime):
        return False
    usable = _empty(tree)
    for message in _messages(load(po, tree)):
        if is_translated(message) and not message.fuzzy:
            usable[message.id] = message
    write_compiled(mo, usable)
    return True


def write_compiled(mo: Path, catalog: Catalog) -> None:
    """Write a compiled catalogue; a server that starts meanwhile reads the old file or the new one."""
    compiled = BytesIO()
    write_mo(compiled, catalog)
    draft = mo.with_suffix(f".{os.getpid()}")
    draft.write_bytes(compiled.getvalue())
    draft.replace(mo)


def faults(catalog: Catalog, found: Catalog) -> Iterator[str]:
    """Yield one line for each message that is missing, fuzzy, obsolete or whose placeholders do not agree."""
    known = {_key(message): message for message in _messages(catalog)}
    for message in _messages(found):
        translated = known.pop(_key(message), None)
        if translated is None or not is_translated(translated):
            yield f"missing: {_name(message)} ({', '.join(sorted({place for place, _line in message.locations}))})"
    for message in (*known.values(), *catalog.obsolete.values()):
        yield f"obsolete: {_name(message)}"
    for message in _messages(catalog):
        if message.fuzzy:
            yield f"fuzzy: {_name(message)}"
        if is_translated(message):
            yield from _placeholder_faults(message)


def is_translated(message: Message) -> bool:
    """Tell whether every form of the message has a translation."""
    forms = _forms(message)
    return bool(forms) and all(forms)


def _placeholder_faults(message: Message) -> Iterator[str]:
    """Compare the placeholders of each translated form with those of the msgid (of its plural, where it has one)."""
    original = message.id[1] if message.pluralizable else cast(str, message.id)
    if len(POSITIONAL.findall(original)) > 1:
        yield f"placeholders without names: {_name(message)}"
    for form in _forms(message):
        if _names_in(form) != _names_in(original):
            yield f"placeholders differ: {_name(message)}: {sorted(_names_in(form) ^ _names_in(original))}"
        elif len(POSITIONAL.findall(form)) != len(POSITIONAL.findall(original)):
            yield f"placeholders differ: {_name(message)}: %s and %d"


def _names_in(text: str) -> set[str]:
    return {percent or brace for percent, brace in NAMED.findall(text)}


def _forms(message: Message) -> tuple[str, ...]:
    """Return the message's translations: Chinese has one form, also for a message with a plural."""
    if isinstance(message.string, (list, tuple)):
        return tuple(message.string[:1])
    return (message.string or "",)


def _sources(tree: Tree, domain: str) -> Iterator[tuple[Path, str | Callable[..., Any]]]:
    """Yield each source of a domain with Babel's method to read it."""
    if domain == "djangojs":
        yield from ((path, read_script) for path in sorted((tree.root / tree.scripts).rglob("*.js")))
        return
    for package in tree.packages:
        for path in sorted((tree.root / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, "python"
    for path in sorted((tree.root / tree.templates).rglob("*.*")):
        if path.suffix in TEMPLATES:
            yield path, "python"


def _calls(template: Path) -> bytes:
    """Return the gettext calls that Django makes of a template.

    Their indentation is dropped, because Babel's Python reader takes it for blocks.
    """
    calls = templatize(template.read_text(encoding="utf-8"), origin=str(template))
    return "\n".join(line.strip() for line in calls.split("\n")).encode()


def read_script(
    script: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, str, str | tuple[str, ...], list[str]]]:
    """Find the gettext calls of a script, in Babel's form for a method.

    Babel's own reader of JavaScript misses calls inside template strings and loses its way in nested ones.
    """
    text = script.read().decode()
    for call in JS_CALL.finditer(text):
        line = text[text.rfind("\n", 0, call.start()) + 1 : call.start()].lstrip()
        if line.startswith(("//", "/*", "*")):
            continue
        sums = re.findall(JS_SUM, call.group(2))
        strings = tuple("".join(unquote_string(part) for part in re.findall(JS_STRING, one)) for one in sums)
        yield text.count("\n", 0, call.start()) + 1, call.group(1), strings, []


def _messages(catalog: Catalog) -> list[Message]:
    """List the catalogue's messages without its header."""
    return [message for message in catalog if message.id]


def _key(message: Message) -> Key:
    return (_singular(message), message.context or "")


def _singular(message: Message) -> str:
    return message.id[0] if message.pluralizable else cast(str, message.id)


def _name(message: Message) -> str:
    context = f" [{message.context}]" if message.context else ""
    return f"{_singular(message)!r}{context}"


def _empty(tree: Tree) -> Catalog:
    return Catalog(locale=to_locale(tree.language), project="ZZ110", version="1")
