"""The network: one small encoder and its heads; and how drawn views become tensors.

A text is read once. Heads on its tokens say which words tell events (`seen`); `Tellings` then answers for each trigger, from
the states of its words, what it tells and who takes part. A marked pair
(actor and recipient between mark tokens) is a text of its own.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from rows import Asked, View
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, kl_div, log_softmax, normalize, softmax
from transformers import AutoModel

from diurna.events.opinion import encode

UNASKED = -100
LENGTH = 192
OUTPUTS = ("logits", "trigger", "seen", "states")
TOLD = ("roles", "code", "status", "state")
_KEY = 128  # width in which triggers and participants are compared
_USUAL = 40  # tokens of a sentence: the loss of the roles is a mean over that many


@dataclass(frozen=True)
class Labels:
    """Names of the classes of each head, in order, and the ids of the mark tokens."""

    pairs: list[str]
    roots: list[str]
    codes: list[str]
    status: list[str]
    marks: dict[str, int]


class Tellings(nn.Module):
    """What triggers tell. Inputs: states (texts, length, width); trigger, sentence (texts, triggers, length): 1.0 for the words
    of each trigger and of its sentence.

    Outputs in the order TOLD: roles (texts, triggers, length, 3: nobody, actor, recipient), code (texts, triggers, codes), status
    (texts, triggers, status), state (texts, triggers, width; of length one, to compare triggers by).
    """

    def __init__(self, width: int, codes: int, status: int) -> None:
        super().__init__()
        self.drop = nn.Dropout(0.2)
        self.think = nn.Linear(2 * width, width)
        self.code = nn.Linear(width, codes)
        self.status = nn.Linear(width, status)
        self.query = nn.Linear(width, 2 * _KEY)
        self.key = nn.Linear(width, 2 * _KEY)
        self.inside = nn.Parameter(torch.zeros(2))

    def forward(self, states: Tensor, trigger: Tensor, sentence: Tensor) -> tuple[Tensor, ...]:
        word, whole = (weight @ states / weight.sum(-1, keepdim=True).clamp(min=1) for weight in (trigger, sentence))
        thought = self.drop(nn.functional.gelu(self.think(self.drop(torch.cat([word, whole], -1)))))
        keys, queries = self.key(self.drop(states)).chunk(2, -1), self.query(thought).chunk(2, -1)
        parts = zip(queries, keys, self.inside, strict=True)
        shares = [q @ k.transpose(1, 2) / math.sqrt(_KEY) + sentence * b for q, k, b in parts]
        roles = torch.stack([torch.zeros_like(shares[0]), *shares], -1)
        return roles, self.code(thought), self.status(thought), normalize(word, dim=-1)


class QuickDropout(nn.Module):
    """Dropout with masks cut from one drawn pool: on a CPU, drawing new ones takes longer than reading the text."""

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p
        self.register_buffer("pool", (torch.rand(1 << 23) >= p).to(torch.bfloat16) / (1 - p), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or x.numel() >= self.pool.numel():
            return x
        start = int(torch.randint(self.pool.numel() - x.numel(), (1,)))
        return x * self.pool[start : start + x.numel()].view(x.shape)


def _open_encoder(folder: str) -> nn.Module:
    """Open an encoder with quick dropout on its states and none on its attention."""
    encoder = AutoModel.from_pretrained(folder, attn_implementation="eager", attention_probs_dropout_prob=0.0)
    quick = QuickDropout(encoder.config.hidden_dropout_prob)
    for module in list(encoder.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, nn.Dropout) and child.p:
                setattr(module, name, quick)
    return encoder


class Reader(nn.Module):
    """Encoder with heads. Outputs in the order OUTPUTS: pair logits (texts, pairs), evidence (texts, length), trigger roots
    (texts, length, 1 + roots), states (texts, length, width), which `telling` reads.
    """

    def __init__(self, encoder: str, labels: Labels) -> None:
        super().__init__()
        self.encoder = _open_encoder(encoder)
        width = self.encoder.config.hidden_size
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(3 * width, len(labels.pairs))
        self.pointer = nn.Linear(width, 1)
        self.seen = nn.Linear(width, 1 + len(labels.roots))
        self.telling = Tellings(width, len(labels.codes), len(labels.status))
        self.actor, self.recipient = (labels.marks[k] for k in "AR")

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, ...]:
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        whole = _mean(states, attention_mask.to(states.dtype))
        actor, recipient = (_mean(states, (input_ids == mark).to(states.dtype)) for mark in (self.actor, self.recipient))
        dropped = self.drop(states)
        pair = self.head(self.drop(torch.cat([actor, recipient, whole], -1)))
        return pair, self.pointer(dropped).squeeze(-1), self.seen(dropped), states


def _mean(states: Tensor, weight: Tensor) -> Tensor:
    return (states * weight.unsqueeze(-1)).sum(1) / weight.sum(1, keepdim=True).clamp(min=1)


@dataclass
class Batch:
    """Tensors of a group of views; UNASKED where a view does not ask. From `trigger` on: one line for each trigger of a text.

    root: 1 for the codes of a root whose mode is not known.
    """

    ids: Tensor
    mask: Tensor
    pair: Tensor
    pointer: Tensor
    seen: Tensor
    trigger: Tensor
    sentence: Tensor
    roles: Tensor
    code: Tensor
    root: Tensor
    status: Tensor

    def on(self, device: str | torch.device) -> Batch:
        """Return the batch on a device."""
        return Batch(*(getattr(self, f.name).to(device, non_blocking=True) for f in fields(self)))


def answers(model: Reader, b: Batch, ids: Tensor | None = None) -> tuple[Tensor, ...]:
    """Return what a reader answers to a batch: outputs of the text, then of its triggers; ids: in the reader's own vocabulary."""
    *read, states = model(b.ids if ids is None else ids, b.mask)
    told = model.telling(states, b.trigger.to(states.dtype), b.sentence.to(states.dtype))
    return tuple(o.float() for o in (*read, *told[:3]))


