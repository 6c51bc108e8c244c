"""Where statements are made, and which datelines are read (codebook, section 6)."""

from __future__ import annotations

import pytest

from diurna.coder import Coder
from diurna.context.dateline import datelines
from diurna.records import Article


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder()


def places(coder: Coder, text: str, root: str) -> set[str]:
    events = coder.code(Article(text=text, published="2017-05-10")).events
    return {e.where.name for e in events if e.event == root}


def test_a_statement_has_no_place_of_the_dateline(coder: Coder) -> None:
    assert places(coder, "LIMA, May 10 (Agency) - Peru condemned the arrests on Wednesday.", "ACCUSE") == {""}


def test_a_statement_is_made_where_its_speaker_has_come(coder: Coder) -> None:
    text = "Angela Merkel arrived in Ankara on Wednesday. She urged Turkey to free the reporters."
    assert places(coder, text, "REQUEST") == {"Ankara"}


def test_calls_have_no_place(coder: Coder) -> None:
    text = "QUITO, May 10 (Agency) - The presidents of Ecuador and Peru spoke by telephone on Wednesday."
    assert places(coder, text, "CONSULT") <= {""}


@pytest.mark.parametrize(
    ("head", "place"),
    [
        ("HARARE // Soldiers blocked the road.", "HARARE"),
        ("HARARE, 3 May. The president signed the decree.", "HARARE"),
        ("Harare, 3 May 2011\nThe council met.", "Harare"),
        ("By our Harare bureau\nThe council met.", "Harare"),
        ("From our correspondent in Harare, Friday\nThe council met.", "Harare"),
        ("By Tendai Moyo in Harare and Ann Hill in Pretoria\nThe council met.", "Harare"),
    ],
)
def test_forms_of_datelines(head: str, place: str) -> None:
    assert place in [match["place"] for match in datelines(head)]


def test_past_acts_are_not_dated_ahead(coder: Coder) -> None:
    text = "The union accused the ministry of fraud and vowed to march again on Friday."
    events = coder.code(Article(text=text, published="2017-05-10")).events
    assert all(e.when.start <= "2017-05-10" for e in events if e.modality == "actual")
