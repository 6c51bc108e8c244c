"""What a request asks of quotations: words of the speaker's name, or a party whose people and offices said them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query

from diurna.ledger import almanac
from diurna.ledger.filters import EventFilter, party_values
from diurna.ledger.quotations import QuoteFilter
from diurna.ledger.store import Ledger
from diurna.web.answering import Reading
from diurna.web.asking import LONGEST, Pairs

ROLES = 20


@dataclass(frozen=True, slots=True)
class Quoted:
    """Which quotations, and how that stands in an address."""

    chosen: QuoteFilter
    asked: Pairs
    party: str = ""


def _quoted(
    ledger: Reading,
    speaker: Annotated[str, Query(max_length=LONGEST, description="Words of the speaker's name.")] = "",
    party: Annotated[str, Query(max_length=LONGEST, description="Whoever speaks for it: the names in its role history.")] = "",
    text: Annotated[str, Query(max_length=LONGEST, description="Words of the quotation.")] = "",
    since: Annotated[str, Query(max_length=LONGEST, description="First day of the report.")] = "",
    until: Annotated[str, Query(max_length=LONGEST, description="Last day of the report.")] = "",
) -> Quoted:
    given = {"speaker": speaker, "party": party, "text": text, "since": since, "until": until}
    asked = [(name, value.strip()) for name, value in given.items() if value.strip()]
    names = speakers_of(ledger, party.strip()) if party.strip() else ()
    return Quoted(QuoteFilter(speaker.strip(), text, since.strip(), until.strip(), speakers=names), asked, party.strip())


def speakers_of(ledger: Ledger, party: str, roles: Sequence[Mapping[str, Any]] | None = None) -> tuple[str, ...]:
    """Return the names whose quotations are a party's: those that speak for it in its role history, and its own.

    Args:
        ledger: open for reading.
        party: as in filters.
        roles: its role history, where it is known already.

    Raises:
        StopRun: a sector that does not exist.
    """
    known = ledger.actor(party, EventFilter(), ROLES).roles.to_pylist() if roles is None else roles
    # Of a party that is asked for by name, every name that has these words is its own.
    names = (row["name"] for row in known) if party_values(party) else almanac.voices(ledger, known)
    return (*dict.fromkeys(names), party)


Quotations = Annotated[Quoted, Depends(_quoted)]
