"""How well a trained reader answers on the reports kept from training."""

from __future__ import annotations

import random
from collections import Counter

import torch
from network import UNASKED, Batch, Labels, Reader, answers, batches
from rows import Story, View, drawn, trigger_words, views
from tokenizers import Tokenizer


def figures(model: Reader, tokenizer: Tokenizer, labels: Labels, stories: list[Story]) -> dict[str, float]:
    """Return pair accuracy, token F1 of triggers (any root; right root), of roles, antecedents; accuracy of code and status."""
    rng = random.Random(1)
    telling = trigger_words([x for story in stories for x in story])
    asked: list[View] = [v for story in stories for x in drawn(story, rng) for v in views(x, rng, telling)]
    count: Counter[str] = Counter()
    with torch.no_grad():
        for group in batches(asked, tokenizer, labels, 4096, rng):
            b = group.on(next(model.parameters()).device)
            _count(count, answers(model, b), b, labels.codes.index("NONE/"))
    made = {f"{k} F1": _f1(count, k) for k in ("seen", "root", "actor", "recipient", "reference")}
    made |= {f"{k} accuracy": count[f"{k} right"] / max(1, count[k]) for k in ("pair", "code", "status")}
    return {k: round(v, 3) for k, v in made.items()}


def _count(count: Counter[str], outputs: tuple[torch.Tensor, ...], b: Batch, none: int) -> None:
    pair, _, seen, roles, code, status = outputs
    for name, given, wanted in (("pair", pair.argmax(-1), b.pair), ("code", code.argmax(-1), b.code)):
        asked = wanted != UNASKED
        count[name] += int(asked.sum())
        count[f"{name} right"] += int((given[asked] == wanted[asked]).sum())
    asked = b.status[..., 0] != UNASKED
    count["status"] += int(asked.sum())
    agree = ((status[asked] > 0).long() == b.status[asked]) | (b.status[asked] == UNASKED)
    count["status right"] += int(agree.all(-1).sum())
    asked = b.seen != UNASKED
    given, wanted = seen.argmax(-1)[asked], b.seen[asked]
    for name, hit in (("seen", (given > 0) & (wanted > 0)), ("root", (given == wanted) & (wanted > 0))):
        _tally(count, name, hit, given > 0, wanted > 0)
    refers = (b.code == none).unsqueeze(-1)  # a pronoun or description: it tells nothing, but stands for an "actor"
    for k, name, lines in ((1, "actor", ~refers), (2, "recipient", ~refers), (1, "reference", refers)):
        asked = (b.roles != UNASKED) & lines
        given, wanted = roles.argmax(-1)[asked], b.roles[asked]
        _tally(count, name, (given == k) & (wanted == k), given == k, wanted == k)


def _tally(count: Counter[str], name: str, hit: torch.Tensor, given: torch.Tensor, wanted: torch.Tensor) -> None:
    count[f"{name} hit"] += int(hit.sum())
    count[f"{name} given"] += int(given.sum())
    count[f"{name} wanted"] += int(wanted.sum())


def _f1(count: Counter[str], name: str) -> float:
    return 2 * count[f"{name} hit"] / max(1, count[f"{name} given"] + count[f"{name} wanted"])
