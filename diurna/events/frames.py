"""Trigger frames: which words report which event, and what must stand around them (tables in `data/frames/`).

Columns of a frame row:
- trigger: lemma or words ("pull out", "air strike", "state of emergency"); pos: v, n or a.
- object: what the direct object must be: lemmas or @classes joined by `|`, `+` any, `-` none, empty no condition.
- needs: conditions joined by `;`, all must hold: `on:strike|picket` (preposition and noun), `against` (preposition),
  `xcomp` (a complement clause), `inf` (an infinitive), `w:hostage` (a word in the clause), `-to` (that preposition must
  not be there).
- actor: slot of the agent, `subj` when empty; recipient: slots in order of preference (`obj`, `iobj`, `comp`, `owner`,
  prepositions), `recip` when all parties are actors, `none`. Defaults by part of speech, see `Frame.recipient_slots`.
- root, mode, cameo: the code; operator: how it composes with a complement (see `compose.py`); stage, kind: thread stage and kind.
- examples: sentences with {A actor}, {R recipient} and {T trigger} marked, joined by ` || `; the test suite codes every one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from diurna.ontology import ontology
from diurna.tables import Row, load

COLUMNS = [
    "trigger",
    "pos",
    "object",
    "needs",
    "actor",
    "recipient",
    "root",
    "mode",
    "cameo",
    "operator",
    "stage",
    "kind",
    "examples",
]


@dataclass(frozen=True, slots=True)
class Frame:
    """One row of the trigger tables; see the module's text for the columns. `id` names file and line for explanations."""

    id: str
    words: tuple[str, ...]
    head: int  # index of the head word in `words`
    pos: str
    objects: tuple[str, ...]
    needs: tuple[str, ...]
    actor: str
    recipient: tuple[str, ...]
    root: str
    mode: str
    cameo: str
    operator: str
    stage: str
    kind: str
    examples: tuple[str, ...]

    @property
    def specificity(self) -> int:
        """How much the frame asks for: of the frames that fit, the one that asks most wins."""
        classes = sum(o.startswith("@") or o in "+-" for o in self.objects)
        return 3 * (len(self.words) - 1) + 3 * len(self.needs) + (4 if len(self.objects) > classes else 2 if self.objects else 0)

    @property
    def recipient_slots(self) -> tuple[str, ...]:
        """Where the recipient stands: as the row says, else the object for verbs that do not fix their object."""
        if self.recipient:
            return self.recipient
        if self.pos == "v" and (not self.fixed_object or "@actor" in self.objects):
            return ("obj", "iobj", "owner", *DEFAULT_SLOTS)
        return ("iobj", *DEFAULT_SLOTS, "owner")

    @property
    def fixed_object(self) -> bool:
        """Whether the object is part of the trigger ("impose *sanctions*") and not the recipient."""
        return any(not o.startswith("@") and o not in "+-" for o in self.objects)


DEFAULT_SLOTS = ("against", "on", "upon", "to", "toward", "towards", "with", "from", "for", "over", "at", "in", "of", "into")


@dataclass(frozen=True)
class Lexicon:
    """All frames by the lemma of their head word, noun classes, and the words that only carry a noun trigger."""

    verbs: dict[str, tuple[Frame, ...]]
    nouns: dict[str, tuple[Frame, ...]]
    adjectives: dict[str, tuple[Frame, ...]]
    classes: dict[str, frozenset[str]]
    forms: dict[str, str]  # word form -> lemma, where the pipeline's lemmatizer is wrong ("waged" -> "wage", not "wag")
    duty: Frame  # stands for "said that ... must", which is a pattern and no word
    refusal: Frame  # likewise for "said they would not ..."

    def frames(self, lemma: str, pos: str) -> tuple[Frame, ...]:
        """Return the frames whose head word is `lemma`, most demanding first. pos: "v", "n" or "a"."""
        table = {"v": self.verbs, "n": self.nouns, "a": self.adjectives}[pos]
        return table.get(lemma, ())

    def lemma(self, form: str, lemma: str) -> str:
        """Return the lemma under which a word form is filed."""
        return self.forms.get(form) or normal(lemma)

    def member(self, lemma: str, name: str) -> bool:
        """Tell whether a lemma belongs to a class of `data/frames_classes.tsv` (name without @)."""
        return lemma in self.classes.get(name, frozenset())


