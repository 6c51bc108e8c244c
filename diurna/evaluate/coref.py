"""`diurna evaluate coref`: do pronouns, descriptions and sets stand for whom they should (codebook, section 3)?"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from diurna.evaluate.names import same_name
from diurna.records import Article, Participant, Span

if TYPE_CHECKING:
    from diurna.coder import Coder

KINDS = ("person", "plural", "thing", "speech", "description", "set")
_WORDS = {
    "person": "he him his himself she her hers herself",
    "plural": "they them their theirs themselves",
    "thing": "it its itself",
    "speech": "i me my mine myself we us our ours ourselves you your yours",
}
_KIND_OF = {word: kind for kind, words in _WORDS.items() for word in words.split()}
_SAME = {"XKX": "KOS"}


@dataclass(frozen=True, slots=True)
class Stands:
    """Somebody that a phrase stands for: the participant and the other words the text has for it."""

    participant: Participant
    words: tuple[str, ...] = ()


Reader = Callable[[str, str], Callable[[Span], Sequence[Stands]]]


def evaluate_coref(rows: Iterable[dict[str, Any]], reader: Reader) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Score links. `reader` takes text and ISO day and answers, for a span of the text, who stands there (nobody: empty).

    Returns:
        Accuracy over all links, by kind and by part, and the share with the right countries; one record per wrong link.
    """
    outcomes: dict[str, list[bool]] = {}
    errors = []
    for row in rows:
        at = reader(row["text"], row.get("published") or "")
        for link in row["links"]:
            start, end = link["span"]
            phrase, found = row["text"][start:end], at((start, end))
            kind = kind_of(phrase, link["antecedents"])
            right = is_right(link["antecedents"], found)
            for key in ("all", f"kind {kind}", f"part {row['part']}"):
                outcomes.setdefault(key, []).append(right)
            if link.get("country"):
                outcomes.setdefault("country", []).append(_right_country(link["country"], found))
            if not right:
                errors.append(
                    {
                        "id": row["id"],
                        "part": row["part"],
                        "kind": kind,
                        "phrase": phrase,
                        "gold": link["antecedents"],
                        "predicted": [[s.participant.name, *s.words] for s in found],
                        "text": f"{row['text'][:start]}[{phrase}]{row['text'][end:]}",
                    }
                )
    return _measures(outcomes), errors


def kind_of(phrase: str, antecedents: Sequence[str]) -> str:
    """Name the kind of a link: person (he), plural (they), thing (it), speech (we), set (several antecedents), description."""
    return _KIND_OF.get(phrase.lower(), "set" if len(antecedents) > 1 else "description")


def is_right(antecedents: Sequence[str], found: Sequence[Stands]) -> bool:
    """Tell whether those found are the antecedents: each antecedent is among them, and nobody else is."""
    everybody = all(any(_same(gold, one) for one in found) for gold in antecedents)
    return everybody and bool(found) and all(any(_same(gold, one) for gold in antecedents) for one in found)


def _same(gold: str, one: Stands) -> bool:
    ours = _plain(gold)
    names = [_plain(name) for name in (one.participant.name, *one.words) if name]
    return any(same_name(ours, name) for name in names) or (gold[:1].isupper() and _same_person(ours, one.participant))


def _same_person(gold: str, participant: Participant) -> bool:
    """Persons whose last names agree are the same unless their first names begin differently: no "Grace" for "Robert"."""
    ours, theirs = gold.split(), _plain(participant.name).split()
    if not theirs or participant.entity_id.split(":")[0] not in ("", "person"):
        return False
    return ours[-1] == theirs[-1] and (len(ours) == 1 or len(theirs) == 1 or ours[0][0] == theirs[0][0])


def _plain(name: str) -> str:
    """Lower case without accents and hyphens."""
    letters = (c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return "".join(letters).lower().replace("-", " ")


def _right_country(gold: Sequence[str], found: Sequence[Stands]) -> bool:
    wanted = {_SAME.get(c, c) for c in gold}
    return bool(found) and all(_SAME.get(s.participant.country, s.participant.country) in wanted for s in found)


def _measures(outcomes: dict[str, list[bool]]) -> dict[str, Any]:
    order = ["all", *(f"kind {k}" for k in KINDS), *sorted(k for k in outcomes if k.startswith("part ")), "country"]
    scored = {k: {"accuracy": round(sum(v) / len(v), 4), "n": len(v)} for k in order if (v := outcomes.get(k))}
    return scored or {"all": {"accuracy": 0.0, "n": 0}}


def reader_of(coder: Coder) -> Reader:
    """Return a reader that asks the coder's pipeline up to coreference."""

    def reader(text: str, published: str) -> Callable[[Span], Sequence[Stands]]:
        with coder.nlp.select_pipes(disable=["diurna_events", "diurna_context"]):
            doc = coder._doc(Article(text=text, published=published))
        return lambda span: _standing(doc, span)

    return reader


def _standing(doc: Any, span: Span) -> list[Stands]:
    """Read who stands at a span: the members of its phrase, or its participant with the words of its antecedents."""
    phrases = doc._.diurna.phrases
    inside = [p for p in phrases if span[0] <= doc[p.head].idx < span[1]]
    heads = {p.head for p in inside}
    phrase = next((p for p in inside if not any(a.i in heads for a in doc[p.head].ancestors)), None)
    if phrase is None:
        return []
    if phrase.members:
        return [Stands(p.participant, (_words(doc, p),)) for i in phrase.members if (p := phrases[i]).participant]
    participant, own = phrase.participant, set(doc.text[span[0] : span[1]].lower().split())
    named = participant is not None and not set(participant.name.lower().split()) <= own
    words = []
    for earlier in _chain(phrases, phrase):
        words += [_words(doc, earlier)] if earlier.kind != "pronoun" else []
        words += [earlier.participant.name] if earlier.participant is not None else []
    return [Stands(participant or Participant(""), tuple(words))] if named or words else []


def _chain(phrases: Sequence[Any], phrase: Any) -> Iterator[Any]:
    seen = set()
    while phrase.antecedent >= 0 and phrase.antecedent not in seen:
        seen.add(phrase.antecedent)
        phrase = phrases[phrase.antecedent]
        yield phrase


def _words(doc: Any, phrase: Any) -> str:
    text: str = doc[phrase.start : phrase.head + 1].text
    return text
