"""Every page of the product in every theme and both languages: no violation that axe finds, nothing cut off when texts
grow by two fifths, targets that a hand hits, and a focus that eyes find. A new route is included by itself."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, TimeoutError, expect

from incidents.demo_city.people import people
from incidents.roles import OFFICER
from tests.contract import routes
from tests.e2e.acts import FULL_HD, PHONE, PageAs
from tests.e2e.test_followup import told_call
from tests.stack.session import Session
from tests.stack.stack import Stack, manage

pytestmark = pytest.mark.browser
AXE = Path("node_modules/axe-core/axe.min.js")
THEMES = ("night", "day", "okabe")
LANGUAGES = ("zh-hans", "en")
PANELS = ("intake", "queue", "units", "map", "incident", "messages")
DESK_TARGET, PHONE_TARGET = 32, 44  # CSS pixels (targets 4.5; phones more)
SETTLE_MS = 2500
LIVE_WITHIN_MS = 40_000
AXE_RUN = """(how) => axe.run(document, how)
  .then((found) => found.violations.map((one) => [one.id, one.nodes.length, one.nodes[0].html.slice(0, 160)]))"""
AT_REST = """() => document.getAnimations().every(
  (one) => one.playState !== "running" || one.effect.getComputedTiming().endTime === Infinity)"""
LONGER = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) {
    const words = text.nodeValue.trim();
    if (words.length > 1 && !text.parentElement.closest("script, style, svg, kbd, .digits, .timer, .code"))
      text.nodeValue += words.slice(0, Math.ceil(words.length * 0.4));
  }
  const cut = [...document.querySelectorAll("button, h1, h2, h3, label, th, .label, [role=tab]")].filter((node) => {
    const style = getComputedStyle(node);
    return node.offsetParent && style.overflow !== "visible" && style.textOverflow !== "ellipsis"
      && node.scrollWidth > node.clientWidth + 1 && style.clipPath === "none" && !node.closest(".unseen");
  });
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  return [...cut.map((node) => node.outerHTML.slice(0, 120)), ...(wide > 1 ? [`page ${wide} px too wide`] : [])];
}"""
SMALL = """(least) => [...document.querySelectorAll("button, select, summary, [role=tab], input:not([type=radio], [type=checkbox], [type=hidden])")]
  .filter((node) => node.offsetParent && !node.closest(".unseen, .leaflet-control-attribution"))
  .map((node) => [node, node.getBoundingClientRect()])
  .filter(([node, box]) => box.width > 1 && (box.height < least - 0.5 || box.width < 24))
  .map(([node, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${node.outerHTML.slice(0, 120)}`)"""
FOCUS = """() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const shown = [node, node.parentElement, node.nextElementSibling].filter(Boolean).map((one) => getComputedStyle(one));
  shown.push(getComputedStyle(node, "::after"));
  const seen = shown.some((one) => (one.outlineStyle !== "none" && parseFloat(one.outlineWidth) >= 1) || one.boxShadow !== "none");
  return seen ? null : node.outerHTML.slice(0, 120);
}"""


def who_may(roles: set[str]) -> str:
    """Return a demo person who may open a page of these roles."""
    return next(person.username for person in people() if roles & set(person.roles))


def pages(stack: Stack) -> list[tuple[str, str]]:
    """List every page as (path, username); a route whose page this does not know how to reach fails here."""
    incident = told_call(stack)["call"]["incident"]
    manage(stack.environment, "gateway", "page", "--kind", "web")
    report = stack.anonymous().post("/api/public/reports/", {"narrative": "有人翻窗", "contact_phone": "19000000109"})
    stack.take_what_waits()  # the page of a reporter stays, and no call is left over for another test
    commander = stack.sign_in("zhihui", seat="Z01")
    sheet = commander.post("/api/hand-overs/", {"remark": "夜班"})["hand_over"]["id"]
    kit = commander.post("/api/number-blocks/", {"purpose": "paper"})["number_block"]["id"]
    why = {"incident": incident, "purpose": "复盘"}
    review = commander.post("/api/reviews/", why)["review"]["id"]
    filled = {
        "catchup/kit/<id:block_id>/": f"catchup/kit/{kit}/",
        "where/<str:token>/": f"where/{'0' * 43}/",
        "shift/hand-over/<id:hand_over_id>/": f"shift/hand-over/{sheet}/",
        "report/<str:token>/": f"report/{report['token']}/",
        "incidents/<id:incident_id>/file/": f"incidents/{incident}/file/",
        "review/<id:review_id>/print/": f"review/{review}/print/",
    }
    found = [(path, who_may(roles)) for path, roles in routes.PAGES.items()]
    found += [(path, "") for path in sorted(routes.OPEN)]
    found += [(path, "zhihui") for path in sorted(routes.PAGES_APART)]
    found += [(f"console/?panel={panel}", "zhihui") for panel in PANELS]
    known = [(filled.get(path, path), username) for path, username in found]
    assert not [path for path, _ in known if "<" in path], "a page with an id that nobody fills in"
    clients = {"": stack.anonymous(), "zhihui": commander}
    return [(path, name) for path, name in known if name not in clients or is_page(clients[name], path)]


