"""Count which CAMEO codes annotators gave to which words; writes `data/code_words.tsv`:  python training/codes.py

For each root and mode, and each word of a trigger seen there three times or more. Ends with how often the likeliest code has the
right first three digits on every fifth report, kept from counting; the table is then made from all.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "training")]

from reports import is_kept, read  # noqa: E402

from diurna.events.codes import TABLE, likeliest_code  # noqa: E402
from diurna.language.gate import stem  # noqa: E402
from diurna.tables import DATA, sorted_table  # noqa: E402

LEAST = 3
Case = tuple[str, str, list[str], str, bool]  # root, mode, words of the trigger, code, kept?


def cases() -> list[Case]:
    """Return the annotated events that have a code."""
    files = sorted((ROOT / "training/reports").glob("*.txt"))
    return [
        (e.root, e.mode, [w for a, b in e.trigger for w in re.findall(r"[^\W\d_]+", s.text[a:b])], e.cameo, is_kept(number))
        for file in files
        for number, report in enumerate(read(file))
        for s in report.sentences
        for e in s.events
        if e.cameo
    ]


def write(counted: list[Case]) -> int:
    """Write the table and return its number of rows."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for root, mode, words, code, _ in counted:
        for key in (f"{root}/{mode}", *(f"{root}/{mode} {word}" for word in {stem(w) for w in words})):
            seen[key][code] += 1
    rows = [
        f"{key}\t{' '.join(f'{code}:{n}' for code, n in sorted(codes.items()))}"
        for key, codes in sorted(seen.items())
        if " " not in key or sum(codes.values()) >= LEAST
    ]
    comment = "# Made by training/codes.py: CAMEO codes of annotated events by root, mode and word of the trigger, and counts."
    (DATA / TABLE).write_text("\n".join([comment, "key\tcodes", *rows]) + "\n", encoding="utf-8")
    return len(rows)


def main() -> None:
    """Count, measure on the kept reports, count all."""
    found = cases()
    write([c for c in found if not c[4]])
    kept = [c for c in found if c[4]]
    right = sum((likeliest_code(root, mode, words) or ("", 0.0))[0][:3] == code[:3] for root, mode, words, code, _ in kept)
    print(f"{len(found)} events; three digits right on {len(kept)} kept ones: {right / len(kept):.3f}")
    sorted_table.cache_clear()
    print(f"{write(found)} rows")


if __name__ == "__main__":
    main()
