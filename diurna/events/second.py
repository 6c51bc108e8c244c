"""The learned model in whole reports: it weighs the events of the tables, completes them, and proposes where they are silent."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc, Token
from spacy.tokens import Span as DocSpan

from diurna.events.analyse import asks_the_press, is_no_fact
from diurna.events.belief import belief, least, odds
from diurna.events.codes import likeliest_code
from diurna.events.frames import Lexicon
from diurna.events.opinion import Telling
from diurna.events.passages import Passages
from diurna.language.notes import Draft, Notes, NounPhrase
from diurna.ontology import ontology
from diurna.records import Reason

_NOTICED = 0.25  # a word is looked at as a trigger
SURE_OF, UNSURE_OF = 0.8, 0.05  # the model's root wins above the first share where the tables' root has less than the second
_IN_ROLE = 0.4  # a phrase takes part when the model gives its head that much
_LIKELY_MODE = 0.3  # among the codes of the root
_PARTS = ("xcomp", "ccomp", "dobj", "prep", "pobj", "prt", "acl", "compound", "pcomp", "attr", "acomp", "agent", "advmod")
_TELLS = ("VERB", "NOUN", "PROPN")


class SecondOpinion:
    """Asks the model, which has read the Doc in passages, what its triggers tell."""

    def __init__(self, doc: Doc, notes: Notes, passages: Passages, lexicon: Lexicon) -> None:
        self.doc, self.notes, self.passages, self.lexicon = doc, notes, passages, lexicon
        self.sentences, self.noticed, self.share = passages.sentences, passages.noticed, passages.share
        self.told: dict[int, Telling] = {}
        self._phrases: dict[int, list[NounPhrase]] = {}  # by first token of their sentence

    def speak(self) -> None:
        """Complete the drafts there are, then add proposals; drafts stay in text order. `judge` weighs them all later."""
        asked = set(self.passages.asked)
        drafts = [d for d in self.notes.drafts if d.sentence in asked]
        proposals = self._proposals()
        told = self.passages.tellings([(d.sentence, d.trigger) for d in drafts + proposals])
        for draft, telling in zip(drafts + proposals, told, strict=True):
            self.told[id(draft)] = telling
            self._settle_root(draft, telling)
            self._complete(draft, telling)
            draft.heard = telling.status
            _fill_mode(draft, telling)
            if draft.frame == "model":
                self._name_code(draft)
        self.notes.drafts = sorted([*self.notes.drafts, *proposals], key=lambda d: (d.sentence, d.trigger[0]))

    def judge(self) -> None:
        """Weigh the evidence for each draft, whose participants are final now; what is not believed goes."""
        kept = []
        for draft in self.notes.drafts:
            telling = self.told.get(id(draft))
            if telling is not None:
                draft.evidence = self._evidence(draft, telling)
                draft.confidence = round(belief(draft.evidence), 3)
                draft.reasons.insert(draft.frame != "model", Reason(*self._why(draft, telling)))
                if draft.confidence < least():
                    continue
            kept.append(draft)
        self.notes.drafts = kept

    def parts(self, draft: Draft, head: int) -> tuple[float, float] | None:
        """How likely the model makes a token the actor and the recipient of a draft; None outside of the draft's passage."""
        telling = self.told.get(id(draft))
        return self.passages.part(telling, draft.sentence, head) if telling is not None else None

    def _evidence(self, draft: Draft, telling: Telling) -> dict[str, float]:
        """Gather what speaks for and against an event: the names are those of `data/belief.tsv`."""
        something = 1 - telling.share("")
        known = [sum(self._known(h) for h in side) / max(1, len(side)) for side in (draft.actors, draft.recipients)]
        actor, recipient = (self._agreed(h, part, draft) for part, h in enumerate((draft.actors, draft.recipients)))
        by_tables = draft.frame != "model"
        found = {
            "tables": float(by_tables),
            "seen": odds(max(self.share(i) for i in draft.trigger)),
            "something": odds(something),
            "root": odds(telling.share(draft.root) / max(something, 1e-6)),
            "actor": actor,
            "no actor": float(not draft.actors),
            "known actor": known[0],
            "known recipient": known[1],
            "recipient": recipient,
            "no recipient": float(not draft.recipients),
            "actor from the context": float(self._implied(draft, draft.actors)),
            "recipient from the context": float(self._implied(draft, draft.recipients)),
            "reciprocal": float(draft.reciprocal),
            "composed": float(len(draft.chain) > 1),
        }
        found |= {f"tables and {name}": found[name] for name in ("seen", "something", "root") if by_tables}
        return {name: round(value, 3) for name, value in found.items() if value}

    def _agreed(self, heads: Sequence[int], part: int, draft: Draft) -> float:
        """How far the model gives phrases the part that they have in a draft, as odds; 0 where it has read none of them."""
        read = [parts for head in heads if (parts := self.parts(draft, head)) is not None]
        shares = [max(parts) if part == 0 and len(heads) > 1 else parts[part] for parts in read]
        return odds(sum(shares) / len(shares)) if shares else 0.0

    def _implied(self, draft: Draft, heads: Sequence[int]) -> bool:
        sentence = self.sentences[draft.sentence]
        return any(not sentence.start <= head < sentence.end for head in heads)

    def _known(self, head: int) -> bool:
        found = self.notes.participant(head)
        return found is not None and bool(found.country)

    def _why(self, draft: Draft, telling: Telling) -> tuple[str, str, str]:
        seen, something = max(self.share(i) for i in draft.trigger), 1 - telling.share("")
        heard = f"learned model: trigger {seen:.2f}, an event {something:.2f}, {draft.root} {telling.share(draft.root):.2f}"
        if draft.frame == "model":
            return "event", f"{heard}; tables silent", self._words(draft)
        return "confidence", heard, ""

    def _words(self, draft: Draft) -> str:
        return " ".join(self.doc[i].text for i in sorted(draft.trigger))

    def _proposals(self) -> list[Draft]:
        """Triggers that the model notices outside the tables' events; what belongs to one telling makes one proposal."""
        told = {i: d for d in self.notes.drafts for i in d.trigger}
        groups: dict[int, list[int]] = {}
        for index in sorted(self.noticed):
            token = self.doc[index]
            if self.share(index) < _NOTICED or index in told or token.pos_ not in _TELLS or self._barred(token):
                continue
            head = self._telling_head(token, told)
            if head is not None:
                groups.setdefault(head, []).append(index)
        number = {s.start: k for k, s in enumerate(self.sentences)}
        return [
            Draft("", "", "", (head, *(i for i in group if i != head)), number[self.doc[head].sent.start])
            for head, group in groups.items()
        ]

    def _barred(self, token: Token) -> bool:
        """A denial is no event of the act; what somebody means to do or asks about is not done (codebook, section 2)."""
        frames = self.lexicon.frames(self.lexicon.lemma(token.lower_, token.lemma_), "v")
        return any(frame.operator == "deny" for frame in frames) or is_no_fact(token) or asks_the_press(token, self.lexicon)

    def _telling_head(self, token: Token, told: dict[int, Draft]) -> int | None:
        """The outermost noticed word that `token` completes; None when it completes an event of the tables."""
        head = token.i
        climber = token
        while climber.dep_ in _PARTS and climber.head.i != climber.i:
            climber = climber.head
            if climber.i in told:
                return None
            if self.share(climber.i) >= _NOTICED and climber.pos_ in _TELLS:
                if self.noticed[climber.i].root != self.noticed[token.i].root:
                    return head
                head = climber.i
        return head

    def _settle_root(self, draft: Draft, telling: Telling) -> None:
        """Give a proposal the code that the model finds likeliest; also an event of the tables whose root it hardly believes.

        A frame that names the step of an undertaking ("invite", "cancel") says more than the model can, and stands.
        """
        code, share = telling.best()
        if not draft.frame:
            draft.root, draft.mode, draft.cameo, draft.frame, draft.chain = (
                code.root,
                code.mode,
                code.cameo,
                "model",
                (code.root,),
            )
        elif not draft.stage and share > SURE_OF and telling.share(draft.root) < UNSURE_OF:
            draft.reasons.append(
                Reason("event", f"learned model: {code.root} {share:.2f} and not {draft.root}", self._words(draft))
            )
            draft.root, draft.mode, draft.cameo, draft.thread_kind = code.root, code.mode, code.cameo, ""
            self._name_code(draft)

    def _name_code(self, draft: Draft) -> None:
        """Give what no frame tells the CAMEO code that such words have."""
        found = likeliest_code(draft.root, draft.mode, (self.doc[i].text for i in draft.trigger))
        if found is not None:
            draft.cameo = found[0]
            draft.reasons.append(Reason("cameo", f"code of such words {found[1]:.2f}", self._words(draft)))

    def _complete(self, draft: Draft, telling: Telling) -> None:
        """Give a draft the participants that the model sees where the tables found none."""
        if draft.reciprocal or not draft.root:
            return
        sides = [self._in_role(draft, role) for role in (0, 1)]
        draft.actors = draft.actors or [a for a in sides[0] if a not in draft.recipients]
        if draft.recipients:
            return
        mine = {self._name(a) for a in draft.actors}
        draft.recipients = [r for r in sides[1] if r not in draft.actors and self._name(r) not in mine]
        joined = any(t.i in draft.recipients for a in draft.actors for t in self.doc[a].conjuncts)
        if draft.recipients and (joined or telling.status.get("recip", 0) > _IN_ROLE):
            draft.actors, draft.recipients, draft.reciprocal = draft.actors + draft.recipients, [], True

    def _phrases_of(self, sentence: DocSpan) -> list[NounPhrase]:
        """Return the phrases of a sentence that may take part."""
        if sentence.start not in self._phrases:
            inside = [p for p in self.notes.phrases if sentence.start <= p.head < sentence.end]
            last = len(self.doc) - 1
            self._phrases[sentence.start] = [
                p
                for p in inside
                if (p.participant is not None or p.members)
                and self.doc[min(p.head + 1, last)].text != "-"  # "a *Brazilian*-brokered accord"
            ]
        return self._phrases[sentence.start]

    def _name(self, head: int) -> str:
        found = self.notes.participant(head)
        return found.name if found is not None else f"#{head}"

    def _in_role(self, draft: Draft, role: int) -> list[int]:
        sentence, chosen = self.sentences[draft.sentence], []
        for phrase in self._phrases_of(sentence):
            parts = self.parts(draft, phrase.head)
            if parts is not None and parts[role] >= _IN_ROLE:
                chosen.append(phrase)
        outer = [p for p in chosen if not any(q is not p and q.start <= p.start and p.end <= q.end for q in chosen)]
        heads: dict[int, None] = {}
        for phrase in outer:
            for head_index in [self.notes.phrases[m].head for m in phrase.members] or [phrase.head]:
                heads[head_index] = None
        return list(heads)


def _fill_mode(draft: Draft, telling: Telling) -> None:
    """Give a draft without mode the one that the model finds likeliest, and the CAMEO code that says as much.

    Only a bare meeting may stay without: of the other roots that have modes, those cover all that happens (PLOVER).
    """
    own = [(code, p) for code, p in telling.ranked if code.root == draft.root]
    ranked = own if draft.root == "CONSULT" else [(code, p) for code, p in own if code.mode]
    if draft.mode or not ranked or not ranked[0][0].mode or ranked[0][1] < _LIKELY_MODE * sum(p for _, p in ranked):
        return
    draft.mode = ranked[0][0].mode
    if draft.cameo.endswith("0"):
        draft.cameo = ontology().cameo_of(draft.root, (draft.mode,), draft.cameo)
    draft.reasons.append(Reason("mode", f"learned model: {draft.mode} {ranked[0][1]:.2f}"))
