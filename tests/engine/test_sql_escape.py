"""Attempts to get out of a product's SQL, made by machine: spoiled queries, hidden signs, names that break out.

Whatever is written: it is refused with one sentence, or what is run reads scoped tables and nothing else.
"""

import random
import re

import duckdb
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from schakel.engine.sql import Checked, checked, parameters
from schakel.engine.sql_allowed import ALLOWED, MAX_LENGTH
from schakel.engine.sql_scope import key
from schakel.lib.errors import Refused
from tests.engine.test_sql_cases import CASES, SCHEMA, pairs

FEW, MANY = settings(max_examples=120, deadline=None), settings(max_examples=20_000, deadline=None)
SECRET = "GEHEIM"
GOOD = [sql for _elements, sql in pairs("sql_allowed.tsv")]
BAD = [sql for _reason, sql in pairs("sql_refused.tsv")]
_PIECE = re.compile(r"\w+|\s+|[^\w\s]")
NASTY = [
    re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m.group(1), 16)), line)
    for line in (CASES / "sql_pieces.txt").read_text(encoding="ascii").splitlines()[1:]
]
pieces = st.sampled_from(NASTY)


def spoiled(seed: int, changes: list[tuple[str, str]], query: str) -> str:
    """The query with pieces put in, replaced, taken out or moved, at places that the seed draws."""
    source, parts = random.Random(seed), _PIECE.findall(query)
    for how, piece in changes:
        at = source.randrange(len(parts)) if parts else 0
        if how == "put in" or not parts:
            parts.insert(at, piece)
        elif how == "replace":
            parts[at] = piece
        elif how == "take out":
            del parts[at]
        else:
            other = source.randrange(len(parts))
            parts[at], parts[other] = parts[other], parts[at]
    return "".join(parts)


changes = st.lists(
    st.tuples(st.sampled_from(["put in", "replace", "take out", "swap"]), pieces), min_size=1, max_size=4
)


@pytest.fixture(scope="module")
def con():
    """Every table of the model, and one that is none, each full of the same secret; nothing beyond can be reached."""
    connection = duckdb.connect(config={"enable_external_access": "false"})
    for table, columns in {**SCHEMA, "access_person": {"secret": "VARCHAR", "first_name": "VARCHAR"}}.items():
        names = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        connection.execute(f'CREATE TABLE "{table}" ({names})')
        filled = ", ".join(f"'{SECRET}'" if kind == "VARCHAR" else "NULL" for kind in columns.values())
        connection.execute(f'INSERT INTO "{table}" VALUES ({filled})')
    yield connection
    connection.close()


def scoped(table: str, columns: tuple[str, ...]) -> str:
    """Nothing, of each column that is used: whatever comes out came another way."""
    return f'SELECT {", ".join(columns) or "1 AS x"} FROM "{table}" WHERE FALSE'


def judged(sql: str, con: duckdb.DuckDBPyConnection) -> Checked | None:
    """The query as checked, or None when it was refused; fails when something got out."""
    try:
        query = checked(sql, SCHEMA)
    except Refused as refusal:
        assert refusal.code == "sql"
        assert str(refusal).strip()
        return None
    made = query.text(scoped)
    assert query.elements <= {f"{t}.{c}" for t, columns in SCHEMA.items() for c in columns}
    _reads_scoped_tables_only(made)
    try:
        rows = con.execute(made, {"day": "2026-11-23"} if "day" in parameters(made) else {}).fetchall()
    except duckdb.Error:
        return query
    assert SECRET not in str(rows), sql
    return query


