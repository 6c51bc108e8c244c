"""Sentences with actor, recipient and trigger marked: `{A Oslo} {T expelled} {R two envoys}.`"""

from __future__ import annotations

import re
from dataclasses import dataclass

from diurna.records import Span

_MARK = re.compile(r"\{([ART]) ([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Example:
    """A marked sentence: its plain text and the character spans of the marked roles (keys "A", "R", "T")."""

    text: str
    spans: dict[str, list[Span]]


def parse_example(marked: str) -> Example:
    """Read a sentence with {A actor}, {R recipient} and {T trigger} marked.

    Raises:
        ValueError: a brace without its partner.
    """
    plain: list[str] = []
    length = at = 0
    spans: dict[str, list[Span]] = {"A": [], "R": [], "T": []}
    for mark in _MARK.finditer(marked):
        before = marked[at : mark.start()]
        plain += [before, mark[2]]
        start = length + len(before)
        length = start + len(mark[2])
        spans[mark[1]].append((start, length))
        at = mark.end()
    plain.append(marked[at:])
    text = "".join(plain)
    if "{" in text or "}" in text:
        raise ValueError(f"unpaired brace in example: {marked}")
    return Example(text, spans)
