"""The page docs/exports.md, written from the tables of the layouts: `python -m diurna.exports.page > docs/exports.md`."""

from __future__ import annotations

from diurna.exports.layouts import layouts

_HEAD = """# Exports

`diurna export KIND --ledger FILE [filters] -o OUT` writes events of a ledger in the columns that other people's scripts expect;
`-o -` is standard output, `parquet` wants the name of a new folder. Lines come in order of day, article and event id. A list of
actors or recipients becomes dyads here: `each` writes the parties of a mutual event both ways, as CAMEO data sets do, `pairs`
once; `lists` keeps one row an event. Layouts without a column for status leave out what was negated, planned or hypothetical
(unless `--polarity` or `--modality` asks for it) and events without any day, and say how many on standard error.

An event known to a week, month, year or decade only stands on the first day of it: "in 1960" becomes 19600101. Standard error
says how many do so, where no column tells it; `csv`, `jsonl` and `parquet` have the precision beside the day. `panel` leaves
out the events of which the month is not known, and says how many. The folders of `parquet` are named by the first day of the
event, else the day of publication; what has neither lies in `date=__HIVE_DEFAULT_PARTITION__`. Where no event fits, the
folder holds one file without rows.

Lines of `plover` and `jsonl` have all of their fields: `""` where there are no words, `[]` for nothing in a list, `null` where a
number or a record is not known.

This page is written from `diurna/data/exports/*.tsv`.
"""
_DYADS = {"each": "each dyad, mutual events both ways", "pairs": "each dyad, mutual events once", "lists": "one row an event"}


def page() -> str:
    """Return the page."""
    parts = [_HEAD]
    for layout in layouts().values():
        told = "what happened only" if layout.actual else "all events"
        facts = f"{len(layout.columns)} columns, {'header' if layout.header else 'no header'}; {_DYADS[layout.dyads]}; {told}"
        parts.append(
            f"\n## {layout.kind}: {layout.title}\n\n{layout.form}; {facts}.\n\n"
            "| column | type | rule | note |\n|---|---|---|---|\n"
        )
        for column in layout.columns:
            cells = (column.name, column.type, column.rule, column.note)
            parts.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n")
    return "".join(parts)


if __name__ == "__main__":
    print(page(), end="")
