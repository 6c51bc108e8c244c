"""The learned second opinion: a small encoder that reads a sentence with actor and recipient marked (ONNX at run time)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from diurna.events.compose import Code
from diurna.records import Reason, Span

MODEL = Path(__file__).parent.parent / "data" / "model"


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


class Opinion:
    """The shipped model. `labels.json` beside it lists the classes with the code that each stands for."""

    def __init__(self, folder: Path) -> None:
        spec = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        self.codes: list[Code | None] = [Code(*c) if c else None for c in spec["codes"]]
        self.marks: dict[str, int] = spec["marks"]
        self.length: int = spec["max_length"]
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
        self.fingerprint = hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()[:12]

    def vote(self, text: str, actor: Sequence[Span], recipient: Sequence[Span]) -> Vote:
        """Return the model's vote on one sentence; spans are character offsets into `text`."""
        return self.votes([(text, actor, recipient)])[0]

    def votes(self, rows: Sequence[tuple[str, Sequence[Span], Sequence[Span]]]) -> list[Vote]:
        """Return the votes on several marked sentences in one pass."""
        encoded, offsets = zip(*(encode(self.tokenizer, self.marks, self.length, text, {"A": a, "R": r}) for text, a, r in rows), strict=True)
        width = max(len(ids) for ids in encoded)
        ids = np.zeros((len(encoded), width), dtype=np.int64)
        mask = np.zeros((len(encoded), width), dtype=np.int64)
        for i, row in enumerate(encoded):
            ids[i, : len(row)] = row
            mask[i, : len(row)] = 1
        logits, pointed = self.session.run(None, {"input_ids": ids, "attention_mask": mask})
        return [self._vote(row, points, spans) for row, points, spans in zip(logits, pointed, offsets, strict=True)]

    def _vote(self, logits: np.ndarray, pointed: np.ndarray, offsets: Sequence[Span]) -> Vote:
        odds = np.exp(logits - logits.max())
        odds /= odds.sum()
        order = np.argsort(-odds)
        ranked = tuple((code, round(float(odds[i]), 4)) for i in order if (code := self.codes[i]) is not None)
        none = round(float(sum(odds[i] for i in order if self.codes[i] is None)), 4)
        best = max(range(len(offsets)), key=lambda i: float(pointed[i]) if offsets[i][1] else -99.0)
        return Vote(ranked, none, offsets[best])


def encode(
    tokenizer: Tokenizer, marks: Mapping[str, int], length: int, text: str, spans: Mapping[str, Sequence[Span]]
) -> tuple[list[int], list[Span]]:
    """Return token ids with marks set around the spans, and each token's characters ((0, 0) for marks).

    A long text is cut to the window around the marks.

    Args:
        marks: ids of the mark tokens by role ("A" opens the actor, "/A" closes it), and of "start" and "end".
        length: most ids to return.
        spans: character spans by role: "A" actor, "R" recipient, "T" trigger.
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
def load_opinion() -> Opinion | None:
    """Return the shipped model, or None when the package was built without it."""
    return Opinion(MODEL) if (MODEL / "model.onnx").is_file() else None
