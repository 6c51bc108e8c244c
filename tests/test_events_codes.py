"""CAMEO codes by the words of a trigger, for events that no frame tells."""

from __future__ import annotations

import pytest

from diurna.events.codes import likeliest_code


@pytest.mark.parametrize(
    ("root", "mode", "words", "code"),
    [
        ("ASSAULT", "firearms", ("gun", "battle"), "193"),
        ("ASSAULT", "heavy-weapons", ("shelled",), "194"),
        ("CONSULT", "phone", ("telephoned",), "041"),
        ("ACCUSE", "disapprove", ("condemned",), "111"),
    ],
)
def test_code_of_words(root: str, mode: str, words: tuple[str, ...], code: str) -> None:
    found = likeliest_code(root, mode, words)
    assert found is not None
    assert found[0] == code
    assert 0 < found[1] <= 1


def test_more_words_decide() -> None:
    alone, with_more = (likeliest_code("SANCTION", "convict", words) for words in (("sentenced",), ("sentenced", "death")))
    assert alone is not None
    assert with_more is not None
    assert alone[1] != with_more[1]


def test_order_and_form_of_words_do_not_matter() -> None:
    assert likeliest_code("AID", "", ("sent", "aid")) == likeliest_code("AID", "", ("aid", "sent"))


def test_roots_of_the_user_have_no_code() -> None:
    assert likeliest_code("HARVEST", "", ("reaped",)) is None
