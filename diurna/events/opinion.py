"""The learned second opinion: a small encoder that reads a passage (ONNX at run time, trained by `training/train.py`).

`read` takes in passages of a few sentences, each once, and says which words tell events; `tellings` then answers for a trigger
of a passage which event it is, who takes part, in which status. `votes` says of one sentence with actor and recipient marked
which event it tells between them.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from diurna.errors import StopRun
from diurna.events.compose import Code
from diurna.records import Reason, Span

C = TypeVar("C")
MODEL = Path(__file__).parent.parent / "data" / "model"
_BATCH = 8  # texts a pass; they are sorted by length, so that few pads are read
_FAINT = 0.05  # glimpses below this are not reported


@dataclass(frozen=True, slots=True)
class Vote:
    """Codes with their probabilities, likeliest first; the class NONE is left out and what it took is kept in `none`.

    trigger: character offsets of the word that the model points at as its evidence.
    """

    ranked: tuple[tuple[Code, float], ...]
    none: float
    trigger: Span = (0, 0)

    @property
    def best(self) -> Code:
        """The likeliest code."""
        return self.ranked[0][0]

    def probability(self, code: Code) -> float:
        """How likely the model finds a code's root, over all classes with that root."""
        return sum(p for c, p in self.ranked if c.root == code.root)

    def reasons(self) -> tuple[Reason, ...]:
        """Explain the vote in one line."""
        heard = ", ".join(f"{c.root}{'/' + c.mode if c.mode else ''} {p:.2f}" for c, p in self.ranked[:3])
        return (Reason("event", f"learned model: {heard}"),)


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A piece of a word that may tell an event: its characters, how likely it does, and the likeliest root."""

    span: Span
    share: float
    root: str


@dataclass(frozen=True)
class Passage:
    """A text that was read: its words that may tell events, and for each token its characters and its state."""

    glimpses: tuple[Glimpse, ...]
    offsets: tuple[Span, ...]
    states: np.ndarray

    @cached_property
    def end(self) -> int:
        """Where what was read ends; a passage longer than the encoder's window is cut."""
        return max(end for _, end in self.offsets)

    def inside(self, spans: Sequence[Span]) -> np.ndarray:
        """Tell of each token whether it lies in any of the spans."""
        start, end = self._bounds
        found = np.zeros(len(self.offsets), bool)
        for a, b in spans:
            found |= (a < end) & (start < b)
        return found

    @cached_property
    def _bounds(self) -> np.ndarray:
        return np.array(self.offsets).reshape(-1, 2).T


@dataclass(frozen=True)
class Telling:
    """What a trigger tells: codes, status cues, and per piece of a word who it belongs to.

    ranked: codes with their probabilities, likeliest first; the code without a root stands for no event.
    starts, ends: characters of the pieces of words, in order. roles: for each, how likely it is the actor's, and the recipient's.
    """

    ranked: tuple[tuple[Code, float], ...]
    status: dict[str, float]
    starts: Sequence[int]
    ends: Sequence[int]
    roles: Sequence[Sequence[float]]

    def best(self) -> tuple[Code, float]:
        """The likeliest root with its likeliest mode, and how likely the root is over all its modes."""
        root = max((r for r in self._shares if r), key=lambda r: self._shares[r])
        return next(c for c, _ in self.ranked if c.root == root), self._shares[root]

    def share(self, root: str) -> float:
        """How likely the model finds a root."""
        return self._shares.get(root, 0.0)

    @cached_property
    def _shares(self) -> dict[str, float]:
        shares: dict[str, float] = {}
        for code, p in self.ranked:
            shares[code.root] = shares.get(code.root, 0) + p
        return shares

    def role(self, start: int, end: int) -> tuple[float, float]:
        """Mean probabilities that the characters from `start` to `end` are (actor, recipient)."""
        inside = self.roles[bisect_right(self.ends, start) : bisect_left(self.starts, end)]
        if len(inside) < 2:
            return (inside[0][0], inside[0][1]) if inside else (0.0, 0.0)
        return sum(a for a, _ in inside) / len(inside), sum(r for _, r in inside) / len(inside)


