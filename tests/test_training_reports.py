"""The annotated reports that the model learns from: every line can be read, and what the reader refuses."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

TRAINING = Path(__file__).resolve().parent.parent / "training"
sys.path.insert(0, str(TRAINING))

import reports  # noqa: E402

GOOD = """# x-1 | 2001-05-04 | wire
> Lima's envoy met envoys of Quito and of Bogota in Lima on Friday, he said.
  CONSULT/-/040 | met | envoy + ^Peru | envoys | recip | he | on Friday | Lima#2
> It rained.
"""


@pytest.mark.parametrize("path", sorted((TRAINING / "reports").glob("*.txt")), ids=lambda p: p.stem)
def test_every_line_of_the_shipped_reports_can_be_read(path: Path) -> None:
    assert all(report.sentences for report in reports.read(path))


def test_spans_names_from_context_and_repeated_words(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(GOOD, encoding="utf-8")
    (report,) = reports.read(file)
    (told,), none = report.sentences[0].events, report.sentences[1].events
    text = report.sentences[0].text
    assert [text[a:b] for a, b in told.trigger + told.actor + told.where] == ["met", "envoy", "Lima"]
    assert told.where[0][0] == text.rfind("Lima")
    assert told.implied["actor"] == ["Peru"]
    assert none == []


def test_for_whom_words_stand_and_where_they_belong(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    lines = ["  = he | Lima's envoy", "  @ envoys | ECU + COL", "  @ envoy | PER", "  @ he | -"]
    file.write_text("\n".join([*GOOD.splitlines()[:3], *lines]) + "\n", encoding="utf-8")
    (report,) = reports.read(file)
    (sentence,) = report.sentences
    assert [(sentence.text[a:b], names) for (a, b), names in sentence.refers] == [("he", ["Lima's envoy"])]
    told = [(sentence.text[a:b], codes) for (a, b), codes in sentence.belongs]
    assert told == [("envoys", ["ECU", "COL"]), ("envoy", ["PER"]), ("he", [])]
    assert len(sentence.events) == 1


@pytest.mark.parametrize(
    ("line", "setting"),
    [
        ("  & Lima, PER | 2001-05-04", reports.Setting("Lima", "PER", "2001-05-04", False)),
        ("  & Persian Gulf, - | 2001-05-02/2001-05-04", reports.Setting("Persian Gulf", "", "2001-05-02/2001-05-04", False)),
        ("  & - | 2001?", reports.Setting("", "", "2001", True)),
        ("  & - | -", reports.Setting("", "", "", False)),
    ],
)
def test_where_and_when_by_the_whole_report(tmp_path: Path, line: str, setting: reports.Setting) -> None:
    file = tmp_path / "a.txt"
    file.write_text("\n".join([*GOOD.splitlines()[:3], line]) + "\n", encoding="utf-8")
    (report,) = reports.read(file)
    assert report.sentences[0].events[0].setting == setting


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("  CONSULT/-/040 | met | envoy | envoys | - | - | -", "7 fields"),
        ("  MEET/-/040 | met | envoy | envoys | - | - | - | -", "not ROOT/mode/cameo"),
        ("  CONSULT/siege/040 | met | envoy | envoys | - | - | - | -", "mode 'siege'"),
        ("  CONSULT/-/040 | saw | envoy | envoys | - | - | - | -", "not in the sentence"),
        ("  CONSULT/-/040 | met | envoy | envoys | maybe | - | - | -", "status 'maybe'"),
        ("  = he | the queen", "is not in the report so far"),
        ("  @ envoys | Ecuador", "a line of belonging"),
        ("  @ queen | ECU", "not in the sentence"),
        ("  & Lima | 2001", "a line of setting"),
        ("stray", "begins with"),
    ],
)
def test_bad_lines_are_named_with_file_and_line(tmp_path: Path, line: str, message: str) -> None:
    file = tmp_path / "a.txt"
    file.write_text("\n".join(GOOD.splitlines()[:2]) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=message) as caught:
        reports.read(file)
    assert f"{file}:3" in str(caught.value)
    problems: list[str] = []
    reports.read(file, problems)
    assert len(problems) == 1
