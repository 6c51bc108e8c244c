"""The measure of coreference on links small enough to count by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from diurna.evaluate.coref import Stands, evaluate_coref, is_right, kind_of
from diurna.records import Participant, Span

MANDELA = Stands(Participant("Mandela", name="Nelson Mandela", entity_id="person:nelson-mandela", country="ZAF"))
BUTHELEZI = Stands(Participant("he", name="Mangosuthu Buthelezi", entity_id="person:mangosuthu-buthelezi", country="ZAF"))
NORTH = Stands(Participant("it", name="North Korea", entity_id="country:PRK", country="PRK"))
TEXT = "Mandela met Buthelezi. He smiled. The two men left."
ROW: dict[str, Any] = {
    "id": "1",
    "part": "dev",
    "text": TEXT,
    "links": [
        {"span": [23, 25], "antecedents": ["Nelson Mandela"], "country": ["ZAF"]},
        {"span": [34, 45], "antecedents": ["Nelson Mandela", "Mangosuthu Buthelezi"], "country": ["ZAF"]},
    ],
}


def reader(answers: dict[Span, list[Stands]]) -> Callable[[str, str], Callable[[Span], Sequence[Stands]]]:
    return lambda _text, _day: lambda span: answers.get(span, [])


@pytest.mark.parametrize(
    ("phrase", "antecedents", "kind"),
    [
        ("He", ["A"], "person"),
        ("their", ["A", "B"], "plural"),
        ("its", ["A"], "thing"),
        ("We", ["A"], "speech"),
        ("the regime", ["A"], "description"),
        ("both sides", ["A", "B"], "set"),
    ],
)
def test_kinds(phrase: str, antecedents: list[str], kind: str) -> None:
    assert kind_of(phrase, antecedents) == kind


@pytest.mark.parametrize(
    ("gold", "found", "right"),
    [
        (["Nelson Mandela"], [MANDELA], True),
        (["N. Mandela"], [MANDELA], True),  # a shared last name
        (["Winnie Mandela"], [MANDELA], False),  # ... but another first name
        (["South Korea"], [NORTH], False),  # last words count for persons only
        (["the mutineers"], [Stands(Participant("they"), ("mutineers",))], True),  # by the words of the antecedent
        (["Alvaro Uribe"], [Stands(Participant("he", name="Álvaro Uribe"))], True),
        (["Nelson Mandela", "Mangosuthu Buthelezi"], [BUTHELEZI, MANDELA], True),
        (["Nelson Mandela", "Mangosuthu Buthelezi"], [MANDELA], False),  # a member is missing
        (["Nelson Mandela"], [MANDELA, BUTHELEZI], False),  # one too many
        (["Nelson Mandela"], [], False),  # not resolved
    ],
)
def test_right_links(gold: list[str], found: list[Stands], right: bool) -> None:
    assert is_right(gold, found) is right


def test_accuracy_by_hand() -> None:
    rows = [ROW, {**ROW, "id": "2", "part": "held", "links": ROW["links"][:1]}]
    result, errors = evaluate_coref(rows, reader({(23, 25): [MANDELA], (34, 45): [MANDELA]}))
    assert result["all"] == {"accuracy": 0.6667, "n": 3}
    assert result["kind person"] == {"accuracy": 1.0, "n": 2}
    assert result["kind set"] == {"accuracy": 0.0, "n": 1}
    assert result["part dev"] == {"accuracy": 0.5, "n": 2}
    assert result["part held"] == {"accuracy": 1.0, "n": 1}
    assert result["country"] == {"accuracy": 1.0, "n": 3}
    assert [(e["id"], e["phrase"], e["kind"]) for e in errors] == [("1", "The two men", "set")]
    assert "[The two men] left." in errors[0]["text"]


def test_nothing_measured() -> None:
    assert evaluate_coref([], reader({})) == ({"all": {"accuracy": 0.0, "n": 0}}, [])
