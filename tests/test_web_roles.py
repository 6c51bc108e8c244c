"""Role history shows first and last days as precisely as they are known, on the site, in the API and in the command."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from conftest import serving
from lxml import html

from diurna.ledger import Ledger, index
from diurna.ledger.filters import EventFilter
from diurna.records import Article, Event, Participant, Result, Versions, When

DAYS = {
    "Ola Berg": [When("2007-10-01", "2007-10-31", "month"), When("2012-01-01", "2012-12-31", "year")],
    "Kari Dahl": [When("2010-01-01", "2019-12-31", "decade"), When("2011-03-04", "2011-03-04", "day", "", True)],
    "Per Moe": [When("2014-05-05", "2014-05-11", "week"), When("2015-06-07", "2015-06-07", "day")],
    # Two events begin on one day: the one that tells the day says when it was.
    "Liv Aas": [When("2016-01-01", "2016-12-31", "year"), When("2016-01-01", "2016-01-01", "day"),
                When("2016-01-01", "2016-01-01", "day", "", True), When()],
    "Nils Lie": [When()],
}  # fmt: skip
SHOWN = {
    "Ola Berg": ["2007-10", "2012"],
    "Kari Dahl": ["2010s", "~2011-03-04"],
    "Per Moe": ["2014-05-05 – 2014-05-11", "2015-06-07"],
    "Liv Aas": ["2016-01-01", "2016-01-01"],
    "Nils Lie": ["–", "–"],
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("roles") / "roles.duckdb"
    events = tuple(
        Event(f"evt-{name[:3]}{number}", "art", "ACCUSE", quad=3, when=day,
              actors=(Participant(name, name=name, country="NOR", sectors=("GOV",)),))
        for name, days in DAYS.items() for number, day in enumerate(days)
    )  # fmt: skip
    with Ledger(found) as ledger:
        ledger.add([Result(Article("They accused.", "art"), events, (), (), Versions("1", "p", "t"))])
    return found


@pytest.fixture(scope="module")
def address(path: Path) -> Iterator[str]:
    with serving(path) as found:
        yield found


@pytest.mark.parametrize("query", ["name=NOR", "name=NOR&root=ACCUSE"])
def test_the_page_shows_days_as_precisely_as_they_are_known(address: str, query: str) -> None:
    (table, *_) = html.fromstring(httpx.get(f"{address}/actor?{query}").text).cssselect("section[aria-labelledby=roles] tbody")
    rows = {row.find("th").text_content(): [cell.text for cell in row.cssselect("td.day")] for row in table.cssselect("tr")}
    assert rows == SHOWN


def test_the_command_shows_them_likewise(path: Path) -> None:
    command = [sys.executable, "-m", "diurna", "actor", "NOR", "--ledger", str(path)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, env={"COLUMNS": "200"}).stdout
    lines = {name: line for name in SHOWN for line in shown.splitlines() if name in line}
    for name, (first, last) in SHOWN.items():
        assert [part.strip() for part in lines[name].split("  ") if part.strip()][3:5] == [first, last], lines[name]


def test_the_api_says_what_is_known_of_each_day(address: str) -> None:
    rows = {row["name"]: row for row in httpx.get(f"{address}/api/actor?name=NOR").json()["roles"]}
    known = rows["Kari Dahl"]
    assert (known["first"], known["first_end"], known["first_precision"], known["first_assumed"]) == (
        "2010-01-01", "2019-12-31", "decade", False,
    )  # fmt: skip
    assert (known["last"], known["last_precision"], known["last_assumed"]) == ("2011-03-04", "day", True)
    assert (rows["Nils Lie"]["first"], rows["Nils Lie"]["first_precision"]) == (None, "unknown")


def test_an_index_knows_the_same(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(path.read_bytes())
    with Ledger(copy) as ledger:
        before = ledger.actor("NOR").roles.to_pylist()
        index.build(ledger)
        assert ledger.actor("NOR").roles.to_pylist() == before
        assert ledger.actor("NOR", EventFilter(root=("ACCUSE",))).roles.to_pylist() == before
