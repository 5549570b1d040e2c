"""A wish that was declined takes nothing else down with it."""

import pytest

from schakel.engine.sql import checked
from schakel.engine.sql_prune import pruned
from schakel.process.model import school_model

SCHEMA = {table.name: {name: c.type for name, c in table.columns.items()} for table in school_model().values()}


@pytest.mark.parametrize(
    ("sql", "names", "columns", "gone"),
    [
        ("SELECT first_name, name_prefix FROM pupil", ["name_prefix"], ["first_name"], {"pupil.name_prefix"}),
        ("SELECT sex, name_prefix AS tv FROM pupil ORDER BY tv, 1", ["TV"], ["sex"], {"pupil.name_prefix"}),
        ("SELECT sex, name_prefix FROM pupil ORDER BY 2, 1", ["sex"], ["name_prefix"], {"pupil.sex"}),
        (
            "SELECT p.first_name, g.name FROM pupil AS p JOIN membership AS m ON m.pupil_id = p.pupil_id "
            'LEFT JOIN "group" AS g ON g.group_id = m.group_id ORDER BY first_name',
            ["name"], ["first_name"], {"group.name", "group.group_id", "membership.group_id"},
        ),
        (
            "WITH x AS (SELECT pupil_id, first_name, name_prefix, count(*) AS n FROM pupil GROUP BY 1, 2, 3) "
            "SELECT x.first_name, x.n FROM x",
            [], ["first_name", "n"], set(),
        ),
        (
            "WITH x AS (SELECT p.pupil_id, p.first_name, p.name_prefix, count(*) AS n FROM pupil AS p "
            "GROUP BY 1, 2, 3) SELECT x.first_name, x.name_prefix, x.n FROM x ORDER BY 3 DESC",
            ["name_prefix"], ["first_name", "n"], {"pupil.name_prefix"},
        ),
    ],
)  # fmt: skip
def test_columns_go_with_what_only_they_used(sql: str, names: list[str], columns: list[str], gone: set[str]) -> None:
    before, after = checked(sql, SCHEMA), checked(pruned(sql, names), SCHEMA)
    assert [output.name for output in after.relation.outputs] == columns
    assert before.elements - after.elements == gone


def test_what_still_decides_the_rows_stays() -> None:
    sql = "SELECT first_name, name_prefix FROM pupil WHERE name_prefix IS NOT NULL"
    assert "pupil.name_prefix" in checked(pruned(sql, ["name_prefix"]), SCHEMA).elements
    groups = "WITH x AS (SELECT kind, count(*) AS n FROM absence GROUP BY kind) SELECT x.kind, x.n FROM x"
    assert "absence.kind" in checked(pruned(groups, ["kind"]), SCHEMA).elements


def test_a_union_is_left_as_it_is() -> None:
    sql = "SELECT sex AS a, email AS b FROM pupil UNION ALL SELECT first_name AS a, family_name AS b FROM staff"
    assert pruned(sql, ["b"]) == sql
