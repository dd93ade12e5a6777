"""The translation catalogues: found in three kinds of source, kept, merged, compiled and checked on a small project."""

import gettext
import os
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.translation import override
from django.views.i18n import JavaScriptCatalog

from zz110 import catalogue
from zz110.catalogue import Tree

PYTHON = """from django.utils.translation import gettext_lazy as _, ngettext, pgettext
TITLE = _("Dispatch")
def told(count):
    return ngettext("%(count)d unit", "%(count)d units", count), pgettext("of a call", "Lost")
"""
TEMPLATE = """{% load i18n %}<main>
    <h1>{% translate "Sign in" %}</h1>
      {% blocktranslate trimmed with name=city %}
        Welcome to
        {{ name }}, 80% of the time
      {% endblocktranslate %}
  </main>"""
SCRIPT = """import {a} from "./a.js";
const text = interpolate(gettext("%(unit)s is busy"), {unit: a}, true);
const more = /["'`]/.test(text) ? ngettext("one", "many", 2) : `don't <b>${`${gettext("Inside")}`}</b>`;
// gettext("A remark") is not a call, nor is it here:
const long = gettext("A sentence that goes on " +
    'and says "on"'), other = pgettext("state", "lost"), unknown = gettext(other), mine = obj.gettext("no");
"""
EVERY_PYTHON_ID = {"Dispatch", "%(count)d unit", "Lost", "Sign in", "Welcome to %(name)s, 80%% of the time"}


