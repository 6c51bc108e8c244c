"""Which fields of a matched event are right: status, speaker, source, date, place, numbers, contexts (docs/evaluation.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from diurna.evaluate.names import same_name
from diurna.evaluate.places import same_country, same_place
from diurna.records import Event, Participant

FIELDS = ("polarity", "modality", "period", "said_by", "sector", "when", "where")
EXTRA = (
    "source", "source_told", "where_country", "where_none", "quantities", "quantities_none",
    "contexts", "contexts_coded", "mode", "cameo_root", "cameo3",
)  # fmt: skip
Verdicts = Iterator[tuple[str, bool]]


def field_results(gold: dict[str, Any], event: Event) -> Verdicts:
    """Yield (field, right?) for each field that the gold states of a matched event; some fields are tested several times."""
    for name in ("polarity", "modality", "period"):
        if gold.get(name):
            yield name, getattr(event, name) == gold[name]
    yield "said_by", same_speaker(gold.get("said_by"), event)
    yield from _source(gold, event)
    pairs = list(_paired(gold["actor"], event.actors)) + list(_paired(gold["recipient"], event.recipients))
    for wanted, found in pairs:
        accepted = [wanted["sector"]] if isinstance(wanted["sector"], str) else list(wanted["sector"])
        yield "sector", bool(found.sectors) and found.sectors[0] in accepted
    if gold.get("when"):
        yield "when", same_time(gold["when"], event)
    yield from _place(gold, event)
    yield from _numbers(gold, event)
    yield from _contexts(gold, event)
    if gold.get("modes"):
        yield "mode", bool(set(gold["modes"]) & set(event.modes))
    if gold.get("cameo"):
        yield "cameo_root", event.cameo[:2] in {c[:2] for c in gold["cameo"]}
        yield "cameo3", event.cameo[:3] in {c[:3] for c in gold["cameo"]}


def same_speaker(gold: str | list[str] | None, event: Event) -> bool:
    """Tell whether a gold speaker is among the coded ones, or both name nobody."""
    if not gold:
        return not event.said_by
    wanted = [gold] if isinstance(gold, str) else gold
    return any(same_name(name, said) for name in wanted for said in event.said_by)


def same_time(gold: str, event: Event) -> bool:
    """The predicted interval starts in the gold day, month or year, or holds it with the same stated precision."""
    return event.when.start.startswith(gold) or (len(gold) == 10 and event.when.start <= gold <= event.when.end != "")


def _source(gold: dict[str, Any], event: Event) -> Verdicts:
    if "source" not in gold:
        return
    right = same_name(gold["source"], event.source) if gold["source"] else not event.source
    yield "source", right
    if gold["source"]:
        yield "source_told", right


def _place(gold: dict[str, Any], event: Event) -> Verdicts:
    if "where" not in gold:
        return
    if not gold["where"]:
        yield "where_none", not event.where.name
        return
    countries = {p["country"] for p in (*gold["actor"], *gold["recipient"]) if p.get("country")}
    yield "where", same_place(gold["where"], event.where, countries)
    country = same_country(gold["where"], event.where, countries)
    if country is not None:
        yield "where_country", country


def _numbers(gold: dict[str, Any], event: Event) -> Verdicts:
    if "quantities" not in gold:
        return
    wanted = gold["quantities"] or {}
    if not wanted:
        yield "quantities_none", not event.quantities
    for key, value in wanted.items():
        yield "quantities", same_number(key, value, event.quantities)


def same_number(key: str, gold: Any, coded: Mapping[str, Any]) -> bool:
    """Tell whether a number is the gold one: plain, [amount, currency], or `low`, `high` and `currency` of what is told."""
    if isinstance(gold, list):
        gold = {"low": gold[0], "currency": gold[1]}
    elif not isinstance(gold, dict):
        gold = {"low": gold}
    low, high = gold["low"], gold.get("high") or gold["low"]
    if coded.get(key) != low or ("currency" in gold and coded.get("currency") != gold["currency"]):
        return False
    return bool(high == low or coded.get(f"{key}_high") == high)


def _contexts(gold: dict[str, Any], event: Event) -> Verdicts:
    """Each gold context is found or not, each coded one right or not; an event whose gold has none tests only the latter."""
    if "contexts" not in gold:
        return
    wanted = set(gold["contexts"] or ())
    for name in sorted(wanted):
        yield "contexts", name in event.contexts
    for name in event.contexts:
        yield "contexts_coded", name in wanted


def _paired(gold: Sequence[dict[str, Any]], found: Sequence[Participant]) -> Iterator[tuple[dict[str, Any], Participant]]:
    for wanted in gold:
        if wanted.get("sector"):
            for participant in found:
                if participant.country and participant.country == wanted.get("country"):
                    yield wanted, participant
                    break
