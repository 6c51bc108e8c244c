"""Which event a sentence reports from a given actor to a given recipient, when the user brings the spans."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Token

from diurna.errors import TableError
from diurna.events.analyse import Analyser, Finding
from diurna.events.compose import Code
from diurna.events.opinion import Opinion, Vote
from diurna.ontology import Ontology
from diurna.records import Reason, Relation, Span
from diurna.tables import load

_SURE_FIT, _PART_FIT = 0.6, 0.3  # both spans, or one of them, lie in the slots of the frame
_SHARE = 0.5  # the two opinions rest on the same words: the odds of the tables count half (kept reports, training/reliability.py)
_PULL = 6  # cases that the usual reliability counts for
_FAINT = 0.001  # added to the model's probabilities


@dataclass(frozen=True, slots=True)
class TableOpinion:
    """The tables' answer: a finding and how well its participants match the given spans (0 none, 1 both)."""

    finding: Finding
    fit: float

    @property
    def trigger_spans(self) -> tuple[Span, ...]:
        """Character spans of the trigger words."""
        words = sorted({w.i: w for w in self.finding.words}.values(), key=lambda w: w.i)
        return tuple((w.idx, w.idx + len(w.text)) for w in words)

    def reasons(self) -> tuple[Reason, ...]:
        """Explain which frame fired and how the spans were matched."""
        frame = self.finding.predicate.frame
        words = " ".join(w.text for w in self.finding.words)
        reasons = [Reason("event", f"frame {frame.id} ({' '.join(frame.words)})", words)]
        if len(self.finding.chain) > 1:
            reasons.append(Reason("event", "composition " + " of ".join(self.finding.chain), words))
        reasons.append(Reason("participants", f"given spans fit the frame's slots to {self.fit:.2f}"))
        return tuple(reasons)


def relate_doc(
    doc: Doc, analyser: Analyser, actor: Sequence[Span], recipient: Sequence[Span], scheme: Ontology, model: Opinion | None
) -> Relation:
    """Weigh the opinions of tables and model into one relation; either may be silent."""
    table = tables_opinion(doc, analyser, actor, recipient)
    vote = model.vote(doc.text, actor, recipient) if model else None
    code, confidence = weigh(table, vote)
    reasons = [*(table.reasons() if table else ()), *(vote.reasons() if vote else ())]
    opinions = {f"model:{c.root}": p for c, p in vote.ranked[:3]} if vote else {}
    if table:
        opinions[f"tables:{table.finding.code.root}"] = round(table.fit, 3)
    quad = scheme.roots[code.root].quad if code.root in scheme.roots else 0
    spans = table.trigger_spans if table else ()
    return Relation(code.root, code.mode, code.cameo, quad, round(confidence, 3), spans, opinions, tuple(reasons))


def weigh(table: TableOpinion | None, vote: Vote | None) -> tuple[Code, float]:
    """Decide between tables and model: their odds are multiplied, the tables' by how often they were right in such cases."""
    if table is None and vote is None:
        return Code(""), 0.0
    if vote is None:
        assert table is not None
        return table.finding.code, trust(table)
    if table is None:
        return vote.best, vote.ranked[0][1]
    scores: dict[Code, float] = {}
    for code, p in vote.ranked:  # the classes of one root stand together, under the likeliest
        first = next((c for c in scores if c.root == code.root), code)
        scores[first] = scores.get(first, 0.0) + p
    own = table.finding.code
    logs = {c: math.log(p + _FAINT) for c, p in scores.items() if c.root != own.root}
    sure = trust(table)
    logs[own] = math.log(vote.probability(own) + _FAINT) + _SHARE * (math.log(sure / (1 - sure)) + math.log(len(scores)))
    best = max(logs, key=lambda c: logs[c])
    return best, math.exp(logs[best]) / sum(math.exp(v) for v in logs.values())


def table_case(table: TableOpinion) -> tuple[str, str, str]:
    """Return what the tables' reliability depends on: root, whether both spans fill the slots, whether the code is composed."""
    fit = "both" if table.fit >= _SURE_FIT else "part" if table.fit >= _PART_FIT else "none"
    return table.finding.code.root, fit, "yes" if len(table.finding.chain) > 1 else "no"


def trust(table: TableOpinion) -> float:
    """Return how often the tables are right in such a case (`data/reliability.tsv`); few are pulled to those of like fit."""
    root, fit, composed = table_case(table)
    known = reliability()
    alike = [seen for (_, other, _), seen in known.items() if other == fit]
    usual = (sum(right for _, right in alike) + 1) / (sum(n for n, _ in alike) + 2)
    n, right = known.get((root, fit, composed), (0, 0))
    return (right + _PULL * usual) / (n + _PULL)


@cache
def reliability() -> dict[tuple[str, str, str], tuple[int, int]]:
    """Load the reliability table; empty while it is being measured."""
    try:
        rows = load("reliability.tsv", ("root", "fit", "composed", "n", "right"))
    except TableError:
        return {}
    return {(r["root"], r["fit"], r["composed"]): (int(r["n"]), int(r["right"])) for r in rows}


def tables_opinion(doc: Doc, analyser: Analyser, actor: Sequence[Span], recipient: Sequence[Span]) -> TableOpinion | None:
    """Return the finding whose slots fit the given spans best, or None when no trigger fires in the text."""
    scored = []
    for sentence in doc.sents:
        for order, finding in enumerate(analyser.findings(sentence)):
            scored.append((_fit(finding, actor, recipient, doc), -order, finding))
    if not scored:
        return None
    fit, _, finding = max(scored, key=lambda s: s[:2])
    return TableOpinion(finding, fit)


def _fit(finding: Finding, actor: Sequence[Span], recipient: Sequence[Span], doc: Doc) -> float:
    acts = finding.predicate.first or finding.actors
    gets = [*finding.recipients, *finding.raw, *(finding.actors if finding.reciprocal else ())]
    score = 0.4 * _hit(acts, actor) + 0.4 * _hit(gets, recipient)
    score -= 0.3 * _hit(acts, recipient) * (not finding.reciprocal) + 0.3 * _hit(finding.recipients, actor)
    inside = any(a <= finding.predicate.token.idx < b for a, b in (*actor, *recipient))
    score -= 0.25 * inside
    # The nearer the trigger lies to both spans, the likelier it joins them; a tie-break of at most 0.2.
    middle = finding.predicate.token.idx
    distance = min(abs(middle - a) for a, _ in actor) + min(abs(middle - a) for a, _ in recipient) if actor and recipient else 0
    return score + 0.2 / (1 + distance / 40)


def _hit(tokens: Sequence[Token], spans: Sequence[Span]) -> float:
    """1 when a token lies in a span, 0.5 when its phrase only overlaps one."""
    if any(a <= t.idx < b for t in tokens for a, b in spans):
        return 1.0
    for token in tokens:
        start, end = token.left_edge.idx, token.right_edge.idx + len(token.right_edge.text)
        if any(start < b and a < end for a, b in spans) and token.pos_ in ("NOUN", "PROPN", "PRON", "ADJ", "NUM"):
            return 0.5
    return 0.0
