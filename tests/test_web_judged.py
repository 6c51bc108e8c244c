"""With judgements in a ledger, every page and every answer shows what judgement left, with the index as without it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from conftest import serving

from diurna.ledger import Ledger, almanac, index, queries
from diurna.ledger.changes import Changes, party, place, when
from diurna.ledger.filters import EventFilter
from diurna.ledger.join import join
from diurna.ledger.judgements import judge, merge, split
from diurna.ledger.questions import ThreadFilter
from diurna.records import Event


@dataclass(frozen=True)
class Judged:
    """A site over a judged ledger. One event of each kind of judgement."""

    path: Path
    address: str
    rejected: Event
    fixed: Event
    merged: Event
    split: Event
    parts: tuple[str, ...]

    def text(self, path: str) -> str:
        return httpx.get(self.address + path, follow_redirects=True).raise_for_status().text

    def json(self, path: str) -> dict[str, object]:
        found: dict[str, object] = httpx.get(self.address + path).raise_for_status().json()
        return found


@pytest.fixture(scope="module")
def judged(sample_ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    path = Path(shutil.copyfile(sample_ledger, tmp_path_factory.mktemp("judged") / "judged.duckdb"))
    with Ledger(path) as ledger:
        between = [row["id"] for row in ledger.events(EventFilter(dyad=("KOR", "PRK")), "when").to_pylist()]
        rejected, fixed, whole = (queries.find_event(ledger, event_id).event for event_id in between[:3])
        same = [event for event in queries.events(ledger) if event.article_id == whole.article_id]
        stays, merged = [event for event in same if event.id not in between[:3]][:2]
        judge(ledger, rejected.id, "reject", "anna")
        told = Changes(
            event="THREATEN", actors=(party("Zog of Nowhere (ALB:GOV)"),), recipients=(party("ISL"),),
            when=when("2031-05-06"), where=place("Vaduz (LIE)"), said_by=("Zog of Nowhere",),
        )  # fmt: skip
        judge(ledger, fixed.id, "fix", "anna", told)
        merge(ledger, [stays.id, merged.id], "anna")
        _, parts = split(ledger, whole.id, "anna", 2)
    with serving(path) as address:
        yield Judged(path, address, rejected, fixed, merged, whole, tuple(parts))


def test_an_index_numbers_events_without_gaps(judged: Judged, tmp_path: Path) -> None:
    path = Path(shutil.copyfile(judged.path, tmp_path / "copy.duckdb"))
    numbers = "SELECT count(*), max(rowid) + 1 FROM current_events"
    with Ledger(path) as ledger:
        judge(ledger, judged.parts[0], "accept", "ben")
        rows, last = ledger.con.execute(numbers).fetchall()[0]
        assert rows < last, "judging takes rows away"
        index.build(ledger)
        assert ledger.con.execute(numbers).fetchall() == [(rows, rows)]
        assert ledger.count(EventFilter(actor=("Zog",))) == 1


def test_lists_and_counts_are_those_of_the_corrected_ledger(judged: Judged) -> None:
    with Ledger(judged.path, read_only=True) as ledger:
        for query, chosen in (
            ("", EventFilter()), ("&party=ALB", EventFilter(party=("ALB",))), ("&actor=Zog", EventFilter(actor=("Zog",))),
            ("&party=ALB:GOV", EventFilter(party=("ALB:GOV",))), ("&party=KOR", EventFilter(party=("KOR",))),
            ("&said_by=Zog+of+Nowhere", EventFilter(said_by=("Zog of Nowhere",))),
            ("&place=Vaduz", EventFilter(place=("Vaduz",))),
        ):  # fmt: skip
            found = judged.json(f"/api/events?limit=1000{query}")
            wanted = ledger.events(chosen).to_pylist()
            assert wanted
            assert [row["id"] for row in found["events"]] == [row["id"] for row in wanted]  # type: ignore[attr-defined]
            assert found["total"] == len(wanted)
    ids = {row["id"] for row in judged.json("/api/events?limit=1000")["events"]}  # type: ignore[attr-defined]
    assert ids & {judged.rejected.id, judged.merged.id, judged.split.id} == set()
    assert {judged.fixed.id, *judged.parts} <= ids


def test_days_dyads_actors_places_and_search_show_the_corrected_event(judged: Judged) -> None:
    assert "Iceland" in judged.text("/?day=2031-05-06")
    for path in ("/dyads", "/dyad?one=ALB&other=ISL", "/actor?name=ISL", "/actor?name=Zog", "/events?since=2031",
                 f"/articles/{judged.fixed.article_id}"):  # fmt: skip
        page = judged.text(path)
        assert ("Zog of Nowhere" if "articles" in path else "Albania") in page, path
    assert "zog of nowhere" in judged.text("/search?q=Zog")
    assert judged.json("/api/dyad?one=ALB&other=ISL")["periods"][0]["events"] == 1  # type: ignore[index]
    with Ledger(judged.path, read_only=True) as ledger:
        assert judged.json("/api/dyad?one=KOR&other=PRK")["periods"] == [
            {**row, "period": row["period"].isoformat()} for row in ledger.dyad("KOR", "PRK").to_pylist()
        ]
        facts = ledger.actor("KOR")
        assert judged.json("/api/actor?name=KOR")["roots"] == facts.roots.to_pylist()
        threads = ledger.threads(ThreadFilter()).to_pylist()
        assert [row["thread_id"] for row in judged.json("/api/threads?limit=1000")["threads"]] == [  # type: ignore[attr-defined]
            row["thread_id"] for row in threads
        ]


def test_a_report_shows_what_stands_and_what_was_set_aside(judged: Judged) -> None:
    page = judged.text(f"/articles/{judged.split.article_id}")
    assert all(f'<article class="card" id="{part}"' in page for part in judged.parts)
    for gone in (judged.split, judged.merged):
        assert f'<article class="card" id="{gone.id}"' not in page
        assert f'href="/events/{gone.id}"' in page
    with Ledger(judged.path, read_only=True) as ledger:
        told = almanac.report(ledger, judged.split.article_id)
        stands = [event for event in queries.events(ledger) if event.article_id == judged.split.article_id]
    assert {event.id for event in told.events} == {event.id for event in stands}
    assert {event["id"] for event in judged.json(f"/api/articles/{judged.split.article_id}")["events"]} == {  # type: ignore[attr-defined]
        event.id for event in stands
    }


def test_threads_over_all_reports_stand_before_those_of_single_reports(judged: Judged, tmp_path: Path) -> None:
    path = Path(shutil.copyfile(judged.path, tmp_path / "joined.duckdb"))
    with Ledger(path) as ledger:
        join(ledger)
        (first, *_) = ledger.threads(ThreadFilter(joined=True)).to_pylist()
    with serving(path) as address:
        page = httpx.get(f"{address}/threads").text
    assert page.index("Over all reports") < page.index(f'href="/events/{first["stages"][0]["event_id"]}"')
    assert page.index("Over all reports") < page.index("Within single reports")
    assert "Over all reports" not in judged.text("/threads")


def test_an_event_says_who_judged_it_to_readers_too(judged: Judged) -> None:
    assert "put right (event, actors, recipients, said by, when, where) by anna" in " ".join(
        judged.text(f"/events/{judged.fixed.id}").split()
    )
    for gone, fate in ((judged.rejected, "rejected"), (judged.merged, "merged"), (judged.split, "split")):
        page = " ".join(judged.text(f"/events/{gone.id}").split())
        assert f"does not stand: {fate} by anna" in page
        assert judged.json(f"/api/events/{gone.id}")["stands"] is False
        assert '<form method="post"' not in page
