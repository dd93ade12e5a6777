"""docs/rules.md says what proves each rule and mechanism; this holds it against the tests that there are."""

from __future__ import annotations

import ast
import re

from zz110.home import CHECKOUT

PAGE = (CHECKOUT / "docs" / "rules.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`([a-z_/0-9]+\.py)::(test_[a-z0-9_]+)`")


def test_every_rule_and_every_mechanism_has_its_line() -> None:
    assert re.findall(r"^\| R(\d+) \|", PAGE, re.MULTILINE) == [str(number) for number in range(1, 28)]
    told: list[int] = []
    for line in re.findall(r"^\| (M\d.*?) \|", PAGE, re.MULTILINE):
        for first, last in re.findall(r"M(\d+)(?:–M(\d+))?", line):
            told += range(int(first), int(last or first) + 1)
    assert sorted(told) == list(range(1, 65))


def test_every_test_that_is_named_is_there() -> None:
    named = NAMED.findall(PAGE)
    assert len(named) > 40
    for file, function in named:
        tree = ast.parse((CHECKOUT / "tests" / file).read_text(encoding="utf-8"))
        assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, (file, function)


def test_a_rule_without_a_test_says_what_is_missing() -> None:
    for line in re.findall(r"^\| R\d+ \|.*$", PAGE, re.MULTILINE):
        _empty, _rule, _asks, proof, missing, _end = line.split("|")
        assert NAMED.search(proof) or missing.strip() not in ("", "—"), line
