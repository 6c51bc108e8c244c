"""How many dead, injured, arrested, present, and how much money, tied to the event's own clause (codebook, section 7).

Keys of the result: `dead`, `injured`, `arrested`, `crowd` (persons; a range adds `<key>_high`; a bound or an estimate adds
`<key>_approx`: True), `money` (amount in units of `currency`, an ISO 4217 code).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from spacy.tokens import Doc, Token

from diurna.context.cues import rows
from diurna.language.notes import Draft, notes_of
from diurna.records import Reason

_PEOPLE = ("dead", "injured", "arrested", "crowd")
_COUNTED = ("nsubj", "nsubjpass", "dobj", "pobj", "attr")
_MOVING = frozenset({"AID", "COERCE"})
_REACHING = _MOVING | {"ASSAULT"}
_MAX_VALUE = 1e15


@cache
def _table(kind: str) -> dict[str, str]:
    return {row["cue"]: row["value"] for row in rows("quantities", "cue", "kind") if row["kind"] == kind}


@cache
def _money_pattern() -> re.Pattern[str]:
    signs = "|".join(re.escape(c) for c in sorted(_table("currency"), key=len, reverse=True) if not c.isalpha())
    words = "|".join(re.escape(c) for c in sorted(_table("currency"), key=len, reverse=True) if c.isalpha())
    scale = "|".join(sorted(_table("scale"), key=len, reverse=True))
    amount = r"\d[\d,]*(?:\.\d+)?"
    return re.compile(
        rf"(?i:(?P<sign>{signs})\s?(?P<n1>{amount})(?:\s?-?(?P<s1>{scale})\b)?)"
        rf"|(?i:\b(?P<n2>{amount}|a|one|two|three|five|ten)\s?(?:(?P<s2>{scale})\s)?\s?(?:(?:us|u\.s\.|american)\s)?(?P<word>{words})\b)"
    )


class Quantities:
    """Counts what the clauses of one Doc tell."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.text = notes_of(doc).text

    def run(self, draft: Draft) -> None:
        """Set `quantities` of a draft."""
        trigger = self.doc[draft.trigger[0]]
        for token in self._clause(trigger):
            kind = self._kind(token)
            if kind is None or kind in draft.quantities or (kind == "crowd" and draft.root != "PROTEST"):
                continue
            number = self._counted(token, kind)
            if number is not None:
                self._store(draft, kind, number)
        if draft.root in _REACHING and not draft.quantities:
            self._reached(draft)
        self._money(draft, trigger)

    def _reached(self, draft: Draft) -> None:
        """Those whom an act reached: one victim or prisoner told of as one, else how many were taken in, moved or driven out."""
        kind = next((k for i in draft.trigger if (k := self._kind(self.doc[i]))), None)
        for index in draft.recipients:
            noun = self.doc[index]
            number = self._number(noun)
            if number is not None and kind is None and draft.root in _MOVING:
                self._store(draft, "arrested" if draft.mode == "arrest" else "crowd", number)
                return
            if number is None and kind in ("dead", "arrested") and _single(noun):
                self._store(draft, kind, (1, None, False))
                return

    def _clause(self, trigger: Token) -> Iterator[Token]:
        """Yield the trigger, its objects and the participles that tell its effect, without other finite clauses."""
        stack, seen = [trigger], 0
        while stack and seen < 80:
            token = stack.pop()
            seen += 1
            yield token
            for child in token.children:
                finite = child.dep_ in ("relcl", "ccomp", "parataxis") or (
                    child.dep_ == "conj" and _has_subject(child) and token.pos_ == "VERB"
                )
                if not finite or (child.dep_ == "conj" and self._kind(child)):
                    stack.append(child)
        head = trigger.head
        if trigger.pos_ == "NOUN" and head != trigger:
            carrier = head if head.pos_ == "VERB" else head.head
            if self._kind(carrier) is not None or trigger.dep_ in ("nsubj", "dobj"):
                yield carrier
                yield from carrier.children
        elif trigger.dep_ == "advcl" and self._kind(head) is not None:
            yield head

    def _kind(self, token: Token) -> str | None:
        lemma = token.lemma_.lower()
        return next((k for k in _PEOPLE if lemma in _table(k) or token.lower_ in _table(k)), None)

    def _counted(self, token: Token, kind: str) -> tuple[float, float | None, bool] | None:
        """Return (number, upper number, inexact) of what a word of counting counts."""
        nouns = [token] if token.pos_ in ("NOUN", "ADJ") else []
        roles = ("nsubj",) if kind == "crowd" else _COUNTED
        nouns += [c for c in token.children if c.dep_ in roles]
        if token.pos_ == "VERB" and token.dep_ in ("acl", "relcl"):
            nouns.append(token.head)
        if token.pos_ in ("ADJ", "VERB") and token.dep_ in ("oprd", "acomp", "amod", "conj", "xcomp", "ccomp"):
            nouns += [c for c in token.head.children if c.dep_ in ("dobj", "nsubj", "nsubjpass")]
        for noun in list(nouns):
            nouns += [p for c in noun.children if c.dep_ == "prep" and c.lower_ == "of" for p in c.children if p.dep_ == "pobj"]
        for noun in nouns:
            number = self._number(noun)
            if number is not None:
                return self._with_others(noun, number)
        return None

    def _with_others(self, noun: Token, number: tuple[float, float | None, bool]) -> tuple[float, float | None, bool]:
        """ "Three policemen and at least three demonstrators were killed": six."""
        value, high, inexact = number
        for other in (c for c in noun.children if c.dep_ == "conj" and c.pos_ in ("NOUN", "PROPN")):
            more = self._number(other)
            if more is not None and high is None and more[1] is None:
                value, inexact = value + more[0], inexact or more[2]
        return value, high, inexact

    def _number(self, noun: Token) -> tuple[float, float | None, bool] | None:
        numerals = [c for c in noun.children if c.dep_ == "nummod" and c.i < noun.i]
        if noun.like_num or noun.lower_ in _table("vague"):
            numerals.append(noun)
        for numeral in numerals:
            if numeral.lower_.endswith("-year-old") or (
                numeral.i + 1 < len(self.doc) and self.doc[numeral.i + 1].text in ("%", "percent")
            ):
                continue
            some = [c for c in numeral.lefts if c.lower_ in _table("multiple")]
            value = _value([*some, *(c for c in numeral.lefts if c.dep_ in ("compound", "nummod")), numeral])
            if value is None:
                continue
            before = self.doc[max(0, numeral.left_edge.i - 3) : numeral.i]
            inexact = bool(some) or numeral.lower_ in _table("vague") or any(t.lower_ in _table("bound") for t in before)
            high = next((_value([c]) for c in numeral.rights if c.dep_ in ("conj", "pobj", "quantmod") or c.like_num), None)
            return value, high if high and high > value else None, inexact
        return None

    def _store(self, draft: Draft, kind: str, number: tuple[float, float | None, bool]) -> None:
        value, high, inexact = number
        draft.quantities[kind] = int(value)
        if high:
            draft.quantities[f"{kind}_high"] = int(high)
        if inexact:
            draft.quantities[f"{kind}_approx"] = True
        draft.reasons.append(Reason(f"quantities.{kind}", "count", f"{value:g}"))

    def _money(self, draft: Draft, trigger: Token) -> None:
        tokens = sorted({t.i for t in self._clause(trigger)})
        if not tokens:
            return
        start, end = self.doc[tokens[0]].idx, self.doc[tokens[-1]].idx + len(self.doc[tokens[-1]])
        inside = set(tokens)
        for match in _money_pattern().finditer(self.text, start, min(end + 1, len(self.text))):
            span = self.doc.char_span(match.start(), match.end(), alignment_mode="expand")
            if span is None or not any(t.i in inside for t in span):
                continue
            amount = match["n1"] or match["n2"]
            value = _digits(amount)
            if value is None:
                continue
            value *= float(_table("scale").get((match["s1"] or match["s2"] or "").lower(), 1))
            sign = (match["sign"] or match["word"]).lower()
            if value < _MAX_VALUE:
                draft.quantities["money"] = int(value) if value == int(value) else value
                draft.quantities["currency"] = _table("currency")[sign]
                draft.reasons.append(Reason("quantities.money", "amount", match.group(), (match.start(), match.end())))
                return


