"""The gate: which texts it lets by, and that it changes nothing in those."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.coder import Coder
from diurna.language.gate import gate, stem
from diurna.records import Article
from diurna.settings import Settings

NEWS = "Turkey expelled three Dutch diplomats on Friday."
DULL = "The pears were ripe. Nobody minded the rain."


@pytest.mark.parametrize(
    "text",
    [
        "Rebels shot two farmers near Kandahar.",
        "Police in Minsk arrested dozens of protesters.",
        "The minister met Angela Merkel.",
        f"{DULL} {NEWS} {DULL}",
        f"{DULL}\n\n{NEWS}",
    ],
)
def test_what_can_hold_an_event_passes(text: str) -> None:
    assert gate().holds_events(text)


@pytest.mark.parametrize("text", [DULL, "The tart is a favourite in Japan.", "The goalkeeper attacked the ball too late.", ""])
def test_what_can_hold_none_does_not(text: str) -> None:
    assert not gate().holds_events(text)


def test_one_name_in_a_long_text_is_not_enough() -> None:
    assert not gate().holds_events(f"{DULL} " * 20 + NEWS)


def test_forms_of_a_word_share_a_stem() -> None:
    assert {stem(word) for word in ("arrest", "arrests", "arrested", "arresting")} == {"arrest"}
    assert stem("banned") == stem("ban")


@given(st.text(max_size=300))
def test_a_text_with_an_event_passes_whatever_stands_around_it(text: str) -> None:
    assert gate().holds_events(f"{text}\n" + f"{NEWS} " * 60 + f"\n{text}")


@pytest.mark.model
def test_records_are_the_same_with_the_gate_and_without() -> None:
    article = Article(f"{DULL}\n\n{NEWS} {DULL}", published="2017-03-11")
    coded, gated = (Coder(Settings(model=False, gate=on)).code(article) for on in (False, True))
    assert coded.events
    assert (gated.events, gated.quotes) == (coded.events, coded.quotes)
    assert gated.versions.id != coded.versions.id
    passed_over = Coder(Settings(gate=True)).code(Article(DULL))
    assert (passed_over.events, passed_over.quotes) == ((), ())
