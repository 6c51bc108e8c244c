"""Measures of joining over articles: what counts as found, missed and wrong."""

from __future__ import annotations

from diurna.evaluate.stories import evaluate_same_event, evaluate_stories
from diurna.records import Article, Event, Participant, Result, Versions, When


def code(article: Article) -> Result:
    """Read "ROOT stage A B" as one event about a visit of A to B."""
    root, stage, *codes = article.text.split()
    actor, recipient = (Participant(c, name=c, country=c) for c in codes)
    when = When(article.published, article.published, "day")
    event = Event(f"e-{article.id}", article.id, root, actors=(actor,), recipients=(recipient,), when=when, stage=stage)
    events = (Event(**{**{n: getattr(event, n) for n in event.__slots__}, "thread_kind": "visit"}),)
    return Result(article, events, (), (), Versions("1", "p", "t"))


def pair(number: int, first: str, second: str, same: bool) -> dict[str, object]:
    return {"id": f"p{number}", "part": "dev", "published": "2020-01-01", "texts": [first, second], "same": same}


def test_pairs_found_missed_and_wrong() -> None:
    rows = [
        pair(1, "AGREE invite PER CHL", "AGREE invite PER CHL", True),
        pair(2, "AGREE invite PER CHL", "REJECT refuse PER CHL", True),
        pair(3, "AGREE invite PER CHL", "AGREE invite PER CHL", False),
        pair(4, "AGREE invite PER CHL", "AGREE invite PER BOL", False),
    ]
    measures, errors = evaluate_same_event(rows, code)
    assert (measures["dev"]["precision"], measures["dev"]["recall"]) == (0.5, 0.5)
    assert [e["id"] for e in errors] == ["p2", "p3"]


def test_links_and_state_of_a_story() -> None:
    texts = ["AGREE invite PER CHL", "CONSULT hold CHL PER", "CONSULT hold PER BOL"]
    articles = [{"id": f"a{i}", "published": f"2020-0{i}-01", "text": t} for i, t in enumerate(texts, 1)]
    story = {"id": "s", "part": "held", "kind": "visit", "articles": articles, "thread": ["a1", "a2"], "state": "fulfilled"}
    measures, errors = evaluate_stories([story], code)
    assert measures["held"] == {"precision": 1.0, "recall": 1.0, "wanted": 1, "state": 1.0}
    assert errors == []
    measures, errors = evaluate_stories([{**story, "thread": ["a1", "a3"], "state": "open"}], code)
    assert (measures["all"]["precision"], measures["all"]["recall"], measures["all"]["state"]) == (0.0, 0.0, 0.0)
    assert [e["id"] for e in errors] == ["s"]