@pytest.fixture
def project(tmp_path: Path) -> Tree:
    for path, text in {
        "incidents/words.py": PYTHON,
        "incidents/migrations/0001.py": PYTHON.replace("Dispatch", "Not this one"),
        "templates/page.html": TEMPLATE,
        "static/js/page.js": SCRIPT,
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return Tree(root=tmp_path, locale=tmp_path / "locale")


def run(project: Tree, step: str, **options: bool) -> str:
    out = StringIO()
    call_command("catalogue", step, root=project.root, stdout=out, **options)
    return out.getvalue()


def fragment(project: Tree, name: str, text: str) -> Path:
    path = project.locale / "parts" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def translate_all(project: Tree) -> None:
    run(project, "extract")
    fragment(
        project,
        "shell.po",
        'msgid "Dispatch"\nmsgstr "派警"\n\nmsgid "Sign in"\nmsgstr "登录"\n\n'
        'msgid "%(count)d unit"\nmsgid_plural "%(count)d units"\nmsgstr[0] "%(count)d 个单位"\n\n'
        'msgctxt "of a call"\nmsgid "Lost"\nmsgstr "中断"\n\n'
        'msgid "Welcome to %(name)s, 80%% of the time"\nmsgstr "欢迎来到%(name)s，80%%"\n',
    )
    fragment(
        project,
        "shell-js.po",
        'msgid "%(unit)s is busy"\nmsgstr "%(unit)s 正忙"\n\nmsgid "Inside"\nmsgstr "内"\n\n'
        'msgid "one"\nmsgid_plural "many"\nmsgstr[0] "多"\n\n'
        'msgctxt "state"\nmsgid "lost"\nmsgstr "中断"\n\n'
        'msgid "A sentence that goes on and says \\"on\\""\nmsgstr "一句话"\n',
    )
    run(project, "merge")


def edit(project: Tree, domain: str, old: str, new: str) -> None:
    po = project.po(domain)
    text = po.read_text(encoding="utf-8")
    assert old in text
    po.write_text(text.replace(old, new), encoding="utf-8")


def check_fails(project: Tree) -> str:
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("catalogue", "check", root=project.root, stdout=out)
    return out.getvalue()


def ids(project: Tree, domain: str) -> set[str]:
    found = catalogue.find_messages(project, domain)
    return {message.id if isinstance(message.id, str) else message.id[0] for message in found if message.id}


def test_messages_of_python_and_templates_are_found_and_migrations_are_left_out(project: Tree) -> None:
    assert ids(project, "django") == EVERY_PYTHON_ID


def test_messages_of_scripts_are_found_and_placeholders_stay_as_they_are(project: Tree) -> None:
    assert ids(project, "djangojs") == {
        "%(unit)s is busy",
        "one",
        "Inside",
        'A sentence that goes on and says "on"',
        "lost",
    }


def test_an_extracted_catalogue_names_files_but_neither_lines_nor_dates(project: Tree) -> None:
    run(project, "extract")
    text = project.po("django").read_text(encoding="utf-8")
    assert project.po("django").parts[-3:] == ("zh_Hans", "LC_MESSAGES", "django.po")
    assert "#: incidents/words.py\n" in text
    assert not re.search(r"py:\d|Creation-Date|Revision-Date", text)


def test_extracting_twice_changes_nothing_and_keeps_translations(project: Tree) -> None:
    translate_all(project)
    run(project, "extract")
    before = project.po("django").read_bytes()
    run(project, "extract")
    assert project.po("django").read_bytes() == before
    assert "派警" in before.decode()


def test_merging_takes_the_fragments_and_deletes_them(project: Tree) -> None:
    translate_all(project)
    assert list((project.locale / "parts").glob("*.po")) == []
    run(project, "check")


def test_a_fragment_that_contradicts_the_catalogue_wins_and_is_told(project: Tree) -> None:
    translate_all(project)
    fragment(project, "other.po", 'msgid "Dispatch"\nmsgstr "调派"\n')
    assert "'派警' replaced by '调派'" in run(project, "merge")
    assert "调派" in project.po("django").read_text(encoding="utf-8")


def test_a_compiled_catalogue_speaks_chinese(project: Tree) -> None:
    translate_all(project)
    run(project, "compile")
    with project.po("django").with_suffix(".mo").open("rb") as compiled:
        words = gettext.GNUTranslations(compiled)
    assert words.gettext("Dispatch") == "派警"
    assert words.ngettext("%(count)d unit", "%(count)d units", 5) == "%(count)d 个单位"
    assert words.pgettext("of a call", "Lost") == "中断"


def test_a_catalogue_is_compiled_only_when_it_is_newer(project: Tree) -> None:
    translate_all(project)
    assert "django: compiled" in run(project, "compile")
    assert "compiled" not in run(project, "compile")
    later = project.po("django").with_suffix(".mo").stat().st_mtime + 5
    os.utime(project.po("django"), (later, later))
    assert run(project, "compile") == "django: compiled\n"


def test_a_message_without_translation_fails_the_check_with_its_file(project: Tree) -> None:
    translate_all(project)
    edit(project, "djangojs", 'msgstr "内"', 'msgstr ""')
    assert check_fails(project) == "djangojs: missing: 'Inside' (static/js/page.js)\n"


def test_a_new_sentence_fails_the_check_before_it_is_extracted(project: Tree) -> None:
    translate_all(project)
    (project.root / "static/js/new.js").write_text('gettext("Brand new");', encoding="utf-8")
    assert "missing: 'Brand new'" in check_fails(project)


def test_a_fuzzy_message_fails_the_check_and_is_not_compiled(project: Tree) -> None:
    translate_all(project)
    edit(project, "django", 'msgid "Dispatch"', '#, fuzzy\nmsgid "Dispatch"')
    assert "fuzzy: 'Dispatch'" in check_fails(project)
    run(project, "compile")
    with project.po("django").with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Dispatch") == "Dispatch"


def test_a_sentence_that_nobody_uses_fails_the_check_until_it_is_pruned(project: Tree) -> None:
    translate_all(project)
    script = project.root / "static/js/page.js"
    script.write_text(SCRIPT.replace('gettext("%(unit)s is busy")', "text"), encoding="utf-8")
    assert "obsolete: '%(unit)s is busy'" in check_fails(project)
    run(project, "extract")
    assert "obsolete: '%(unit)s is busy'" in check_fails(project)
    run(project, "extract", prune=True)
    assert run(project, "check") == ""


def test_a_sentence_that_comes_back_finds_its_translation_again(project: Tree) -> None:
    translate_all(project)
    script = project.root / "static/js/page.js"
    script.write_text("", encoding="utf-8")
    run(project, "extract")
    script.write_text(SCRIPT, encoding="utf-8")
    run(project, "extract")
    assert run(project, "check") == ""


@pytest.mark.parametrize(
    "wrong", ["单位 正忙", "%(unti)s 正忙", "%(unit)s %(when)s 正忙"], ids=["lost", "misspelt", "invented"]
)
def test_a_translation_with_other_placeholders_fails_the_check(project: Tree, wrong: str) -> None:
    translate_all(project)
    edit(project, "djangojs", "%(unit)s 正忙", wrong)
    assert "placeholders differ: '%(unit)s is busy'" in check_fails(project)


def test_two_placeholders_without_names_fail_the_check(project: Tree) -> None:
    translate_all(project)
    (project.root / "static/js/new.js").write_text('gettext("%s is near %s");', encoding="utf-8")
    fragment(project, "new-js.po", 'msgid "%s is near %s"\nmsgstr "%s 靠近 %s"\n')
    run(project, "merge")
    assert "placeholders without names: '%s is near %s'" in check_fails(project)


def test_a_percent_sign_in_a_sentence_is_no_placeholder(project: Tree) -> None:
    translate_all(project)
    (project.root / "static/js/new.js").write_text('gettext("5 min 80 % of, 10 min 100 % done");', encoding="utf-8")
    fragment(project, "new-js.po", 'msgid "5 min 80 % of, 10 min 100 % done"\nmsgstr "5 分钟 80 %，10 分钟 100 %"\n')
    run(project, "merge")
    assert run(project, "check") == ""


def test_the_browser_gets_an_empty_catalogue_in_english(rf: RequestFactory) -> None:
    with override("en"):
        answer = JavaScriptCatalog.as_view()(rf.get("/jsi18n/"))
    assert isinstance(answer, HttpResponse)
    script = answer.content.decode()
    assert "newcatalog" not in script
    assert "django.gettext = function" in script


def test_a_small_page_loads_the_words_of_its_own_scripts_and_no_others(project: Tree) -> None:
    scripts = project.root / project.scripts
    (scripts / "phone.js").write_text(
        'import { say } from "./parts/deep.js";\nsay(gettext("On the phone"));\nconst later = () => import("./late.js");',
        encoding="utf-8",
    )
    (scripts / "late.js").write_text('gettext("When it is opened");', encoding="utf-8")
    (scripts / "parts").mkdir()
    (scripts / "parts" / "deep.js").write_text('export const say = () => gettext("Deeper");', encoding="utf-8")
    (scripts / "console.js").write_text('gettext("On the console");', encoding="utf-8")
    words = {"On the phone": "在手机上", "Deeper": "更深", "When it is opened": "打开时", "On the console": "在席位上"}
    fragment(project, "new-js.po", "\n".join(f'msgid "{one}"\nmsgstr "{zh}"\n' for one, zh in words.items()))
    run(project, "merge")
    run(project, "extract")
    assert "djangojs-phone: compiled" in run(project, "compile")
    compiled = (project.po("djangojs").parent / "djangojs-phone.mo").read_bytes().decode("utf-8", errors="replace")
    assert "在手机上" in compiled
    assert "更深" in compiled
    assert "打开时" in compiled
    assert "在席位上" not in compiled
    assert run(project, "compile") == ""