def _single(noun: Token) -> bool:
    """Tell whether a phrase is one person: "a priest", "her husband", a name."""
    if any(c.dep_ == "conj" for c in noun.children):
        return False
    owned = any((c.dep_ == "det" and c.lower_ in _table("one")) or c.dep_ == "poss" for c in noun.children)
    return noun.ent_type_ == "PERSON" or (noun.tag_ == "NN" and owned and noun.lower_ not in _table("many"))


def _has_subject(token: Token) -> bool:
    return any(c.dep_ in ("nsubj", "nsubjpass") for c in token.children)


def _digits(words: str) -> float | None:
    plain = words.replace(",", "").rstrip(".")
    try:
        return float(plain)
    except ValueError:
        value = 1.0 if words.lower() == "a" else _spelled().get(words.lower())
        return float(value) if value else None


@cache
def _spelled() -> dict[str, str]:
    """Return the values of words for numbers."""
    return _table("number") | _table("unit") | _table("multiple")


def _value(tokens: list[Token]) -> float | None:
    """Return the value of a numeral of one or more words: "12", "1,200", "two hundred", "twenty-five"."""
    total: float | None = None
    for token in tokens:
        for word in token.lower_.split("-") if not token.lower_[0].isdigit() else [token.lower_]:
            if word in ("and", ""):
                continue
            number = _digits(word)
            if number is None:
                return total
            if total is None:
                total = number
            elif number >= 100 or word in _table("unit"):
                total *= number
            else:
                total += number
    return total
