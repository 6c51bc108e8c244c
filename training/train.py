"""Train the learned second opinion and export it as ONNX int8 (needs torch; `pip install -r training/requirements.txt`).

    python training/train.py --encoder DIR_WITH_MPNET --save teacher.pt --epochs 5 --rate 4e-5 --half     the teacher
    python training/train.py --encoder DIR_WITH_MINILM --teacher DIR_WITH_MPNET teacher.pt --out diurna/data/model

Every epoch asks new questions about the same sentences (`rows.views`). A teacher answers the student's questions too, and
the student learns from both. Ends with its figures on the reports kept from training.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import rows
from check import figures
from network import OUTPUTS, Labels, Reader, batches, likeness, loss_of

from diurna.events.opinion import encode

MARKS = {"A": "[unused1]", "/A": "[unused2]", "R": "[unused3]", "/R": "[unused4]", "T": "[unused5]", "/T": "[unused6]"}
LENGTH = 128


def pair_codes(path: Path) -> dict[str, list[str] | None]:
    """Read class -> (root, mode, CAMEO code); the class NONE has no code."""
    table: dict[str, list[str] | None] = {}
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        name, root, mode, cameo = line.split("\t")
        table[name] = [root, mode, cameo] if root else None
    return table


def labels_of(examples: list[rows.Example], pairs: list[str], tokenizer: Tokenizer) -> Labels:
    """Name the classes of every head; a mode needs twelve examples to be one of its own."""
    roots = sorted({e.root for x in examples for e in x.events})
    seen = Counter(f"{e.root}/{e.mode}" for x in examples for e in x.events)
    codes = sorted({f"{r}/" for r in roots} | {c for c, n in seen.items() if n >= 12})
    return Labels(pairs, roots, codes, list(rows.STATUS), marks_of(tokenizer))


def marks_of(tokenizer: Tokenizer) -> dict[str, int]:
    """Return the ids of the mark and frame tokens of a vocabulary."""
    marks = {k: tokenizer.token_to_id(v) for k, v in MARKS.items()}
    first = lambda *names: next(i for n in names if (i := tokenizer.token_to_id(n)) is not None)  # noqa: E731
    return marks | {"start": first("<s>", "[CLS]"), "end": first("</s>", "[SEP]"), "pad": first("<pad>", "[PAD]")}


def saved_labels(saved: Path, tokenizer: Tokenizer) -> Labels:
    """Return the classes of a saved reader, so that another learns the same ones."""
    pairs, roots, codes, *status = torch.load(saved, weights_only=True)["labels"]
    return Labels(pairs, roots, codes, *(status or [list(rows.STATUS[:4])]), marks_of(tokenizer))


def open_tokenizer(folder: Path) -> Tokenizer:
    """Open an encoder's tokenizer without padding or truncation."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