class Opinion:
    """The shipped model. `labels.json` beside it lists the classes of each head."""

    def __init__(self, folder: Path) -> None:
        spec = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        self.folder = folder
        self.pairs: list[Code | None] = [Code(*c) if c else None for c in spec["pairs"]]
        self.roots: list[str] = spec["roots"]
        self.codes = [Code(*c) for c in spec["codes"]]
        self.status: list[str] = spec["status"]
        self.marks: dict[str, int] = spec["marks"]
        self.length: int = spec["max_length"]
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self.session, self.telling = (_session(folder / name) for name in ("model.onnx", "telling.onnx"))
        self.fingerprint = hashlib.sha256(
            b"".join((folder / n).read_bytes() for n in ("model.onnx", "telling.onnx"))
        ).hexdigest()[:12]

    def vote(self, text: str, actor: Sequence[Span], recipient: Sequence[Span]) -> Vote:
        """Return the model's vote on one sentence; spans are character offsets into `text`."""
        return self.votes([(text, actor, recipient)])[0]

    def votes(self, rows: Sequence[tuple[str, Sequence[Span], Sequence[Span]]]) -> list[Vote]:
        """Return the votes on several sentences with actor and recipient marked."""
        made: list[Vote] = [Vote((), 0.0)] * len(rows)
        asked = [(text, {"A": actor, "R": recipient}) for text, actor, recipient in rows]
        for k, offsets, (logits, pointed) in self._read(asked, ("logits", "trigger")):
            ranked = _ranked(self.pairs, logits)
            known = tuple((code, p) for code, p in ranked if code is not None)
            best = max(range(len(offsets)), key=lambda i: float(pointed[i]) if offsets[i][1] else -99.0)
            made[k] = Vote(known, round(sum(p for code, p in ranked if code is None), 4), offsets[best])
        return made

    def read(self, texts: Sequence[str]) -> list[Passage]:
        """Read passages; spans of the answers are characters of the passage."""
        made: dict[int, Passage] = {}
        for k, offsets, (seen, states) in self._read([(text, {}) for text in texts], ("seen", "states")):
            shares = _softmax(seen)
            glimpses = tuple(
                Glimpse(span, round(1 - float(row[0]), 4), self.roots[int(row[1:].argmax())])
                for span, row in zip(offsets, shares, strict=False)
                if span[1] and 1 - float(row[0]) >= _FAINT
            )
            made[k] = Passage(glimpses, tuple(offsets), states[: len(offsets)])
        return [made[k] for k in range(len(texts))]

    def tellings(self, passage: Passage, asked: Sequence[tuple[Sequence[Span], Span]]) -> list[Telling]:
        """Return what triggers of a passage tell; each is given with the span of its sentence."""
        words = [k for k, (_, end) in enumerate(passage.offsets) if end]
        starts, ends = ([passage.offsets[k][side] for k in words] for side in range(2))
        made = []
        for roles, code, status in zip(*self._tell(passage, asked, ("roles", "code", "status")), strict=True):
            parts = _softmax(roles)[words, 1:].tolist()
            cues = {name: round(float(1 / (1 + np.exp(-v))), 4) for name, v in zip(self.status, status, strict=True)}
            made.append(Telling(_ranked(self.codes, code), cues, starts, ends, parts))
        return made

    def neighbours(self, text: str, trigger: Sequence[Span], count: int = 3) -> list[tuple[str, str, float]]:
        """Return the training sentences nearest to a trigger: (ROOT/mode, sentence, likeness up to 1), nearest first."""
        if not self._memory:
            return []
        (passage,) = self.read([text])
        ((state,),) = self._tell(passage, [(trigger, (0, len(text)))], ("state",))
        states, lines = self._memory
        likeness = states.astype(np.float32) @ state / 127
        nearest = [int(i) for i in np.argsort(-likeness)[:count]]
        return [(*lines[i].split("\t", 1), round(float(likeness[i]), 3)) for i in nearest]  # type: ignore[misc]

    def _tell(self, passage: Passage, asked: Sequence[tuple[Sequence[Span], Span]], outputs: Sequence[str]) -> list[np.ndarray]:
        given = {
            "states": passage.states[None],
            "trigger": np.array([[passage.inside(trigger) for trigger, _ in asked]], np.float32),
            "sentence": np.array([[passage.inside([sentence]) for _, sentence in asked]], np.float32),
        }
        return [answer[0] for answer in self.telling.run(list(outputs), given)]

    @cached_property
    def _memory(self) -> tuple[np.ndarray, list[str]] | None:
        if not (self.folder / "memory.npz").is_file():
            return None
        kept = np.load(self.folder / "memory.npz")
        return kept["states"], kept["words"].tobytes().decode("utf-8").split("\n")

    def _read(
        self, rows: Sequence[tuple[str, Mapping[str, Sequence[Span]]]], outputs: Sequence[str]
    ) -> Iterator[tuple[int, list[Span], list[np.ndarray]]]:
        """Run the network over marked texts in batches of like length; yields (row number, offsets, outputs of the row)."""
        encoded = [(k, *encode(self.tokenizer, self.marks, self.length, *row)) for k, row in enumerate(rows)]
        encoded.sort(key=lambda e: len(e[1]))
        for at in range(0, len(encoded), _BATCH):
            group = encoded[at : at + _BATCH]
            width = max(len(ids) for _, ids, _ in group)
            ids = np.full((len(group), width), self.marks["pad"], dtype=np.int64)
            mask = np.zeros((len(group), width), dtype=np.int64)
            for i, (_, row, _) in enumerate(group):
                ids[i, : len(row)] = row
                mask[i, : len(row)] = 1
            answers = self.session.run(list(outputs), {"input_ids": ids, "attention_mask": mask})
            for i, (k, _, offsets) in enumerate(group):
                yield k, offsets, [answer[i] for answer in answers]


