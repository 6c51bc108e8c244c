"""Train the learned second opinion and export it as ONNX int8 (needs torch; `pip install -r training/requirements.txt`).

    python training/train.py --encoder DIR_WITH_MPNET --save teacher1.pt --epochs 5 --rate 4e-5 --half     a teacher
    python training/train.py --encoder DIR_WITH_MINILM --teacher DIR_WITH_MPNET teacher1.pt teacher2.pt --out diurna/data/model

Every epoch asks new questions about the same sentences (`rows.views`), half of them with other countries in them (`renamed`).
Teachers answer the student's questions too, and the student learns from their mean and from the annotation. Uses a GPU where
there is one. Ends with its figures on the reports kept from training.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import rows
from check import figures
from network import LENGTH, OUTPUTS, TOLD, Batch, Labels, Reader, answers, batch, batches, likeness, loss_of
from renamed import renamed

MARKS = {"A": "[unused1]", "/A": "[unused2]", "R": "[unused3]", "/R": "[unused4]"}
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


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
    codes = sorted({"NONE/"} | {f"{r}/" for r in roots} | {c for c, n in seen.items() if n >= 12})
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


class Teachers:
    """Trained larger readers that answer the same questions; their vocabulary is the student's, moved by an offset."""

    def __init__(self, encoder: Path, saved: Sequence[Path], labels: Labels, device: str) -> None:
        self.labels = saved_labels(saved[0], open_tokenizer(encoder))
        self.device = device
        self.models = [Reader(str(encoder), self.labels) for _ in saved]
        for model, path in zip(self.models, saved, strict=True):
            model.load_state_dict(torch.load(path, weights_only=True)["weights"])
            model.to(device).eval()
        moved = [i + 4 for i in range(max(labels.marks.values()) + 40_000)]
        for name, mark in labels.marks.items():
            moved[mark] = self.labels.marks[name]
        self.moved = torch.tensor(moved, device=device)

    @torch.no_grad()
    def __call__(self, b: Batch) -> tuple[torch.Tensor, ...]:
        with torch.autocast(self.device, torch.bfloat16):
            told = [answers(model, b, self.moved[b.ids]) for model in self.models]
        return tuple(torch.stack(same).mean(0) for same in zip(*told, strict=True))


@dataclass
class Drawing:
    """Draws the batches of an epoch; the seed makes it repeatable."""

    stories: list[rows.Story]
    telling: frozenset[str]
    tokenizer: Tokenizer
    labels: Labels
    size: int

    def __call__(self, seed: int) -> list[Batch]:
        rng = random.Random(seed)
        drawn = []
        for story in self.stories:
            for example in rows.drawn(story, rng):
                asked = renamed(example, rng) if rng.random() < 0.5 else example
                drawn += rows.views(asked, rng, self.telling)
        return batches(drawn, self.tokenizer, self.labels, self.size, rng)


def train(model: Reader, drawing: Drawing, args: argparse.Namespace) -> None:
    """Fine-tune with AdamW and linear decay, on freshly drawn views every epoch."""
    teachers = (
        Teachers(Path(args.teacher[0]), [Path(t) for t in args.teacher[1:]], drawing.labels, DEVICE) if args.teacher else None
    )
    encoder = [p for n, p in model.named_parameters() if n.startswith("encoder.")]
    heads = [p for n, p in model.named_parameters() if not n.startswith("encoder.")]
    optimiser = torch.optim.AdamW(
        [{"params": encoder, "lr": args.rate}, {"params": heads, "lr": 1e-3}], weight_decay=0.01, fused=True
    )
    begun = time.time()
    drawn = drawing(1000 * args.seed)
    steps = args.epochs * len(drawn)
    share = lambda s: min((s + 1) / (0.06 * steps), max(0.02, 1 - s / steps))  # noqa: E731
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, share)
    for epoch in range(args.epochs):
        model.train()
        total = torch.zeros((), device=DEVICE)
        for b in drawn:
            b = b.on(DEVICE)
            with torch.autocast(DEVICE, torch.bfloat16, enabled=args.half):
                outputs = answers(model, b)
            loss = loss_of(outputs, b)
            if teachers:
                loss = 0.4 * loss + 0.6 * likeness(outputs, teachers(b), b)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total = total + loss.detach()
        print(f"epoch {epoch + 1}: loss {float(total) / len(drawn):.4f} ({time.time() - begun:.0f} s)", flush=True)
        if args.save:
            save(model, drawing.labels, args.save)
        drawn = drawing(1000 * args.seed + epoch + 1) if epoch + 1 < args.epochs else []


def save(model: Reader, labels: Labels, path: Path) -> None:
    """Keep the weights, after every epoch, so that a stopped run is not lost."""
    names = [labels.pairs, labels.roots, labels.codes, labels.status]
    torch.save({"labels": names, "weights": {k: v.cpu() for k, v in model.state_dict().items()}}, path)


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
    return [[*c.replace("NONE", "").split("/"), usual[c]] for c in codes]


