"""Triggers, their conditions, and who acts on whom, over real parses with the participants given."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from spacy.language import Language

from diurna import Article, Coder
from diurna.events.analyse import Analyser, Finding
from diurna.events.compose import composition
from diurna.events.frames import lexicon

pytestmark = pytest.mark.model

COUNTRIES = {"Turkey", "France", "Germany", "Kenya", "Sudan", "Iran", "Egypt", "Japan"}
CAPITALS = {"Athens", "Ankara", "Moscow", "Washington", "Oslo", "Aden", "Paris"}
POLITICAL = COUNTRIES | CAPITALS | {"rebels", "police", "protesters"}
Findings = Callable[[str], list[Finding]]


@pytest.fixture
def findings(nlp: Language) -> Findings:
    """Return a function from one sentence to its findings; the words in POLITICAL are participants, all others are not."""

    def read(text: str) -> list[Finding]:
        doc = nlp(text)
        analyser = Analyser(doc, lexicon(), composition(), lambda token: token.text in POLITICAL)
        return [finding for sentence in doc.sents for finding in analyser.findings(sentence)]

    return read


def roots(found: list[Finding]) -> list[str]:
    return [f.code.root for f in found]


def sides(finding: Finding) -> tuple[list[str], list[str]]:
    return [t.text for t in finding.actors], [t.text for t in finding.recipients]


@pytest.mark.parametrize(
    ("text", "root", "mode"),
    [
        ("Turkey imposed sanctions on Iran.", "SANCTION", "discontinue"),
        ("Turkey launched an air strike on the rebels.", "ASSAULT", "aerial"),
        ("The police arrested dozens of protesters.", "COERCE", "arrest"),
        ("Oslo pledged to expel the rebels.", "THREATEN", "expel"),
        ("Turkey refused to release the rebels.", "REJECT", "yield"),
        ("Kenya will send food to Sudan.", "AGREE", ""),
        ("Kenya will not release the rebels.", "REJECT", "yield"),
        ("Iran cancelled a visit by Germany.", "REJECT", "meet"),
        ("Japan lifted sanctions on Iran.", "RETREAT", ""),
        ("Oslo threatened to attack Moscow.", "THREATEN", "violence"),
        ("Ankara said Athens must withdraw.", "REQUEST", "change"),
    ],
)
def test_one_sentence_one_event(findings: Findings, text: str, root: str, mode: str) -> None:
    assert [(f.code.root, f.code.mode) for f in findings(text)] == [(root, mode)]


@pytest.mark.parametrize("text", ["Moscow denied attacking Aden.", "Japan broke.", "The harbour of Aden is deep."])
def test_no_event(findings: Findings, text: str) -> None:
    assert roots(findings(text)) == []


@pytest.mark.parametrize(
    ("text", "root"),
    [("Turkey expelled envoys of Moscow.", "SANCTION"), ("Turkey expelled the rebels.", "COERCE")],
)
def test_the_object_decides_between_frames(findings: Findings, text: str, root: str) -> None:
    assert roots(findings(text)) == [root]


def test_a_need_that_fails_leaves_the_frame_out(findings: Findings) -> None:
    assert roots(findings("Egypt pulled out of talks with Sudan.")) == ["REJECT"]
    assert roots(findings("Egypt pulled the talks.")) == []


def test_partitive_objects_give_way_to_what_they_measure(findings: Findings) -> None:
    (found,) = findings("The police arrested dozens of protesters.")
    assert sides(found) == (["police"], ["protesters"])


def test_compound_actors_are_lists(findings: Findings) -> None:
    (found,) = findings("Turkey and Germany expelled envoys of Moscow.")
    assert sides(found) == (["Turkey", "Germany"], ["Moscow"])


@pytest.mark.parametrize("text", ["France and Germany met in Oslo.", "France met Germany.", "France clashed with Germany."])
def test_reciprocal_events_have_actors_only(findings: Findings, text: str) -> None:
    (found,) = findings(text)
    assert found.reciprocal
    assert sides(found) == (["France", "Germany"], [])


def test_agentless_passive_has_no_actor(findings: Findings) -> None:
    (found,) = findings("The rebels were expelled.")
    assert sides(found) == ([], ["rebels"])


def test_sanctions_are_on_the_recipient(findings: Findings) -> None:
    (found,) = findings("Turkey imposed sanctions on Iran.")
    assert sides(found) == (["Turkey"], ["Iran"])
    assert {w.text for w in found.words} == {"imposed", "sanctions"}


def test_composed_event_inherits_the_inner_recipient_and_keeps_its_chain(findings: Findings) -> None:
    (found,) = findings("Oslo threatened to attack Moscow.")
    assert sides(found) == (["Oslo"], ["Moscow"])
    assert found.chain == ("threaten", "ASSAULT")
    assert found.inner is not None
    assert found.inner.token.text == "attack"


def test_duty_is_a_demand_of_the_speaker(findings: Findings) -> None:
    (found,) = findings("Ankara said Athens must withdraw.")
    assert sides(found) == (["Ankara"], ["Athens"])


def test_condemned_act_is_reported_too(findings: Findings) -> None:
    found = findings("Paris condemned the shelling of Aden.")
    assert roots(found) == ["ACCUSE", "ASSAULT"]
    assert sides(found[1]) == ([], ["Aden"])


def test_declining_to_comment_refuses_nobody(findings: Findings) -> None:
    assert findings("The police declined to comment.") == []
    assert roots(findings("The police declined to release the protesters.")) == ["REJECT"]


def test_a_visitor_is_actor_and_the_host_recipient(findings: Findings) -> None:
    met = next(f for f in findings("Germany flew to the coast and met Kenya there.") if f.predicate.token.text == "met")
    assert (sides(met), met.reciprocal) == ((["Germany"], ["Kenya"]), False)
    (met,) = findings("Germany met Kenya.")
    assert (sides(met), met.reciprocal) == ((["Germany", "Kenya"], []), True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Has Accra recalled its envoy from Lomé?", []),
        ("Was the Colombian senator kidnapped by the guerrillas?", []),
        ("Why did Moscow arrest the Estonian captain?", ["COERCE"]),
        ("Only on Friday did Tokyo recall its ambassador from Seoul.", ["SANCTION"]),
    ],
)
def test_what_is_asked_is_not_told(text: str, told: list[str]) -> None:
    events = Coder().code(Article(text=text, published="2019-05-14")).events
    assert [e.event for e in events] == told
