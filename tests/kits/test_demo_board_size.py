"""Any size, any day, the same bytes for the same wish, and a clear no where no board can be made."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.kits.demo_board import generate
from schakel.kits.demo_board.schools import SCHOOLS, shared_out, sizes
from tests.kits.demo_boards import TODAY, board


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_wish_gives_the_same_bytes(tmp_path: Path) -> None:
    again = generate(tmp_path, pupils=500, facts=20_000, defects=0.01, seed=7, today=TODAY)
    one = board(pupils=500, facts=20_000, defects=0.01, seed=7).made
    assert one.folder != again.folder and _contents(one.folder) == _contents(again.folder)


def test_another_seed_gives_another_board(tmp_path: Path) -> None:
    generate(tmp_path, pupils=500, facts=3_000, seed=2, today=TODAY)
    one, two = _contents(board(pupils=500, facts=3_000).made.folder), _contents(tmp_path)
    assert one.keys() == two.keys()
    assert all(one[name] != two[name] for name in one if not name.startswith("vakanties"))


@pytest.mark.parametrize(("facts", "defects", "seed"), [(3_000, 0.0, 1), (20_000, 0.01, 7), (150_000, 0.0, 1)])
def test_facts_are_about_as_many_as_asked(facts: int, defects: float, seed: int) -> None:
    made = board(pupils=500, facts=facts, defects=defects, seed=seed).made
    assert 0.95 * facts < made.facts < 1.05 * facts


def test_more_facts_are_more_tests_and_absence_of_the_same_people() -> None:
    few, many = board(pupils=500, facts=3_000).made.rows, board(pupils=500, facts=150_000).made.rows
    assert few["users"] == many["users"]
    assert few["enrollments"] == many["enrollments"]
    assert many["lineItems"] > 2 * few["lineItems"]
    assert many["verzuim"] > 10 * few["verzuim"]


def test_rows_keep_their_order_when_there_are_many() -> None:
    opened = board(pupils=500, facts=150_000)
    keys = [row[0] for row in opened.lines["results.csv"][1:]]
    assert keys == sorted(keys)
    days = [row[2][6:] + row[2][3:5] + row[2][:2] for row in opened.lines["verzuim_20261123.csv"][1:]]
    assert days == sorted(days)


@pytest.mark.parametrize("pupils", [0, -5, 199])
def test_a_board_that_is_too_small_is_refused(tmp_path: Path, pupils: int) -> None:
    with pytest.raises(ValueError, match="at least 200"):
        generate(tmp_path, pupils=pupils)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("rate", [-0.1, 0.3, 1.0])
def test_a_rate_that_is_no_part_is_refused(tmp_path: Path, rate: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 0.2"):
        generate(tmp_path, pupils=200, defects=rate)


@pytest.mark.parametrize(
    "today",
    [
        date(2026, 8, 1),  # a school year begins
        date(2028, 2, 29),
        *(
            pytest.param(today, marks=pytest.mark.soak)
            for today in (date(2026, 8, 20), date(2027, 1, 1), date(2027, 3, 20), date(2026, 7, 31), date(2026, 9, 1))
        ),
    ],
)
def test_every_day_of_the_year_gives_a_board(tmp_path: Path, today: date) -> None:
    made = generate(tmp_path / "data" / "inbox", pupils=200, facts=4000, defects=0.01, today=today)
    assert made.folder.is_dir(), "it is made when it is not there"
    assert all(rows > 0 for rows in made.rows.values())
    assert made.key.defects
    assert all(path.exists() for path in made.files.values())


@given(st.integers(min_value=200, max_value=60_000))
def test_the_schools_share_all_pupils(pupils: int) -> None:
    parts = sizes(pupils)
    assert len(parts) == len(SCHOOLS)
    assert sum(parts) == pupils
    assert min(parts) >= 1


@given(
    st.integers(min_value=0, max_value=10_000),
    st.lists(st.floats(min_value=0.1, max_value=10), min_size=1, max_size=40),
)
def test_sharing_out_loses_nobody_and_is_fair(total: int, weights: list[float]) -> None:
    parts = shared_out(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) <= 1


@settings(max_examples=20 if os.environ.get("SCHAKEL_SOAK") else 2, deadline=None)
@given(st.integers(min_value=0, max_value=1000), st.integers(min_value=200, max_value=400))
def test_any_seed_and_size_gives_people_with_a_home_group(seed: int, pupils: int) -> None:
    opened = board(pupils=pupils, facts=2000, seed=seed, today=TODAY - timedelta(days=seed % 300))
    at_home = "SELECT userSourcedId FROM sat WHERE kind = 'homeroom' AND role = 'student'"
    assert opened.one(f"SELECT count(*) FROM roles WHERE role = 'student' AND userSourcedId NOT IN ({at_home})") == 0
    assert opened.one("SELECT count(DISTINCT year) FROM sat WHERE school = 'De Meerpaal' AND class = '6a'") == 3
    assert opened.one("SELECT count(DISTINCT year) FROM sat WHERE school = 'Veldlyceum' AND class = 'H3a'") == 3
