"""Texts cut into pieces, links that are safe, charts: whatever goes in."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.records import Event, Mention, Participant, Quote
from diurna.web import marks
from diurna.web.asking import address
from diurna.web.sparks import spark
from diurna.web.words import party_key, party_name, safe_link

TEXTS = st.text(max_size=120) | st.sampled_from(["One.\n\nTwo two.\nThree.", "\n\n", "a\r\n\r\nb", "\u202eevil\x00\ud800"])
SPANS = st.tuples(st.integers(0, 130), st.integers(0, 130))
MARKS = st.lists(st.builds(marks.Mark, SPANS, st.sampled_from(["trigger", "actor", "quote"]), st.sampled_from(["", "e1", "e2"])))


@given(TEXTS, MARKS)
def test_every_word_is_shown_once_and_in_order(text: str, made: list[marks.Mark]) -> None:
    shown = "".join(piece.words for pieces in marks.paragraphs(text, made) for piece in pieces)
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", marks.seen(text))


@given(TEXTS, MARKS)
def test_what_is_marked_is_what_the_spans_say(text: str, made: list[marks.Mark]) -> None:
    pieces, at = marks.pieces(text, (0, len(text)), made), 0
    for piece in pieces:
        inside = {mark.kind for mark in made if mark.span[0] <= at and mark.span[1] >= at + len(piece.words) > at}
        assert set(piece.kinds) == inside
        at += len(piece.words)
    assert at == len(text)


@given(st.text())
def test_what_is_seen_has_the_same_length_and_no_control_characters(text: str) -> None:
    assert len(marks.seen(text)) == len(text)
    marks.seen(text).encode("utf-8")
    assert not re.search("[\x00-\x08\u202a-\u202e]", marks.seen(text))


def test_marks_of_a_report() -> None:
    text = "Quito accused Lima. “No,” said Lima."
    event = Event("evt-1", "art-1", "ACCUSE", quad=3, mentions=(Mention(0, (0, 19), ((6, 13),)),),
                  actors=(Participant("Quito", ((0, 5),)),), recipients=(Participant("Lima", ((14, 18),)),))  # fmt: skip
    (pieces,) = marks.paragraphs(text, marks.of_article([event], [Quote("q", "art-1", ((21, 24),), "No,")], [(25, 36)]))
    shown = {piece.words: piece for piece in pieces}
    assert shown["Quito"].kinds == ("party",)
    assert shown["accused"].events == shown["accused"].first == ("evt-1",)
    assert (shown["accused"].quad, shown["No,"].kinds, shown["” said Lima."[1:]].kinds) == (3, ("quote",), ("litter",))
    one = marks.pieces(text, (0, 19), marks.of_event(event))
    assert [(piece.words, piece.kinds) for piece in one if piece.kinds] == [
        ("Quito", ("actor",)), ("accused", ("trigger",)), ("Lima", ("recipient",))]  # fmt: skip


@pytest.mark.parametrize("url", ["https://example.org/a?b=c#d", "http://example.org", " https://example.org/x "])
def test_web_addresses_are_linked(url: str) -> None:
    assert safe_link(url) == url.strip()


@pytest.mark.parametrize("url", ["javascript:alert(1)", " JaVaScript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "//evil",  # noqa: E501
                                 "file:///etc/passwd", "vbscript:x", "http:", "https://", "http://[::1", "ftp://example.org",
                                 "https://a b", "", "\x01javascript:alert(1)", "http\n://x"])  # fmt: skip
def test_other_addresses_are_never_linked(url: str) -> None:
    assert safe_link(url) == ""


@given(st.text(max_size=40))
def test_only_web_addresses_are_linked(url: str) -> None:
    found = safe_link(url)
    assert not found or re.match(r"https?://[^/\s]", found, re.IGNORECASE)


@given(st.text(max_size=30), st.text(max_size=30))
def test_addresses_of_this_site_stay_on_it(name: str, value: str) -> None:
    found = address("/events/" + name, ("q", value))
    assert found.startswith("/events/")
    assert found.isascii()
    assert not re.search(r'[\s"<>]', found)


def test_names_of_parties() -> None:
    assert (party_name("KOR"), party_name("LKA REB"), party_name("EUR"), party_name("Ada X")) == (
        "South Korea", "Sri Lanka REB", "European Union", "Ada X")  # fmt: skip
    assert (party_key("LKA REB"), party_key("LKA"), party_key("Ada X")) == ("LKA:REB", "LKA", "Ada X")


def test_a_sparkline_of_nothing_has_no_strokes() -> None:
    assert (spark([0, 0], [0, 0]).up, spark([], []).down) == ("", "")
    assert spark([0, 3], [1, 0]).up.count("M") == 1
