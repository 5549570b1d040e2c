"""Leaving a column out changes no other figure: the same rows come out, without that column."""

from collections import Counter
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.engine.sql import checked
from schakel.engine.sql_prune import pruned
from schakel.kits.families import names, read
from tests.engine.random_board import filled
from tests.engine.test_sql_cases import SCHEMA

SOME = settings(max_examples=30, deadline=None)
PRODUCTS = {item.key: item.fields for kit in names() for item in read(kit).of("products")}
OPTIONAL = {
    key: [column["key"] for column in fields["columns"] if column.get("optional")] for key, fields in PRODUCTS.items()
}
JOINED = "FROM pupil AS p LEFT JOIN absence AS a ON a.pupil_id = p.pupil_id"
# Queries in which a far side is only there to be counted, or to be looked up; and the column that is left out.
COUNTED = [
    f"SELECT p.pupil_id, p.name_prefix AS gone, count(*) AS n {JOINED} GROUP BY p.pupil_id, p.name_prefix",
    f"SELECT p.pupil_id, max(a.kind) AS gone, count(*) AS n {JOINED} GROUP BY p.pupil_id",
    f"SELECT p.pupil_id, any_value(a.date) AS gone, sum(1) AS n {JOINED} GROUP BY p.pupil_id",
    f"SELECT p.pupil_id, a.kind AS gone, row_number() OVER (ORDER BY p.pupil_id) AS n {JOINED}",
    f"WITH x AS (SELECT p.pupil_id AS k, max(a.kind) AS gone, count(*) AS n {JOINED} GROUP BY p.pupil_id)"
    " SELECT x.k, x.gone, x.n FROM x",
    "SELECT m.group_id, max(p.sex) AS gone, count(*) AS n FROM membership AS m LEFT JOIN pupil AS p"
    " ON p.pupil_id = m.pupil_id GROUP BY m.group_id",
    'SELECT p.pupil_id, g.name AS gone FROM pupil AS p LEFT JOIN "group" AS g ON g.group_id = p.pupil_id',
    "WITH pupil_list AS (SELECT a.pupil_id AS pupil_list_id FROM absence AS a) SELECT p.pupil_id, p.sex AS gone,"
    " count(*) AS n FROM pupil AS p LEFT JOIN pupil_list AS l ON l.pupil_list_id = p.pupil_id GROUP BY 1, p.sex",
    "SELECT x.pupil_id, count(*) AS n, max(x.gone) AS gone FROM (SELECT p.pupil_id AS pupil_id, a.kind AS gone "
    + JOINED
    + ") AS x GROUP BY x.pupil_id",
    "SELECT p.sex, count(DISTINCT p.pupil_id) AS n, max(a.kind) AS gone " + JOINED + " GROUP BY p.sex",
]


@pytest.fixture(scope="module", params=[1, 2])
def con(request: pytest.FixtureRequest):
    with duckdb.connect() as connection:
        filled(connection, request.param)
        yield connection


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    """What a checked query gives over the whole tables."""
    query = checked(sql, SCHEMA)
    text = query.text(
        lambda table, columns: f'SELECT {", ".join(f"{c!s}" for c in columns) or "1 AS x"} FROM "{table}"'
    )
    found = con.execute(text, {"day": "2026-11-23"} if query.needs_day else {})
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def without(found: list[dict[str, Any]], gone: tuple[str, ...]) -> Counter[tuple[tuple[str, Any], ...]]:
    return Counter(tuple((name, value) for name, value in row.items() if name not in gone) for row in found)


def some_of(names: list[str]) -> list[tuple[str, ...]]:
    return [*((name,) for name in names), *([tuple(names)] if len(names) > 1 else [])]


@pytest.mark.parametrize(
    ("product", "gone"), [(key, gone) for key, names in OPTIONAL.items() for gone in some_of(names)]
)
def test_a_product_of_a_kit_gives_the_same_without_its_wishes(con, product, gone):
    sql = PRODUCTS[product]["sql"]
    before, after = rows(con, sql), rows(con, pruned(sql, gone))
    assert without(after, ()) == without(before, gone)
    assert all(set(row) == set(before[0]) - set(gone) for row in after)


def test_some_products_have_wishes_and_some_of_these_give_rows(con):
    """The test above would say nothing about empty answers."""
    wishing = [key for key, names in OPTIONAL.items() if names]
    assert len(wishing) >= 5
    assert sum(bool(rows(con, PRODUCTS[key]["sql"])) for key in wishing) >= 2


@pytest.mark.parametrize("sql", COUNTED)
def test_what_is_counted_stays_what_it_was(con, sql):
    """A join that multiplies rows goes only where nothing counts them."""
    before, after = rows(con, sql), rows(con, pruned(sql, ["gone"]))
    assert list(after[0]) == [name for name in before[0] if name != "gone"]
    assert without(after, ()) == without(before, ("gone",))


def test_the_first_of_an_order_that_is_gone_are_nobody(con):
    """The ten with most absence, without their absence, would be any ten: the query is left as it is, and refused."""
    sql = "SELECT p.pupil_id, p.name_prefix AS gone FROM pupil AS p ORDER BY p.name_prefix, 1 LIMIT 3"
    assert pruned(sql, ["gone"]) == sql
    by_place = "SELECT p.pupil_id, p.name_prefix AS gone FROM pupil AS p ORDER BY 2 DESC LIMIT 3"
    assert pruned(by_place, ["gone"]) == by_place
    other = "SELECT p.pupil_id, p.name_prefix AS gone FROM pupil AS p ORDER BY 1 LIMIT 3"
    assert without(rows(con, pruned(other, ["gone"])), ()) == without(rows(con, other), ("gone",))


COLUMNS = ["first_name", "name_prefix", "family_name", "sex", "birth_date", "email"]


@SOME
@given(
    st.lists(st.sampled_from(COLUMNS), min_size=2, max_size=6, unique=True),
    st.data(),
)
def test_any_columns_of_a_list_can_go(con, columns, data):
    """Also when the list is sorted by them, by their names or by their places."""
    gone = tuple(data.draw(st.lists(st.sampled_from(columns), min_size=1, max_size=len(columns) - 1, unique=True)))
    orders = st.sampled_from(columns) | st.integers(1, len(columns)).map(str)
    order = data.draw(st.lists(orders, max_size=3, unique=True))
    sql = f"SELECT {', '.join(columns)} FROM pupil" + (f" ORDER BY {', '.join(order)}" if order else "")
    less = pruned(sql, gone)
    before, after = checked(sql, SCHEMA), checked(less, SCHEMA)
    assert [o.name for o in after.relation.outputs] == [c for c in columns if c not in gone]
    assert after.elements == before.elements - {f"pupil.{c}" for c in gone}
    assert without(rows(con, less), ()) == without(rows(con, sql), gone)
