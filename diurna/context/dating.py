"""Which date belongs to which event: that of its own clause, of the clauses it leans on, of the story (codebook, section 6)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from spacy.tokens import Doc, Token

from diurna.context.calendar import DAY, Interval
from diurna.context.date_traits import age, traits
from diurna.context.dateline import day_written
from diurna.context.hosts import anchors, attributive, host_of, in_relative, meanwhile, participle, speaks_of_future, under
from diurna.context.resolve import Anchor, interval_of, resolve
from diurna.context.status import is_old, tense_of, verb_over
from diurna.context.time import Expression, find_expressions
from diurna.context.voices import is_speech
from diurna.language.notes import Draft, Notes
from diurna.records import Reason, When
from diurna.tables import weights

_VERBAL = ("VERB", "AUX")
_YEARLESS = ("date", "month", "months", "season")
_RELATIVE = re.compile(r"\b(?:after|before|later|earlier)\b", re.IGNORECASE)
_NEVER = 99
_OTHER_CALENDARS = ("moving", "calendar")
LIKELY = 0.0  # a date counts where it is likelier than none
_LEAD = 3  # sentences
_NEWS = 2  # days
NO_DAY = "no publication date: relative dates are kept in words only"


@dataclass(slots=True)
class Dated:
    """A date of the text. host: token index of the verb or noun that it dates. forward: the clause speaks of what is to come."""

    expression: Expression
    when: When
    interval: Interval | None
    host: int
    token: int
    sentence: int
    paragraph: int
    forward: bool


class Dating:
    """Dates the events of one Doc."""

    def __init__(self, doc: Doc, notes: Notes) -> None:
        self.doc, self.notes = doc, notes
        self._sentences = [s.start for s in doc.sents]
        self.today = day_written(notes.text, notes.published) or notes.published
        self._breaks = [t.i for t in doc if t.is_space and "\n" in t.text]
        self.dated = self._read()
        self._by_sentence: dict[int, list[Dated]] = {}
        for dated in self.dated:
            self._by_sentence.setdefault(dated.sentence, []).append(dated)
        self._triggers: dict[int, set[int]] = {}
        for draft in notes.drafts:
            self._triggers.setdefault(self.sentence_of(draft.trigger[0]), set()).update(draft.trigger)
        if notes.published is None and any(
            d.interval is None and d.expression.kind in ("weekday", "unit", "ago", "deictic") for d in self.dated
        ):
            notes.remarks.append(NO_DAY)

    def run(self, draft: Draft) -> None:
        """Set `when` of a draft from the likeliest date of its sentence; leave it empty when none is likely."""
        scored = [(self._score(draft, d), d) for d in self.options(draft)]
        score, best = max(scored, key=lambda s: s[0], default=(0.0, None))
        if best is not None and score > LIKELY:
            inner = [s for s in scored if s[0] > LIKELY and s[1].host == best.host and _holds(best, s[1])]
            score, best = max(inner, key=lambda s: s[0], default=(score, best))
            draft.when = best.when
            rule = f"{best.expression.kind}, weight {score:.1f}"
            draft.reasons.append(Reason("when", rule, best.when.words, best.expression.span))
            self._present_future(draft, self.doc[draft.trigger[0]])

    def _score(self, draft: Draft, dated: Dated) -> float:
        """Return how much speaks for a date; what no calendar of ours holds ("on Eid al-Fitr") goes by the rules alone."""
        if dated.expression.kind in _OTHER_CALENDARS:
            return LIKELY + 1.0 if self._rank(draft, self.doc[draft.trigger[0]], dated) < _NEVER else LIKELY
        if self._of_another(draft, dated) or self._to_come(draft, dated):
            return LIKELY
        known = weights("cues/date_weights.tsv")
        return sum(known.get(trait, 0.0) for trait in self.traits(draft, dated))

    def _to_come(self, draft: Draft, dated: Dated) -> bool:
        """ "Vowed to march again *on Tuesday*": what is told in the past tense was not done on a day to come."""
        past = tense_of(verb_over(self.doc[draft.trigger[0]])) in ("past", "perfect", "pluperfect")
        past = past and dated.host != draft.trigger[0]  # "was to meet them on Thursday"
        ahead = dated.interval is not None and self.today is not None and dated.interval.start > self.today
        return past and ahead and draft.modality == "actual"

    def _of_another(self, draft: Draft, dated: Dated) -> bool:
        """ "Said *on Tuesday* that gunmen had attacked", "the convoy, which left *on Sunday*": dates of the other act."""
        trigger, host = self.doc[draft.trigger[0]], self.doc[dated.host]
        over = list(trigger.ancestors)
        if host in over and is_speech(host) and host.i not in draft.trigger:
            below = [trigger, *over][over.index(host)]
            return below.dep_ in ("ccomp", "parataxis") and not self._speaks(draft, host)
        clause = next((t for t in (host, *host.ancestors) if t.dep_ == "relcl"), None)
        return clause is not None and clause != trigger and clause not in over and trigger.i < clause.i

    def options(self, draft: Draft) -> list[Dated]:
        """Return the dates of a draft's sentence."""
        return self._by_sentence.get(self.sentence_of(draft.trigger[0]), [])

    def traits(self, draft: Draft, dated: Dated) -> Iterator[str]:
        """Yield how a date of its sentence stands to an event, and to the other dates there."""
        trigger, options = self.doc[draft.trigger[0]], self.options(draft)
        rank = self._rank(draft, trigger, dated)
        yield from traits(self.doc, draft, dated.expression, (dated.token, dated.host), rank)
        when = age(dated.interval, self.today)
        yield from (f"age {when}", f"age {when}, tense {tense_of(verb_over(trigger))}", f"age {when}, event is {draft.modality}")
        others = self._triggers.get(self.sentence_of(trigger.i), set()) - set(draft.trigger)
        low, high = sorted((dated.token, trigger.i))
        if dated.host in others:
            yield "hangs on another event"
        yield f"{'an' if any(low < i < high for i in others) else 'no'} event between"
        yield f"{'an' if any(abs(i - dated.token) < high - low for i in others) else 'no'} event nearer the date"
        if len(options) == 1:
            yield "only date"
            return
        if any(_holds(d, dated) for d in options):
            yield "within another date"
        if any(_holds(dated, d) for d in options):
            yield "holds another date"
        nearer = any(abs(d.token - trigger.i) < abs(dated.token - trigger.i) for d in options if d is not dated)
        closer = any(self._rank(draft, trigger, d) < rank for d in options if d is not dated)
        yield f"{'another' if nearer else 'none'} is nearer"
        yield f"{'another' if closer else 'none'} is closer by the rules"

    def fill(self, draft: Draft) -> None:
        """Give an undated event the story's date, or for a current one the day of the report, marked as assumed.

        "Two days after the summit" hangs on another event: the words are kept, a current event stays one of the day.
        """
        words = draft.when.words
        if draft.when.start or draft.when.end or (words and not _RELATIVE.search(words)):
            return
        trigger = self.doc[draft.trigger[0]]
        story = self._story(trigger)
        if story is not None and draft.period != "current" and not story.expression.relation:
            draft.when = When(story.when.start, story.when.end, story.when.precision, story.when.words, True)
        elif self.today is not None and draft.period == "current" and draft.modality == "actual":
            scene = None if words else self._scene(trigger) or self._lead_day(trigger)
            day = self.today.isoformat()
            draft.when = When(scene.start, scene.end, DAY, scene.words, True) if scene else When(day, day, DAY, words, True)

    def headline(self, drafts: Sequence[Draft]) -> None:
        """Give an undated event of the headline the date of the same kind of act in the first sentences."""
        if self.notes.headline is None:
            return
        for draft in drafts:
            if draft.when.assumed and self.doc[draft.trigger[0]].idx < self.notes.headline[1]:
                told = [d.when for d in drafts if d.root == draft.root and d.sentence <= _LEAD and d.when.precision == DAY]
                told = [w for w in told if w.start and not w.assumed]
                if told:
                    draft.when = replace(told[0], assumed=True)

    def _scene(self, trigger: Token) -> When | None:
        """The recent day that the passage tells of: "On Thursday they met. The minister then apologised"."""
        if tense_of(verb_over(trigger)) not in ("past", "pluperfect"):
            return None
        sentence, paragraph = self.sentence_of(trigger.i), bisect_right(self._breaks, trigger.i)
        for index in (sentence, sentence - 1, sentence - 2):
            dates = [d for d in self._by_sentence.get(index, ()) if d.paragraph == paragraph and d.token < trigger.i]
            if dates:
                last = dates[-1]
                told = last.interval is not None and not (last.forward or last.expression.relation or self._aside(last))
                if index == sentence and is_speech(self.doc[last.host]):
                    return None  # what was said on Tuesday happened on Tuesday or before
                past = tense_of(verb_over(self.doc[last.host])) in ("past", "pluperfect")
                return last.when if told and past and last.when.precision == DAY and last.when.start == last.when.end else None
            if index >= 0 and index != sentence and self._is_about_now(index):
                return None
        return None

    def _lead_day(self, trigger: Token) -> When | None:
        """The day that the first sentences tell of: a paper of Tuesday reports what Monday brought."""
        published = self.notes.published
        headline = self.notes.headline is not None and trigger.idx < self.notes.headline[1]
        if published is None or (not headline and tense_of(verb_over(trigger)) not in ("past", "pluperfect", "none")):
            return None
        for dated in self.dated:
            if dated.sentence > _LEAD:
                return None
            plain = dated.interval is not None and not dated.forward and not dated.expression.relation and not self._aside(dated)
            past = tense_of(verb_over(self.doc[dated.host])) in ("past", "perfect")
            words = is_speech(self.doc[dated.host]) and dated.sentence == self.sentence_of(trigger.i)
            if plain and past and not words and dated.when.precision == DAY and dated.when.start == dated.when.end:
                recent = 0 <= (published - date.fromisoformat(dated.when.start)).days <= _NEWS
                return replace(dated.when, words="") if recent else None
        return None

    def in_background(self, draft: Draft) -> bool:
        """Tell whether an undated past-tense event stands in a passage that an old date opened."""
        trigger = self.doc[draft.trigger[0]]
        verb = verb_over(trigger)
        return not draft.when.words and tense_of(verb) in ("past", "none", "pluperfect") and self._story(trigger) is not None

    def _story(self, trigger: Token) -> Dated | None:
        """Return the old date that the passage tells of, None when it is about now.

        It stands earlier in the sentence ("he fled last year; his men mutinied") or in the last two of the paragraph.
        """
        sentence, paragraph = self.sentence_of(trigger.i), bisect_right(self._breaks, trigger.i)
        earlier = [d for d in self._by_sentence.get(sentence, ()) if d.token < trigger.i and not self._aside(d)]
        if earlier:
            last = earlier[-1]
            return last if last.interval and not last.forward and is_old(last.when, self.notes.published) else None
        for index in (sentence - 1, sentence - 2):
            dates = [d for d in self._by_sentence.get(index, ()) if d.paragraph == paragraph]
            if dates:
                last = dates[-1]
                plain = last.interval is not None and not last.forward and not self._aside(last)
                return last if plain and is_old(last.when, self.notes.published) else None
            if index >= 0 and self._is_about_now(index):
                return None
        return None

    def _aside(self, dated: Dated) -> bool:
        """Tell whether a date stands in a relative clause or a noun phrase, which carries no tale on."""
        host = self.doc[dated.host]
        for _ in range(4):
            if host.dep_ in ("relcl", "acl", "nsubj", "nsubjpass", "pobj", "appos", "dobj"):
                return True
            if host.head == host:
                return False
            host = host.head
        return False

    def _is_about_now(self, sentence: int) -> bool:
        end = self._sentences[sentence + 1] if sentence + 1 < len(self._sentences) else len(self.doc)
        root = next((t for t in self.doc[self._sentences[sentence] : end] if t.dep_ == "ROOT"), None)
        return root is None or is_speech(root) or tense_of(root) in ("present", "perfect", "progressive")

    def _read(self) -> list[Dated]:
        found: list[Dated] = []
        story: Interval | None = None
        story_paragraph = story_sentence = -1
        for expression in find_expressions(self.notes.text):
            span = self.doc.char_span(*expression.span, alignment_mode="expand")
            if span is None:
                continue
            host = host_of(span.root, span.start, span.end)
            if attributive(span.root, host, expression, span.start, span.end):
                continue
            paragraph = bisect_right(self._breaks, span.start)
            forward = speaks_of_future(host)
            near = (
                story if paragraph == story_paragraph or expression.kind in ("unit", "ago", "beside", "then", "weekday") else None
            )
            if expression.kind in _YEARLESS and not self._in_tale(host, story_sentence):
                near = None
            if expression.kind == "beside" and expression.parts.get("direction") in ("that", "the same") and found:
                near = next((d.interval for d in reversed(found) if d.when.precision == DAY and d.interval), near)
            anchor = Anchor(self.today, near, forward)
            interval = interval_of(expression, anchor)
            if interval is not None and self.notes.published is not None and interval.end < self.notes.published:
                forward = False  # "hired men to retake the mine last year"
            if interval is not None and not forward and not expression.relation and not in_relative(host):
                story, story_sentence = interval, self.sentence_of(span.start)
                # A date inside a noun phrase ("under sanctions in 2021") does not move the tale there.
                story_paragraph = paragraph if tense_of(host) in ("past", "pluperfect") or paragraph == story_paragraph else -1
            when = resolve(expression, anchor)
            found.append(Dated(expression, when, interval, host.i, span.root.i, self.sentence_of(span.start), paragraph, forward))
        return found

    def _in_tale(self, host: Token, sentence: int) -> bool:
        """Tell whether a date without its year may be of the year told last: "In 1968 students rose in May"."""
        tense = tense_of(host)
        return tense == "pluperfect" or (tense == "past" and self.sentence_of(host.i) == sentence)

    def _rank(self, draft: Draft, trigger: Token, dated: Dated) -> int:
        """Return how far a date stands from an event; 99 when it belongs to something else."""
        host = self.doc[dated.host]
        own = {trigger.i, *draft.trigger}
        if dated.host == trigger.i:
            return 0
        if len(draft.chain) > 1 and draft.modality == "actual" and dated.forward and under(host, trigger):
            return _NEVER  # "agreed to meet next month" was agreed now
        if dated.host in own:
            return 1
        if under(
            host, trigger, through=("xcomp", "pcomp", "prep", "dobj", "oprd", "pobj", "nsubj", "nsubjpass", "conj", "appos")
        ):
            return 2
        if meanwhile(host, trigger):
            return 3
        dated_verbs = anchors(host)
        token, step, subordinate = trigger, 0, 0
        while token.head != token and step < 10:
            link, token = token.dep_, token.head
            step += 1
            if link == "relcl" and token.i in (dated.token, dated.host) and dated.token < trigger.i:
                return 3  # "on New Year's Day, when his government scrapped the subsidy"
            if link == "relcl" or (link in ("ccomp", "parataxis") and is_speech(token) and not self._speaks(draft, token)):
                return _NEVER
            if link == "advcl" and not participle(trigger):
                subordinate = 10
            if link == "conj" and dated.expression.relation == "since" and dated.token < trigger.i:
                return _NEVER  # "has kept its border shut since 2022 and thanked Bucharest"
            if token.i in dated_verbs:
                early = dated.token < trigger.i
                return 2 + step + subordinate if early or link not in ("conj", "ccomp") else _NEVER
        return _NEVER

    def _speaks(self, draft: Draft, verb: Token) -> bool:
        """Tell whether an actor of the event is the subject of the verb of speaking over it."""
        subjects = {c.i for c in verb.children if c.dep_ == "nsubj"}
        return bool(subjects & set(draft.actors)) or bool({"will", "must", "not"} & set(draft.chain))

    def _present_future(self, draft: Draft, trigger: Token) -> None:
        """ "steps down on Friday", told in the present tense with a day to come, is future."""
        published = self.notes.published
        if draft.modality != "actual" or len(draft.chain) > 1 or published is None or not draft.when.start:
            return
        verb = trigger if trigger.pos_ in _VERBAL else trigger.head
        if draft.when.start > published.isoformat() and tense_of(verb) in ("present", "progressive", "none"):
            draft.modality = "future"
            draft.reasons.append(Reason("modality", "date to come", draft.when.words))

    def sentence_of(self, token: int) -> int:
        """Return the number of the sentence of a token."""
        return bisect_right(self._sentences, token) - 1


def _holds(longer: Dated, shorter: Dated) -> bool:
    """ "In *1968* students rose in *May*": the year holds the month."""
    if longer.interval is None or shorter.interval is None or longer.interval == shorter.interval:
        return False
    return longer.interval.start <= shorter.interval.start and shorter.interval.end <= longer.interval.end
