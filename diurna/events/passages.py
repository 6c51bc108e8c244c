"""What the learned model reads of a Doc: each sentence once, in passages of neighbours, whatever is asked of it later.

Sentences that are litter or overlong are not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan

from diurna.events.opinion import Glimpse, Opinion, Passage, Telling
from diurna.language.notes import Notes
from diurna.records import Span

_LONGEST = 90  # tokens; longer sentences are lists or litter
_PASSAGE = 100  # tokens of the sentences that are read together; what it was trained to read


class Passages:
    """What the model read of one Doc. Token indices and numbers of sentences throughout."""

    def __init__(self, doc: Doc, notes: Notes, model: Opinion) -> None:
        self.doc, self.notes, self.model = doc, notes, model
        self.sentences = list(doc.sents)
        self.asked = [k for k, s in enumerate(self.sentences) if len(s) <= _LONGEST and not self._litter(s)]
        self.noticed: dict[int, Glimpse] = {}  # by token: words that may tell events
        self._read_at: dict[int, tuple[int, Passage]] = {}  # by sentence: where its passage starts, and what was read there
        self._reach: dict[int, range] = {}  # by sentence: the tokens of its passage
        self._read()

    def _litter(self, sentence: DocSpan) -> bool:
        return any(sentence.start_char < b and a < sentence.end_char for a, b in self.notes.boilerplate)

    def _read(self) -> None:
        """Read the asked sentences in passages of neighbours."""
        runs: list[list[int]] = []
        for k in self.asked:
            if runs and runs[-1][-1] == k - 1 and sum(len(self.sentences[n]) for n in (*runs[-1], k)) <= _PASSAGE:
                runs[-1].append(k)
            else:
                runs.append([k])
        spans = [(self.sentences[run[0]].start_char, self.sentences[run[-1]].end_char) for run in runs]
        for run, (start, _), passage in zip(runs, spans, self.model.read([self.notes.text[a:b] for a, b in spans]), strict=True):
            reach = range(self.sentences[run[0]].start, self.sentences[run[-1]].end)
            self._read_at.update((k, (start, passage)) for k in run)
            self._reach.update(dict.fromkeys(run, reach))
            self._notice(start, passage.glimpses)

    def _notice(self, offset: int, glimpses: Iterable[Glimpse]) -> None:
        for glimpse in glimpses:
            start, end = (x + offset for x in glimpse.span)
            token = self.doc.char_span(start, end, alignment_mode="expand")
            if token is not None and glimpse.share > self.share(token[0].i):
                self.noticed[token[0].i] = glimpse

    def share(self, index: int) -> float:
        """How likely the model finds a token to tell an event."""
        return self.noticed[index].share if index in self.noticed else 0.0

    def tellings(self, triggers: Sequence[tuple[int, Sequence[int]]]) -> list[Telling]:
        """Return what triggers tell, each given as its sentence, which must be one of `asked`, and its tokens."""
        rows: dict[int, list[tuple[int, Sequence[Span], Span]]] = {}
        for number, (sentence, tokens) in enumerate(triggers):
            whole = self.sentences[sentence]
            inside = [i for i in tokens if whole.start <= i < whole.end]
            rows.setdefault(self._read_at[sentence][0], []).append((number, *self._question(sentence, inside)))
        passages = dict(self._read_at.values())
        made: dict[int, Telling] = {}
        for offset, asked in rows.items():
            told = self.model.tellings(passages[offset], [row[1:] for row in asked])
            made.update((number, telling) for (number, _, _), telling in zip(asked, told, strict=True))
        return [made[number] for number in range(len(triggers))]

    def _question(self, sentence: int, tokens: Sequence[int]) -> tuple[list[Span], Span]:
        """Return the characters of tokens and of their sentence, counted from the start of the passage."""
        offset, whole = self._read_at[sentence][0], self.sentences[sentence]
        words = [self.doc[i] for i in sorted(tokens)]
        spans = [(t.idx - offset, t.idx + len(t.text) - offset) for t in words]
        return spans, (whole.start_char - offset, whole.end_char - offset)

    def part(self, telling: Telling, sentence: int, head: int) -> tuple[float, float] | None:
        """How likely a token is the actor and the recipient of what a sentence tells; None outside of the sentence's passage."""
        if head not in self._reach[sentence]:
            return None
        token, (offset, passage) = self.doc[head], self._read_at[sentence]
        start = token.idx - offset
        return telling.role(start, start + len(token.text)) if 0 <= start < passage.end else None
