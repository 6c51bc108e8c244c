"""What an import cannot keep of the lines it reads: counted by kind, with the first case, and said once at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from diurna.imports import codes
from diurna.imports.reading import Line
from diurna.ontology import ontology
from diurna.records import Event

_NOTHING = ("", "none", "nan", "null", "n/a")

_SAID = {
    "country": "{} countries are not known and were left empty, the first {!r}",
    "mode": "{} modes are not PLOVER's under their root and were left out, the first {!r}",
    "context": "{} contexts are not PLOVER's and were left out, the first {!r}",
    "western": "{} lines are no UTF-8 and were read as Windows-1252 (Latin-1), the first with {!r}",
    "damaged": "{} lines are neither UTF-8 nor Windows-1252 and lost letters, the first {!r}; give the file in UTF-8",
}


@dataclass(slots=True)
class _Loss:
    """The cases of one kind: their number, and words and place of the first."""

    words: str
    place: str
    count: int = 0


class Losses:
    """A tally of what was lost."""

    def __init__(self) -> None:
        self._found: dict[str, _Loss] = {}

    def note(self, kind: str, words: str, place: str) -> None:
        """Count one case."""
        self._found.setdefault(kind, _Loss(words[:60], place)).count += 1

    def sentences(self) -> list[str]:
        """Return one line for each kind that occurred."""
        return [f"{_SAID[kind].format(loss.count, loss.words)} ({loss.place})" for kind, loss in self._found.items()]


def lost(dataset: str, line: Line, event: Event) -> Iterator[tuple[str, str]]:
    """Yield kind and words of each cell that says something of which the event of the line holds nothing."""
    for column, known in _COUNTRIES[dataset].items():
        words = line[column].strip()
        if words.casefold() not in _NOTHING and not known(words):
            yield "country", words
    if dataset == "polecat":
        for mode in codes.items(line["Event Mode"].lower()):
            if mode not in (*event.modes, *_NOTHING):
                yield "mode", f"{event.event} {mode}"
        for context in codes.items(line["Contexts"].lower()):
            if context not in ontology().contexts and context not in _NOTHING:
                yield "context", context


def _cameo(code: str) -> bool:
    return codes.is_region(code) or bool(codes.cameo_country(code))


def _named(name: str) -> bool:
    return bool(codes.named_country(name))


def _fips(code: str) -> bool:
    return bool(codes.fips_country(code))


_GDELT: dict[str, Callable[[str], bool]] = {
    "Actor1CountryCode": _cameo,
    "Actor2CountryCode": _cameo,
    "ActionGeo_CountryCode": _fips,
}
_COUNTRIES: dict[str, dict[str, Callable[[str], bool]]] = {
    "gdelt1": _GDELT,
    "gdelt2": _GDELT,
    "icews": dict.fromkeys(("Source Country", "Target Country", "Country"), _named),
    "polecat": dict.fromkeys(("Actor Country", "Recipient Country", "Country"), _named),
}
