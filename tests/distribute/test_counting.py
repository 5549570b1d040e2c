"""Which questions about groups can be answered at all: of each figure it must be known which people it covers."""

from pathlib import Path

import pytest

from schakel.distribute.counting import counted
from schakel.distribute.query import Opened, answer, judge
from schakel.distribute.standing import Standing
from schakel.engine.sql import checked
from schakel.lib.errors import Refused
from schakel.process.model import school_model
from tests.distribute.school import DAY, board

CASES = Path(__file__).parents[1] / "cases"
SCHEMA = {table.name: {name: c.type for name, c in table.columns.items()} for table in school_model().values()}
EVERYTHING = frozenset(c.element for table in school_model().values() for c in table.columns.values())
BOARD = [Standing("board_member", "board")]


def pairs(name: str) -> list[tuple[str, str]]:
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t", 1)) for line in lines if line and not line.startswith("#")]  # type: ignore[misc]


@pytest.fixture(scope="module")
def opened() -> Opened:
    return Opened(board())


@pytest.mark.parametrize(("reason", "sql"), pairs("groups_refused.tsv"))
def test_is_refused_for_groups(reason: str, sql: str) -> None:
    checked(sql, SCHEMA)
    with pytest.raises(Refused) as refusal:
        judge(sql, EVERYTHING, level="school")
    assert refusal.value.code == "small-groups"
    assert reason in str(refusal.value), str(refusal.value)


@pytest.mark.parametrize(("figures", "sql"), pairs("groups_allowed.tsv"))
@pytest.mark.parametrize("mode", ["bits", "keys"])
def test_is_allowed_and_its_figures_are_known(opened: Opened, figures: str, sql: str, mode: str) -> None:
    plan = counted(sql, SCHEMA, 5, mode)  # type: ignore[arg-type]
    names = [output.name for output in plan.query.relation.outputs]
    assert {names[place] for place in plan.cells} == set(figures.split())
    text = plan.query.text(lambda table, columns: f'SELECT {", ".join(columns) or "1 AS x"} FROM "{table}"')
    opened.cursor.execute(text).fetchall()


@pytest.mark.parametrize("sql", [sql for _figures, sql in pairs("groups_allowed.tsv")])
def test_hidden_columns_never_leave(opened: Opened, sql: str) -> None:
    found = answer(opened, sql, EVERYTHING, BOARD, 5, DAY, level="school")
    plain = answer(opened, sql, EVERYTHING, BOARD, 5, DAY, level="school", sees_people=True)
    assert found.names == plain.names == tuple(o.name for o in checked(sql, SCHEMA).relation.outputs)
    assert {len(row) for row in found.rows} <= {len(found.names)}
    assert len(found.rows) == len(plain.rows)


def test_the_same_question_about_persons_is_not_hidden(opened: Opened) -> None:
    sql = "SELECT site_id, max(clock_hours) AS m, count(*) AS n FROM absence GROUP BY 1 HAVING count(*) > 0"
    assert not answer(opened, sql, EVERYTHING, BOARD, 5, DAY).hidden


def test_every_table_is_judged() -> None:
    """A table that is added to the model is either known to be about people, or not, or refused."""
    for table in SCHEMA:
        sql = f'SELECT count(*) AS n FROM "{table}"'
        try:
            judge(sql, EVERYTHING, level="board")
        except Refused as refusal:
            assert "niet bekend" in refusal.message


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT "§1" AS a, count(*) AS n FROM absence GROUP BY 1',
        'WITH x AS (SELECT site_id, count(*) AS n FROM absence GROUP BY 1) SELECT "§1" AS a FROM x',
        'WITH x AS (SELECT site_id, count(*) AS "§n" FROM absence GROUP BY 1) SELECT site_id, "§n" AS n FROM x',
        'SELECT site_id, count(*) AS "§n" FROM absence GROUP BY 1',
        'WITH x AS (SELECT pupil_id AS "§1" FROM absence) SELECT count(*) AS n FROM x',
    ],
)
def test_nobody_writes_the_names_of_hidden_columns(sql: str) -> None:
    with pytest.raises(Refused) as refusal:
        judge(sql, EVERYTHING, level="school")
    assert refusal.value.code == "sql"
