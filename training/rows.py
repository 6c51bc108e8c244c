"""What the model learns from: own sentences as `Example`s, and the `View`s (one question about one sentence) drawn of them.

Sources: `training/sentences/*.tsv` (one marked event a sentence), `training/reports/*.txt` (every event marked), and the
example sentences of the frame tables. Three kinds of question:

    pair   actor and recipient are marked: which class, and which word tells it?
    seen   nothing is marked: which words tell an event, of which root?
    told   a trigger is marked: who are actor and recipient, which root and mode, which status? Words that tell nothing are
           marked, too (code NONE/), first of all words that tell an event elsewhere.
"""

from __future__ import annotations

import csv
import random
import re
from dataclasses import dataclass, field
from pathlib import Path

import reports as annotated

from diurna.events.marked import parse_example

Span = tuple[int, int]
HERE = Path(__file__).resolve().parent
FRAMES = HERE.parent / "diurna" / "data" / "frames"
STATUS = ("negated", "future", "hypothetical", "historical", "recip")
_ONE_WAY = {"ASSAULT", "COERCE", "ACCUSE", "REQUEST", "AID", "REJECT", "THREATEN", "RETREAT", "SANCTION", "SUPPORT"}
_IMPOSED = ("sanction", "embargo", "boycott", "tariff", "blacklist", "froze")


@dataclass
class Event:
    """One event of a sentence; empty spans where the sentence names nobody. `known`: its status was annotated."""

    root: str
    mode: str
    kind: str
    trigger: list[Span]
    actor: list[Span]
    recipient: list[Span]
    cameo: str = ""
    status: frozenset[str] = frozenset()
    known: bool = True


@dataclass
class Example:
    """A sentence with its events; `whole`: all of its events are marked. `pairs`: marked pairs with no event between them.

    short: an example of a frame, written to show a word rather than to read like news.
    """

    text: str
    events: list[Event]
    whole: bool = False
    pairs: list[tuple[list[Span], list[Span]]] = field(default_factory=list)
    short: bool = False


@dataclass
class View:
    """One question with its answer; None where it is not asked. `whole`: what the answer leaves out is not there."""

    text: str
    marks: dict[str, list[Span]]
    pair: str | None = None
    pointer: list[Span] | None = None
    seen: list[tuple[Span, str]] | None = None
    whole: bool = False
    roles: dict[str, list[Span]] | None = None
    code: str | None = None
    status: frozenset[str] | None = None
    asked: tuple[str, ...] = STATUS

    @property
    def vague(self) -> bool:
        """Tell whether the code names no mode only because single sentences do not say one."""
        return self.code is not None and not self.whole and self.code.endswith("/") and self.code != "NONE/"


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
    event = Event(root, mode, kind, spans["T"], spans["A"], spans["R"], cameo, status or frozenset(), status is not None)
    return Example(example.text, [event])


def reports() -> tuple[list[Example], list[Example]]:
    """Read the annotated reports; every fifth is kept from training, to check on. Returns (training, check)."""
    training: list[Example] = []
    check: list[Example] = []
    for file in sorted((HERE / "reports").glob("*.txt")):
        for number, report in enumerate(annotated.read(file, [])):
            into = check if number % 5 == 4 else training
            into += [_whole(s) for s in report.sentences]
    return training, check


def _whole(sentence: annotated.Sentence) -> Example:
    events = []
    for told in sentence.events:
        words = " ".join(sentence.text[a:b] for a, b in told.trigger)
        kind = pair_class(told.root, told.mode, told.cameo, words)
        actor, recipient = list(told.actor), list(told.recipient)
        if "recip" in told.status and not recipient:
            actor, recipient = actor[:1], actor[1:]
        status = frozenset(told.status & set(STATUS))
        events.append(Event(told.root, told.mode, kind, told.trigger, actor, recipient, told.cameo, status))
    return Example(sentence.text, events, whole=True, pairs=_unrelated(events))


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
    """Draw this epoch's questions about a sentence: of a whole one several, of a marked one a single kind.

    telling: the words that tell events elsewhere; those of a whole sentence that tell none here are asked about.
    """
    if example.whole:
        drawn = [_seen(example)]
        drawn += [_told(example, e) for e in rng.sample(example.events, min(2, len(example.events)))]
        drawn += _idle(example, rng, telling)
        drawn += _pair(example, rng)
        return drawn
    if not example.events:
        return _pair(example, rng)
    if rng.random() < 0.08 and example.events[0].root in _ONE_WAY and example.events[0].actor and example.events[0].recipient:
        event = example.events[0]
        return [View(example.text, {"A": event.recipient, "R": event.actor}, pair="NONE", pointer=[])]
    lot = rng.random()
    if lot < 0.25:
        return [_seen(example)]
    return [_told(example, example.events[0])] if lot < 0.5 else _pair(example, rng)


def _seen(example: Example) -> View:
    words = [(span, e.root) for e in example.events for span in e.trigger]
    return View(example.text, {}, seen=words, whole=example.whole)


def _told(example: Example, event: Event) -> View:
    code = f"{event.root}/{event.mode}"
    status = event.status if event.known else None
    asked = STATUS if example.whole else STATUS[:-1]  # single sentences do not say which events are reciprocal
    roles = {"A": event.actor, "R": event.recipient}
    return View(example.text, {"T": event.trigger}, whole=example.whole, roles=roles, code=code, status=status, asked=asked)


def _idle(example: Example, rng: random.Random, telling: frozenset[str]) -> list[View]:
    """Mark a word that tells nothing here: mostly one that does elsewhere, now and then any."""
    busy = [span for e in example.events for span in e.trigger]
    free = [
        m.span()
        for m in re.finditer(r"[A-Za-z]+(?:-[A-Za-z]+)*", example.text)
        if len(m[0]) > 3 and not any(m.start() < b and a < m.end() for a, b in busy)
    ]
    hard = [span for span in free if example.text[slice(*span)].lower() in telling]
    chosen = rng.sample(hard, min(2, len(hard))) if hard and rng.random() < 0.85 else rng.sample(free, min(1, len(free)))
    return [View(example.text, {"T": [span]}, whole=True, code="NONE/") for span in chosen]


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
