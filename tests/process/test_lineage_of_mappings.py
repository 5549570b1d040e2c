"""What holds for every mapping of ours and any choice of its columns: more wanted is never less touched."""

import re
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.connectors.mapped_layout import mappings as mapped_layouts
from schakel.process import lineage
from schakel.process.mappings import FOLDER, KNOWN, ORIGIN, columns_for, mappings_for, text_of
from schakel.process.model import school_model

FILES = sorted(FOLDER.glob("*/*.sql"))
SOME = settings(max_examples=25)
ELEMENTS = sorted(c.element for t in school_model().values() if t.origin == "source" for c in t.columns.values())


def touched(sql: str, keep: frozenset[str]) -> frozenset[lineage.SourceColumn]:
    return lineage.base_columns(lineage.pruned(sql, keep))


@SOME
@given(st.sampled_from(FILES), st.data())
def test_more_columns_touch_more_and_together_no_more_than_each(path: Path, data: st.DataObject) -> None:
    sql = text_of(path)
    names = st.sets(st.sampled_from(lineage.provided(sql)), min_size=1).map(frozenset)
    one, other = data.draw(names), data.draw(names)
    assert touched(sql, one) <= touched(sql, one | other)
    assert touched(sql, one | other) == touched(sql, one) | touched(sql, other)


@SOME
@given(st.sampled_from(FILES), st.data())
def test_a_pruned_query_gives_the_kept_columns_in_order_and_stays_so(path: Path, data: st.DataObject) -> None:
    sql = text_of(path)
    provided = lineage.provided(sql)
    keep = data.draw(st.sets(st.sampled_from(provided), min_size=1))
    less = lineage.pruned(sql, keep).sql(lineage.DIALECT)
    assert lineage.provided(less) == tuple(name for name in provided if name in keep)
    assert touched(less, frozenset(keep)) == touched(sql, frozenset(keep))
    assert lineage.base_tables(lineage.parsed(less)) <= lineage.base_tables(lineage.parsed(sql))


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_a_mapping_reads_known_layouts_its_own_first_and_says_where_rows_come_from(path: Path) -> None:
    sql = text_of(path)
    read = {schema for schema, _table in lineage.base_tables(lineage.parsed(sql))}
    assert path.parent.name in read
    assert read <= {known.parent.name for known in FILES} | {known.layout.name for known in mapped_layouts()}
    assert ORIGIN in lineage.provided(sql)


@pytest.mark.parametrize("path", sorted(KNOWN.glob("*.sql")), ids=lambda p: p.stem)
def test_a_shared_look_up_can_be_traced_and_is_used(path: Path) -> None:
    readers = [*FILES, *KNOWN.glob("*.sql")]
    assert any(re.search(rf"(FROM|JOIN) {path.stem}\b", other.read_text(encoding="utf-8")) for other in readers)
    assert lineage.provided(path.read_text(encoding="utf-8"))


def test_shared_look_ups_come_first_each_once_and_those_they_read_before_them() -> None:
    shared = {"far": "SELECT f.a AS a FROM x.f AS f", "near": "SELECT far.a AS a FROM far"}
    sql = "WITH own AS (SELECT near.a AS a FROM near) SELECT own.a AS a, far.a AS b FROM own JOIN far ON far.a = own.a"
    whole = lineage.with_shared(sql, shared)
    assert [cte.alias for cte in lineage.parsed(whole).ctes] == ["far", "near", "own"]
    assert lineage.base_columns(lineage.parsed(whole)) == {lineage.SourceColumn("x", "f", "a")}
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA x; CREATE TABLE x.f AS SELECT 1 AS a")
        assert con.execute(whole).fetchall() == [(1, 1)]
    assert lineage.with_shared("SELECT f.a AS a FROM x.far AS f", shared) == "SELECT f.a AS a FROM x.far AS f"


@SOME
@given(st.sets(st.sampled_from(ELEMENTS), max_size=6), st.sets(st.sampled_from(ELEMENTS), max_size=6))
def test_the_door_opens_for_what_is_needed_and_closes_with_it(one: set[str], other: set[str]) -> None:
    """Law 1: fewer needs never let in more; what comes in is what the transformation reads, no more and no less."""

    def let_in(elements: set[str]) -> set[tuple[str, str, str]]:
        found = columns_for(elements).items()
        return {(layout, file, c) for layout, files in found for file, columns in files.items() for c in columns}

    assert let_in(one) <= let_in(one | other)
    assert let_in(set()) == set()
    mappings = [mapping for found in mappings_for(one).values() for mapping in found]
    read = {(layout, file, c) for m in mappings for (layout, file), columns in m.reads.items() for c in columns}
    assert let_in(one) >= {item for item in read if item[2] != "sourcedId"}
    assert {item for item in let_in(one) - read if item[2] != "sourcedId"} == set()
