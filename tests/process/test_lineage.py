"""Pruning and tracing of our own SQL: what goes, what stays, and what is refused."""

import pytest

from schakel.process.lineage import (
    SourceColumn,
    Untraceable,
    base_columns,
    base_tables,
    named,
    parsed,
    provided,
    pruned,
    without,
)

PUPIL = """
WITH birth AS (SELECT d.sourcedId AS id, d.birthDate AS day, d.sex AS sex FROM oneroster.demographics AS d)
SELECT u.sourcedId AS pupil_id, u.givenName AS first_name, birth.day AS birth_date, birth.sex AS sex
FROM oneroster.users AS u
JOIN oneroster.roles AS r ON r.userSourcedId = u.sourcedId
LEFT JOIN birth ON birth.id = u.sourcedId
WHERE r.role = 'student' AND EXISTS (SELECT 1 FROM oneroster.orgs AS o WHERE o.sourcedId = r.orgSourcedId)
"""


def touched(sql: str, *keep: str) -> set[str]:
    return {f"{c.table}.{c.column}" for c in base_columns(pruned(sql, keep))}


STRUCTURE = {"users.sourcedId", "roles.userSourcedId", "roles.role", "roles.orgSourcedId", "orgs.sourcedId"}


def test_joins_and_filters_always_count() -> None:
    assert touched(PUPIL, "pupil_id") == STRUCTURE


def test_a_select_expression_belongs_to_its_own_column() -> None:
    assert touched(PUPIL, "pupil_id", "first_name") == STRUCTURE | {"users.givenName"}


def test_a_lookup_goes_when_nothing_looks_at_it() -> None:
    assert "demographics" not in {table for _schema, table in base_tables(pruned(PUPIL, {"pupil_id"}))}
    assert "birth" not in pruned(PUPIL, {"pupil_id"}).sql()


def test_only_the_looked_up_column_of_a_lookup_is_read() -> None:
    found = touched(PUPIL, "pupil_id", "birth_date")
    assert found == STRUCTURE | {"demographics.sourcedId", "demographics.birthDate"}


def test_a_lookup_that_feeds_a_lookup_goes_with_it() -> None:
    sql = "SELECT a.x AS x, c.y AS y FROM s.a AS a LEFT JOIN s.b AS b ON b.i = a.i LEFT JOIN s.c AS c ON c.i = b.j"
    assert touched(sql, "x") == {"a.x"}
    assert touched(sql, "y") == {"a.i", "b.i", "b.j", "c.i", "c.y"}


def test_an_inner_join_never_goes() -> None:
    assert touched("SELECT a.x AS x, b.y AS y FROM s.a AS a JOIN s.b AS b ON b.i = a.i", "x") == {"a.x", "a.i", "b.i"}


def test_both_sides_of_a_union_are_pruned_alike() -> None:
    sql = """WITH rows AS (SELECT r.a AS a, r.b AS b FROM s.r AS r UNION ALL SELECT t.c AS a, t.d AS b FROM s.t AS t)
             SELECT rows.a AS a, rows.b AS b FROM rows"""
    assert touched(sql, "a") == {"r.a", "t.c"}


def test_a_scalar_subquery_goes_with_its_column() -> None:
    sql = "SELECT a.x AS x, (SELECT max(b.y) FROM s.b AS b WHERE b.i = a.i) AS y FROM s.a AS a"
    assert touched(sql, "x") == {"a.x"}
    assert touched(sql, "y") == {"a.i", "b.i", "b.y"}


def test_a_column_with_a_dot_in_its_name() -> None:
    sql = 'SELECT o."metadata.sector" AS sector FROM oneroster.orgs AS o'
    assert base_columns(pruned(sql, {"sector"})) == {SourceColumn("oneroster", "orgs", "metadata.sector")}


def test_provided_names_in_order() -> None:
    assert provided(PUPIL) == ("pupil_id", "first_name", "birth_date", "sex")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM s.a AS a",
        "SELECT a.* FROM s.a AS a",
        "SELECT x AS x FROM s.a AS a",
        "DELETE FROM s.a",
        "INSERT INTO s.a SELECT b.x FROM s.b AS b",
    ],
)
def test_what_cannot_be_traced_is_refused(sql: str) -> None:
    with pytest.raises(Untraceable):
        pruned(sql, {"x"})


def test_a_name_that_nothing_bears_is_refused() -> None:
    with pytest.raises(Untraceable, match="nobody"):
        base_columns(pruned("SELECT nobody.x AS x FROM s.a AS a", {"x"}))


def test_a_count_of_rows_is_not_a_star() -> None:
    assert touched("SELECT a.x AS x, count(*) AS n FROM s.a AS a GROUP BY a.x", "n") == {"a.x"}


def test_a_copy_is_changed_alone_and_carries_no_places_of_words() -> None:
    sql = "SELECT a.x AS x FROM s.a AS a WHERE a.y = 1"
    copy = parsed(sql)
    assert [node for node in copy.walk() if node.meta_get("line") is not None] == []
    copy.set("where", None)
    assert parsed(sql).sql("duckdb") == sql


SHARED = """WITH a AS (SELECT t.x AS x FROM t), b AS (SELECT a.x AS x FROM a), c AS (SELECT a.x AS x FROM s.a)
SELECT b.x FROM b JOIN c ON c.x = b.x"""


def test_a_named_query_stands_on_its_own_when_it_reads_no_other() -> None:
    assert named(parsed(SHARED)) == {
        "a": "SELECT t.x AS x FROM t",
        "c": "SELECT a.x AS x FROM s.a",
    }


def test_only_what_is_a_table_now_is_left_out_by_name_and_text() -> None:
    made = {("a", "SELECT t.x AS x FROM t"), ("c", "SELECT t.y AS x FROM t"), ("b", "SELECT a.x AS x FROM a")}
    left = without(parsed(SHARED), made).sql("duckdb")
    assert left.startswith("WITH b AS (SELECT a.x AS x FROM a), c AS (")
    plain = without(parsed("WITH a AS (SELECT t.x AS x FROM t) SELECT a.x FROM a"), made)
    assert plain.sql("duckdb") == "SELECT a.x FROM a"
