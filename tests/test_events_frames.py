"""Loading the frame tables: order of frames, slots, spelling, and errors that name file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from diurna.errors import TableError
from diurna.events.frames import COLUMNS, Frame, lexicon, normal
from diurna.events.marked import parse_example


def table(folder: Path, **cells: str) -> Path:
    """Write a user's folder with one frame row, valid but for the given cells."""
    row = {"trigger": "besmirch", "pos": "v", "root": "ACCUSE", "mode": "disapprove", "cameo": "111", **cells}
    (folder / "frames").mkdir()
    lines = ["\t".join(COLUMNS), "# a comment", "\t".join(row.get(column, "") for column in COLUMNS)]
    (folder / "frames" / "mine.tsv").write_text("\n".join(lines) + "\n")
    return folder


def frame(**changes: object) -> Frame:
    values: dict[str, object] = {
        "id": "t:1", "words": ("hit",), "head": 0, "pos": "v", "objects": (), "needs": (), "actor": "subj", "recipient": (),
        "root": "ASSAULT", "mode": "", "cameo": "", "operator": "", "stage": "", "kind": "", "examples": (),
    }  # fmt: skip
    return Frame(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"root": "BEFRIEND"}, "unknown root or mode BEFRIEND disapprove"),
        ({"mode": "loudly"}, "unknown root or mode ACCUSE loudly"),
        ({"cameo": "9999"}, "unknown CAMEO code 9999"),
        ({"operator": "hinder"}, "unknown operator hinder"),
        ({"object": "@penguins"}, "unknown class @penguins"),
        ({"pos": "x"}, "pos must be v, n or a"),
        ({"root": "", "mode": "", "cameo": ""}, "a frame needs a root or an operator"),
    ],
)
def test_errors_name_file_and_line(tmp_path: Path, cells: dict[str, str], reason: str) -> None:
    with pytest.raises(TableError, match=r"mine\.tsv:3: ") as caught:
        lexicon(table(tmp_path, **cells))
    assert reason in caught.value.reason


def test_user_frame_stands_beside_the_built_in_ones(tmp_path: Path) -> None:
    found = next(f for f in lexicon(table(tmp_path)).frames("besmirch", "v") if f.id.startswith("mine"))
    assert (found.id, found.root, found.mode) == ("mine:3", "ACCUSE", "disapprove")
    assert not any(f.id.startswith("mine") for f in lexicon().frames("besmirch", "v"))


def test_most_demanding_frame_comes_first() -> None:
    for table in (lexicon().verbs, lexicon().nouns, lexicon().adjectives):
        for frames in table.values():
            assert [f.specificity for f in frames] == sorted((f.specificity for f in frames), reverse=True)


def test_specificity_counts_what_a_frame_asks_for() -> None:
    assert frame().specificity < frame(objects=("@attack",)).specificity < frame(objects=("ban",)).specificity
    assert frame(objects=("ban",)).specificity < frame(objects=("ban",), needs=("on",)).specificity
    assert frame(words=("hit", "back")).specificity > frame().specificity


def test_recipient_slots() -> None:
    assert frame(recipient=("with", "obj")).recipient_slots == ("with", "obj")
    assert frame().recipient_slots[0] == "obj"
    assert "obj" not in frame(objects=("sanction",)).recipient_slots, "a fixed object is part of the trigger"
    assert frame(objects=("@actor",)).recipient_slots[0] == "obj"


def test_noun_triggers_are_filed_under_their_head(tmp_path: Path) -> None:
    words = lexicon(table(tmp_path, trigger="vote of besmirchment", pos="n"))
    assert [f.words for f in words.frames("vote", "n") if f.id == "mine:3"] == [("vote", "of", "besmirchment")]


@pytest.mark.parametrize(
    ("british", "american"),
    [("mobilise", "mobilize"), ("labour", "labor"), ("analyse", "analyze"), ("Normalisation", "normalization")],
)
def test_one_spelling(british: str, american: str) -> None:
    assert normal(british) == american


@pytest.mark.parametrize("word", ["rise", "raise", "four", "hour", "size", "promise".removesuffix("e")])
def test_other_words_keep_theirs(word: str) -> None:
    assert normal(word) == word


def test_classes_and_odd_forms() -> None:
    words = lexicon()
    assert words.member("embargo", "sanction")
    assert not words.member("embargo", "no such class")
    assert words.lemma("waged", "wag") == "wage"


def test_examples_are_read_with_their_spans() -> None:
    example = parse_example("{A Oslo} {T threw} {R two envoys} {T out}.")
    assert example.text == "Oslo threw two envoys out."
    assert [example.text[a:b] for role in "ART" for a, b in example.spans[role]] == ["Oslo", "two envoys", "threw", "out"]


def test_unpaired_brace() -> None:
    with pytest.raises(ValueError, match="unpaired brace"):
        parse_example("{A Oslo threw two envoys out.")
