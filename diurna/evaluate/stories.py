"""`diurna evaluate same-event` and `stories`: are reports of one event joined, and steps of one undertaking?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any

from diurna.ledger.copies import copies
from diurna.ledger.join import join_threads
from diurna.ledger.same_event import Joined, Report, join_events
from diurna.records import Article, Result

Code = Callable[[Article], Result]
Scored = tuple[dict[str, Any], list[dict[str, Any]]]


def evaluate_same_event(rows: Iterable[dict[str, Any]], code: Code) -> Scored:
    """Score pairs of short reports: does an event of one join an event of the other?

    Args:
        rows: `texts` (two), `published` (ISO day of both), `same` (bool), `part` ("dev" or "held").
        code: codes an article.

    Returns:
        Precision and recall of joining, over all and by part, and one record per wrong pair.
    """
    tally: Counter[str] = Counter()
    errors = []
    for row in rows:
        articles = [Article(text, f"{row['id']}-{i}", published=row["published"]) for i, text in enumerate(row["texts"])]
        found = any(len(j.reports) > 1 for j in joined_of(articles, code))
        _count(tally, row["part"], found, row["same"])
        if found != row["same"]:
            errors.append({"id": row["id"], "same": row["same"], "found": found, "texts": row["texts"]})
    return _measures(tally), errors


def evaluate_stories(rows: Iterable[dict[str, Any]], code: Code) -> Scored:
    """Score stories told by several articles: which articles end in one thread, and how it stands.

    Args:
        rows: `articles` (id, published, text), `thread` (ids of articles that tell steps of one undertaking), `state`, `part`.
        code: codes an article.

    Returns:
        Precision and recall over pairs of articles, accuracy of the state, and one record per wrong story.
    """
    tally: Counter[str] = Counter()
    errors = []
    for row in rows:
        articles = [Article(a["text"], a["id"], published=a["published"]) for a in row["articles"]]
        joined = joined_of(articles, code)
        threads = join_threads(joined)
        home = {r.event.id: r.event.article_id for j in joined for r in j.reports}
        steps = [sorted({home[s.event_id] for s in t.stages}) for t in threads]
        linked = {pair for ids in steps for pair in combinations(ids, 2)}
        wanted = set(combinations(sorted(row["thread"]), 2))
        for pair in linked | wanted:
            _count(tally, row["part"], pair in linked, pair in wanted)
        best = max(zip(steps, threads, strict=True), key=lambda s: len(set(s[0]) & set(row["thread"])), default=None)
        right = best is not None and best[1].state == row["state"]
        tally[f"{row['part']} states"] += 1
        tally[f"{row['part']} states right"] += right
        if linked != wanted or not right:
            stages = [[(s.name, s.date) for s in t.stages] + [t.kind, t.state] for t in threads]
            errors.append({"id": row["id"], "kind": row["kind"], "state": row["state"], "thread": row["thread"], "found": stages})
    return _measures(tally), errors


def joined_of(articles: Sequence[Article], code: Code) -> list[Joined]:
    """Code articles and join their events."""
    copied = copies((a.id, a.text) for a in articles)
    return join_events(list(_reports(articles, code)), copied)


def _reports(articles: Sequence[Article], code: Code) -> Iterator[Report]:
    for article in articles:
        yield from (Report(event, article.publisher, article.published) for event in code(article).events)


def _count(tally: Counter[str], part: str, found: bool, wanted: bool) -> None:
    tally[f"{part} found"] += found
    tally[f"{part} wanted"] += wanted
    tally[f"{part} both"] += found and wanted


def _measures(tally: Counter[str]) -> dict[str, Any]:
    measures: dict[str, Any] = {}
    for part in ("all", "dev", "held"):
        n = {k: sum(tally[f"{p} {k}"] for p in (("dev", "held") if part == "all" else (part,))) for k in _KEYS}
        measures[part] = {
            "precision": round(n["both"] / n["found"], 4) if n["found"] else 0.0,
            "recall": round(n["both"] / n["wanted"], 4) if n["wanted"] else 0.0,
            "wanted": n["wanted"],
        }
        if n["states"]:
            measures[part]["state"] = round(n["states right"] / n["states"], 4)
    return measures


_KEYS = ("found", "wanted", "both", "states", "states right")