class Teacher:
    """A trained larger reader that answers the same questions; its vocabulary is the student's, moved by an offset."""

    def __init__(self, encoder: Path, saved: Path, labels: Labels) -> None:
        self.labels = saved_labels(saved, open_tokenizer(encoder))
        self.model = Reader(str(encoder), self.labels)
        self.model.load_state_dict(torch.load(saved, weights_only=True)["weights"])
        self.model.eval()
        special = {labels.marks[k]: self.labels.marks[k] for k in labels.marks}
        self.move = lambda ids: torch.tensor([[special.get(i, i + 4) for i in row] for row in ids.tolist()])

    @torch.no_grad()
    def __call__(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        with torch.autocast("cpu", torch.bfloat16):
            return tuple(o.float() for o in self.model(self.move(ids), mask))


def train(examples: list[rows.Example], model: Reader, tokenizer: Tokenizer, labels: Labels, args: argparse.Namespace) -> None:
    """Fine-tune with AdamW and linear decay, on freshly drawn views every epoch."""
    rng = random.Random(args.seed)
    teacher = Teacher(Path(args.teacher[0]), Path(args.teacher[1]), labels) if args.teacher else None
    steps = args.epochs * (len([v for x in examples for v in rows.views(x, rng)]) // args.batch + 1)
    encoder = [p for n, p in model.named_parameters() if n.startswith("encoder.")]
    heads = [p for n, p in model.named_parameters() if not n.startswith("encoder.")]
    optimiser = torch.optim.AdamW([{"params": encoder, "lr": args.rate}, {"params": heads, "lr": 1e-3}], weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda s: min((s + 1) / (0.06 * steps), max(0.02, 1 - s / steps)))
    for epoch in range(args.epochs):
        model.train()
        begun, total, count = time.time(), 0.0, 0
        for b in batches([v for x in examples for v in rows.views(x, rng)], tokenizer, labels, args.batch, rng):
            with torch.autocast("cpu", torch.bfloat16, enabled=args.half):
                outputs = model(b.ids, b.mask)
            outputs = tuple(o.float() for o in outputs)
            loss = loss_of(outputs, b)
            if teacher:
                loss = 0.5 * loss + 0.5 * likeness(outputs, teacher(b.ids, b.mask), b)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total, count = total + float(loss.detach()), count + 1
        print(f"epoch {epoch + 1}: loss {total / count:.4f} ({time.time() - begun:.0f} s)", flush=True)
        if args.save:
            save(model, labels, args.save)


def save(model: Reader, labels: Labels, path: Path) -> None:
    """Keep the weights, after every epoch, so that a stopped run is not lost."""
    names = [labels.pairs, labels.roots, labels.codes, labels.status]
    torch.save({"labels": names, "weights": model.state_dict()}, path)


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


def usual_cameo(examples: list[rows.Example], codes: list[str]) -> list[list[str]]:
    """Return [root, mode, usual CAMEO code] of each code."""
    seen = Counter((f"{e.root}/{e.mode}", e.cameo) for x in examples for e in x.events if e.cameo)
    usual = {c: max(((n, k) for (code, k), n in seen.items() if code == c), default=(0, ""))[1] for c in codes}
    return [[*c.split("/"), usual[c]] for c in codes]


def export(model: Reader, encoder: Path, labels: Labels, spec: dict[str, list], out: Path) -> None:
    """Write model.onnx (dynamic int8, per channel, matrix products only), tokenizer.json and labels.json."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    out.mkdir(parents=True, exist_ok=True)
    model.eval()
    model.encoder.embeddings.word_embeddings = ByteEmbedding(model.encoder.embeddings.word_embeddings)
    sample = (torch.ones(2, 16, dtype=torch.long), torch.ones(2, 16, dtype=torch.long))
    inputs = ["input_ids", "attention_mask"]
    axes = {n: {0: "batch", 1: "length"} for n in (*inputs, "trigger", "seen", "roles")}
    axes |= {n: {0: "batch"} for n in ("logits", "code", "status", "state")}
    full = out / "full.onnx"
    torch.onnx.export(
        model, sample, full, input_names=inputs, output_names=list(OUTPUTS), dynamic_axes=axes, opset_version=17, dynamo=False
    )
    quantize_dynamic(full, out / "model.onnx", weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul"])
    full.unlink()
    shutil.copy(encoder / "tokenizer.json", out / "tokenizer.json")
    spec |= {"roots": labels.roots, "status": labels.status, "marks": labels.marks, "max_length": LENGTH}
    (out / "labels.json").write_text(json.dumps(spec, indent=1) + "\n", encoding="utf-8")


@torch.no_grad()
def remember(model: Reader, examples: list[rows.Example], tokenizer: Tokenizer, labels: Labels, out: Path) -> None:
    """Write what the model compares new sentences with: the states (int8) and words of the marked training sentences."""
    asked = [(x, e) for x in examples for e in x.events if e.trigger]
    asked.sort(key=lambda pair: (pair[0].text, pair[1].trigger))
    states = []
    for x, e in asked:
        ids, _ = encode(tokenizer, labels.marks, LENGTH, x.text, {"T": e.trigger})
        states.append(model(torch.tensor([ids]), torch.ones(1, len(ids), dtype=torch.long))[-1][0].numpy())
    lines = [f"{e.root}/{e.mode}\t{x.text}" for x, e in asked]
    words = np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)
    np.savez_compressed(out / "memory.npz", states=np.round(np.stack(states) * 127).astype(np.int8), words=words)


def main() -> None:
    """Read, train, check, export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--teacher", nargs=2, metavar=("ENCODER", "WEIGHTS"), help="learn from a teacher's answers, too")
    parser.add_argument("--out", type=Path, help="write the shipped form (ONNX int8) there")
    parser.add_argument("--save", type=Path, help="write the torch weights there, for a teacher")
    parser.add_argument("--start", type=Path, help="go on from these saved weights")
    parser.add_argument("--limit", type=int, default=0, help="train on that many sentences, for the learning curve")
    parser.add_argument("--epochs", type=int, default=7)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--half", action="store_true", help="bfloat16 arithmetic, quicker on processors that have it")
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    random.seed(args.seed)
    np.random.seed(args.seed)
    torch.manual_seed(args.seed)
    codes = pair_codes(Path(__file__).resolve().parent / "classes.tsv")
    tokenizer = open_tokenizer(args.encoder)
    told, check = rows.reports()
    examples = rows.sentences() + rows.frame_examples() + told
    known = args.start or (Path(args.teacher[1]) if args.teacher else None)
    labels = (
        replace(saved_labels(known, tokenizer), status=list(rows.STATUS))
        if known
        else labels_of(examples, list(codes), tokenizer)
    )
    random.Random(args.seed).shuffle(examples)
    examples = examples[: args.limit] if args.limit else examples
    print(f"{len(examples)} sentences, {len(check)} to check on, {len(labels.codes)} codes", flush=True)
    model = Reader(str(args.encoder), labels)
    if args.start:
        model.load_state_dict(torch.load(args.start, weights_only=True)["weights"])
    train(examples, model, tokenizer, labels, args)
    print(json.dumps(figures(model.eval(), tokenizer, labels, check), indent=1), flush=True)
    if args.out:
        spec = {"pairs": [codes[n] for n in labels.pairs], "codes": usual_cameo(examples, labels.codes)}
        args.out.mkdir(parents=True, exist_ok=True)
        remember(model, [x for x in examples if not x.short], tokenizer, labels, args.out)
        export(model, args.encoder, labels, spec, args.out)


if __name__ == "__main__":
    main()
