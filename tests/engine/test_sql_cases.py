"""What a product's SQL may be: pairs in data files; each refusal says what it refuses."""

from pathlib import Path

import pytest

from schakel.engine.sql import Checked, checked, parameters
from schakel.lib.errors import Refused
from schakel.process.model import school_model

CASES = Path(__file__).parents[1] / "cases"
SCHEMA = {table.name: {name: c.type for name, c in table.columns.items()} for table in school_model().values()}


def pairs(name: str) -> list[tuple[str, str]]:
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t", 1)) for line in lines if line and not line.startswith("#")]  # type: ignore[misc]


def text(query: Checked) -> str:
    return query.text(lambda table, columns: f'SELECT {", ".join(columns) or "1 AS x"} FROM "{table}" WHERE FALSE')


def test_there_are_enough_attempts() -> None:
    assert len(pairs("sql_refused.tsv")) >= 80


@pytest.mark.parametrize(("reason", "sql"), pairs("sql_refused.tsv"))
def test_is_refused(reason: str, sql: str) -> None:
    with pytest.raises(Refused) as refusal:
        checked(sql, SCHEMA)
    assert refusal.value.code == "sql"
    assert any(part.lower() in str(refusal.value).lower() for part in reason.split("|")), str(refusal.value)


@pytest.mark.parametrize(("elements", "sql"), pairs("sql_allowed.tsv"))
def test_is_allowed_and_every_column_is_found(elements: str, sql: str) -> None:
    query = checked(sql, SCHEMA)
    assert query.elements == frozenset(elements.split())


@pytest.mark.parametrize("sql", [sql for _elements, sql in pairs("sql_allowed.tsv")])
def test_what_is_run_can_be_run_and_has_only_scoped_tables(sql: str) -> None:
    import duckdb
    import sqlglot
    from sqlglot import exp

    con = duckdb.connect()
    for table, columns in SCHEMA.items():
        con.execute(f'CREATE TABLE "{table}" ({", ".join(f"{chr(34)}{n}{chr(34)} {t}" for n, t in columns.items())})')
    made = text(checked(sql, SCHEMA))
    con.execute(made, {"day": "2026-11-23"} if "day" in parameters(made) else {}).fetchall()
    for node in sqlglot.parse_one(made, dialect="duckdb").find_all(exp.Table):
        if node.name in SCHEMA:
            assert node.find_ancestor(exp.Select).args["where"].this == exp.false()


def test_our_own_names_replace_theirs() -> None:
    made = text(checked('SELECT p.first_name FROM pupil AS p JOIN staff AS "t1" ON "t1".staff_id = p.pupil_id', SCHEMA))
    assert '"t1"."first_name"' in made
    assert '"t2"."staff_id" = "t1"."pupil_id"' in made


def test_only_the_columns_that_are_used_are_put_in() -> None:
    seen: dict[str, tuple[str, ...]] = {}

    def scoped(table: str, columns: tuple[str, ...]) -> str:
        seen[table] = columns
        return f'SELECT * FROM "{table}"'

    checked("SELECT first_name FROM pupil WHERE sex = 'm'", SCHEMA).text(scoped)
    assert seen == {"pupil": ("first_name", "sex")}


def test_output_knows_what_it_is_made_of() -> None:
    sql = (
        "WITH x AS (SELECT pupil_id, sum(clock_hours) AS uren FROM absence GROUP BY 1) SELECT uren / 2 AS helft FROM x"
    )
    output = checked(sql, SCHEMA).relation.outputs[0]
    assert (output.name, output.elements) == ("helft", frozenset({"absence.clock_hours"}))


@pytest.mark.parametrize(
    "sql", ["(" * 3000 + "SELECT 1 AS a" + ")" * 3000, "SELECT " + "-" * 1 + "(" * 5000 + "1" + ")" * 5000]
)
def test_nesting_without_end_is_refused(sql: str) -> None:
    with pytest.raises(Refused):
        checked(sql, SCHEMA)


def test_too_long_is_refused() -> None:
    with pytest.raises(Refused, match="te groot"):
        checked("SELECT 1 AS a" + " " * 30_000, SCHEMA)
    with pytest.raises(Refused, match="te groot"):
        checked("SELECT " + "+".join(["1"] * 5000) + " AS a", SCHEMA)


def test_a_text_value_stays_a_text_value() -> None:
    import duckdb

    for value in ("it''s", "a\\", "a\\''; DROP TABLE x --", "%_", "«§»", "🎓"):
        made = text(checked(f"SELECT '{value}' AS a", SCHEMA))
        assert duckdb.connect().execute(made).fetchall() == [(value.replace("''", "'"),)]


def test_today_is_the_day_that_is_given() -> None:
    for written in ("today()", "current_date", "$today", "TODAY()"):
        query = checked(f"SELECT {written} AS dag", SCHEMA)
        assert query.needs_day
        assert parameters(text(query)) == {"day"}
