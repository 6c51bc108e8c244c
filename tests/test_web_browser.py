"""The site in a browser: reading, filtering, explaining, by keyboard too; accessibility; pictures of every page.

Pictures go to the folder named by DIURNA_SCREENSHOTS, or are thrown away.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import serving

from diurna.web.guard import Guard

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium")

PAGES = {
    "day": "/?day=2008-07-14",
    "events": "/events?party=KOR",
    "dyads": "/dyads",
    "dyad": "/dyad?one=KOR&other=PRK",
    "actors": "/actors",
    "actor": "/actor?name=KOR",
    "threads": "/threads",
    "quotes": "/quotes",
    "map": "/map",
    "search": "/search?q=border",
    "about": "/about",
    "error": "/events?root=NOPE",
}
LOOKS = {"light": ("light", 1280), "dark": ("dark", 1280), "phone": ("light", 390)}


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    with playwright.sync_playwright() as running:
        # Root has no sandbox of its own in a container.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        found = running.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield found
        found.close()


@pytest.fixture
def page(browser: playwright.Browser, site: str) -> Iterator[playwright.Page]:
    """A page that must be content with the site alone: a request elsewhere or a word on the console is a failure."""
    context = browser.new_context(base_url=site)
    found = context.new_page()
    complaints: list[str] = []
    found.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    found.on("request", lambda request: None if request.url.startswith(site) else complaints.append(request.url))
    yield found
    context.close()
    # The server says 400 and 404 where a test asks for it; the browser repeats that on its console.
    assert not [words for words in complaints if "status of 4" not in words]


def pictures() -> Path | None:
    named = os.environ.get("DIURNA_SCREENSHOTS")
    return Path(named) if named else None


def test_from_the_day_to_the_words_of_the_report(page: playwright.Page) -> None:
    page.goto("/?day=2008-07-14")
    page.get_by_role("table", name="Dyads of the day").get_by_role("link", name="South Korea – North Korea").or_(
        page.get_by_role("link", name="North Korea – South Korea")
    ).first.click()
    assert "North Korea" in page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("table", name="Events between them").get_by_role("link").first.click()
    playwright.expect(page.get_by_role("table", name="Steps that led to this event")).to_be_visible()
    playwright.expect(page.locator(".sentence .m-trigger").first).to_be_visible()
    page.locator(".sub a").first.click()
    assert page.url.split("#")[1].startswith("evt-")
    playwright.expect(page.locator(".card:target")).to_have_count(1)


def test_filtering_a_list_and_clearing_it(page: playwright.Page) -> None:
    page.goto("/events")
    everything = page.get_by_role("heading", level=1).inner_text()
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Either side").fill("North Korea")
    page.get_by_label("Event", exact=True).select_option("REJECT")
    page.get_by_role("button", name="Show").click()
    roots = page.locator("table.events .root").all_inner_texts()
    assert roots
    assert {root.upper() for root in roots} == {"REJECT"}
    assert page.get_by_label("Either side").input_value() == "North Korea"
    page.get_by_role("link", name="Clear the filter").click()
    assert page.get_by_role("heading", level=1).inner_text() == everything


def test_an_article_explains_each_event_in_place(page: playwright.Page) -> None:
    page.goto("/events?party=KOR")
    page.locator("td.told a").first.click()
    card = page.locator(".card").first
    card.get_by_text("Explain").click()
    playwright.expect(card.get_by_role("table")).to_be_visible()
    card.get_by_role("link", name="in the text").click()
    playwright.expect(page.locator(".spot:target")).to_have_count(1)
    page.locator(".text .m-trigger a").first.click()
    playwright.expect(page.locator(".card:target")).to_have_count(1)


def test_a_mistake_in_a_form_is_a_page_with_a_way_back(page: playwright.Page) -> None:
    page.goto("/dyads")
    page.get_by_label("One party").fill("KOR")
    page.get_by_label("The other").fill("RUS:NOPE")
    page.get_by_role("button", name="Show the dyad").click()
    assert "no sector" in page.get_by_role("alert").inner_text()
    page.get_by_role("link", name="Back to the latest day").click()
    playwright.expect(page.get_by_role("heading", name="By dyad")).to_be_visible()


def test_everything_can_be_read_without_scripts(browser: playwright.Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    for path in PAGES.values():
        page.goto(path)
        assert page.locator("h1").inner_text()
        playwright.expect(page.locator("script")).to_have_count(0)
    page.goto("/events?party=KOR")
    page.locator("th.what a").first.click()
    page.locator("summary", has_text="Why it stands here").click()
    playwright.expect(page.locator("table.reasons")).to_be_hidden()
    context.close()


def test_the_keyboard_reaches_content_and_links(page: playwright.Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    reached = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.outerHTML"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", "the focus cannot be seen"
    assert len(reached) == 12


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", [*PAGES, "event", "article"])
def test_pages_are_accessible_and_fit(browser: playwright.Browser, site: str, name: str, look: str) -> None:
    scheme, width = LOOKS[look]
    context = browser.new_context(base_url=site, color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(PAGES.get(name, "/events?party=KOR"))
    if name in ("event", "article"):
        with page.expect_navigation():  # a click returns before the next page is there
            page.locator("th.what a" if name == "event" else "td.told a").first.click()
    if pictures():
        page.screenshot(path=pictures() / f"{name}-{look}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window"
    grave = complaints_of(page)
    assert not grave
    context.close()


def complaints_of(page: playwright.Page) -> list[tuple[str, list[str]]]:
    """What axe finds serious; debugging reaches past the policy of the site, which would forbid its script too."""
    grave = [item for item in axe.Axe().run(page).response["violations"] if item["impact"] in ("serious", "critical")]
    return [(item["id"], [node["html"][:200] for node in item["nodes"][:3]]) for item in grave]


class Pictures:
    """Looks at a page on the way: a picture where they are kept, what axe finds serious, and whether it fits the window."""

    def __init__(self, page: playwright.Page, name: str) -> None:
        self._page, self._name = page, name
        self.grave: list[object] = []

    def take(self, stage: str) -> None:
        if pictures():
            self._page.screenshot(path=pictures() / f"{self._name}-{stage}.png", full_page=True)
        self.grave += [(stage, *found) for found in complaints_of(self._page)]
        if not self._page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            self.grave.append((stage, "wider than the window"))


@pytest.mark.parametrize("look", LOOKS)
def test_judging_by_clicks(browser: playwright.Browser, sample_ledger: Path, tmp_path: Path, look: str) -> None:
    ledger = Path(shutil.copyfile(sample_ledger, tmp_path / "judged.duckdb"))
    scheme, width = LOOKS[look]
    with serving(ledger, guard=Guard("a token for the browser")) as address:
        context = browser.new_context(base_url=address, color_scheme=scheme, viewport={"width": width, "height": 900})
        page = context.new_page()
        seen = Pictures(page, f"review-{look}")
        page.goto("/events?party=KOR&until=2008")
        page.locator("th.what a").first.click()
        page.get_by_role("link", name="Give the token to judge this event").click()
        seen.take("login")
        page.get_by_label("Your name").fill("Anna")
        page.get_by_label("Token").fill("not the token at all")
        page.get_by_role("button", name="Log in").click()
        assert "not the token" in page.get_by_role("alert").inner_text()
        page.get_by_label("Token").fill("a token for the browser")
        page.get_by_role("button", name="Log in").click()
        seen.take("form")
        form = page.get_by_role("form", name="Put fields right")
        form.get_by_label("Event", exact=True).select_option("THREATEN")
        form.get_by_label("Actors").fill("Lee Myung-bak (KOR:NOPE)")
        form.get_by_label("Date").fill("2008-07")
        form.get_by_role("button", name="Store").click()
        assert "no sector" in page.get_by_role("alert").inner_text()
        seen.take("mistake")
        form.get_by_label("Actors").fill("Lee Myung-bak (KOR:GOV)")
        form.get_by_label("Status").select_option("future")
        form.get_by_role("button", name="Store").click()
        assert "is stored" in page.get_by_role("status").first.inner_text()
        assert page.locator("h1 .root").inner_text().upper() == "THREATEN"
        seen.take("fixed")
        with page.expect_navigation():  # the cards are counted on the next page
            page.locator(".sub a").first.click()
        cards = page.locator(".card").count()
        page.locator(".card").last.get_by_role("button", name="Reject").click()
        playwright.expect(page.locator(".card")).to_have_count(cards - 1)
        playwright.expect(page.get_by_role("heading", name="Set aside by judgement")).to_be_visible()
        seen.take("report")
        page.locator(".aside a").first.click()
        seen.take("rejected")
        page.get_by_role("button", name="Withdraw").click()
        playwright.expect(page.get_by_role("button", name="Accept as it stands")).to_be_visible()
        page.goto("/review")
        assert "You judge as Anna" in page.get_by_role("heading", level=1).inner_text()
        seen.take("review")
        page.get_by_role("button", name="Log out").click()
        playwright.expect(page.get_by_role("button", name="Log in")).to_be_visible()
        context.close()
        assert not seen.grave
