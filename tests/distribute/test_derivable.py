"""What follows from known totals: held against a slow solver with fractions, and the attacks of every day."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.distribute.derivable import determined, spans

Row = dict[int, int]
UNKNOWNS = 6
signed = st.dictionaries(st.integers(0, UNKNOWNS - 1), st.sampled_from([1, -1]), min_size=1, max_size=UNKNOWNS)


def rank(rows: list[Row]) -> int:
    """Gauss with fractions over dense rows: slow, and sharing nothing with the real thing."""
    matrix = [[Fraction(row.get(n, 0)) for n in range(UNKNOWNS)] for row in rows]
    done = 0
    for column in range(UNKNOWNS):
        pivot = next((r for r in range(done, len(matrix)) if matrix[r][column]), None)
        if pivot is None:
            continue
        matrix[done], matrix[pivot] = matrix[pivot], matrix[done]
        for r in range(done + 1, len(matrix)):
            times = matrix[r][column] / matrix[done][column]
            matrix[r] = [a - times * b for a, b in zip(matrix[r], matrix[done], strict=True)]
        done += 1
    return done


@settings(max_examples=100, deadline=None)
@given(st.lists(signed, max_size=7), st.lists(signed, max_size=4))
def test_a_total_follows_exactly_when_it_adds_no_rank(rows: list[Row], targets: list[Row]) -> None:
    expected = [rank([*rows, target]) == rank(rows) for target in targets]
    assert spans(rows, targets) == expected


@settings(max_examples=100, deadline=None)
@given(st.lists(signed, max_size=7))
def test_an_unknown_follows_exactly_when_it_alone_adds_no_rank(rows: list[Row]) -> None:
    expected = {n for n in range(UNKNOWNS) if rows and rank([*rows, {n: 1}]) == rank(rows)}
    assert determined(rows) == expected


@settings(max_examples=100, deadline=None)
@given(st.lists(signed, max_size=6), st.randoms())
def test_the_order_of_what_is_known_makes_no_difference(rows: list[Row], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert determined(shuffled) == determined(rows)


@settings(max_examples=100, deadline=None)
@given(st.lists(signed, max_size=6), signed)
def test_knowing_more_never_hides_anything(rows: list[Row], more: Row) -> None:
    assert determined(rows) <= determined([*rows, more])


@given(st.lists(signed, max_size=5), st.lists(signed, max_size=3))
def test_nothing_that_was_given_is_changed(rows: list[Row], targets: list[Row]) -> None:
    before = [dict(row) for row in rows], [dict(target) for target in targets]
    determined(rows)
    spans(rows, targets)
    assert (rows, targets) == before


def test_one_missing_part_of_a_total_follows() -> None:
    assert determined([{1: 1}]) == {1}
    assert determined([{1: 1, 2: 1}]) == set()


def test_a_total_less_its_parts_follows() -> None:
    """All less late is the rest: a signed row, as in one line of a table."""
    assert determined([{1: 1, 2: 1, 3: -1}, {3: 1}, {1: 1}]) == {1, 2, 3}
    assert spans([{1: 1, 2: 1}], [{1: 1, 2: 1}, {1: 1}]) == [True, False]


def test_two_totals_that_overlap_give_the_difference() -> None:
    assert spans([{1: 1, 2: 1, 3: 1}, {2: 1, 3: 1}], [{1: 1}]) == [True]
    assert determined([{1: 1, 2: 1, 3: 1}, {2: 1, 3: 1}]) == {1}


def test_the_same_total_twice_tells_nothing_new() -> None:
    assert determined([{1: 1, 2: 1}, {1: 1, 2: 1}, {1: -1, 2: -1}]) == set()


def test_nothing_known_nothing_follows() -> None:
    assert determined([]) == set()
    assert determined([{}]) == set()
    assert spans([], []) == []
    assert spans([], [{1: 1}]) == [False]
    assert spans([], [{}]) == [True]


def test_a_long_chain_of_totals_is_followed_to_its_end() -> None:
    """a+b, b+c, c+d ... and then the last one alone: all of them fall."""
    chain = [{n: 1, n + 1: 1} for n in range(200)]
    assert determined(chain) == set()
    assert determined([*chain, {200: 1}]) == set(range(201))


def test_names_may_be_anything_that_can_be_told_apart() -> None:
    assert determined([{("A", 0): 1, ("B", 0): 1}, {("B", 0): 1}]) == {("A", 0), ("B", 0)}
