"""From the drafts of a Doc to frozen events: participants named, scores looked up, repeated tellings joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc

from diurna.language.notes import Draft, Notes
from diurna.ontology import Ontology
from diurna.records import Event, Mention, Participant, Reason, Span, Where, content_id

_WORDS = frozenset({"AGREE", "SUPPORT", "ACCUSE", "REQUEST", "REJECT", "THREATEN"})
_NEAR = 2  # sentences within which a telling may leave out its recipient


@dataclass(frozen=True, slots=True)
class _Telling:
    """One draft with its participants named; several tellings of one event are joined."""

    draft: Draft
    actors: tuple[Participant, ...]
    recipients: tuple[Participant, ...]
    mention: Mention


def freeze(doc: Doc, notes: Notes, scheme: Ontology) -> tuple[Event, ...]:
    """Return the events of an article in order of their first mention (codebook, section 1: several mentions, one event)."""
    sentences = [(s.start_char, s.end_char) for s in doc.sents]
    groups: list[list[_Telling]] = []
    for draft in notes.drafts:
        telling = _telling(doc, notes, draft, sentences)
        for group in groups:
            if _same_event(group, telling):
                group.append(telling)
                break
        else:
            groups.append([telling])
    return tuple(_event(group, notes, scheme) for group in groups)


def _telling(doc: Doc, notes: Notes, draft: Draft, sentences: Sequence[Span]) -> _Telling:
    trigger = tuple((doc[i].idx, doc[i].idx + len(doc[i].text)) for i in sorted(draft.trigger))
    mention = Mention(draft.sentence, sentences[draft.sentence], join_spans(trigger, notes.text))
    actors = _unique(_participant(doc, notes, head) for head in draft.actors)
    recipients = _unique(_participant(doc, notes, head) for head in draft.recipients)
    return _Telling(draft, actors, tuple(r for r in recipients if r.name not in {a.name for a in actors}), mention)


def join_spans(spans: Sequence[Span], text: str) -> tuple[Span, ...]:
    """Join spans that only white space separates; they must be sorted."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def _participant(doc: Doc, notes: Notes, head: int) -> Participant:
    index = notes.phrase_at.get(head)
    if index is None:
        token = doc[head]
        return Participant(token.text, ((token.idx, token.idx + len(token.text)),), name=token.text, resolved_by="not resolved")
    phrase = notes.phrases[index]
    span = doc[phrase.start : phrase.end]
    where = ((span.start_char, span.end_char),)
    if phrase.participant is None:
        return Participant(span.text, where, name=span.text, resolved_by="not resolved")
    return replace(phrase.participant, text=span.text, spans=where)


def _unique(participants: object) -> tuple[Participant, ...]:
    found: dict[str, Participant] = {}
    for participant in participants:  # type: ignore[attr-defined]
        found.setdefault(participant.name or participant.text, participant)
    return tuple(found.values())


def _same_event(group: Sequence[_Telling], telling: _Telling) -> bool:
    """Same root and parties, compatible status and date: the same event told again."""
    first = group[0]
    a, b = first.draft, telling.draft
    if (a.root, a.polarity, a.modality, a.period) != (b.root, b.polarity, b.modality, b.period):
        return False
    if (a.mode and b.mode and a.mode != b.mode) or (a.stage and b.stage and a.stage != b.stage):
        return False
    if a.reciprocal != b.reciprocal:
        return False
    if not _same_parties(first.actors, telling.actors):
        return False
    near = b.sentence - group[-1].draft.sentence <= _NEAR and a.cameo[:3] == b.cameo[:3]
    untold = near and not (first.recipients and telling.recipients)
    if not untold and not _same_parties(first.recipients, telling.recipients):
        return False
    dated = [d.when for d in (a, b) if d.when.start and not d.when.assumed]
    if len(dated) == 2 and (dated[0].end < dated[1].start or dated[1].end < dated[0].start):
        return False
    return a.root in _WORDS or (_same_place(a, b) and _same_numbers(a, b))


def _same_place(a: Draft, b: Draft) -> bool:
    """Two named places tell two events apart; a scene or a dateline, which the reader only assumes, does not."""
    told = {d.where.name for d in (a, b) if any(r.field == "where" and r.span for r in d.reasons)}
    return len(told) < 2


def _same_numbers(a: Draft, b: Draft) -> bool:
    """Thirty-one arrested and eleven arrested are two events; figures within a factor of two may be one event's."""
    pairs = [(a.quantities[k], b.quantities[k]) for k in a.quantities.keys() & b.quantities.keys()]
    return all(max(x, y) < 2 * min(x, y) for x, y in pairs if isinstance(x, int) and isinstance(y, int))


def _same_parties(ours: Sequence[Participant], theirs: Sequence[Participant]) -> bool:
    if not ours or not theirs:
        return not ours and not theirs
    mine, others = {_key(p) for p in ours}, {_key(p) for p in theirs}
    return mine <= others or others <= mine


def _key(participant: Participant) -> str:
    return participant.country or participant.name or participant.text


def _finest(places: Sequence[Where]) -> Where:
    """ "Ends visit to Tajikistan" and "left Dushanbe": of a country and a town in it the town says more."""
    first = places[0] if places else Where()
    towns = [w for w in places if first.lat is None and w.lat is not None and w.country == first.country]
    return towns[0] if towns else first


def _spokesman(telling: _Telling) -> tuple[bool, bool, int, int]:
    parties = len(telling.actors) + len(telling.recipients)
    return bool(telling.recipients), not telling.draft.said_by, parties, -telling.draft.sentence


def _event(group: Sequence[_Telling], notes: Notes, scheme: Ontology) -> Event:
    # The telling in the reporter's own voice that names most parties speaks for all (codebook, section 5).
    best = max(group, key=_spokesman)
    dated = next((t.draft.when for t in (best, *group) if t.draft.when.start and not t.draft.when.assumed), best.draft.when)
    told = [t.draft.where for t in group if any(r.field == "where" and r.span for r in t.draft.reasons)]
    placed = _finest([w for w in (*told, *(t.draft.where for t in group)) if w.name])
    draft = best.draft
    step = next((t.draft for t in (best, *group) if t.draft.stage), draft)
    mentions = tuple(t.mention for t in group)
    names = [p.name for p in (*best.actors, *best.recipients)]
    return Event(
        id=content_id("evt", notes.article_id, draft.root, mentions[0].trigger_spans, names),
        article_id=notes.article_id,
        event=draft.root,
        modes=(draft.mode,) if draft.mode else (),
        contexts=draft.contexts,
        cameo=draft.cameo,
        quad=scheme.roots[draft.root].quad,
        score=scheme.score(draft.root, draft.mode),
        actors=best.actors,
        recipients=best.recipients,
        reciprocal=draft.reciprocal and len(best.actors) > 1,
        polarity=draft.polarity,
        modality=draft.modality,
        period=draft.period,
        ongoing=draft.ongoing,
        said_by=draft.said_by,
        source=draft.source,
        when=dated,
        where=placed,
        quantities={k: v for t in reversed(group) for k, v in t.draft.quantities.items()},
        mentions=mentions,
        stage=step.stage,
        thread_kind=step.thread_kind,
        explanation=tuple(draft.reasons) + _resolution(best),
        confidence=max(t.draft.confidence for t in group),
    )


def _resolution(telling: _Telling) -> tuple[Reason, ...]:
    pairs = [("actors", p) for p in telling.actors] + [("recipients", p) for p in telling.recipients]
    return tuple(Reason(role, p.resolved_by or "not resolved", p.text, p.spans[0] if p.spans else None) for role, p in pairs)
