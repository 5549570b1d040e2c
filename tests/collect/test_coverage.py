"""Deliveries that tell of a period against a model: a dictionary in which each period is replaced as a whole."""

import copy
import itertools
import json
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.collect.causes import Place
from schakel.collect.coverage import EACH, Coverage
from schakel.collect.landing import Incoming, Landed, Stopped, land, latest
from schakel.collect.parts import Part, parts_after, still_wrong
from schakel.connectors import own_mappings
from schakel.lib import clock
from tests.connectors.declarations import VERZUIM

NEEDED = {"absence": frozenset({"pupil_number", "date", "kind"})}
TODAY = datetime(2026, 11, 27, 12, 0, tzinfo=clock.AMSTERDAM)
FEW = settings(max_examples=25, suppress_health_check=list(HealthCheck))
Row = tuple[str, date]
_numbers = itertools.count()


def declared(each: str = "school_year", years: int = 3, **drift: Any) -> dict[str, Any]:
    """The mapping of an absence overview that tells of such periods."""
    told = copy.deepcopy(VERZUIM)
    absence = told["relations"]["absence"]
    absence["covers"] = {"column": "date", "each": each, "years": years}
    if drift:
        absence["rules"] = [{"rule": "count-drop", "nl": "meldingen", "en": "reports", **drift}]
    return told


def taken(data: Path, rows: list[Row], told: dict[str, Any], needed: Any = NEEDED, kind: str = "G") -> Landed:
    path = data.parent / f"verzuim-db_{next(_numbers)}.csv"
    lines = [f"{pupil},98AB00,{day},1,{kind},x" for pupil, day in rows]
    path.write_text("\n".join(["nummer,vestiging,datum,lesuur,soort,opmerking", *lines, ""]), encoding="utf-8")
    with clock.held_at(TODAY):
        return land(own_mappings.package(path, told), "verzuim", needed, data)


def stands(landed: Landed) -> list[Row]:
    return duckdb.sql(f"SELECT pupil_number, date FROM '{landed.folder}/absence.parquet' ORDER BY ALL").fetchall()


def period(each: str, day: date) -> date:
    """The plain rule: on which day the period of a day begins."""
    if each == "week":
        return day - timedelta(days=day.weekday())
    if each == "month":
        return day.replace(day=1)
    return date(day.year if day.month >= 8 else day.year - 1, 8, 1)


days = st.dates(date(2022, 7, 1), date(2027, 1, 31)) | st.sampled_from(
    [date(2025, 7, 31), date(2025, 8, 1), date(2024, 12, 31), date(2026, 1, 1), date(2026, 11, 29), date(2026, 11, 30)]
)
rows = st.lists(st.tuples(st.sampled_from(["001", "002", "003"]), days), min_size=1, max_size=6, unique=True)


@FEW
@given(st.lists(rows, min_size=1, max_size=4), st.sampled_from(EACH), st.integers(1, 4))
def test_any_row_of_deliveries_gives_what_replacing_whole_periods_gives(deliveries, each, years):
    first = date(2026 - years + 1, 8, 1)  # of the school years that are kept of what stood
    with tempfile.TemporaryDirectory() as name:
        model, read = set[Row](), list[list[Row]]()
        for delivery in deliveries:
            landed = taken(Path(name) / "data", delivery, declared(each, years))
            if delivery not in read:
                told = {period(each, day) for _pupil, day in delivery}
                model = {row for row in model if period(each, row[1]) not in told and row[1] >= first} | set(delivery)
                read.append(delivery)
            assert stands(landed) == sorted(model)
            assert landed.rows["absence"] == len(model)


def test_the_year_before_stands_when_the_new_one_begins(tmp_path):
    before = [(f"{n:03}", date(2026, 3, 2) + timedelta(days=n % 5)) for n in range(60)]
    told = declared(fewer=40, least=20)
    taken(tmp_path / "data", before, told)
    landed = taken(tmp_path / "data", [("001", date(2026, 8, 24))], told)  # one report against sixty: no fall
    assert len(stands(landed)) == 61


def test_without_periods_that_same_file_is_far_too_few(tmp_path):
    told = declared(fewer=40, least=20)
    del told["relations"]["absence"]["covers"]
    taken(tmp_path / "data", [(f"{n:03}", date(2026, 3, 2)) for n in range(60)], told)
    with pytest.raises(Stopped):
        taken(tmp_path / "data", [("001", date(2026, 8, 24))], told)


def test_a_file_that_empties_a_period_still_stops(tmp_path):
    told = declared(fewer=40, least=20)
    taken(tmp_path / "data", [(f"{n:03}", date(2026, 3, 2)) for n in range(60)], told)
    with pytest.raises(Stopped) as stopped:
        taken(tmp_path / "data", [("001", date(2026, 3, 2))], told)
    assert "count-drop" in {f.rule for f in stopped.value.report.findings}


