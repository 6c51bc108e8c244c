"""The gate: which texts it lets by, and that it changes nothing in those."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.coder import Coder
from diurna.language.gate import Gate, gate, stem
from diurna.records import Article
from diurna.settings import Settings
from diurna.tables import DATA

STRONG = "Police in Minsk arrested dozens of protesters. Russian troops attacked Ukrainian soldiers near Donetsk, Kyiv said."
NEWS = "Turkey expelled three Dutch diplomats on Friday."
DULL = "The pears were ripe and the oven was warm. Nobody minded the rain."


@pytest.mark.parametrize(
    "text",
    [
        "Rebels shot two farmers near Kandahar.",
        "Police in Minsk arrested dozens of protesters.",
        "The minister met Angela Merkel.",
        f"{DULL} {STRONG} {DULL}",
        f"Turkey and the Netherlands\n\n{NEWS}",
    ],
)
def test_what_can_hold_an_event_passes(text: str) -> None:
    assert gate().holds_events(text)


@pytest.mark.parametrize("text", [DULL, "The tart is a favourite in Japan.", "The goalkeeper attacked the ball too late.", ""])
def test_what_can_hold_none_does_not(text: str) -> None:
    assert not gate().holds_events(text)


def test_a_word_of_the_users_own_frames_is_enough(tmp_path: Path) -> None:
    rows = (DATA / "frames" / "support.tsv").read_text(encoding="utf-8").splitlines()
    header = next(row for row in rows if not row.startswith("#"))
    cells = dict.fromkeys(header.split("\t"), "") | {"trigger": "bedraggle", "pos": "v", "root": "ASSAULT", "cameo": "190"}
    (tmp_path / "frames").mkdir()
    (tmp_path / "frames" / "own.tsv").write_text(header + "\n" + "\t".join(cells.values()) + "\n", encoding="utf-8")
    text = f"{DULL} The pears bedraggled them. {DULL} Nobody bedraggled her. {DULL}"
    assert not gate().holds_events(text)
    assert Gate(tmp_path).holds_events(text)


def test_one_name_in_a_long_text_is_not_enough() -> None:
    assert not gate().holds_events(f"{DULL} " * 20 + NEWS)


def test_forms_of_a_word_share_a_stem() -> None:
    assert {stem(word) for word in ("arrest", "arrests", "arrested", "arresting")} == {"arrest"}
    assert stem("banned") == stem("ban")


@given(st.text(max_size=300))
def test_a_text_with_an_event_passes_whatever_stands_around_it(text: str) -> None:
    assert gate().holds_events(f"{text}\n{STRONG}\n{text}")


@pytest.mark.model
def test_records_are_the_same_with_the_gate_and_without() -> None:
    article = Article(f"{NEWS} {DULL}", published="2017-03-11")
    coded, gated = (Coder(Settings(model=False, gate=on)).code(article) for on in (False, True))
    assert coded.events
    assert (gated.events, gated.quotes) == (coded.events, coded.quotes)
    assert gated.versions.id != coded.versions.id
    passed_over = Coder(Settings(gate=True)).code(Article(DULL))
    assert (passed_over.events, passed_over.quotes) == ((), ())
