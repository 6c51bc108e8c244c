"""The network: one small encoder, six linear heads; and how drawn views become its tensors."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from rows import View
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, kl_div, log_softmax, normalize, softmax
from transformers import AutoModel

from diurna.events.opinion import encode

UNASKED = -100
OUTPUTS = ("logits", "trigger", "seen", "roles", "code", "status", "state")


@dataclass(frozen=True)
class Labels:
    """Names of the classes of each head, in order, and the ids of the mark tokens."""

    pairs: list[str]
    roots: list[str]
    codes: list[str]
    status: list[str]
    marks: dict[str, int]


class Reader(nn.Module):
    """Encoder with heads for a marked pair (class, evidence), for bare text (triggers) and for a marked trigger.

    Outputs in the order OUTPUTS: pair logits (batch, pairs), evidence (batch, length), trigger roots (batch, length,
    1 + roots), roles (batch, length, 3: nobody, actor, recipient), code (batch, codes), status (batch, status), state (batch,
    width; of length one, to compare sentences by).
    """

    def __init__(self, encoder: str, labels: Labels) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(encoder, attn_implementation="eager")
        width = self.encoder.config.hidden_size
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(3 * width, len(labels.pairs))
        self.pointer = nn.Linear(width, 1)
        self.seen = nn.Linear(width, 1 + len(labels.roots))
        self.roles = nn.Linear(width, 3)
        self.code = nn.Linear(2 * width, len(labels.codes))
        self.status = nn.Linear(width, len(labels.status))
        self.actor, self.recipient, self.trigger = (labels.marks[k] for k in "ART")

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, ...]:
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        whole = _mean(states, attention_mask.float())
        actor, recipient, trigger = (
            _mean(states, (input_ids == mark).float()) for mark in (self.actor, self.recipient, self.trigger)
        )
        dropped = self.drop(states)
        return (
            self.head(self.drop(torch.cat([actor, recipient, whole], -1))),
            self.pointer(dropped).squeeze(-1),
            self.seen(dropped),
            self.roles(dropped),
            self.code(self.drop(torch.cat([trigger, whole], -1))),
            self.status(self.drop(trigger)),
            normalize(whole, dim=-1),
        )


def _mean(states: Tensor, weight: Tensor) -> Tensor:
    return (states * weight.unsqueeze(-1)).sum(1) / weight.sum(1, keepdim=True).clamp(min=1)


@dataclass
class Batch:
    """Tensors of a group of views; UNASKED where a view does not ask. root: 1 for the codes of a root whose mode is not known."""

    ids: Tensor
    mask: Tensor
    pair: Tensor
    pointer: Tensor
    seen: Tensor
    roles: Tensor
    code: Tensor
    root: Tensor
    status: Tensor

    def plain(self) -> tuple[np.ndarray, ...]:
        """Return the tensors as arrays, to be handed from process to process."""
        return tuple(getattr(self, f.name).numpy() for f in fields(self))

    @classmethod
    def on(cls, device: str | torch.device, plain: tuple[np.ndarray, ...]) -> Batch:
        """Return a batch on a device, from its arrays."""
        return cls(*(torch.from_numpy(a).to(device, non_blocking=True) for a in plain))


def batches(views: Sequence[View], tokenizer: Tokenizer, labels: Labels, size: int, rng: random.Random) -> list[Batch]:
    """Group views of like length into shuffled batches."""
    made = [(view, *encode(tokenizer, labels.marks, 128, view.text, view.marks)) for view in views]
    rng.shuffle(made)
    made.sort(key=lambda m: len(m[1]) // 6)
    groups = [made[i : i + size] for i in range(0, len(made), size)]
    rng.shuffle(groups)
    return [_batch(group, labels) for group in groups]


def _batch(group: Sequence[tuple[View, list[int], list[tuple[int, int]]]], labels: Labels) -> Batch:
    n, width = len(group), max(len(ids) for _, ids, _ in group)
    fill = lambda *shape: torch.full(shape, UNASKED, dtype=torch.long)  # noqa: E731
    ids = torch.full((n, width), labels.marks["pad"], dtype=torch.long)
    tokens = [fill(n, width) for _ in range(3)]
    b = Batch(ids, torch.zeros_like(ids), fill(n), *tokens, fill(n), fill(n, len(labels.codes)), fill(n, len(labels.status)))
    for i, (view, row, offsets) in enumerate(group):
        b.ids[i, : len(row)] = torch.tensor(row)
        b.mask[i, : len(row)] = 1
        if view.pair is not None:
            b.pair[i] = labels.pairs.index(view.pair)
        if view.code is not None:
            root = view.code.split("/")[0] + "/"
            if view.vague:
                b.root[i] = torch.tensor([int(c.startswith(root)) for c in labels.codes])
            else:
                b.code[i] = labels.codes.index(view.code if view.code in labels.codes else root)
        if view.status is not None:
            b.status[i] = torch.tensor([int(s in view.status) if s in view.asked else UNASKED for s in labels.status])
        _label_tokens(b, i, view, offsets, labels)
    return b


def _label_tokens(b: Batch, i: int, view: View, offsets: Sequence[tuple[int, int]], labels: Labels) -> None:
    inside = lambda spans, a, z: any(s < z and a < e for s, e in spans)  # noqa: E731
    for j, (start, end) in enumerate(offsets):
        if start == end:
            continue
        if view.pointer is not None:
            b.pointer[i, j] = int(inside(view.pointer, start, end))
        if view.seen is not None:
            root = next((r for span, r in view.seen if inside([span], start, end)), None)
            if root or view.whole:
                b.seen[i, j] = 1 + labels.roots.index(root) if root else 0
        if view.roles is not None:
            actor, recipient = (inside(view.roles[k], start, end) for k in "AR")
            b.roles[i, j] = 1 if actor else 2 if recipient else 0


def loss_of(outputs: tuple[Tensor, ...], b: Batch) -> Tensor:
    """Sum of the losses of the heads that the batch asks."""
    pair, pointer, seen, roles, code, status, _ = outputs
    loss = pair.new_zeros(())
    if (b.pair != UNASKED).any():
        loss = loss + cross_entropy(pair, b.pair, ignore_index=UNASKED, label_smoothing=0.05)
    if (b.code != UNASKED).any():
        loss = loss + 0.5 * cross_entropy(code, b.code, ignore_index=UNASKED, label_smoothing=0.05)
    vague = b.root[:, 0] != UNASKED
    if vague.any():
        inside = code[vague].masked_fill(b.root[vague] == 0, -1e4)
        loss = loss + 0.5 * (code[vague].logsumexp(-1) - inside.logsumexp(-1)).mean()
    for given, wanted in ((pointer, b.pointer), (status, b.status)):
        asked = wanted != UNASKED
        if asked.any():
            loss = loss + 0.5 * binary_cross_entropy_with_logits(given[asked], wanted[asked].float())
    if (b.seen != UNASKED).any():
        loss = loss + cross_entropy(seen.transpose(1, 2), b.seen, ignore_index=UNASKED)
    if (b.roles != UNASKED).any():
        loss = loss + cross_entropy(roles.transpose(1, 2), b.roles, ignore_index=UNASKED)
    return loss


def likeness(student: tuple[Tensor, ...], teacher: tuple[Tensor, ...], b: Batch, heat: float = 2.0) -> Tensor:
    """Distillation loss (Hinton et al. 2015): how far the student's softened answers are from the teacher's."""
    told = (b.code != UNASKED) | (b.root[:, 0] != UNASKED)
    asked = ((b.pair != UNASKED), (b.seen != UNASKED), (b.roles != UNASKED), told)
    loss = student[0].new_zeros(())
    for k, where in zip((0, 2, 3, 4), asked, strict=True):
        if where.any():
            given, wanted = student[k][where] / heat, teacher[k][where] / heat
            loss = loss + heat**2 * kl_div(log_softmax(given, -1), softmax(wanted, -1), reduction="batchmean")
    return loss
