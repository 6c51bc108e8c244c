"""The learned second opinion: a small encoder that reads a sentence with actor and recipient marked (ONNX at run time)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
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
    """Codes with their probabilities, likeliest first; the class NONE is left out and what it took is kept in `none`."""

    ranked: tuple[tuple[Code, float], ...]
    none: float

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
        encoded = [encode(self.tokenizer, self.marks, self.length, *row) for row in rows]
        width = max(len(ids) for ids in encoded)
        ids = np.zeros((len(encoded), width), dtype=np.int64)
        mask = np.zeros((len(encoded), width), dtype=np.int64)
        for i, row in enumerate(encoded):
            ids[i, : len(row)] = row
            mask[i, : len(row)] = 1
        logits = self.session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return [self._vote(row) for row in logits]

    def _vote(self, logits: np.ndarray) -> Vote:
        odds = np.exp(logits - logits.max())
        odds /= odds.sum()
        order = np.argsort(-odds)
        ranked = tuple((code, round(float(odds[i]), 4)) for i in order if (code := self.codes[i]) is not None)
        return Vote(ranked, round(float(sum(odds[i] for i in order if self.codes[i] is None)), 4))


def encode(
    tokenizer: Tokenizer, marks: dict[str, int], length: int, text: str, actor: Sequence[Span], recipient: Sequence[Span]
) -> list[int]:
    """Return token ids with the marks set around the spans; a long text is cut to the window around them.

    Args:
        marks: ids of the mark tokens under "A", "/A", "R", "/R", and of the frame tokens under "start" and "end".
        length: most ids to return.
    """
    encoding = tokenizer.encode(text, add_special_tokens=False)
    ids: list[int] = []
    inside = [(a, b, "A") for a, b in actor] + [(a, b, "R") for a, b in recipient]
    first = last = None
    state = dict.fromkeys(range(len(inside)), False)
    for token, (start, end) in zip(encoding.ids, encoding.offsets, strict=True):
        for k, (a, b, role) in enumerate(inside):
            if state[k] and start >= b:
                ids.append(marks["/" + role])
                state[k], last = False, len(ids)
            if not state[k] and a < end and start < b and not (start >= b):
                ids.append(marks[role])
                state[k] = True
                first = len(ids) - 1 if first is None else first
        ids.append(token)
    for k, (_, _, role) in enumerate(inside):
        if state[k]:
            ids.append(marks["/" + role])
            last = len(ids)
    room = length - 2
    if len(ids) > room:
        middle = ((first or 0) + (last or 0)) // 2
        begin = max(0, min(middle - room // 2, len(ids) - room))
        ids = ids[begin : begin + room]
    return [marks["start"], *ids, marks["end"]]


@cache
def load_opinion() -> Opinion | None:
    """Return the shipped model, or None when the package was built without it."""
    return Opinion(MODEL) if (MODEL / "model.onnx").is_file() else None