WEEKS = [date(2026, 8, 31), date(2026, 9, 7), date(2026, 9, 14)]


def full(week: date, count: int = 20) -> list[Row]:
    """A week in which so many pupils were absent."""
    return [(f"{n:03}", week + timedelta(days=n % 5)) for n in range(count)]


@pytest.mark.parametrize(
    ("each", "what"),
    [("week", "rij in de week van 31-08-2026"), ("month", "rij in maand 08-2026"),
     ("school_year", "rij in schooljaar 2026-2027")],
)  # fmt: skip
def test_a_stray_row_takes_no_whole_period_away(tmp_path, each, what):
    data, told = tmp_path / "data", declared(each)
    first = WEEKS[0] if each != "month" else date(2026, 8, 3)
    taken(data, full(first), told)
    before = taken(data, full(date(2026, 10, 5)), told) if each != "school_year" else latest(data, "verzuim")
    with pytest.raises(Stopped) as stopped:
        taken(data, [*full(date(2027, 8, 30) if each == "school_year" else date(2026, 11, 2)), ("021", first)], told)
    (fallen,) = stopped.value.fallen
    assert (fallen.before, fallen.found, fallen.told()["nl"]) == (20, 1, what)
    (found,) = [f for f in stopped.value.report.findings if f.rule == "count-drop"]
    assert f"1 {what}" in found.message
    assert stands(latest(data, "verzuim")) == stands(before), "nothing came in"


def test_a_period_that_somebody_says_has_fewer_rows_comes_in_and_a_still_smaller_one_is_asked_again(tmp_path):
    data, told = tmp_path / "data", declared("week")
    taken(data, full(WEEKS[0]), told)
    fewer = full(WEEKS[0], 12)
    with pytest.raises(Stopped) as stopped:
        taken(data, fewer, told)
    key = stopped.value.fallen[0].told()["key"]
    path = data.parent / f"verzuim-db_{next(_numbers) - 1}.csv"
    with clock.held_at(TODAY):
        landed = Incoming(own_mappings.package(path, told), "verzuim", NEEDED, data, {key: ("2026-11-27", 12)}).land()
    assert stands(landed) == sorted(fewer)
    with pytest.raises(Stopped):
        taken(data, full(WEEKS[0], 7), told)


def test_a_little_less_and_a_small_period_are_no_question(tmp_path):
    data, told = tmp_path / "data", declared("week")
    taken(data, [*full(WEEKS[0]), *full(WEEKS[1], 9)], told)
    landed = taken(data, [*full(WEEKS[0], 13), *full(WEEKS[1], 1)], told)
    assert len(stands(landed)) == 14, "a third less of twenty, and one of nine"
    assert len(stands(taken(data, full(WEEKS[2]), told))) == 34


def test_a_file_that_tells_all_is_not_asked_about_its_periods(tmp_path):
    told = declared("week")
    del told["relations"]["absence"]["covers"]
    taken(tmp_path / "data", full(WEEKS[0]), told)
    assert len(stands(taken(tmp_path / "data", [("001", WEEKS[0])], told))) == 1


def test_the_same_file_is_once_also_when_others_came_after_it(tmp_path):
    data, told = tmp_path / "data", declared("week")
    first, second = [("001", date(2026, 9, 7))], [("001", date(2026, 9, 14))]
    taken(data, first, told)
    after = taken(data, second, told)
    again = taken(data, first, told)
    assert again.unchanged and again.digest == after.digest
    better = taken(data, [("002", date(2026, 9, 8))], told)  # of the week of the first
    assert stands(better) == [("001", date(2026, 9, 14)), ("002", date(2026, 9, 8))]
    assert taken(data, first, told).unchanged, "what replaced it is not undone by finding the old file again"


def test_another_need_reads_the_files_again_and_what_is_not_read_again_has_nothing_there(tmp_path):
    data, told = tmp_path / "data", declared("week")
    taken(data, [("001", date(2026, 9, 7))], told)
    taken(data, [("002", date(2026, 9, 14))], told)
    more = {"absence": NEEDED["absence"] | {"remark"}}
    landed = taken(data, [("002", date(2026, 9, 14))], told, more)
    found = duckdb.sql(f"SELECT pupil_number, remark FROM '{landed.folder}/absence.parquet' ORDER BY 1").fetchall()
    assert found == [("001", None), ("002", "x")]
    landed = taken(data, [("001", date(2026, 9, 7))], told, more)
    assert not landed.unchanged
    found = duckdb.sql(f"SELECT pupil_number, remark FROM '{landed.folder}/absence.parquet' ORDER BY 1").fetchall()
    assert found == [("001", "x"), ("002", "x")]