def _reads_scoped_tables_only(made: str) -> None:
    (tree,) = sqlglot.parse(made, dialect="duckdb")
    assert isinstance(tree, exp.Query)
    named = {cte.alias for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        assert isinstance(table.this, exp.Identifier), "a function is no table"
        assert not table.db and not table.catalog
        if table.name not in named:
            assert table.name in SCHEMA
            assert table.find_ancestor(exp.Select).args["where"].this == exp.false()


@FEW
@given(st.integers(0, 2**32), changes, st.sampled_from(GOOD))
def test_a_good_query_spoiled(con, seed, changes, query):
    judged(spoiled(seed, changes, query), con)


@FEW
@given(st.integers(0, 2**32), changes, st.sampled_from(BAD))
def test_a_refused_query_spoiled_further(con, seed, changes, query):
    judged(spoiled(seed, changes, query), con)


@FEW
@given(st.lists(pieces, max_size=12).map(" ".join))
def test_pieces_in_any_order(con, sql):
    judged(f"SELECT first_name FROM pupil {sql}", con)


@pytest.mark.soak
@MANY
@given(st.integers(0, 2**32), changes, st.sampled_from(GOOD + BAD))
def test_spoiled_queries_many_times(con, seed, changes, query):
    judged(spoiled(seed, changes, query), con)


@FEW
@given(st.text(max_size=40))
def test_any_text_in_quotes_is_only_a_text(con, value):
    """As a value it comes out as it went in, or is refused; it never ends the quotes."""
    query = judged(f"SELECT '{value.replace(chr(39), chr(39) * 2)}' AS a", con)
    if query is not None:
        made = query.text(scoped)
        assert con.execute(made).fetchall() == [(value,)]


@FEW
@given(st.text(max_size=20))
def test_any_text_as_a_name_is_only_a_name(con, name):
    written = name.replace('"', '""')
    query = judged(f'SELECT first_name AS "{written}" FROM pupil', con)
    if query is not None:
        assert [output.name for output in query.relation.outputs] == [name]
        assert [column[0] for column in con.execute(query.text(scoped)).description] == [name]


@FEW
@given(st.text(max_size=12))
def test_a_name_means_a_table_only_when_it_is_written_as_that_name(con, name):
    """Only the case of A to Z is nobody's business: no other letter stands for one that looks like it."""
    query = judged(f'SELECT first_name FROM "{name.replace(chr(34), chr(34) * 2)}"', con)
    assert (query is not None) == (key(name) in {t for t, columns in SCHEMA.items() if "first_name" in columns})


@pytest.mark.parametrize("sign", ["\u017f", "\u212a", "\u0130", "\u0131", "\uff50", "\ufb01"])
def test_letters_that_fold_to_a_to_z_elsewhere_do_not_here(sign):
    assert key(sign) == sign


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT @ AS a",
        "SELECT first_name FROM pupil WHERE @ = 'x'",
        "SELECT max(@) AS a FROM result",
        "SELECT pupil_id FROM absence QUALIFY row_number() OVER (PARTITION BY @ ORDER BY date) = 1",
        "SELECT abs() AS a FROM result",
        "SELECT coalesce() AS a FROM pupil",
        "SELECT nullif(first_name) AS a FROM pupil",
        "SELECT first_name FROM pupil WHERE first_name BETWEEN 'a'",
    ],
)
def test_a_part_that_is_missing_is_refused(sql):
    """The parser forgives some of these, and what it made of them could not be read again."""
    with pytest.raises(Refused) as refusal:
        checked(sql, SCHEMA)
    assert refusal.value.code == "sql"


def test_comments_take_nothing_with_them(con):
    for comment in ("-- ; DROP TABLE pupil\n", "/* ; DROP TABLE pupil */", "/* -- */", "--'\n", "/*'*/"):
        query = judged(f"SELECT {comment} first_name {comment} FROM {comment} pupil", con)
        assert query is not None
        assert query.elements == {"pupil.first_name"}
        assert "DROP" not in query.text(scoped)


def test_just_long_enough_and_just_too_long():
    head = "SELECT 'x' AS a "
    assert checked(head + " " * (MAX_LENGTH - len(head)), SCHEMA)
    with pytest.raises(Refused, match="te groot"):
        checked(head + " " * (MAX_LENGTH - len(head) + 1), SCHEMA)


def test_nothing_that_writes_leaves_or_calls_is_on_the_list():
    """The list of what is allowed holds no statement, no table function and no construct that reaches outside."""
    outside = (exp.DDL, exp.DML, exp.Command, exp.Copy, exp.Attach, exp.Detach, exp.Set, exp.Pragma, exp.Use, exp.Show,
               exp.Describe, exp.Anonymous, exp.Lateral, exp.Values, exp.UDTF, exp.Into, exp.Lock)  # fmt: skip
    wrong = {kind.__name__ for kind in ALLOWED if issubclass(kind, outside)}
    assert wrong - {"Select", "Union", "Subquery"} == set()
