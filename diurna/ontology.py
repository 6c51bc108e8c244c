"""The coding schemes: PLOVER roots and modes with scores, CAMEO codes with the crosswalk (tables in `data/ontology/`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from diurna.tables import load


@dataclass(frozen=True, slots=True)
class Root:
    """An event root of the scheme. score: PLOVER expert score, -10 to 10. quad: 1 to 4. modes: score of each mode."""

    name: str
    score: float
    quad: int
    needs_recipient: bool
    modes: dict[str, float]


@dataclass(frozen=True, slots=True)
class Ontology:
    """Roots by name, CAMEO names by code, and the PLOVER root and mode that the published crosswalk gives a CAMEO code.

    codes: the CAMEO codes that say as much as a root and a mode (empty: the root alone), the plainest first. span_quads: quad
    classes of roots as the span sets count them (see the tables).
    """

    roots: dict[str, Root]
    cameo_names: dict[str, str]
    crosswalk: dict[str, str]
    cameo_modes: dict[str, str]
    codes: dict[tuple[str, str], tuple[str, ...]]
    span_quads: dict[str, int]
    contexts: frozenset[str]

    def score(self, root: str, mode: str) -> float:
        """Return the expert score of a root and mode; the root's own score when the mode has none."""
        entry = self.roots[root]
        return entry.modes.get(mode, entry.score)

    def cameo_of(self, root: str, modes: Sequence[str], own: str = "") -> str:
        """Return the plainest CAMEO code that says as much as a root and the first of its modes that has one, else as the root.

        Args:
            root, modes: of the event.
            own: the code that the event has already; it stays where no fitting code begins with its two digits.
        """
        fits = next((self.codes[root, mode] for mode in (*modes, "") if (root, mode) in self.codes), ())
        if own:
            return next((code for code in fits if code.startswith(own[:2])), own)
        return fits[0] if fits else ""

    def has(self, root: str, mode: str) -> bool:
        """Tell whether the scheme has this root and, when `mode` is not empty, this mode under it."""
        return root in self.roots and (not mode or mode in self.roots[root].modes)


@cache
def ontology(extra: Path | None = None) -> Ontology:
    """Load the schemes; `extra` is the user's folder of tables, whose roots and modes are added."""
    roots: dict[str, Root] = {}
    for row in load("ontology/plover.tsv", ("event", "mode", "score", "quad", "needs_recipient"), extra):
        name = row["event"]
        if not row["mode"]:
            roots[name] = Root(name, float(row["score"]), int(row["quad"]), row["needs_recipient"] == "yes", {})
        elif name not in roots:
            raise row.error(f"mode {row['mode']} of unknown root {name}")
        else:
            roots[name].modes[row["mode"]] = float(row["score"])
    names: dict[str, str] = {}
    crosswalk: dict[str, str] = {}
    cameo_modes: dict[str, str] = {}
    for row in load("ontology/cameo.tsv", ("code", "name", "plover", "mode"), extra):
        names[row["code"]] = row["name"]
        crosswalk[row["code"]] = row["plover"]
        cameo_modes[row["code"]] = row["mode"]
    span_quads = {name: root.quad for name, root in roots.items()}
    span_quads |= {row["root"]: int(row["quad"]) for row in load("ontology/span_quads.tsv", ("root", "quad"), extra)}
    contexts = frozenset(row["context"] for row in load("ontology/contexts.tsv", ("context",), extra))
    return Ontology(roots, names, crosswalk, cameo_modes, _codes(roots, crosswalk, cameo_modes, extra), span_quads, contexts)


def _codes(
    roots: dict[str, Root], crosswalk: dict[str, str], cameo_modes: dict[str, str], extra: Path | None
) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the codes of roots and modes; a root of the user's own that no row names has those of the user's crosswalk."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in load("ontology/mode_codes.tsv", ("root", "mode", "code"), extra):
        root, mode, code = row["root"], row["mode"], row["code"]
        if root not in roots or (mode and mode not in roots[root].modes):
            raise row.error(f"unknown root or mode {root} {mode}".rstrip())
        if code not in crosswalk:
            raise row.error(f"unknown CAMEO code {code!r}")
        found[root, mode] = (*found.get((root, mode), ()), code)
    named = {root for root, _ in found}
    for code, root in crosswalk.items():
        if root and len(code) > 2 and root not in named:
            found.setdefault((root, ""), (code,))
            found.setdefault((root, cameo_modes[code]), (code,))
    return found
