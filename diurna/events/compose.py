"""The algebra of matrix and complement (codebook, section 2): "refused to release" rejects, "promised to send aid" agrees."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from diurna.tables import load


@dataclass(frozen=True, slots=True)
class Code:
    """Root, mode and CAMEO code of an event; an empty root means that nothing happened (a denied act)."""

    root: str
    mode: str = ""
    cameo: str = ""


@dataclass(frozen=True)
class Composition:
    """The composition table: outcome by (operator, complement)."""

    rules: dict[tuple[str, str], Code]

    def compose(self, operator: str, frame: Code, complement: Code) -> Code:
        """Return what a matrix with `operator` makes of a complement event.

        Args:
            operator: the matrix frame's operator, for example "refuse".
            frame: the matrix frame's own code, used where the table says `frame`.
            complement: the code of the complement, itself perhaps composed.
        """
        for key in (f"{complement.root}:{complement.mode}", complement.root, "*"):
            rule = self.rules.get((operator, key))
            if rule is None:
                continue
            if rule.root == "frame":
                return frame
            if rule.root == "-":
                return Code("")
            if rule.root.islower():
                return self.compose(rule.root, frame, complement)  # the row hands over to another operator
            if rule.root == "=":
                return complement
            return Code(
                rule.root,
                complement.mode if rule.mode == "=" else rule.mode,
                complement.cameo if rule.cameo == "=" else rule.cameo,
            )
        return frame


@cache
def composition(extra: Path | None = None) -> Composition:
    """Load the composition table."""
    rules: dict[tuple[str, str], Code] = {}
    for row in load("composition.tsv", ("operator", "complement", "root", "mode", "cameo"), extra):
        rules[row["operator"], row["complement"]] = Code(row["root"], row["mode"], row["cameo"])
    return Composition(rules)
