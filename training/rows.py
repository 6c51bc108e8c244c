"""What the model learns from: own sentences as `Example`s, and the `View`s (one question about one sentence) drawn of them.

Sources: `training/sentences/*.tsv` (one marked event a sentence), `training/reports/*.txt` (every event marked), and the
example sentences of the frame tables. Three kinds of question:

    pair   actor and recipient are marked: which class, and which word tells it?
    seen   which words tell an event, of which root?
    told   of a trigger: who are actor and recipient, which root and mode, which status? Words that tell nothing are asked
           about, too (code NONE/), first of all words that tell an event elsewhere; and pronouns and descriptions, which tell
           nothing, either, but have an "actor": whoever they stand for.

Reports are read in passages of several sentences, so that who is not named in a trigger's own sentence can be found before it.
"""

from __future__ import annotations

import csv
import random
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

import reports as annotated

from diurna.events.marked import parse_example

Span = tuple[int, int]
HERE = Path(__file__).resolve().parent
FRAMES = HERE.parent / "diurna" / "data" / "frames"
ALONE = 0.7  # how many sentences of a report are asked about a marked pair
PASSAGE = 90  # words; about what the encoder reads at once
STATUS = ("negated", "future", "hypothetical", "historical", "recip")
_ONE_WAY = {"ASSAULT", "COERCE", "ACCUSE", "REQUEST", "AID", "REJECT", "THREATEN", "RETREAT", "SANCTION", "SUPPORT"}
_IMPOSED = ("sanction", "embargo", "boycott", "tariff", "blacklist", "froze")


@dataclass
class Event:
    """One event of a text; empty spans where its sentence names nobody. `known`: its status was annotated.

    sentence: characters of the sentence that tells it. implied: names that only the context gives, by side ("A", "R");
    hinted: where the text has these names.
    """

    root: str
    mode: str
    kind: str
    trigger: list[Span]
    actor: list[Span]
    recipient: list[Span]
    sentence: Span
    cameo: str = ""
    status: frozenset[str] = frozenset()
    known: bool = True
    implied: dict[str, list[str]] = field(default_factory=dict)
    hinted: dict[str, list[Span]] = field(default_factory=lambda: {"A": [], "R": []})


@dataclass
class Reference:
    """A pronoun or description, and where the text before it has those for whom it stands."""

    span: Span
    sentence: Span
    names: list[str]
    mentions: list[Span] = field(default_factory=list)


@dataclass
class Example:
    """A text with its events; `whole`: all of its events are marked. `pairs`: marked pairs with no event between them.

    short: an example of a frame, written to show a word rather than to read like news.
    """

    text: str
    events: list[Event]
    whole: bool = False
    pairs: list[tuple[list[Span], list[Span]]] = field(default_factory=list)
    short: bool = False
    references: list[Reference] = field(default_factory=list)


Story = list[Example]  # the sentences of a report, in order


@dataclass
class Asked:
    """A question about a trigger, with its answer; `vague`: the code names no mode because nobody said one."""

    trigger: list[Span]
    sentence: Span
    code: str
    roles: dict[str, list[Span]] | None = None
    status: frozenset[str] | None = None
    known: tuple[str, ...] = STATUS
    vague: bool = False


@dataclass
class View:
    """Questions about one text with their answers; None where they are not asked.

    whole: what the answer leaves out is not there.
    """

    text: str
    marks: dict[str, list[Span]] = field(default_factory=dict)
    pair: str | None = None
    pointer: list[Span] | None = None
    seen: list[tuple[Span, str]] | None = None
    whole: bool = False
    asked: list[Asked] = field(default_factory=list)


def pair_class(root: str, mode: str, cameo: str, trigger: str) -> str:
    """Return the class of a marked pair; classes split a root where the CAMEO crosswalk splits it."""
    if root == "CONCEDE" and (mode == "promised" or cameo.startswith("03")):
        return "CONCEDE-promised"
    if root == "SANCTION" and mode == "convict":
        return "SANCTION-convict"
    if root == "SANCTION" and (cameo == "163" or any(w in trigger.lower() for w in _IMPOSED)):
        return "SANCTION-imposed"
    if root == "COERCE" and mode == "cyber":
        return "COERCE-cyber"
    return root