_SPELLING = re.compile(r"(?:(?<=.{3})(?:is|iz)(?=e$|ation$)|(?<=.{2})our$|(?<=an|al)(?:ys|yz)(?=e$))")


@lru_cache(maxsize=100_000)
def normal(lemma: str) -> str:
    """Return a lemma in lower case and one spelling, on both sides of every comparison ("mobilise", "mobilize"; "labour")."""
    return _SPELLING.sub(lambda m: {"is": "iz", "our": "or", "ys": "yz"}.get(m[0], m[0]), lemma.lower())


@cache
def lexicon(extra: Path | None = None) -> Lexicon:
    """Load and check every frame table.

    Raises:
        TableError: an unknown root, mode, CAMEO code, operator or class, naming file and line.
    """
    classes = {row["class"]: frozenset(map(normal, row.items("words"))) for row in load("classes.tsv", ("class", "words"), extra)}
    operators = {row["operator"] for row in load("composition.tsv", ("operator",), extra)}
    tables: dict[str, dict[str, list[Frame]]] = {p: defaultdict(list) for p in "vna"}
    for row in load("frames", COLUMNS, extra):
        frame = _frame(row)
        _check(row, frame, operators, classes, extra)
        tables[frame.pos][frame.words[frame.head]].append(frame)
    sealed = {p: {k: tuple(sorted(v, key=lambda f: -f.specificity)) for k, v in t.items()} for p, t in tables.items()}
    forms = {row["form"]: normal(row["lemma"]) for row in load("lemmas.tsv", ("form", "lemma"), extra)}
    duty = Frame("rule:duty", ("must",), 0, "v", (), (), "subj", (), "REQUEST", "change", "020", "", "", "", ())
    refusal = Frame("rule:refusal", ("would", "not"), 0, "v", (), (), "subj", (), "REJECT", "", "120", "", "", "", ())
    return Lexicon(sealed["v"], sealed["n"], sealed["a"], classes, forms, duty, refusal)


def _frame(row: Row) -> Frame:
    spelled = row["trigger"].replace("-", " ") if row["pos"] == "n" else row["trigger"]  # tokens are split at hyphens
    words = tuple(normal(w) for w in spelled.split())
    head = 0
    if row["pos"] == "n" and len(words) > 1:
        head = words.index("of") - 1 if "of" in words else len(words) - 1
    return Frame(
        id=f"{Path(row.path).stem}:{row.line}",
        words=words,
        head=head,
        pos=row["pos"],
        objects=tuple(o if o.startswith("@") else normal(o) for o in row.items("object")),
        needs=tuple(n.strip() for n in row["needs"].split(";") if n.strip()),
        actor=row["actor"] or "subj",
        recipient=tuple(r.strip() for r in row["recipient"].split(",") if r.strip()),
        root=row["root"],
        mode=row["mode"],
        cameo=row["cameo"],
        operator=row["operator"],
        stage=row["stage"],
        kind=row["kind"],
        examples=tuple(e.strip() for e in row["examples"].split("||") if e.strip()),
    )


def _check(row: Row, frame: Frame, operators: set[str], classes: dict[str, frozenset[str]], extra: Path | None) -> None:
    scheme = ontology(extra)
    if frame.pos not in ("v", "n", "a"):
        raise row.error(f"pos must be v, n or a, not {frame.pos!r}")
    if frame.root and not scheme.has(frame.root, frame.mode):
        raise row.error(f"unknown root or mode {frame.root} {frame.mode}")
    if not frame.root and not frame.operator:
        raise row.error("a frame needs a root or an operator")
    if frame.cameo and frame.cameo not in scheme.cameo_names:
        raise row.error(f"unknown CAMEO code {frame.cameo}")
    if frame.operator and frame.operator not in operators:
        raise row.error(f"unknown operator {frame.operator}; known are {', '.join(sorted(operators))}")
    for name in frame.objects:
        if name.startswith("@") and name[1:] not in classes and name not in ("@actor", "@event"):
            raise row.error(f"unknown class {name}")
