"""One-to-one matching against the best of all assignments (property test)."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from diurna.evaluate.matching import one_to_one

FITTING = st.lists(st.lists(st.integers(0, 4), max_size=4, unique=True), max_size=5)


@given(FITTING)
def test_no_assignment_pairs_more(fitting: list[list[int]]) -> None:
    pairs = one_to_one(dict(enumerate(fitting)), range(len(fitting)))
    assert all(coded in fitting[gold] for gold, coded in pairs.items())
    assert len(set(pairs.values())) == len(pairs)
    most = max(sum(c in f for c, f in zip(order, fitting, strict=False)) for order in permutations(range(5)))
    assert len(pairs) == most


def test_the_best_fit_of_the_first_in_order_is_taken() -> None:
    assert one_to_one({0: [1, 0], 1: [1]}, [0]) == {0: 1}
    assert one_to_one({0: [1, 0], 1: [1]}, [0, 1]) == {0: 0, 1: 1}