def sentences() -> list[Example]:
    """Read the marked single sentences."""
    made = []
    for file in sorted((HERE / "sentences").glob("*.tsv")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            root, mode, status, marked = line.split("\t")
            made.append(_marked(marked, root, mode, "", frozenset(status.split()) & set(STATUS)))
    return made


def frame_examples() -> list[Example]:
    """Read the examples of frames whose code stands by itself (an operator's code comes from its complement)."""
    made = []
    for file in sorted(FRAMES.glob("*.tsv")):
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader((x for x in lines if not x.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE):
                if row["root"] and (not row["operator"] or file.stem != "operators"):
                    for marked in filter(None, (row["examples"] or "").split(" || ")):
                        example = _marked(marked, row["root"], row["mode"], row["cameo"], None)
                        if example.events[0].trigger:
                            example.short = True
                            made.append(example)
    return made


def _marked(marked: str, root: str, mode: str, cameo: str, status: frozenset[str] | None) -> Example:
    example = parse_example(marked)
    spans = example.spans
    if root == "NONE":
        return Example(example.text, [], pairs=[(spans["A"], spans["R"])])
    trigger = " ".join(example.text[a:b] for a, b in spans["T"])
    kind = pair_class(root, mode, cameo, trigger)
    mode = "" if mode == "promised" else mode
    here = (0, len(example.text))
    event = Event(root, mode, kind, spans["T"], spans["A"], spans["R"], here, cameo, status or frozenset(), status is not None)
    return Example(example.text, [event])


def reports() -> tuple[list[Story], list[Story]]:
    """Read the annotated reports; every fifth is kept from training, to check on. Returns (training, check)."""
    training: list[Story] = []
    check: list[Story] = []
    for file in sorted((HERE / "reports").glob("*.txt")):
        for number, report in enumerate(annotated.read(file, [])):
            into = check if annotated.is_kept(number) else training
            into.append([_whole(s) for s in report.sentences])
    return training, check


def _whole(sentence: annotated.Sentence) -> Example:
    events = []
    for told in sentence.events:
        words = " ".join(sentence.text[a:b] for a, b in told.trigger)
        kind = pair_class(told.root, told.mode, told.cameo, words)
        actor, recipient = list(told.actor), list(told.recipient)
        implied = {"A": list(told.implied["actor"]), "R": list(told.implied["recipient"])}
        if "recip" in told.status and not recipient:
            actor, recipient = actor[:1], actor[1:]
            if actor and not recipient:
                implied = {"A": [], "R": implied["A"]}
        status = frozenset(told.status & set(STATUS))
        here = (0, len(sentence.text))
        events.append(
            Event(told.root, told.mode, kind, told.trigger, actor, recipient, here, told.cameo, status, implied=implied)
        )
    references = [Reference(span, (0, len(sentence.text)), names) for span, names in sentence.refers]
    return Example(sentence.text, events, whole=True, pairs=_unrelated(events), references=references)


def drawn(story: Story, rng: random.Random) -> list[Example]:
    """Draw what is read of a report in one epoch: its passages, and some of its sentences alone (for marked pairs)."""
    if not story[0].whole:
        return story
    return passages(story, rng) + [replace(x, whole=False) for x in story if (x.events or x.pairs) and rng.random() < ALONE]


def passages(story: Story, rng: random.Random | None = None) -> list[Example]:
    """Cut a report into passages of several sentences; where the first ends is drawn anew each time when `rng` is given."""
    made: list[Story] = [[]]
    room = PASSAGE if rng is None else rng.randint(0, PASSAGE)
    for sentence in story:
        length = len(sentence.text.split())
        if made[-1] and length > room:
            made.append([])
            room = PASSAGE
        made[-1].append(sentence)
        room -= length
    return [_joined(sentences) for sentences in made]


def _joined(sentences: Story) -> Example:
    text, events = "", []
    references: list[Reference] = []
    for sentence in sentences:
        by = len(text)
        events += [_moved(e, by) for e in sentence.events]
        text += sentence.text + "\n"
        for told in sorted(sentence.references, key=lambda r: r.span):
            (span, whole), names = _shifted([told.span, told.sentence], by), told.names
            references.append(Reference(span, whole, names, _mentions_before(span[0], names, text, references)))
    for event in events:
        for side, names in event.implied.items():
            event.hinted[side] = [s for name in names for s in _mentions(name, text[: event.sentence[1]])]
    return Example(text, events, whole=True, references=references)


def _shifted(spans: list[Span], by: int) -> list[Span]:
    return [(a + by, b + by) for a, b in spans]


def _mentions_before(end: int, names: list[str], text: str, told: list[Reference]) -> list[Span]:
    """Return where a text up to `end` has names: whole, by the family name, or in words that stand for them."""
    shorter = {name.split()[-1] for name in names if re.fullmatch(r"[A-Z][\w’'-]{3,}", name.split()[-1])}
    spans = [s for name in dict.fromkeys([*names, *sorted(shorter)]) for s in _mentions(name, text[:end])]
    return spans + [r.span for r in told if r.span[1] <= end and set(r.names) & set(names)]


def _moved(event: Event, by: int) -> Event:
    trigger, actor, recipient, (sentence,) = (
        _shifted(x, by) for x in (event.trigger, event.actor, event.recipient, [event.sentence])
    )
    return replace(event, trigger=trigger, actor=actor, recipient=recipient, sentence=sentence, hinted={"A": [], "R": []})


def _mentions(name: str, text: str) -> list[Span]:
    plain = re.escape(re.sub(r"^[Tt]he ", "", name))
    return [m.span() for m in re.finditer(rf"\b{plain}\b", text)]


def _unrelated(events: list[Event]) -> list[tuple[list[Span], list[Span]]]:
    """Pairs of participants of a sentence between which it tells nothing, the reverse of one-way events among them."""
    parties = {tuple(p) for e in events for p in (e.actor, e.recipient) if p}
    told = {(a, r) for e in events for a in e.actor for r in e.recipient}
    told |= {(r, a) for e in events if e.root not in _ONE_WAY for a in e.actor for r in e.recipient}
    return [
        (list(a), list(r))
        for a in sorted(parties)
        for r in sorted(parties)
        if not any((x[0] < y[1] and y[0] < x[1]) or (x, y) in told for x in a for y in r)
    ]


def trigger_words(examples: list[Example]) -> frozenset[str]:
    """Return the words, in small letters, that tell an event somewhere."""
    return frozenset(w for x in examples for e in x.events for a, b in e.trigger for w in _words(x.text[a:b]))


def _words(text: str) -> list[str]:
    return [w for w in re.findall(r"[a-z]+(?:-[a-z]+)*", text.lower()) if len(w) > 3]


def views(example: Example, rng: random.Random, telling: frozenset[str]) -> list[View]:
    """Draw this epoch's questions about a passage or a single marked sentence.

    telling: the words that tell events elsewhere; those of a passage that tell none here are asked about.
    """
    if example.whole:
        view = _read(example)
        view.asked += _idle(example, rng, telling)
        return [view]
    if example.pairs or not example.events:
        return _pair(example, rng)
    event = example.events[0]
    if rng.random() < 0.08 and event.root in _ONE_WAY and event.actor and event.recipient:
        return [View(example.text, {"A": event.recipient, "R": event.actor}, pair="NONE", pointer=[])]
    return _pair(example, rng) if rng.random() < 0.5 else [_read(example)]


def _read(example: Example) -> View:
    words = [(span, e.root) for e in example.events for span in e.trigger]
    asked = [_told(example, e) for e in example.events]
    asked += [Asked([r.span], r.sentence, "NONE/", roles={"A": r.mentions, "R": []}) for r in example.references]
    return View(example.text, seen=words, whole=example.whole, asked=asked)


def _told(example: Example, event: Event) -> Asked:
    return Asked(
        event.trigger,
        event.sentence,
        f"{event.root}/{event.mode}",
        roles={"A": event.actor or event.hinted["A"], "R": event.recipient or event.hinted["R"]},
        status=event.status if event.known else None,
        known=STATUS if example.whole else STATUS[:-1],  # single sentences do not say which events are reciprocal
        vague=not example.whole and not event.mode,  # nor always which mode
    )


def _idle(example: Example, rng: random.Random, telling: frozenset[str]) -> list[Asked]:
    """Ask about words that tell nothing here, two for each sentence: such as do elsewhere, else any."""
    busy = [span for e in example.events for span in e.trigger]
    asked = []
    for line in re.finditer(r"[^\n]+", example.text):
        free = [
            (line.start() + m.start(), line.start() + m.end())
            for m in re.finditer(r"[A-Za-z]+(?:-[A-Za-z]+)*", line[0])
            if len(m[0]) > 3
        ]
        free = [(a, b) for a, b in free if not any(a < d and c < b for c, d in busy)]
        hard = [span for span in free if example.text[slice(*span)].lower() in telling]
        chosen = rng.sample(hard, min(2, len(hard))) or rng.sample(free, min(1, len(free)))
        asked += [Asked([span], line.span(), "NONE/") for span in chosen]
    return asked


def _pair(example: Example, rng: random.Random) -> list[View]:
    told = [e for e in example.events if e.actor and e.recipient]
    drawn = []
    if told:
        event = rng.choice(told)
        marks = {"A": event.actor, "R": event.recipient}
        drawn.append(View(example.text, marks, pair=event.kind, pointer=event.trigger))
    if example.pairs and (not told or rng.random() < 0.3):
        actor, recipient = rng.choice(example.pairs)
        drawn.append(View(example.text, {"A": actor, "R": recipient}, pair="NONE", pointer=[]))
    return drawn
