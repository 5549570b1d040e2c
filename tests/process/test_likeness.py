"""How sure two are one: pairs in a file that people read, and what must hold for any two lists."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.process.pairing import Someone, against

_FILE = Path(__file__).parents[1] / "cases" / "matches.tsv"
CASES = list(
    csv.DictReader(
        (line for line in _FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")), delimiter="\t"
    )
)


def someone(case: dict[str, str], side: str = "", key: str = "") -> Someone:
    told: list[Any] = [case[f"{side}{field}"] or None for field in ("number", "name", "birth")]
    return Someone(told[0], told[1], date.fromisoformat(told[2]) if told[2] else None, key)


@pytest.mark.parametrize("case", CASES, ids=lambda c: "|".join(c.values()))
def test_each_pair_stands_as_the_file_says(case):
    with against([someone(case)], [someone(case, "roster_", "k1")]) as found:
        counted = found.pairing()
        ways = [item.why for item in found.candidates()]
    expected = case["expected"]
    assert (counted.certain, counted.probable, counted.unmatched, counted.conflicts) == {
        "certain": (1, 0, 0, 0),
        "-": (0, 0, 1, 0),
    }.get(expected, (0, 1, 0, 0))
    assert ways == ([] if expected in ("certain", "-") else [expected])


def test_a_number_that_two_have_is_a_conflict_and_nobodys():
    twice = [Someone("1", "Bos", key="a"), Someone("1", "Vos", key="b")]
    with against([Someone("1", "Bos")], twice) as found:
        assert found.pairing().conflicts == 1
        assert found.pairing().certain == 0
        assert {item.our_key for item in found.conflicts()} == {"a", "b"}
        assert found.renamed() == ()  # by itself the number finds nobody, and so it stays


def test_a_person_settles_a_conflict_and_the_number_is_read_as_the_one_who_is_left():
    """Both still have the number, so by itself it says nothing."""
    twice = [Someone("1", "Bos", key="a"), Someone("1", "Vos", key="b")]
    with against([Someone("1", "Bos")], twice, [("1", "b", False)]) as found:
        assert found.pairing().certain == 1
        assert found.renamed() == (("1", None, twice[0].finds),)


def test_two_with_one_name_are_not_told_apart_by_it():
    with against([Someone("X", "Bos")], [Someone("1", "Bos", key="a"), Someone("2", "Bos", key="b")]) as found:
        assert found.candidates() == []
        assert found.pairing().unmatched == 1


def test_who_has_a_partner_is_proposed_to_nobody_else():
    born = date(2015, 3, 1)
    theirs = [Someone("1", "Bos", born), Someone("9", "Bos", born)]
    with against(theirs, [Someone("1", "Bos", born, "a")]) as found:
        assert found.candidates() == []
        assert (found.pairing().certain, found.pairing().unmatched) == (1, 1)
        assert found.taken("9", "a")
        assert not found.taken("1", "a")


def test_the_same_number_with_another_name_is_used_and_shown():
    with against([Someone("1", "De Wit")], [Someone("1", "Bakker", key="a")]) as found:
        assert [item.differs for item in found.doubted()] == [True]
        assert found.pairing().certain == 1
        assert found.renamed() == ()
    with against([Someone("1", "De Wit")], [Someone("1", "Bakker", key="a")], [("1", "a", False)]) as found:
        assert found.doubted() == []
        assert found.renamed() == (("1", None, None),)
        assert found.candidates() == []  # what is decided different is not proposed again


def test_only_those_who_may_be_seen_are_listed_but_all_are_counted():
    theirs = [Someone("01", "Bos"), Someone("02", "Vos")]
    ours = [Someone("1", "Bos", key="a"), Someone("2", "Vos", key="b")]
    with against(theirs, ours) as found:
        assert [item.our_key for item in found.candidates({"b"})] == ["b"]
        assert found.candidates(frozenset()) == []
        assert found.pairing().probable == 2


def test_quotes_and_odd_signs_in_keys_are_only_keys():
    odd = "'); DROP TABLE ours; --"
    with against([Someone(odd, "Bos")], [Someone("1", "Bos", key=odd)], [(odd, odd, True)]) as found:
        assert found.renamed() == ((odd, None, f"\0{odd}"),)
        assert [item.their_key for item in found.judged({odd})] == [odd]


NUMBERS = st.sampled_from(["1", "01", "001", "2", "02", "3", "X", None])
NAMES = st.sampled_from(["Bos", "Boss", "van den Bos", "Vos", "Bos-Vos", "Öz", None])
DAYS = st.sampled_from([date(2015, 3, 1), date(2015, 1, 3), date(2015, 3, 2), None])
PEOPLE = st.lists(st.builds(Someone, NUMBERS, NAMES, DAYS), max_size=6)
JUDGED = st.dictionaries(
    st.tuples(st.sampled_from(["1", "01", "001", "2", "X", "weg"]), st.sampled_from(["k0", "k1", "k2", "k9"])),
    st.booleans(),
    max_size=4,
)


def keyed(people: list[Someone]) -> list[Someone]:
    return [Someone(each.number, each.name, each.birth_date, f"k{place}") for place, each in enumerate(people)]


def found_by(number: str | None, ours: list[Someone]) -> str | None:
    """The key of the one whom a publication finds by this number: decided to be theirs, or theirs alone."""
    found = {each.key for each in ours if number in (each.finds, each.number)} if number else set()
    return found.pop() if len(found) == 1 else None


@settings(max_examples=20)
@given(PEOPLE, PEOPLE, JUDGED)
@example(theirs=[Someone("1", "Bos"), Someone("01", "Bos")], ours=[Someone("1", "Bos")], judged={("01", "k0"): True})
def test_nobody_gets_two_partners_and_everyone_is_counted_once(theirs, ours, judged):
    ours = keyed(ours)
    with against(theirs, ours, [(*pair, same) for pair, same in judged.items()]) as found:
        counted, renamed = found.pairing(), {each.number: each.means for each in found.renamed()}
        proposed = [(item.their_key, item.our_key) for item in found.candidates()]
        conflicts = {item.their_key for item in found.conflicts()}
    named = {each.number for each in theirs} - {None}
    assert counted.certain + counted.probable + counted.unmatched + counted.conflicts == len(named)
    read = {name: found_by(renamed.get(name, name), ours) for name in named}
    partners = [key for key in read.values() if key]
    assert len(partners) == len(set(partners))
    assert not any(read[name] for name in conflicts)
    assert not {pair for pair, same in judged.items() if not same} & set(proposed)


@settings(max_examples=15)
@given(PEOPLE, PEOPLE)
def test_likeness_is_the_same_from_both_sides(theirs, ours):
    """Each list once as theirs and once as ours, with the number as the key of both, gives the same pairs."""
    one = {each.number: each for each in theirs if each.number}
    two = {each.number: each for each in ours if each.number}
    left = [Someone(e.number, e.name, e.birth_date, str(e.number)) for e in one.values()]
    right = [Someone(e.number, e.name, e.birth_date, str(e.number)) for e in two.values()]
    with against(left, right) as found, against(right, left) as back:
        there = {(item.their_key, item.our_key, item.why) for item in found.candidates()}
        again = {(item.our_key, item.their_key, item.why) for item in back.candidates()}
        assert found.pairing().certain == back.pairing().certain
    assert there == again