def _session(file: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    # Processors without VNNI would let sums of eight-bit products overflow, and code some events otherwise than others do.
    options.add_session_config_entry("session.x64quantprecision", "1")
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


def _softmax(logits: np.ndarray) -> np.ndarray:
    odds = np.exp(logits - logits.max(-1, keepdims=True))
    return np.asarray(odds / odds.sum(-1, keepdims=True))


def _ranked(classes: Sequence[C], logits: np.ndarray) -> tuple[tuple[C, float], ...]:
    odds = _softmax(logits).astype(float)
    order = np.argsort(-odds)
    return tuple((classes[i], p) for i, p in zip(order.tolist(), odds[order].round(4).tolist(), strict=True))


def encode(
    tokenizer: Tokenizer, marks: Mapping[str, int], length: int, text: str, spans: Mapping[str, Sequence[Span]]
) -> tuple[list[int], list[Span]]:
    """Return token ids with marks set around the spans, and each token's characters ((0, 0) for marks).

    A long text is cut to the window around the marks.

    Args:
        marks: ids of the mark tokens by role ("A" opens the actor, "/A" closes it), and of "start" and "end".
        length: most ids to return.
        spans: character spans by role: "A" actor, "R" recipient.
    """
    encoding = tokenizer.encode(text, add_special_tokens=False)
    made: list[tuple[int, Span]] = []
    inside = [(a, b, role) for role, places in spans.items() for a, b in places]
    open_now = [False] * len(inside)
    at_marks: list[int] = []
    for token, (start, end) in zip(encoding.ids, encoding.offsets, strict=True):
        for k, (a, b, role) in enumerate(inside):
            if open_now[k] and start >= b:
                made.append((marks["/" + role], (0, 0)))
                open_now[k] = False
            elif not open_now[k] and a < end and start < b:
                at_marks.append(len(made))
                made.append((marks[role], (0, 0)))
                open_now[k] = True
        made.append((token, (start, end)))
    made += [(marks["/" + role], (0, 0)) for k, (_, _, role) in enumerate(inside) if open_now[k]]
    room = length - 2
    if len(made) > room:
        middle = (at_marks[0] + at_marks[-1]) // 2 if at_marks else 0
        begin = max(0, min(middle - room // 2, len(made) - room))
        made = made[begin : begin + room]
    made = [(marks["start"], (0, 0)), *made, (marks["end"], (0, 0))]
    return [i for i, _ in made], [span for _, span in made]


@cache
def load_opinion(folder: Path | None = None) -> Opinion | None:
    """Return the model of a folder, or the shipped one; None when the package was built without it.

    Raises:
        StopRun: the folder holds no model.
    """
    if folder is not None and not (folder / "model.onnx").is_file():
        raise StopRun(f"{folder}: no model.onnx there; make one with training/train.py --out {folder}")
    folder = folder or MODEL
    return Opinion(folder) if (folder / "model.onnx").is_file() else None
