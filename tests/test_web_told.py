"""One event told by several reports: how the site and its API show what `diurna join` found."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from conftest import serving
from lxml import html

from diurna.ledger import Ledger
from diurna.ledger.join import join
from diurna.records import Article, Event, Mention, Participant, Result, Versions, When, Where

SENTENCE = "Gunmen from Mali killed four guards of Niger in Gao on Tuesday."


def report(number: int, root: str = "ASSAULT") -> Result:
    article = Article(f"{SENTENCE} Report {number}.", f"art-{number}", title=f"Raid {number}", publisher=f"Outlet {number}",
                      published=f"2021-05-0{4 + number}")  # fmt: skip
    sides = [(Participant(code, name=code, country=code),) for code in ("MLI", "NER")]
    event = Event(
        f"evt-{number}", article.id, root, actors=sides[0], recipients=sides[1], when=When("2021-05-04", "2021-05-04", "day"),
        where=Where("Gao", "MLI", lat=16.27, lon=-0.04), quantities={"dead": 4}, quad=4,
        mentions=(Mention(0, (0, len(SENTENCE)), ((17, 23),)),),
    )  # fmt: skip
    return Result(article, (event,), (), (), Versions("1", "sm", "t"))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site whose ledger has one event of three reports and one of a single report."""
    path = tmp_path_factory.mktemp("told") / "told.duckdb"
    with Ledger(path) as ledger:
        ledger.add([report(1), report(2), report(3), report(4, "AID")])
        join(ledger)
    with serving(path) as address:
        yield address


def test_an_event_names_the_reports_that_tell_it(told: str) -> None:
    section = html.fromstring(httpx.get(f"{told}/events/evt-2").text).get_element_by_id("told")
    words = " ".join(section.text_content().split())
    assert "Told by 3 reports" in words
    assert "3 outlets; first seen 2021-05-05, last seen 2021-05-07" in words
    assert [link.get("href") for link in section.cssselect("a")] == ["/events/evt-1", "/events/evt-3"]
    assert 'id="told"' not in httpx.get(f"{told}/events/evt-4").text


def test_lists_say_how_many_reports_tell_an_event(told: str) -> None:
    links = html.fromstring(httpx.get(f"{told}/events").text).cssselect("a.more")
    assert sorted(link.get("href") for link in links) == [f"/events/evt-{number}#told" for number in (1, 2, 3)]
    assert {link.text for link in links} == {"3 reports"}


def test_the_api_has_reports_and_joined_threads(told: str) -> None:
    joined = httpx.get(f"{told}/api/events/evt-1").json()["joined"]
    assert (joined["reports"], joined["first_seen"], joined["outlets"]) == (3, "2021-05-05", ["Outlet 1", "Outlet 2", "Outlet 3"])
    assert [telling["event_id"] for telling in joined["tellings"]] == ["evt-1", "evt-2", "evt-3"]
    found = httpx.get(f"{told}/api/events").json()["events"]
    assert {row["id"]: row["reports"] for row in found} == {"evt-1": 3, "evt-2": 3, "evt-3": 3, "evt-4": 1}
