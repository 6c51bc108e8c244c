"""Counts what the actor tables hold against what they should: python eval/actors_coverage.py writes actors_coverage.md."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from diurna.actors.days import read_day
from diurna.tables import Row, load

PAGE = Path(__file__).parent / "actors_coverage.md"
NOW = 2026
ENTITY = ("name", "country", "sectors", "start", "end", "office", "wikidata")
MOST = 20
CABINET = {
    "foreign ministers": ("foreign", "secretary of state", "external affairs"),
    "defence ministers": ("defen",),
    "interior ministers": ("interior", "home ", "internal", "public security", "homeland"),
    "opposition leaders": ("opposition",),
}


def rows(table: str) -> list[Row]:
    """Return the rows of an entity table."""
    return load(f"actors/{table}", ENTITY)


def names(table: str) -> int:
    """Return how many different names a table has."""
    return len({(row["name"], row["country"]) for row in rows(table)})


def states() -> dict[str, list[tuple[int, int]]]:
    """Return the years in which each state with a COW code existed, by PLOVER code, from 1990 on."""
    found: dict[str, list[tuple[int, int]]] = {}
    for row in load("actors/countries.tsv", ("plover", "cow", "start", "end")):
        if row["cow"] and row["cow"] != "0":
            first, last = int(row["start"][:4] or 1945), int(row["end"][:4] or NOW)
            found.setdefault(row["plover"], []).append((max(first, 1990), last))
    return {country: spans for country, spans in found.items() if any(a <= b for a, b in spans)}


def years_held(table_rows: Iterable[Row], country: str, last: int) -> set[int]:
    """Return the years in which somebody of the country stands in the rows."""
    held: set[int] = set()
    for row in table_rows:
        if row["country"] == country and "GOV" in row["sectors"]:
            start, end = read_day(row["start"]), read_day(row["end"], last=True) or date(last, 12, 31)
            held |= set(range(start.year if start else 1945, end.year + 1))
    return held


def missing_years() -> dict[str, list[int]]:
    """Return the years since 1990 without any head of state or government, by state."""
    leaders = rows("leaders.tsv")
    missing = {}
    for country, spans in states().items():
        held = years_held(leaders, country, NOW)
        years = sorted({year for a, b in spans for year in range(a + (a > 1990), b + 1)} - held)
        if years:
            missing[country] = years
    return missing


def ministries(words: tuple[str, ...]) -> int:
    """Return of how many states ministers are known in at least `MOST` of the years since 2000."""
    held: dict[str, set[int]] = {}
    for row in rows("ministers.tsv"):
        if any(w in row["office"] for w in words):
            start, end = read_day(row["start"]), read_day(row["end"], last=True) or date(NOW, 12, 31)
            held.setdefault(row["country"], set()).update(range(max(2000, start.year if start else 2000), end.year + 1))
    return sum(len(years) >= MOST for years in held.values())


def with_id(table: str) -> str:
    """Return the share of rows with a Wikidata id."""
    found = load(f"actors/{table}", ("wikidata",))
    return f"{sum(bool(row['wikidata']) for row in found)} of {len(found)}"


def page() -> str:
    """Return the page."""
    missing = missing_years()
    countries = [*load("actors/countries.tsv", ("name", "cow", "end")), *load("actors/former_states.tsv", ("name", "cow", "end"))]
    bodies = {(row["name"], row["country"]) for row in rows("organizations.tsv") if not row["sectors"].startswith("BUS")}
    nouns = len({row["phrase"] for row in load("actors/agents.tsv", ("phrase",))})
    wanted = [
        ("states and entities, with historical names", "every state since 1945", len(countries)),
        ("of these no longer existing, or under an older name", "", sum(bool(row["end"]) for row in countries)),
        ("states since 1990 with a head in every year", f"all {len(states())}", len(states()) - len(missing)),
        *((f"states with {kind} in {MOST} or more years since 2000", "60", ministries(words)) for kind, words in CABINET.items()),
        ("heads of international organisations", "", names("organization_heads.tsv")),
        ("international organisations and NGOs", "400", len(bodies)),
        ("companies", "", names("organizations.tsv") - len(bodies)),
        ("armed groups", "600", names("armed_groups.tsv")),
        ("parties", "600", names("parties.tsv")),
        ("ministries, services, parliaments, courts by proper name", "", names("institutions.tsv")),
        ("agencies, broadcasters, newspapers", "", names("media.tsv")),
        ("agent nouns and phrases", "1,500", nouns),
    ]
    lines = ["# What the actor tables hold", "", "Written by `python eval/actors_coverage.py`.", ""]
    lines += ["| what | wanted | there |", "| --- | --- | --- |"]
    lines += [f"| {what} | {goal} | {there:,} |" for what, goal, there in wanted]
    lines += ["", "| table | rows with a Wikidata id |", "| --- | --- |"]
    tables = (
        "countries",
        "leaders",
        "ministers",
        "organization_heads",
        "organizations",
        "armed_groups",
        "parties",
        "institutions",
        "media",
    )
    lines += [f"| `{table}.tsv` | {with_id(table + '.tsv')} |" for table in tables]
    gaps = [f"{country} {', '.join(map(str, years))}" for country, years in sorted(missing.items())]
    unsure = sum("?" in row["start"] + row["end"] for table in ("leaders.tsv", "ministers.tsv") for row in rows(table))
    lines += ["", f"Days marked as unsure (`?`) in the tables of leaders and ministers: {unsure}."]
    lines += ["", "States and years since 1990 without any head of state or government: " + ("; ".join(gaps) or "none") + "."]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(page())