def is_page(session: Session, path: str) -> bool:
    """Tell a page from a file to keep, a script, figures for machines and a way elsewhere."""
    answer = session.client.get(f"/{path}", follow_redirects=False)
    kind = answer.headers.get("Content-Type", "")
    return answer.status_code == 200 and kind.startswith("text/html") and "Content-Disposition" not in answer.headers


def test_every_page_is_accessible_in_every_theme_and_language(desk_stack: Stack, page_as: PageAs) -> None:
    wrong: list[str] = []
    contexts: dict[tuple[str, bool], Page] = {}
    for path, username in pages(desk_stack):
        phone = path.startswith(("m/", "report/", "where/"))
        page = contexts.get((username, phone))
        if page is None:
            page = page_as(username, "/login/", PHONE if phone else FULL_HD, on=desk_stack)
            contexts[username, phone] = page
        wrong += look(page, f"/{path}", PHONE_TARGET if phone else DESK_TARGET)
    assert wrong == []


def look(page: Page, path: str, target: int) -> list[str]:
    """Return what is wrong with a page: in each language by axe and by size, in each theme by contrast."""
    wrong: list[str] = []
    # A panel in a window of its own says nothing that the console does not say.
    for language in LANGUAGES if "?panel=" not in path else LANGUAGES[:1]:
        page.context.add_cookies(
            [{"name": "django_language", "value": language, "url": str(httpx.URL(page.url).join("/"))}]
        )
        page.goto(path)
        with suppress(TimeoutError):  # a console never rests
            page.wait_for_load_state("networkidle", timeout=SETTLE_MS)
        if page.locator("body[data-live]").count():  # what is not live is grey on purpose, and says so in words
            expect(page.locator("body")).to_have_attribute("data-live", "live", timeout=LIVE_WITHIN_MS)
        if page.locator("body[data-figures]").count():
            expect(page.locator("body")).to_have_attribute("data-figures", "fresh", timeout=LIVE_WITHIN_MS)
        page.wait_for_function(AT_REST)  # also the grey, which fades
        page.evaluate(AXE.read_text(encoding="utf-8"))
        own = page.locator("html").get_attribute("data-theme") or "own"
        wrong += [f"{path} {language} {own}: {one}" for one in page.evaluate(AXE_RUN, {})]
        # A theme changes colours and nothing else, and a language no colour.
        for theme in set(THEMES) - {own} if own in THEMES and language == LANGUAGES[0] else ():
            page.evaluate("(name) => { document.documentElement.dataset.theme = name; }", theme)
            found: list[Any] = page.evaluate(AXE_RUN, {"runOnly": ["color-contrast"]})
            wrong += [f"{path} {language} {theme}: {one}" for one in found]
        wrong += [f"{path} {language} small: {one}" for one in page.evaluate(SMALL, target)]
        wrong += [f"{path} {language} focus: {one}" for one in lost_focus(page)]
        wrong += [f"{path} {language} +40 %: {one}" for one in page.evaluate(LONGER)]
    return wrong


def lost_focus(page: Page) -> list[str]:
    """Return the elements among the first that the Tab key reaches whose focus nobody sees."""
    page.evaluate("document.activeElement?.blur()")
    found = []
    for _ in range(12):
        page.keyboard.press("Tab")
        if lost := page.evaluate(FOCUS):
            found.append(lost)
    return found


def test_the_officer_is_among_those_whose_pages_are_looked_at() -> None:
    assert who_may({OFFICER}).endswith("a")
