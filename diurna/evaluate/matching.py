"""A largest one-to-one matching of gold and coded things (Kuhn 1955), shared by the measures that need one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


def one_to_one(fitting: Mapping[int, Sequence[int]], order: Iterable[int]) -> dict[int, int]:
    """Return gold index -> coded index, as many pairs as can be, each coded thing at most once.

    Args:
        fitting: for each gold index the coded indices that fit it, the best first.
        order: gold indices; the earlier ones go first.
    """
    owner: dict[int, int] = {}

    def place(gold: int, seen: set[int]) -> bool:
        for coded in fitting[gold]:
            if coded not in seen:
                seen.add(coded)
                if coded not in owner or place(owner[coded], seen):
                    owner[coded] = gold
                    return True
        return False

    for gold in order:
        place(gold, set())
    return {gold: coded for coded, gold in owner.items()}