Encoded = tuple[View, list[int], list[tuple[int, int]]]


def batches(views: Sequence[View], tokenizer: Tokenizer, labels: Labels, size: int, rng: random.Random) -> list[Batch]:
    """Group views of like length into shuffled batches of about `size` tokens."""
    made = _encoded(views, tokenizer, labels)
    rng.shuffle(made)
    made.sort(key=lambda m: len(m[1]) // 8)
    groups = list(_groups(made, size))
    rng.shuffle(groups)
    return [_batch(group, labels) for group in groups]


def batch(views: Sequence[View], tokenizer: Tokenizer, labels: Labels) -> Batch:
    """Return views as one batch, in their order."""
    return _batch(_encoded(views, tokenizer, labels), labels)


def _encoded(views: Sequence[View], tokenizer: Tokenizer, labels: Labels) -> list[Encoded]:
    return [(view, *encode(tokenizer, labels.marks, LENGTH, view.text, view.marks)) for view in views]


def _groups(made: Sequence[Encoded], size: int) -> Iterator[list[Encoded]]:
    group: list[Encoded] = []
    for item in made:
        if group and (len(group) + 1) * len(item[1]) > size:
            yield group
            group = []
        group.append(item)
    if group:
        yield group


def _batch(group: Sequence[Encoded], labels: Labels) -> Batch:
    n, width = len(group), max(len(ids) for _, ids, _ in group)
    m = max(1, *(len(view.asked) for view, _, _ in group))
    fill = lambda *shape: torch.full((n, *shape), UNASKED, dtype=torch.long)  # noqa: E731
    ids = torch.full((n, width), labels.marks["pad"], dtype=torch.long)
    words = [torch.zeros(n, m, width, dtype=torch.bool) for _ in range(2)]
    told = fill(m, width), fill(m), fill(m, len(labels.codes)), fill(m, len(labels.status))
    b = Batch(ids, torch.zeros_like(ids), fill(), fill(width), fill(width), *words, *told)
    for i, (view, tokens, offsets) in enumerate(group):
        b.ids[i, : len(tokens)] = torch.tensor(tokens)
        b.mask[i, : len(tokens)] = 1
        if view.pair is not None:
            b.pair[i] = labels.pairs.index(view.pair)
        places = np.array(offsets, dtype=np.int64).reshape(-1, 2)
        _label_tokens(b, i, view, places, labels)
        for k, asked in enumerate(view.asked):
            _label_trigger(b, (i, k), asked, places, labels)
    return b


def _inside(spans: Sequence[tuple[int, int]], offsets: np.ndarray) -> Tensor:
    """Which tokens (offsets: a line each, start and end) lie in any of the spans; mark and frame tokens (no width) do not."""
    start, end = offsets.T
    found = np.zeros(len(offsets), dtype=bool)
    for a, b in spans:
        found |= (a < end) & (start < b) & (start < end)
    return torch.from_numpy(found)


def _label_tokens(b: Batch, i: int, view: View, offsets: np.ndarray, labels: Labels) -> None:
    n = len(offsets)
    text = torch.from_numpy(offsets[:, 0] < offsets[:, 1])
    if view.pointer is not None:
        b.pointer[i, :n][text] = _inside(view.pointer, offsets)[text].long()
    if view.seen is not None:
        if view.whole:
            b.seen[i, :n][text] = 0
        for span, root in reversed(view.seen):
            b.seen[i, :n][_inside([span], offsets)] = 1 + labels.roots.index(root)


def _label_trigger(b: Batch, at: tuple[int, int], asked: Asked, offsets: np.ndarray, labels: Labels) -> None:
    root = asked.code.split("/")[0] + "/"
    if asked.vague:
        b.root[at] = torch.tensor([int(c.startswith(root)) for c in labels.codes])
    else:
        b.code[at] = labels.codes.index(asked.code if asked.code in labels.codes else root)
    if asked.status is not None:
        b.status[at] = torch.tensor([int(s in asked.status) if s in asked.known else UNASKED for s in labels.status])
    n = len(offsets)
    b.trigger[at][:n] = _inside(asked.trigger, offsets)
    b.sentence[at][:n] = _inside([asked.sentence], offsets)
    if asked.roles is not None:
        told = b.roles[at]
        told[:n][torch.from_numpy(offsets[:, 0] < offsets[:, 1])] = 0
        for part, side in ((2, "R"), (1, "A")):
            told[:n][_inside(asked.roles[side], offsets)] = part


def loss_of(outputs: tuple[Tensor, ...], b: Batch) -> Tensor:
    """Sum of the losses of the heads that the batch asks."""
    pair, pointer, seen, roles, code, status = outputs
    loss = pair.new_zeros(())
    if (b.pair != UNASKED).any():
        loss = loss + cross_entropy(pair, b.pair, ignore_index=UNASKED, label_smoothing=0.05)
    if (b.code != UNASKED).any():
        loss = loss + 0.5 * cross_entropy(code.flatten(0, 1), b.code.flatten(), ignore_index=UNASKED, label_smoothing=0.05)
    vague = b.root[..., 0] != UNASKED
    if vague.any():
        inside = code[vague].masked_fill(b.root[vague] == 0, -1e4)
        loss = loss + 0.5 * (code[vague].logsumexp(-1) - inside.logsumexp(-1)).mean()
    for given, wanted in ((pointer, b.pointer), (status, b.status)):
        asked = wanted != UNASKED
        if asked.any():
            loss = loss + 0.5 * binary_cross_entropy_with_logits(given[asked], wanted[asked].float())
    if (b.seen != UNASKED).any():
        loss = loss + cross_entropy(seen.transpose(1, 2), b.seen, ignore_index=UNASKED)
    lines = int((b.roles != UNASKED).any(-1).sum())
    if lines:
        total = cross_entropy(roles.flatten(0, 2), b.roles.flatten(), ignore_index=UNASKED, reduction="sum")
        loss = loss + total / (lines * _USUAL)
    return loss


def likeness(student: tuple[Tensor, ...], teacher: tuple[Tensor, ...], b: Batch, heat: float = 2.0) -> Tensor:
    """Distillation loss (Hinton et al. 2015): how far the student's softened answers are from the teacher's."""
    told = (b.code != UNASKED) | (b.root[..., 0] != UNASKED)
    asked = {0: b.pair != UNASKED, 2: b.seen != UNASKED, 3: b.roles != UNASKED, 4: told}
    loss = student[0].new_zeros(())
    for k, where in asked.items():
        if where.any():
            given, wanted = log_softmax(student[k][where] / heat, -1), softmax(teacher[k][where] / heat, -1)
            far = kl_div(given, wanted, reduction="sum")
            loss = loss + heat**2 * far / (max(1, int(where.any(-1).sum())) * _USUAL if k == 3 else int(where.sum()))
    return loss
