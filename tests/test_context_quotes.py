"""Quotation marks, speakers, cues and addressees (codebook, section 5)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from diurna import Article, Coder
from diurna.context.marks import find_quoted
from diurna.context.quotes import Quotation, Quotations
from diurna.language.notes import notes_of
from diurna.language.syntax import Syntax
from diurna.settings import Settings


def inside(text: str) -> list[str]:
    return [text[q.start : q.end] for q in find_quoted(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He said: “We agree.” Then he left.", ["We agree."]),
        ('"We agree," he said. "We sign today."', ["We agree,", "We sign today."]),
        ("‘We don’t agree,’ he said.", ["We don’t agree,"]),
        ("'The rebels' camp is gone,' said the general.", ["The rebels' camp is gone,"]),
        ("“He told me ‘never again’ and left,” she said.", ["He told me ‘never again’ and left,"]),
        ("The ’90s and the soldiers’ pay were rock ’n’ roll.", []),
        ('A 6" shell fell.', []),
        ("Er sagte „Nein“ dazu.", ["Nein"]),
        ("« Non », dit-il.", ["Non"]),
        ("“” is empty.", []),
    ],
)
def test_marks(text: str, found: list[str]) -> None:
    assert inside(text) == found


def test_carried_over_paragraphs() -> None:
    text = "“The first part.\n\n“The second part,” she said."
    first, second = find_quoted(text)
    assert (first.closed, second.carried) == (False, True)


@given(st.text(alphabet="ab s.,\n\"'“”‘’«»„", max_size=80))
def test_spans_lie_in_order_inside_the_text(text: str) -> None:
    last = 0
    for quoted in find_quoted(text):
        assert last <= quoted.start < quoted.end <= len(text)
        last = quoted.end


@pytest.fixture(scope="module")
def coder() -> Coder:
    """By the tables: who speaks is found without the model."""
    return Coder(Settings(model=False))


def quotations(nlp: Language, text: str) -> list[Quotation]:
    doc = nlp(text)
    return Quotations(doc, notes_of(doc), Syntax(doc)).run()


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "speaker", "addressee"),
    [
        ("“The port stays closed,” Amina Diallo told reporters.", "Amina Diallo", "reporters"),
        ("“The port stays closed,” said Amina Diallo, the harbour master.", "Amina Diallo", ""),
        ("Amina Diallo said the blockade was “an act of war” and left.", "Amina Diallo", ""),
        ("Describing the raid as “barbaric”, Jonas Weber called for an inquiry.", "Jonas Weber", ""),
        ("In a statement, the army said: “No shots were fired.”", "army", ""),
        ("The ministry promised to “spare no effort” in the search.", "ministry", ""),
        ("Jonas Weber was quoted as saying the vote was “a farce from start to end”.", "Jonas Weber", ""),
    ],
)
def test_speaker(nlp: Language, text: str, speaker: str, addressee: str) -> None:
    (found,) = quotations(nlp, text)
    assert (found.speaker, found.addressee) == (speaker, addressee)


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Two nurses spoke by telephone. “They locked the doors and we could not leave,” one of them said.", "nurse"),
        ("The rebel leader known as Jojoy told a radio station: “We will not hand over a single rifle.”", "Jojoy"),
        ("Ecowas condemned the coup in Bamako. In its words, “the people are held hostage by their own army”.", "ECOWAS"),
        ("“We hold the bridge and we have water,” their commander, Pat Quinn, radioed.", "Pat Quinn"),
        ("Monitors spoke of “grave irregularities in most of the districts”.", "Monitors"),
        ("“The door is open,” Karin Vold, the EU’s trade commissioner, announced in Skopje.", "Karin Vold"),
        ("In Lima, a colonel who would not be named conceded that the losses were “worse than in the last war”.", "colonel"),
        ("The senator's verdict on the treaty was blunt: “It is a surrender signed in advance.”", "senator"),
        ("A leaflet dropped over the valley said: “Leave your homes before Friday.”", "leaflet"),
        ("The White House urged “the utmost restraint on all sides” after the raid.", "White House"),
        ("Prime Minister Edi Kola was in no mood to yield: “They burned our embassy.”", "Edi Kola"),
        ("“They have already packed,” said a palace official who spoke on condition of anonymity.", "palace official"),
        ("Asked whether he would go, President Kone replied: “Go from what?”", "Kone"),
        ("“Both armies have gone home,” the communiqué said.", "communiqué"),
        ("'The fleet has sailed,' the prime minister, Joan Marsh, told the Commons.", "Joan Marsh"),
        (
            "The president, Hage Witbooi, said in his address:\n\n“We have kept our word and we shall vote in May.”",
            "Hage Witbooi",
        ),
        ("“This is a declaration of war,” thundered Tendai Moyo.", "Tendai Moyo"),
    ],
)
def test_speaker_by_other_words(coder: Coder, text: str, speaker: str) -> None:
    assert [q.speaker for q in coder.code(Article(text=text, published="2012-03-22")).quotes] == [speaker]


@pytest.mark.model
def test_split_by_its_cue_is_one_quotation(nlp: Language) -> None:
    (found,) = quotations(nlp, "“The talks,” Jonas Weber said, “will go on until we have a deal.”")
    assert len(found.spans) == 2
    assert found.speaker == "Jonas Weber"


@pytest.mark.model
def test_a_quoted_paragraph_keeps_its_speaker(nlp: Language) -> None:
    text = "“The bridge is ours,” Jonas Weber said.\n\n“Nobody will take it from us again this year.”"
    first, second = quotations(nlp, text)
    assert second.speaker == first.speaker == "Jonas Weber"


@pytest.mark.model
def test_a_short_sentence_on_a_line_of_its_own_goes_on(nlp: Language) -> None:
    text = "“They took the bell of our church,” said Jonas Weber.\n\n“The bell!”\n\nThe army denies it."
    assert [q.speaker for q in quotations(nlp, text)] == ["Jonas Weber", "Jonas Weber"]


@pytest.mark.model
def test_a_carried_quotation_is_one(nlp: Language) -> None:
    (found,) = quotations(nlp, "“We waited for years,” Jonas Weber said. “We asked for help.\n\n“We got none.”")
    assert len(found.spans) == 3


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "The so-called “peace wall” was torn down.",
        "Lawmakers passed the “Clean Hands Act” on Monday.",
        "The rebels set up “people’s courts” in three districts.",
        "Soldiers guarded the “road of life” into the besieged city.",
    ],
)
def test_scare_quotes_are_none(nlp: Language, text: str) -> None:
    assert quotations(nlp, text) == []
