"""Page furniture: every row of the cue table, whole reports, and properties that hold for any text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.intake.boilerplate import find_boilerplate, find_headline, find_litter
from diurna.tables import Row, load

GOLD = Path(__file__).parent.parent / "eval" / "gold" / "dev"
ROWS = load("cues/boilerplate.tsv", ("kind", "scope", "pattern", "example", "counterexample"))
PROSE = "The army left the city on Friday after a week of shelling, residents said."


def _kinds(line: str) -> set[str]:
    text = f"Army leaves city\n\n{PROSE}\n\n{line}"
    return {item.kind for item in find_litter(text)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['kind']}-{row.line}")
def test_example_of_each_row_is_found(row: Row) -> None:
    assert row["kind"] in _kinds(row["example"])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['kind']}-{row.line}")
def test_counterexample_of_each_row_is_left(row: Row) -> None:
    assert _kinds(row["counterexample"]) == set()


def test_links_under_a_heading_go_with_it() -> None:
    text = f"Army leaves city\n\n{PROSE}\n\nRelated stories\nWho rules the north?\nMap of the front\n\n{PROSE}"
    found = [text[start:end] for start, end in find_boilerplate(text)]
    assert found == ["Related stories", "Who rules the north?", "Map of the front"]


def test_only_the_sentence_goes() -> None:
    text = f"Army leaves city\n\n{PROSE} Sign up for our daily briefing. The mayor stayed."
    assert [text[start:end] for start, end in find_boilerplate(text)] == ["Sign up for our daily briefing."]


def test_non_breaking_spaces_do_not_hide_a_line() -> None:
    text = f"{PROSE}\r\n\r\nFollow Ana Lima on\u00a0Facebook, or\u00a0email her at a@b.example."
    (start, end), *_ = find_boilerplate(text)
    assert text[start:end].startswith("Follow Ana")


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("Rebels free hostages\n\nFour hostages walked free.", "Rebels free hostages"),
        ("\r\n  Iran rejects talks with U.S.\r\nTehran said no.", "Iran rejects talks with U.S."),
        ("Four hostages walked free on Friday.\n\nThey were tired.", None),
        ("Four hostages walked free", None),
        ("By Ana Lima\n\nFour hostages walked free.", None),
        ("GENEVA, March 3 (Agency) - Two armies\nagreed to stop.", None),
    ],
)
def test_headlines(text: str, headline: str | None) -> None:
    span = find_headline(text)
    assert (text[slice(*span)] if span else None) == headline


def test_gold_reports_lose_their_furniture_and_nothing_else() -> None:
    missed, wrong = [], []
    for file in sorted(GOLD.glob("*.json")):
        gold = json.loads(file.read_text(encoding="utf-8"))
        text = (GOLD / gold["file"]).read_bytes().decode()
        spans = find_boilerplate(text)
        inside = {index for start, end in spans for index in range(start, end)}
        missed += [text[s:e] for s, e in gold["boilerplate"] if len(inside & set(range(s, e))) < 0.5 * (e - s)]
        evidence = {index for event in gold["events"] for s, e in event["evidence"] for index in range(s, e)}
        wrong += [text[s:e] for s, e in spans if evidence & set(range(s, e))]
    assert not wrong
    assert len(missed) <= 3, missed


@given(st.text(max_size=400))
def test_spans_are_ordered_and_inside(text: str) -> None:
    last = 0
    for start, end in find_boilerplate(text):
        assert last <= start < end <= len(text)
        last = end
    headline = find_headline(text)
    assert headline is None or text[slice(*headline)].strip() == text[slice(*headline)]


@given(
    st.lists(st.sampled_from([PROSE, "Photo: Ana Lima", "ENDS", "", "Related stories", "A link", "Share | Tweet"]), max_size=12)
)
def test_line_ends_do_not_matter(lines: list[str]) -> None:
    words = {}
    for end in ("\n", "\r\n"):
        text = end.join(lines)
        words[end] = [text[slice(*span)] for span in find_boilerplate(text)]
    assert words["\n"] == words["\r\n"]
