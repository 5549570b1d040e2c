"""The three amounts of what takes hours: a sample with each test run, one in ten with each landing, all in the soak."""

import pytest

from tests.amounts import inputs, tenth
from tests.system.test_house import ROOT


def test_one_in_ten_of_each_test_in_many_parts():
    boards, kills = [f"boards[{n}]" for n in range(500)], [f"kills[{n}]" for n in range(26)]
    wanted = tenth(["whole", *boards, *kills])
    assert len(wanted & set(boards)) == 50
    assert {"kills[0]", "kills[10]", "kills[20]"} == wanted & set(kills)


def test_a_test_in_few_parts_is_not_among_them():
    assert tenth(["whole", "a[1]", "a[2]", *(f"b[{n}]" for n in range(9))]) == set()
    assert tenth([]) == set()


def test_all_of_them_only_in_the_soak(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SCHAKEL_SOAK", raising=False)
    assert inputs(1000, 10) == 10
    monkeypatch.setenv("SCHAKEL_SOAK", "1")
    assert inputs(1000, 10) == 1000


def test_a_landing_runs_the_checks_a_tenth_and_the_tests_in_this_order():
    """The tests come last, for whoever reads the closing line."""
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert [line for line in lines if line.startswith("make ")] == ["make check", "make tenth", "make test"]
