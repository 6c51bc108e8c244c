"""From judgements to gold files and agreement; alpha against the published examples."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from test_ledger_judgements import ARTICLE, EXPEL, INVITE, LIED, TEXT, coded
from typer.testing import CliRunner, Result

from diurna.cli import app
from diurna.errors import StopRun
from diurna.evaluate.agreement import agreement, krippendorff
from diurna.evaluate.articles import evaluate_articles
from diurna.evaluate.gold import export_gold
from diurna.ledger import Ledger
from diurna.ledger.changes import Changes
from diurna.ledger.judgements import judge


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Ledger(tmp_path / "l.duckdb") as ledger:
        ledger.add([coded(EXPEL, LIED, INVITE)])
    return tmp_path / "l.duckdb"


def do(path: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--ledger", str(path)], env={"COLUMNS": "200"})


def observers(*rows: str) -> list[dict[str, str]]:
    """One row an observer, one sign a unit, as Krippendorff prints them; a dot is no value."""
    return [{str(who): sign for who, sign in enumerate(signs) if sign != "."} for signs in zip(*rows, strict=True)]


@pytest.mark.parametrize(
    ("rows", "alpha"),
    [
        (("0100000010", "1110010000"), 0.095),  # Krippendorff 2011, B: binary data, two observers
        (("aabbdcccedda", "babbbccceddd"), 0.692),  # C: nominal data, two observers
        (("123321412...", "1233224125.3", ".3332342251.", "12332441251."), 0.743),  # D: four observers, some values missing
    ],
)
def test_alpha_is_that_of_the_published_examples(rows: tuple[str, ...], alpha: float) -> None:
    assert krippendorff(observers(*rows)) == pytest.approx(alpha, abs=0.0006)


def test_alpha_needs_something_to_agree_about() -> None:
    assert krippendorff([]) is None
    assert krippendorff([{"a": 1}, {"b": 2}]) is None
    assert krippendorff([{"a": 1, "b": 1}, {"a": 1, "b": 1}]) is None
    assert krippendorff([{"a": 1, "b": 1}, {"a": 2, "b": 2}]) == 1.0
    assert krippendorff([{"a": 1, "b": 2}, {"a": 2, "b": 1}]) == -0.5


def test_gold_is_what_people_left_standing(path: Path, tmp_path: Path) -> None:
    with Ledger(path) as ledger:
        judge(ledger, "evt-1", "fix", "anna", Changes(event="COERCE", modes=("deport",)))
        judge(ledger, "evt-2", "reject", "anna")
        open_ones = export_gold(ledger, tmp_path / "g")
        assert (open_ones.files, open_ones.partial) == ((), (("a1", 1),))
        judge(ledger, "evt-3", "accept", "anna")
        done = export_gold(ledger, tmp_path / "g")
    gold = json.loads(done.files[0].read_text())
    assert [(event["event"], event["evidence"], event["when"]) for event in gold["events"]] == [
        (["COERCE"], [[5, 13]], "2020-05-01"),
        (["AGREE"], [[60, 67]], "2020-05-01"),
    ]
    assert (tmp_path / "g" / gold["file"]).read_text() == TEXT
    measures, errors = evaluate_articles(tmp_path / "g", lambda _: coded(EXPEL, LIED, INVITE))
    assert measures["events"] | {"required": 2, "predicted": 3, "matched": 1} == measures["events"]
    assert {error.get("missed") for error in errors} >= {"evt-1"}


def test_partly_judged_articles_on_demand(path: Path, tmp_path: Path) -> None:
    with Ledger(path) as ledger:
        judge(ledger, "evt-1", "accept", "anna")
        done = export_gold(ledger, tmp_path / "g", partly=True)
        assert [event["required"] for event in json.loads(done.files[0].read_text())["events"]] == [True, False, False]
        with pytest.raises(StopRun, match="no judgements by ben"):
            export_gold(ledger, tmp_path / "g", "ben")


def test_ids_that_come_to_one_name_get_files_of_their_own(tmp_path: Path) -> None:
    ids = ["x?1", "x#1", f"https://example.org/{'y' * 100}/1", f"https://example.org/{'y' * 100}/2", "?", "plain-1"]
    with Ledger(tmp_path / "l.duckdb") as ledger:
        for number, name in enumerate(ids):
            event = replace(EXPEL, id=f"evt-{number}", article_id=name)
            ledger.add([replace(coded(event), article=replace(ARTICLE, id=name))])
            judge(ledger, event.id, "accept", "anna")
        done = export_gold(ledger, tmp_path / "g")
    assert len(set(done.files)) == len(ids)
    assert {json.loads(file.read_text())["id"] for file in done.files} == set(ids)
    assert tmp_path / "g" / "plain-1.json" in done.files


def test_an_acceptance_agrees_with_what_was_accepted(path: Path, tmp_path: Path) -> None:
    with Ledger(path) as ledger:
        judge(ledger, "evt-1", "fix", "anna", Changes(event="THREATEN"))
        judge(ledger, "evt-1", "accept", "ben")
        found = {item.field: item for item in agreement(ledger)}
        done = export_gold(ledger, tmp_path / "g", "ben", partly=True)
    assert (found["event"].units, found["event"].same) == (1, 1.0)
    assert json.loads(done.files[0].read_text())["events"][0]["event"] == ["THREATEN"]


def test_agreement_reads_each_judge_alone(path: Path) -> None:
    with Ledger(path) as ledger:
        for who in ("anna", "ben"):
            judge(ledger, "evt-1", "accept", who)
            judge(ledger, "evt-3", "accept", who)
        with pytest.raises(StopRun, match="carl has judged nothing"):
            agreement(ledger, ["anna", "carl"])
        judge(ledger, "evt-2", "reject", "anna")
        judge(ledger, "evt-2", "accept", "ben")
        judge(ledger, "evt-1", "fix", "ben", Changes(event="COERCE"))
        found = {item.field: item for item in agreement(ledger)}
    assert (found["stands"].units, found["stands"].same, found["stands"].alpha) == (3, 0.6667, 0.0)
    assert (found["event"].units, found["event"].same) == (2, 0.5)
    assert (found["polarity"].same, found["polarity"].alpha) == (1.0, None)


def test_from_the_shell(path: Path, tmp_path: Path) -> None:
    assert "judgement 1: accept evt-3 by anna" in do(path, "judge", "accept", "3", "--judge", "anna").stdout
    assert do(path, "judge", "reject", "2", "--judge", "anna", "--note", "no").exit_code == 0
    fixed = do(path, "judge", "fix", "1", "--root", "coerce", "--mode", "deport", "--actor", "NOR:COP", "--judge", "anna")
    assert "fix (event, modes, actors) evt-1" in fixed.stdout
    assert "COERCE deport" in do(path, "events").stdout
    assert do(path, "gold", "export", "-o", str(tmp_path / "g")).stdout.endswith("1 articles, 2 events\n")
    assert len(do(path, "judge", "split", "1", "--judge", "ben").stdout.splitlines()) == 3
    assert do(path, "judge", "withdraw", "4", "--judge", "ben").exit_code == 0
    assert do(path, "judge", "merge", "3", "1", "--judge", "ben").exit_code == 0
    assert len(do(path, "judge", "list", "--format", "jsonl").stdout.splitlines()) == 6
    assert '"alpha"' in do(path, "gold", "agreement", "--format", "jsonl").stdout
    for wrong in (("judge", "accept", "zz"), ("judge", "fix", "1"), ("gold", "agreement", "--judge", "zoe")):
        assert isinstance(do(path, *wrong).exception, StopRun)
    missing = CliRunner().invoke(app, ["judge", "accept", "1", "--ledger", str(tmp_path / "none.duckdb")])
    assert isinstance(missing.exception, StopRun)
    assert not (tmp_path / "none.duckdb").exists()
