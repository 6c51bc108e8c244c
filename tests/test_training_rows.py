"""What the model is asked about annotated reports, and how the weights of traits are fitted: no torch needed."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

TRAINING = Path(__file__).resolve().parent.parent / "training"
sys.path.insert(0, str(TRAINING))

import reports  # noqa: E402
import rows  # noqa: E402
from renamed import renamed  # noqa: E402
from weights import fit_choices  # noqa: E402

STORY = """# x-1 | 2001-05-04 | wire
> Peru massed troops on the border.
  MOBILIZE/troops/154 | massed | Peru | - | - | - | - | -
> The envoys of Quito were expelled on Friday.
  SANCTION/expel/161 | expelled | ^Peru | envoys | - | - | on Friday | -
"""


@pytest.fixture
def story(tmp_path: Path) -> rows.Story:
    file = tmp_path / "a.txt"
    file.write_text(STORY, encoding="utf-8")
    (report,) = reports.read(file)
    return [rows._whole(sentence) for sentence in report.sentences]


def words(text: str, spans: list[rows.Span]) -> list[str]:
    return [text[a:b] for a, b in spans]


def test_a_passage_shows_where_an_unnamed_participant_is_named(story: rows.Story) -> None:
    (passage,) = rows.passages(story)
    view = rows.views(passage, random.Random(1), frozenset())[0]
    expelled = next(a for a in view.asked if words(view.text, a.trigger) == ["expelled"])
    assert expelled.roles is not None
    assert words(view.text, expelled.roles["A"]) == ["Peru"]
    assert words(view.text, expelled.roles["R"]) == ["envoys"]
    assert view.text[slice(*expelled.sentence)] == "The envoys of Quito were expelled on Friday."


def test_a_passage_holds_whole_sentences_up_to_its_length(story: rows.Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "PASSAGE", 8)
    assert [p.text.strip() for p in rows.passages(story)] == [s.text for s in story]


def test_other_countries_move_every_span_of_a_passage(story: rows.Story) -> None:
    (passage,) = rows.passages(story)
    other = renamed(passage, random.Random(3))
    first, second = other.events
    assert "Peru" not in other.text
    assert words(other.text, second.hinted["A"]) == words(other.text, first.actor) != ["Peru"]
    assert words(other.text, second.trigger) == ["expelled"]


def test_given_weights_stand_and_new_traits_come_on_top() -> None:
    choices = [[({"near", "heard"}, True), ({"near"}, False)]] * 40
    alone = fit_choices(choices, 1.0)
    on_top = fit_choices(choices, 1.0, {"near": -1.0})
    assert set(alone) == {"near", "heard"}
    assert set(on_top) == {"heard"}
    assert on_top["heard"] > alone["heard"] > 0


def test_a_pronoun_is_asked_for_whom_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(
        "# x-1 | 2001-05-04 | wire\n> President Ana Quispe met Lima's envoy.\n"
        "> She praised him; Quispe said that she would call.\n"
        "  = She | President Ana Quispe\n  = him | Lima's envoy\n  = she | President Ana Quispe\n",
        encoding="utf-8",
    )
    (report,) = reports.read(file)
    (passage,) = rows.passages([rows._whole(s) for s in report.sentences])
    view = rows.views(passage, random.Random(1), frozenset())[0]
    asked = {a.trigger[0]: a for a in view.asked if a.roles is not None}
    found = [(view.text[slice(*span)], words(view.text, a.roles["A"])) for span, a in sorted(asked.items()) if a.roles]
    assert found == [
        ("She", ["President Ana Quispe", "Quispe"]),
        ("him", ["Lima's envoy"]),
        ("she", ["President Ana Quispe", "Quispe", "Quispe", "She"]),
    ]
    assert {a.code for a in asked.values()} == {"NONE/"}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("  = She", "a line of reference"),
        ("  = She | Nobody Known", "not in the report so far"),
        ("  = He | Lima", "not in the sentence"),
    ],
)
def test_a_reference_that_cannot_be_read_is_named(tmp_path: Path, line: str, reason: str) -> None:
    file = tmp_path / "a.txt"
    file.write_text(f"# x-1 | 2001-05-04 | wire\n> She met Lima's envoy.\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=reason):
        reports.read(file)