def export(model: Reader, encoder: Path, labels: Labels, spec: dict[str, list], out: Path) -> None:
    """Write model.onnx (dynamic int8, per channel, matrix products only), telling.onnx, tokenizer.json and labels.json."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model.eval()
    words = model.encoder.embeddings.word_embeddings
    model.encoder.embeddings.word_embeddings = ByteEmbedding(words)
    sample = (torch.ones(2, 16, dtype=torch.long), torch.ones(2, 16, dtype=torch.long))
    inputs = ["input_ids", "attention_mask"]
    axes = {n: {0: "batch", 1: "length"} for n in (*inputs, "trigger", "seen", "states")} | {"logits": {0: "batch"}}
    full = out / "full.onnx"
    _write_onnx(model, sample, full, (inputs, list(OUTPUTS), axes))
    quantize_dynamic(full, out / "model.onnx", weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul"])
    full.unlink()
    states = torch.zeros(2, 16, words.embedding_dim)
    sample = (states, torch.ones(2, 3, 16), torch.ones(2, 3, 16))
    inputs = ["states", "trigger", "sentence"]
    axes = {"states": {0: "batch", 1: "length"}} | {n: {0: "batch", 1: "triggers"} for n in TOLD[1:]}
    axes |= {n: {0: "batch", 1: "triggers", 2: "length"} for n in ("trigger", "sentence", "roles")}
    _write_onnx(model.telling, sample, out / "telling.onnx", (inputs, list(TOLD), axes))
    shutil.copy(encoder / "tokenizer.json", out / "tokenizer.json")
    spec |= {"roots": labels.roots, "status": labels.status, "marks": labels.marks, "max_length": LENGTH}
    (out / "labels.json").write_text(json.dumps(spec, indent=1) + "\n", encoding="utf-8")


def _write_onnx(module: nn.Module, sample: tuple[torch.Tensor, ...], path: Path, form: tuple) -> None:
    inputs, outputs, axes = form
    torch.onnx.export(
        module, sample, path, input_names=inputs, output_names=outputs, dynamic_axes=axes, opset_version=17, dynamo=False
    )


@torch.no_grad()
def remember(model: Reader, examples: list[rows.Example], tokenizer: Tokenizer, labels: Labels, out: Path) -> None:
    """Write what the model compares new triggers with: the states (int8) and words of the training sentences."""
    model.eval()
    asked = sorted(((x.text, f"{e.root}/{e.mode}", e.trigger) for x in examples for e in x.events if e.trigger), key=str)
    views = [rows.View(t, asked=[rows.Asked(spans, (0, len(t)), code)]) for t, code, spans in asked]
    states = []
    for at in range(0, len(views), 64):
        b = batch(views[at : at + 64], tokenizer, labels)
        told = model.telling(model(b.ids, b.mask)[-1], b.trigger.float(), b.sentence.float())
        states.extend(told[-1][:, 0].numpy())
    lines = [f"{code}\t{text}" for text, code, _ in asked]
    words = np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)
    np.savez_compressed(out / "memory.npz", states=np.round(np.stack(states) * 127).astype(np.int8), words=words)


def main() -> None:
    """Read, train, check, export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--teacher", nargs="+", metavar="DIR", help="encoder and weights of teachers whose answers to learn from")
    parser.add_argument("--out", type=Path, help="write the shipped form (ONNX int8) there")
    parser.add_argument("--save", type=Path, help="write the torch weights there, for a teacher")
    parser.add_argument("--start", type=Path, help="go on from these saved weights; heads that they lack begin anew")
    parser.add_argument(
        "--limit", type=int, default=0, help="train on that many reports and single sentences, for the learning curve"
    )
    parser.add_argument("--epochs", type=int, default=7, help="0 exports the saved weights of --start")
    parser.add_argument("--batch", type=int, default=4096, help="tokens a step")
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
    stories = [[x] for x in rows.sentences() + rows.frame_examples()] + told
    random.Random(args.seed).shuffle(stories)
    stories = stories[: args.limit] if args.limit else stories
    examples = [x for story in stories for x in story]
    known = args.start or (Path(args.teacher[1]) if args.teacher else None)
    labels = (
        replace(saved_labels(known, tokenizer), status=list(rows.STATUS))
        if known
        else labels_of(examples, list(codes), tokenizer)
    )
    print(f"{len(examples)} sentences, {len(check)} reports to check on, {len(labels.codes)} codes", flush=True)
    model = Reader(str(args.encoder), labels)
    if args.start:
        kept = torch.load(args.start, weights_only=True)["weights"]
        model.load_state_dict({k: v for k, v in kept.items() if k in model.state_dict()}, strict=False)
    if args.epochs:
        train(model.to(DEVICE), Drawing(stories, rows.trigger_words(examples), tokenizer, labels, args.batch), args)
    print(json.dumps(figures(model.eval(), tokenizer, labels, check), indent=1), flush=True)
    if args.out:
        model.to("cpu")
        spec = {"pairs": [codes[n] for n in labels.pairs], "codes": usual_cameo(examples, labels.codes)}
        args.out.mkdir(parents=True, exist_ok=True)
        remember(model, [x for x in examples if not x.short], tokenizer, labels, args.out)
        export(model, args.encoder, labels, spec, args.out)


if __name__ == "__main__":
    main()
