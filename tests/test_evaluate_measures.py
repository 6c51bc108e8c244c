"""The measures of relations, spans and actors on inputs small enough to count by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.errors import StopRun
from diurna.evaluate.actors import evaluate_actors
from diurna.evaluate.commands import corpus_fingerprint, read_jsonl
from diurna.evaluate.relations import evaluate_relations, label, marked, measures
from diurna.evaluate.spans import evaluate_spans, matched
from diurna.ontology import ontology
from diurna.records import Relation

TEXT = "Lima aided Quito."
ROW: dict[str, Any] = {"id": "1", "text": TEXT, "actor": [[0, 4]], "recipient": [[11, 16]], "event": "AID", "quad": 2}


def test_macro_f1_by_hand() -> None:
    found = measures([("AID", "AID"), ("AID", "SUPPORT"), ("SUPPORT", "SUPPORT"), ("SUPPORT", "")])
    assert found["per_class"]["AID"] == {"precision": 1.0, "recall": 0.5, "f1": 0.6667, "n": 2}
    assert found["per_class"]["SUPPORT"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5, "n": 2}
    assert (found["accuracy"], found["abstained"], found["n"]) == (0.5, 1, 4)
    assert found["macro_f1"] == pytest.approx((2 / 3 + 0.5) / 2, abs=1e-4)


def test_a_class_only_predicted_does_not_enter_the_mean() -> None:
    assert set(measures([("AID", "COERCE")])["per_class"]) == {"AID"}


def test_nothing_measured() -> None:
    assert measures([]) == {"macro_f1": 0.0, "accuracy": 0.0, "abstained": 0, "n": 0, "per_class": {}}


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("ABC ")), min_size=1))
def test_measures_stay_within_bounds(pairs: list[tuple[str, str]]) -> None:
    found = measures([(g, p.strip()) for g, p in pairs])
    assert 0 <= found["macro_f1"] <= 1
    assert sum(c["n"] for c in found["per_class"].values()) == len(pairs)
    assert (found["accuracy"] == 1) == all(g == p for g, p in pairs)


@pytest.mark.parametrize(
    ("relation", "expected"),
    [(Relation("CONCEDE"), "YIELD"), (Relation("RETREAT"), "YIELD"), (Relation("AID"), "AID"), (Relation(""), "")],
)
def test_merged_classes(relation: Relation, expected: str) -> None:
    assert label(relation, ontology()) == expected


def test_relations_report_each_error() -> None:
    result, errors = evaluate_relations([ROW, {**ROW, "id": "2", "event": "COERCE"}], lambda *_: Relation("AID"), ontology())
    assert result["accuracy"] == 0.5
    assert [(e["id"], e["gold"], e["predicted"]) for e in errors] == [("2", "COERCE", "AID")]
    assert errors[0]["text"] == marked(ROW) == "{A Lima} aided {R Quito}."


@pytest.mark.parametrize(
    ("gold", "found", "hits"),
    [
        ([(0, 10)], [(0, 10)], 1),
        ([(0, 10)], [(5, 20)], 1),  # 5 of the shorter one's 10
        ([(0, 10)], [(6, 20)], 0),  # 4 of 10
        ([(0, 10)], [(2, 4)], 1),  # the shorter one lies inside
        ([(0, 10)], [(0, 5), (5, 10)], 1),  # one to one
        ([(0, 4), (5, 9)], [(0, 9)], 1),
        ([], [(0, 3)], 0),
    ],
)
def test_span_matching(gold: list[tuple[int, int]], found: list[tuple[int, int]], hits: int) -> None:
    assert matched(gold, found) == hits


def test_spans_and_quad_by_hand() -> None:
    rows = [ROW, {**ROW, "id": "2", "quad": 0}, {**ROW, "id": "3", "quad": 4}]
    result, errors = evaluate_spans(rows, lambda _: ([(0, 4)], [(0, 4), (11, 16)], 2))
    assert result["actor"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert result["recipient"] == {"precision": 0.5, "recall": 1.0, "f1": 0.6667}
    assert result["quad"] == {"accuracy": 0.5, "n": 2}, "quad 0 is left out"
    assert [e["id"] for e in errors] == ["1", "2", "3"]


def test_actors_skip_null_values_and_take_alternatives() -> None:
    rows = [
        {"text": "the navy", "date": "2020-01-01", "country": "KOR", "sector": ["MIL", "GOV"]},
        {"text": "Pristina", "date": "2020-01-01", "country": "KOS", "sector": None},
        {"text": "police", "date": None, "country": None, "sector": "MIL"},
    ]
    answers = {"the navy": ("KOR", ("MIL",)), "Pristina": ("XKX", ("GOV",)), "police": ("USA", ("COP",))}
    result, errors = evaluate_actors(rows, lambda text, _: answers[text])
    assert result == {
        "country": {"accuracy": 1.0, "n": 2},
        "sector": {"accuracy": 0.5, "n": 2},
        "both": {"accuracy": 1.0, "n": 1},
    }
    assert [e["text"] for e in errors] == ["police"]


def test_bad_gold_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"id": 1}\n{"id": \n')
    with pytest.raises(StopRun, match=r"rows\.jsonl:2: not JSON"):
        read_jsonl(file)
    with pytest.raises(StopRun, match="no such file"):
        read_jsonl(tmp_path / "none.jsonl")
    file.write_text('{"id": 1}\n[1]\n')
    with pytest.raises(StopRun, match=r"rows\.jsonl:2: no JSON object"):
        read_jsonl(file)
    file.write_text('{"id": 1, "date": "2010-13-01"}\n')
    with pytest.raises(StopRun, match=r"rows\.jsonl:1: no such date"):
        read_jsonl(file)
    with pytest.raises(StopRun, match=r"rows\.jsonl:1: without text"):
        read_jsonl(file, ("id", "text"))


def test_corpus_fingerprint_follows_names_and_content(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one")
    first = corpus_fingerprint(tmp_path)
    (tmp_path / "a.txt").write_text("two")
    second = corpus_fingerprint(tmp_path)
    (tmp_path / "a.txt").rename(tmp_path / "b.txt")
    assert len({first, second, corpus_fingerprint(tmp_path)}) == 3
