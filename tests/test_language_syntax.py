"""Logical slots over real parses: passives turned round, relative pronouns resolved, control followed, coordination expanded."""

from __future__ import annotations

import pytest
from spacy.language import Language
from spacy.tokens import Token

from diurna.language.syntax import Syntax, is_passive

pytestmark = pytest.mark.model


@pytest.fixture
def slots(nlp: Language):  # type: ignore[no-untyped-def]
    """Return a function (sentence, verb form) -> (syntax, token)."""

    def read(text: str, verb: str) -> tuple[Syntax, Token]:
        doc = nlp(text)
        return Syntax(doc, frozenset({"promise", "threaten"})), next(t for t in doc if t.text == verb)

    return read


def words(tokens: list[Token]) -> list[str]:
    return [token.text for token in tokens]


@pytest.mark.parametrize(
    ("text", "verb", "subjects", "objects"),
    [
        ("Rwanda expelled the rebels.", "expelled", ["Rwanda"], ["rebels"]),
        ("The rebels were expelled by Rwanda.", "expelled", ["Rwanda"], ["rebels"]),
        ("Three diplomats were expelled on Friday.", "expelled", [], ["diplomats"]),
        ("Soldiers who shelled the village fled.", "shelled", ["Soldiers"], ["village"]),
        ("The militia backed by Ankara attacked Sirte.", "backed", ["Ankara"], ["militia"]),
        ("The militia backed by Ankara attacked Sirte.", "attacked", ["militia"], None),
        ("The protesters arrested on Sunday were freed.", "arrested", [], ["protesters"]),
        ("Cairo asked Tripoli to release the sailors.", "release", ["Tripoli"], ["sailors"]),
        ("Cairo promised Tripoli to release the sailors.", "release", ["Cairo"], ["sailors"]),
        ("Hanoi agreed to withdraw its troops.", "withdraw", ["Hanoi"], ["troops"]),
        ("Ghana appears to have expelled the envoy.", "expelled", ["Ghana"], ["envoy"]),
        ("France seems to support the plan.", "support", ["France"], ["plan"]),
        ("The army is accused of killing monks.", "killing", ["army"], ["monks"]),
        ("Turkey shelled the town, killing nine civilians.", "killing", ["Turkey"], ["civilians"]),
        ("Poland and Hungary condemned Minsk and Moscow.", "condemned", ["Poland", "Hungary"], ["Minsk", "Moscow"]),
        ("Poland arrested and deported the spy.", "deported", ["Poland"], ["spy"]),
        ("Japan sent grain to Mali.", "sent", ["Japan"], ["grain"]),
        ("Mali was given grain by Japan.", "given", ["Japan"], ["grain"]),
    ],
)
def test_subjects_and_objects(slots, text: str, verb: str, subjects: list[str], objects: list[str] | None) -> None:  # type: ignore[no-untyped-def]
    syntax, token = slots(text, verb)
    assert words(syntax.subjects(token)) == subjects
    if objects is not None:
        assert words(syntax.objects(token)) == objects


@pytest.mark.parametrize(
    ("text", "verb", "datives"),
    [
        ("Mali was given grain by Japan.", "given", ["Mali"]),
        ("The journalist was denied entry by Minsk.", "denied", ["journalist"]),
        ("Japan sent grain to Mali.", "sent", []),
    ],
)
def test_datives(slots, text: str, verb: str, datives: list[str]) -> None:  # type: ignore[no-untyped-def]
    syntax, token = slots(text, verb)
    assert words(syntax.datives(token)) == datives


def test_prepositions_with_coordination(slots) -> None:  # type: ignore[no-untyped-def]
    syntax, token = slots("Japan sent grain to Mali and Niger in May.", "sent")
    assert words(syntax.prepositional(token, ("to",))) == ["Mali", "Niger"]
    assert words(syntax.prepositional(token, ("against",))) == []


@pytest.mark.parametrize(
    ("text", "verb", "complement"),
    [
        ("Hanoi agreed to withdraw its troops.", "agreed", "withdraw"),
        ("The army is accused of killing monks.", "accused", "killing"),
        ("Oslo said that it expelled the envoy.", "said", "expelled"),
    ],
)
def test_complements(slots, text: str, verb: str, complement: str) -> None:  # type: ignore[no-untyped-def]
    syntax, token = slots(text, verb)
    assert complement in words(syntax.complements(token))


@pytest.mark.parametrize(
    ("text", "verb", "passive"),
    [
        ("The rebels were expelled by Rwanda.", "expelled", True),
        ("Rwanda expelled the rebels.", "expelled", False),
        ("Rwanda has expelled the rebels.", "expelled", False),
        ("The militia backed by Ankara attacked Sirte.", "backed", True),
    ],
)
def test_passive(slots, text: str, verb: str, passive: bool) -> None:  # type: ignore[no-untyped-def]
    _, token = slots(text, verb)
    assert is_passive(token) is passive
