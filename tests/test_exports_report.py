"""The page to mail: whole in itself, without script, and safe whatever the reports say."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from test_ledger_filters import EXPEL, MEET, RESULT, VISIT
from test_ledger_questions import INVITE, OLD, SAID
from typer.testing import CliRunner

from diurna.cli import app
from diurna.errors import StopRun
from diurna.exports.report import Wanted, _country, _marked, report
from diurna.exports.screen import clean
from diurna.ledger import Ledger
from diurna.ledger.filters import EventFilter
from diurna.records import Participant, Result, When, Where

NOW = datetime(2026, 11, 27, 12)
PLAIN = Wanted(charts=False)
EVIL = "</title></style><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">'\"&{{7*7}}"


def ledger_with(path: Path, result: Result) -> Ledger:
    with Ledger(path) as ledger:
        ledger.add([result])
    return Ledger(path, read_only=True)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return ledger_with(tmp_path / "l.duckdb", replace(RESULT, events=(EXPEL, VISIT, MEET), quotes=(SAID,), threads=(INVITE, OLD)))


def words_of(page: str, path: str) -> list[str]:
    return [" ".join(item.text_content().split()) for item in html.document_fromstring(page).xpath(path)]


def test_the_page_tells_all_of_it(ledger: Ledger) -> None:
    page = report(ledger, EventFilter(), PLAIN, NOW)
    assert words_of(page, "//h1") == ["Political events"]
    assert words_of(page, "//ul[@class='counts']/li")[0] == "3 events"
    assert words_of(page, "//section/h3") == ["open (1)", "lapsed (1)"]
    assert words_of(page, "//table[@class='events']//mark")[0] == "expelled"
    assert "Norway – Peru" in words_of(page, "//tbody/tr/th")
    assert any("=We leave" in words for words in words_of(page, "//blockquote"))
    assert "Written by Diurna on 2026-11-27 12:00" in page


def test_the_filter_chooses_events_threads_and_title(ledger: Ledger) -> None:
    page = report(ledger, EventFilter(dyad=("NOR", "PER"), since="2020", quad=(4,)), PLAIN, NOW)
    assert words_of(page, "//h1") == ["Political events: Norway, Peru"]
    assert words_of(page, "//header/p")[0] == "dyad: NOR, PER · quad: 4 · since: 2020-01-01"
    assert [words.split()[0] for words in words_of(page, "//ul[@class='counts']/li")] == ["1", "0", "0", "0", "1"]
    assert words_of(page, "//section/h3") == ["lapsed (1)"]
    both = report(ledger, EventFilter(party=("NOR", "ECU")), PLAIN, NOW)
    assert words_of(both, "//section/h3") == ["open (1)", "lapsed (1)"]
    none = report(ledger, EventFilter(actor=("FJI",)), Wanted(title="Fiji, weekly", charts=False), NOW)
    assert words_of(none, "//h1") == ["Fiji, weekly"]
    assert "No event fits." in none


def test_undertakings_are_those_of_the_events(ledger: Ledger) -> None:
    """Invited in 2019, pledged in 2020; a filter that leaves the event out leaves its undertaking out."""
    lanes = {
        EventFilter(until="2019"): ["open (1)"],
        EventFilter(root=("SANCTION",)): ["lapsed (1)"],
        EventFilter(place=("Atlantis",)): [],
        EventFilter(until="1990"): [],
        EventFilter(actor=("navy of ecuador",)): ["open (1)"],
    }
    for chosen, states in lanes.items():
        assert words_of(report(ledger, chosen, PLAIN, NOW), "//section/h3") == states


def test_events_without_a_known_period_are_counted(ledger: Ledger) -> None:
    page = report(ledger, EventFilter(), Wanted(by="month", charts=False), NOW)
    assert "2 events are not drawn: reports say no month for them" in page
    assert words_of(report(ledger, EventFilter(until="2019"), PLAIN, NOW), "//tbody/tr/th")[0] == "2019-01-01"


def test_codes_that_are_no_countries_have_names() -> None:
    assert [_country(code) for code in ("IMG", "EUR GOV", "LKA REB", "Red Gull")] == [
        "International armed groups", "European Union GOV", "Sri Lanka REB", "Red Gull",
    ]  # fmt: skip


def test_an_empty_ledger_has_a_page(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.duckdb") as ledger:
        assert "No event fits." in report(ledger, EventFilter(), Wanted(), NOW)


def hostile(path: Path, evil: str) -> Ledger:
    party = Participant(evil, name=evil, country="NOR")
    event = replace(EXPEL, actors=(party,), recipients=(party,), said_by=(evil,), source=evil, where=Where(evil), when=When())
    article = replace(RESULT.article, title=evil, publisher=evil, url=f"javascript:{evil}", source_file=f"/home/anna/{evil}")
    thread = replace(INVITE, parties=(evil,), kind="visit")
    quote = replace(SAID, text=evil, speaker=evil, addressee=evil)
    return ledger_with(path, Result(article, (event,), (quote,), (thread,), RESULT.versions))


def check_harmless(page: str) -> None:
    tree = html.document_fromstring(page)
    assert not tree.xpath("//script | //iframe | //object | //embed | //link | //img | //base | //form | //foreignObject")
    for element in tree.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert name not in ("src", "srcset", "action", "xlink:href") or value.startswith("#")
            if name == "href":
                assert value.startswith(("http://", "https://", "#"))
    assert "url(" not in "".join(tree.xpath("//style/text()"))


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    page = report(hostile(tmp_path / "l.duckdb", EVIL), EventFilter(), Wanted(title=EVIL, charts=False), NOW)
    check_harmless(page)
    assert "{{7*7}}" in page
    assert "/home/anna" not in page


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=60), st.lists(st.text(max_size=3), max_size=4))
def test_marking_loses_and_adds_no_words(sentence: str, triggers: list[str]) -> None:
    tree = html.fragment_fromstring(str(_marked(sentence, triggers)), create_parent="div")
    assert {item.tag for item in tree.iterdescendants()} <= {"mark"}
    assert tree.text_content() == clean(sentence)


def test_a_drawing_stands_in_the_page(ledger: Ledger) -> None:
    page = report(ledger, EventFilter(), Wanted(by="month"), NOW)
    check_harmless(page)
    assert "<svg" in page
    assert words_of(page, "//figure/following-sibling::details/summary") == ["The numbers, by month"]
    with pytest.raises(StopRun, match="day, week"):
        report(ledger, EventFilter(), Wanted(by="hour"), NOW)


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium")
def test_in_a_real_browser_nothing_runs_and_nothing_is_asked_for(tmp_path: Path) -> None:
    page = report(hostile(tmp_path / "l.duckdb", EVIL), EventFilter(), PLAIN, NOW)
    (tmp_path / "r.html").write_text(page, encoding="utf-8")
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom"]
    done = subprocess.run([*command, (tmp_path / "r.html").as_uri()], capture_output=True, text=True, timeout=120, check=True)
    assert "<title>Political events</title>" in done.stdout


def test_from_the_shell(ledger: Ledger, tmp_path: Path) -> None:
    ledger.close()
    words = ["report", "--ledger", str(tmp_path / "l.duckdb"), "--no-charts", "--actor", "NOR"]
    done = CliRunner().invoke(app, [*words, "-o", str(tmp_path / "r.html")])
    assert (done.exit_code, done.stdout) == (0, "")
    assert words_of((tmp_path / "r.html").read_text(), "//h1") == ["Political events: Norway"]
    assert CliRunner().invoke(app, [*words, "-o", "-"]).stdout.startswith("<!doctype html>")
    refused = CliRunner().invoke(app, [*words, "-o", str(tmp_path / "none" / "r.html")])
    assert isinstance(refused.exception, StopRun)
