"""Train the learned second opinion and export it as ONNX int8 (needs torch; `pip install -r training/requirements.txt`).

    python training/train.py --encoder DIR_WITH_MINILM --out diurna/data/model [--limit N] [--epochs 8] [--seed 7]

One sentence with {A actor}, {R recipient} and {T trigger} marked per line of `training/sentences/*.tsv`. Marks become
special tokens around the spans; the states of the two opening marks and the mean of all tokens are pooled and classified;
a second head points at the trigger tokens, which teaches the encoder where to look and explains its vote.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import AutoModel

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from diurna.events.examples import parse_example
from diurna.events.opinion import encode

MARKS = {"A": "[unused1]", "/A": "[unused2]", "R": "[unused3]", "/R": "[unused4]", "start": "[CLS]", "end": "[SEP]"}
LENGTH = 128


def classes(path: Path) -> dict[str, list[str] | None]:
    """Read class -> (root, mode, CAMEO code); the class NONE has no code."""
    table: dict[str, list[str] | None] = {}
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        name, root, mode, cameo = line.split("\t")
        table[name] = [root, mode, cameo] if root else None
    return table


def class_of(root: str, mode: str, trigger: str) -> str:
    """Return the fine class of a training row; classes split a root where the CAMEO crosswalk splits it."""
    if root == "CONCEDE" and mode == "promised":
        return "CONCEDE-promised"
    if root == "SANCTION" and mode == "convict":
        return "SANCTION-convict"
    if root == "SANCTION" and any(w in trigger for w in ("sanction", "embargo", "boycott", "tariff", "blacklist", "froze")):
        return "SANCTION-imposed"
    if root == "COERCE" and mode == "cyber":
        return "COERCE-cyber"
    return root


def read(folder: Path, names: list[str]) -> list[tuple[str, list, list, list, int]]:
    """Read all training rows as (text, actor spans, recipient spans, trigger spans, class index)."""
    rows = []
    for file in sorted(folder.glob("*.tsv")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            root, mode, _, marked = line.split("\t")
            example = parse_example(marked)
            spans = example.spans
            trigger = " ".join(example.text[a:b] for a, b in spans["T"]).lower()
            rows.append((example.text, spans["A"], spans["R"], spans["T"], names.index(class_of(root, mode, trigger))))
    return rows


def reversed_pairs(rows: list, names: list[str], share: float, rng: random.Random) -> list:
    """Turn some one-way rows round and call them NONE: direction is part of the question."""
    one_way = {"ASSAULT", "COERCE", "ACCUSE", "REQUEST", "AID", "REJECT", "THREATEN", "RETREAT", "SANCTION", "SUPPORT"}
    pool = [r for r in rows if names[r[4]] in one_way]
    return [(t, r, a, [], names.index("NONE")) for t, a, r, _, _ in rng.sample(pool, int(len(pool) * share))]


class Reader(nn.Module):
    """Encoder with pooled marks for the class and a token head for the trigger."""

    def __init__(self, encoder: str, count: int, marks: dict[str, int]) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(encoder, attn_implementation="eager")
        width = self.encoder.config.hidden_size
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(3 * width, count)
        self.pointer = nn.Linear(width, 1)
        self.actor, self.recipient = marks["A"], marks["R"]

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        pooled = [_mean(states, (input_ids == mark).float()) for mark in (self.actor, self.recipient)]
        pooled.append(_mean(states, attention_mask.float()))
        return self.head(self.drop(torch.cat(pooled, -1))), self.pointer(states).squeeze(-1)


def _mean(states: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return (states * weight.unsqueeze(-1)).sum(1) / weight.sum(1, keepdim=True).clamp(min=1)


def batches(rows: list, tokenizer: Tokenizer, marks: dict[str, int], size: int, rng: random.Random) -> list:
    """Shuffle and group rows of like length; returns (ids, mask, trigger labels, class) tensors."""
    made = []
    for text, actor, recipient, trigger, label in rows:
        ids, offsets = encode(tokenizer, marks, LENGTH, text, actor, recipient)
        points = [int(any(a < t_end and t_start < b for t_start, t_end in trigger)) for a, b in offsets]
        made.append((ids, points, label))
    rng.shuffle(made)
    made.sort(key=lambda r: len(r[0]) // 8)
    groups = [made[i : i + size] for i in range(0, len(made), size)]
    rng.shuffle(groups)
    out = []
    for group in groups:
        width = max(len(ids) for ids, _, _ in group)
        ids = torch.zeros(len(group), width, dtype=torch.long)
        mask, points = torch.zeros_like(ids), torch.zeros(len(group), width)
        for i, (row, point, _) in enumerate(group):
            ids[i, : len(row)] = torch.tensor(row)
            mask[i, : len(row)] = 1
            points[i, : len(point)] = torch.tensor(point, dtype=torch.float)
        out.append((ids, mask, points, torch.tensor([label for _, _, label in group])))
    return out


def train(
    rows: list, model: Reader, tokenizer: Tokenizer, marks: dict[str, int], args: argparse.Namespace, rng: random.Random
) -> None:
    """Fine-tune with AdamW, linear decay, label smoothing."""
    steps = args.epochs * (len(rows) // args.batch + 1)
    decay = [p for n, p in model.named_parameters() if "encoder" in n]
    fresh = [p for n, p in model.named_parameters() if "encoder" not in n]
    optimiser = torch.optim.AdamW([{"params": decay, "lr": args.rate}, {"params": fresh, "lr": 1e-3}], weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda s: min((s + 1) / (0.06 * steps), max(0.02, 1 - s / steps)))
    loss_of, point_loss = nn.CrossEntropyLoss(label_smoothing=0.05), nn.BCEWithLogitsLoss(reduction="none")
    for epoch in range(args.epochs):
        model.train()
        begun, total = time.time(), 0.0
        for ids, mask, points, label in batches(rows, tokenizer, marks, args.batch, rng):
            logits, pointed = model(ids, mask)
            pointer = (point_loss(pointed, points) * mask).sum() / mask.sum()
            loss = loss_of(logits, label) + 0.5 * pointer
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += float(loss) * len(label)
        print(f"epoch {epoch + 1}: loss {total / len(rows):.4f} ({time.time() - begun:.0f} s)", flush=True)


class ByteEmbedding(nn.Module):
    """Word embeddings as int8 with a scale per row: a quarter of the size, and gentler than one scale for all words."""

    def __init__(self, table: nn.Embedding) -> None:
        super().__init__()
        weight = table.weight.detach()
        scale = weight.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("scale", scale)
        self.register_buffer("rows", (weight / scale).round().to(torch.int8))

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.rows[ids].float() * self.scale[ids]


def export(
    model: Reader, tokenizer_file: Path, names: list[str], codes: dict, marks: dict[str, int], out: Path, keep_full: bool
) -> None:
    """Write model.onnx (dynamic int8, per channel, matrix products only), tokenizer.json and labels.json."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    out.mkdir(parents=True, exist_ok=True)
    model.eval()
    model.encoder.embeddings.word_embeddings = ByteEmbedding(model.encoder.embeddings.word_embeddings)
    sample = (torch.ones(2, 16, dtype=torch.long), torch.ones(2, 16, dtype=torch.long))
    axes = {n: {0: "batch", 1: "length"} for n in ("input_ids", "attention_mask", "trigger")} | {"logits": {0: "batch"}}
    full = out / "full.onnx"
    torch.onnx.export(
        model,
        sample,
        str(full),
        input_names=["input_ids", "attention_mask"],
        output_names=["logits", "trigger"],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(full, out / "model.onnx", weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul"])
    if not keep_full:
        full.unlink()
    shutil.copy(tokenizer_file, out / "tokenizer.json")
    spec = {"codes": [codes[n] for n in names], "names": names, "marks": marks, "max_length": LENGTH}
    (out / "labels.json").write_text(json.dumps(spec, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Read, train, export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("diurna/data/model"))
    parser.add_argument("--limit", type=int, default=0, help="train on that many rows, for the learning curve")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--keep-full", action="store_true", help="keep the unquantised full.onnx beside it, to compare")
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    here = Path(__file__).resolve().parent
    random.seed(args.seed)
    np.random.seed(args.seed)
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    codes = classes(here / "classes.tsv")
    names = list(codes)
    tokenizer = Tokenizer.from_file(str(args.encoder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    marks = {k: tokenizer.token_to_id(v) for k, v in MARKS.items()}
    rows = read(here / "sentences", names)
    rng.shuffle(rows)
    rows = rows[: args.limit] if args.limit else rows
    rows += reversed_pairs(rows, names, 0.08, rng)
    print(f"{len(rows)} rows, {len(names)} classes", flush=True)
    model = Reader(str(args.encoder), len(names), marks)
    train(rows, model, tokenizer, marks, args, rng)
    export(model, args.encoder / "tokenizer.json", names, codes, marks, args.out, args.keep_full)


if __name__ == "__main__":
    main()