def test_without_a_need_for_the_date_nothing_comes_in(tmp_path):
    with pytest.raises(Stopped) as stopped:
        taken(tmp_path / "data", [("001", date(2026, 9, 7))], declared(), {"absence": frozenset({"pupil_number"})})
    told = [f for f in stopped.value.report.findings if f.rule == "period-date"]
    assert [f.column for f in told] == ["date"]
    assert "Zo is niet te zien wat dit bestand vervangt" in str(stopped.value)
    assert not list((tmp_path / "data").rglob("*.parquet"))


def test_what_stood_of_another_layout_is_not_put_with_it(tmp_path):
    data = tmp_path / "data"
    taken(data, [("001", date(2026, 9, 7))], {**declared("week"), "layout": "meldingen"})
    landed = taken(data, [("002", date(2026, 9, 14))], declared("week"))
    assert stands(landed) == [("002", date(2026, 9, 14))]


def test_a_refused_row_of_an_earlier_period_is_not_called_repaired(tmp_path):
    data, told = tmp_path / "data", declared("week")
    mixed = data.parent / "verzuim-db_mixed.csv"
    head = "nummer,vestiging,datum,lesuur,soort,opmerking"
    mixed.write_text(f"{head}\n1,98AB00,2026-09-14,1,?,x\n2,98AB00,2026-09-14,1,G,x\n", encoding="utf-8")
    with clock.held_at(TODAY):
        wrong = land(own_mappings.package(mixed, told), "verzuim", NEEDED, data)
    (place,) = {c.place for c in wrong.judgement.causes if c.column == "soort"}
    later = taken(data, [("002", date(2026, 9, 21))], told)
    assert not later.judgement.judges(place), "the week of the mistake still stands"
    better = taken(data, [("002", date(2026, 9, 14))], told)
    assert better.judgement.judges(place), "its week was told again, without it"


def test_parts_know_what_is_left_of_them():
    first = Part("a", "een.csv", "A", {"absence": ["2026-09-07", "2026-09-14"]}, [["absence", "soort", "choice"]])
    told = {"delivered": "a", "parts": [vars(first)]}
    second = Part("b", "twee.csv", "B", {"absence": ["2026-09-14"]})
    half = parts_after(told, second, second.periods)
    assert [part.periods for part in half] == [{"absence": ["2026-09-07"]}, {"absence": ["2026-09-14"]}]
    assert still_wrong(half[:-1]) == {Place("absence", "soort", "choice")}
    third = Part("c", "drie.csv", "C", {"absence": ["2026-09-07"]})
    gone = parts_after({"parts": [vars(part) for part in half]}, third, third.periods)
    assert still_wrong(gone[:-1]) == frozenset()
    assert [part.delivered for part in gone] == ["a", "b", "c"], "so that it is known what was read"


@pytest.mark.parametrize(("each", "years"), [("day", 3), ("", 3), ("week", 0), ("month", -1)])
def test_what_is_no_period_is_refused(each, years):
    with pytest.raises(ValueError, match="period"):
        Coverage("date", each, years)


def test_a_file_is_read_again_when_its_periods_are_told_otherwise(tmp_path):
    path = tmp_path / "verzuim-db_1.csv"
    path.write_text("nummer,vestiging,datum,lesuur,soort,opmerking\n1,98AB00,2026-09-14,1,G,x\n", encoding="utf-8")
    plain = declared()
    del plain["relations"]["absence"]["covers"]
    prints = {
        Incoming(own_mappings.package(path, told), "verzuim", NEEDED, tmp_path).delivered
        for told in (plain, plain, declared("week"), declared("month"), declared("week", 4))
    }
    assert len(prints) == 4


def test_what_came_and_what_stayed_are_counted_apart(tmp_path):
    data, told = tmp_path / "data", declared("week")
    first = taken(data, [("001", date(2026, 9, 7)), ("002", date(2026, 9, 8))], told)
    assert json.loads((first.folder / "landing.json").read_text())["rows_stayed"] == {}
    second = taken(data, [("003", date(2026, 9, 14))], told)
    content = json.loads((second.folder / "landing.json").read_text())
    assert (content["rows"], content["rows_stayed"]) == ({"absence": 3}, {"absence": 2})


def test_a_week_of_which_no_row_came_in_replaces_nothing_and_stays_wrong(tmp_path):
    data, told = tmp_path / "data", declared("week")
    taken(data, [("001", date(2026, 9, 7)), ("002", date(2026, 9, 14))], told)
    refused = taken(data, [("003", date(2026, 9, 14))], told, kind="?")
    assert stands(refused) == [("001", date(2026, 9, 7)), ("002", date(2026, 9, 14))]
    (place,) = {c.place for c in refused.judgement.causes if c.column == "soort"}
    later = taken(data, [("004", date(2026, 9, 21))], told)
    assert not later.judgement.judges(place)
    better = taken(data, [("003", date(2026, 9, 14))], told)
    assert better.judgement.judges(place)
    assert stands(better) == [("001", date(2026, 9, 7)), ("003", date(2026, 9, 14)), ("004", date(2026, 9, 21))]
