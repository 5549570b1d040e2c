"""Definitions, computing in a build, what cannot be computed, and adding up over schools."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from schakel.engine import duck
from schakel.process import lineage, snapshots
from schakel.process.model import element, school_model
from schakel.steer import indicators
from schakel.steer.indicators import Computing, Definition, compute, definitions
from schakel.steer.judging import Norm
from schakel.steer.norms import norms_in_data
from schakel.steer.values import values
from tests.process import boards
from tests.process.conftest import EVERYTHING
from tests.steer.starter import starter_norms
from tests.steer.test_cases import school

TODAY = date(2026, 11, 23)
NORM = Norm(Decimal("0.05"), date(2024, 8, 1), "eigen streven")
SIMPLE = Definition(
    "I_TEST",
    "SELECT s.site_id AS site_id, '2026' AS period, count(*) AS numerator, 10 AS denominator, "
    "10 AS people, 1 AS people_hit FROM site AS s GROUP BY s.site_id",
    "%",
    "lower",
    "school",
    people=True,
    norms=(NORM,),
)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with school({"site": "site_id | organisation_id\n a | a\n b | b"}) as con:
        yield con


@pytest.mark.parametrize("definition", definitions(), ids=lambda d: d.key)
def test_a_definition_reads_elements_of_the_model_and_gives_what_is_asked(definition: Definition) -> None:
    assert definition.sql.startswith("-- ")
    assert {element(name).element for name in definition.elements} == definition.elements
    with school({}) as con:
        cursor = con.execute(definition.query(definition.elements) + " ORDER BY ALL", parameters(definition))
        names = [column[0] for column in cursor.description]
    assert names == ["site_id", "period", "numerator", "denominator", "people", "people_hit", "size", "norm"]


def parameters(definition: Definition) -> dict[str, date] | None:
    return {"today": TODAY} if "$today" in definition.sql else None


def test_every_norm_has_a_source_and_belongs_to_an_indicator() -> None:
    norms = starter_norms()
    found = definitions(norms)
    assert all(norm.source and norm.kind in {"law", "signal", "benchmark", "own"} for d in found for norm in d.norms)
    assert set(norms) <= {d.key for d in found}
    assert {path.stem for path in indicators.FOLDER.glob("*.sql")} == {d.key for d in found}


def test_figures_are_computed_judged_and_dated(con: duckdb.DuckDBPyConnection) -> None:
    told = compute(con, [SIMPLE], TODAY)
    assert told == {
        "I_TEST": {
            "state": "computed",
            "rows": 2,
            "stayed": 0,
            "elements": ["site.site_id"],
            "input": "",
            "until": "2026-11-23",
        }
    }
    first = values(con, "I_TEST")[0]
    assert (first.site_id, first.period, first.snapshot_on) == ("a", "2026", TODAY)
    assert (first.numerator, first.denominator, first.value, first.norm_state) == (1, 10, Decimal("0.1"), "below")
    assert (first.people, first.people_hit) == (10, 1)


def test_the_table_has_the_columns_of_the_model(con: duckdb.DuckDBPyConnection) -> None:
    compute(con, [], TODAY)
    found = con.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'indicator_value'"
    ).fetchall()
    assert found == [(c.name, c.type) for c in school_model()["indicator_value"].columns.values()]


def test_what_is_not_collected_is_said_and_does_not_stop_the_rest(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("ALTER TABLE pupil DROP COLUMN birth_date")
    con.execute("DROP TABLE holiday")
    told = compute(con, [*definitions(), SIMPLE], TODAY)
    assert told["I_ABS_16H"]["state"] == "not computed"
    assert "pupil.birth_date" in told["I_ABS_16H"]["missing"]
    assert "holiday.start_date" in told["I_LESSON_LOSS"]["missing"]
    assert told["I_TEST"]["state"] == "computed"
    assert values(con, "I_ABS_16H") == []


def test_without_the_size_there_is_a_figure_but_no_band(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("ALTER TABLE finance_year DROP COLUMN total_income")
    con.execute("INSERT INTO organisation (organisation_id, kind) VALUES ('b', 'board')")
    con.execute(
        "INSERT INTO finance_year (organisation_id, year, kind, current_assets, current_liabilities) "
        "VALUES ('b', 2025, 'actual', 4, 2)"
    )
    ratio = next(d for d in definitions(starter_norms()) if d.key == "I_CURRENT_RATIO")
    assert compute(con, [ratio], TODAY)["I_CURRENT_RATIO"]["state"] == "computed"
    assert [(v.site_id, v.value, v.norm_state) for v in values(con)] == [(None, 2, "no_norm")]


def test_without_signal_values_there_is_a_figure_and_no_judgement(con: duckdb.DuckDBPyConnection) -> None:
    levels = next(d for d in definitions(starter_norms()) if d.key == "I_1S2F")
    assert "site_year.signal_value_1s2f" not in levels.elements
    assert "JOIN site_year" in levels.query(indicators._known(con))
    con.execute("ALTER TABLE site_year DROP COLUMN signal_value_1s2f")
    assert "JOIN site_year" not in levels.query(indicators._known(con))
    assert compute(con, [levels], TODAY)["I_1S2F"]["state"] == "computed"


def test_the_list_says_which_data_give_a_norm_and_the_queries_read_them() -> None:
    everything = {f"{t}.{c}" for t, table in school_model().items() for c in table.columns}
    for definition in definitions():
        said = norms_in_data().get(definition.key)
        assert ("norm" in lineage.provided(definition.sql)) == bool(said), definition.key
        assert not said or said.partition(".")[2] in definition.query(everything)


def test_the_norm_of_a_school_itself_goes_before_that_of_the_register(con: duckdb.DuckDBPyConnection) -> None:
    own = SIMPLE.sql.replace(" FROM site", ", CASE WHEN s.site_id = 'a' THEN 0.2 END AS norm FROM site")
    compute(con, [replace(SIMPLE, sql=own)], TODAY)
    assert [(v.site_id, v.norm, v.norm_state) for v in values(con)] == [
        ("a", Decimal("0.2"), "above"),
        ("b", Decimal("0.05"), "below"),
    ]


@pytest.mark.parametrize(("small", "state"), [(5, "below"), (10, "below"), (11, "too_small")])
def test_few_people_get_no_value_but_can_be_added_up(con: duckdb.DuckDBPyConnection, small: int, state: str) -> None:
    compute(con, [SIMPLE], TODAY, small)
    assert {v.norm_state for v in values(con)} == {state}
    assert {v.value is None for v in values(con)} == {state == "too_small"}
    assert {v.people for v in values(con)} == {10}
    assert all(v.numerator is not None and v.denominator for v in values(con))


def test_a_definition_that_is_not_about_people_is_never_too_small(con: duckdb.DuckDBPyConnection) -> None:
    compute(con, [replace(SIMPLE, people=False)], TODAY, 100)
    assert {v.norm_state for v in values(con)} == {"below"}


def test_the_step_of_a_build_fills_the_snapshot_and_its_copy(tmp_path: Path) -> None:
    step = Computing(tuple(definitions(starter_norms())), TODAY)
    built = snapshots.build(tmp_path, boards.everything(tmp_path), EVERYTHING, [step])
    assert {told["state"] for told in built.manifest["indicators"].values()} == {"computed"}
    with duck.reader(built.model) as con:
        here = values(con)
    kept = duckdb.sql(f"SELECT count(*), count(DISTINCT indicator_key) FROM '{built.values}'").fetchall()
    assert kept[0][0] == len(here) > 0
    solvency = [v for v in here if v.indicator_key == "I_SOLVENCY2"]
    assert [(v.period, v.value, v.norm_state) for v in solvency] == [("2025", 2, "above")]


def test_another_day_norm_or_definition_is_another_snapshot() -> None:
    step = Computing((SIMPLE,), TODAY)
    assert step.fingerprint == Computing((SIMPLE,), TODAY).fingerprint
    others = [
        Computing((SIMPLE,), date(2026, 11, 24)),
        Computing((replace(SIMPLE, norms=()),), TODAY),
        Computing((replace(SIMPLE, sql=SIMPLE.sql + " "),), TODAY),
        Computing((SIMPLE,), TODAY, small=10),
        Computing((SIMPLE,), TODAY, delivered={"personeel": TODAY}),
        Computing((SIMPLE,), TODAY, delivered={"personeel": date(2026, 11, 1)}),
    ]
    assert len({step.fingerprint, *(other.fingerprint for other in others)}) == 7


def test_a_build_with_few_elements_says_what_is_not_collected(tmp_path: Path) -> None:
    elements = frozenset(["finance_year.equity", "organisation.name"])
    built = snapshots.build(
        tmp_path, boards.everything(tmp_path), elements, [Computing(tuple(definitions(starter_norms())), TODAY)]
    )
    told = built.manifest["indicators"]
    assert told["I_SOLVENCY2"] == {
        "state": "not computed",
        "missing": ["finance_year.balance_total", "finance_year.provisions"],
    }
    assert {entry["state"] for entry in told.values()} == {"not computed"}
