"""The mappings: one readable SELECT per layout and table of the school model, `<layout>/<table>.sql`.

They read landing relations, `<layout>.<file>`, and by name the look-ups that several share (`known/<name>.sql`). The
same files give the door its list (`columns_for`) and the transformation its SQL (`mappings_for`), so neither can know
more than the other. Every landing relation also has `_source`, the name of the source a row came from; it is not a
column of the source.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from schakel.process import lineage, model

FOLDER = Path(__file__).resolve().parent
KNOWN = FOLDER.with_name("known")
ORIGIN = "_source"

# The key that a source gives its rows comes along with every file that is read: without it no delta could be applied.
_SOURCE_KEY = {"oneroster": "sourcedId"}


@dataclass(frozen=True)
class TableMapping:
    """How one layout fills one table: SQL for the wanted columns only, and the source columns that it touches."""

    layout: str
    table: str
    sql: str
    provided: tuple[str, ...]
    reads: Mapping[tuple[str, str], frozenset[str]]


def mappings_for(elements: Iterable[str]) -> dict[str, list[TableMapping]]:
    """Per wanted table the mappings that fill it, pruned to the wanted columns; empty for a table no layout fills.

    Raises `Unknown` for an element that is not in the school model.
    """
    tables = {t: c for t, c in model.wanted(elements).items() if model.school_model()[t].origin == "source"}
    return {table: [_mapping(path, columns) for path in _files(table)] for table, columns in tables.items()}


def columns_for(elements: Iterable[str]) -> dict[str, dict[str, frozenset[str]]]:
    """Law 1 at the door: layout -> file -> the source columns that may be stored for these elements, and no other."""
    found: dict[str, dict[str, set[str]]] = {}
    for mapping in (m for table in mappings_for(elements).values() for m in table):
        for (layout, file), columns in mapping.reads.items():
            found.setdefault(layout, {}).setdefault(file, set()).update(columns)
    return {layout: {file: frozenset(c) for file, c in files.items()} for layout, files in found.items()}


def columns_of(table: str, elements: Iterable[str]) -> tuple[str, ...]:
    """The columns that a table of a snapshot has for these elements, in the order of the model."""
    return model.wanted(elements)[table]


def sources_of(element: str) -> dict[str, dict[str, frozenset[str]]]:
    """Which source columns one element rests on, its own key and dates included: layout -> file -> columns."""
    return columns_for([element])


def tables_of(layout: str) -> tuple[str, ...]:
    """The tables of the school model that a layout fills."""
    return tuple(sorted(path.stem for path in (FOLDER / layout).glob("*.sql")))


@cache
def elements_of(layout: str) -> frozenset[str]:
    """The data elements for which a layout has a value of its own."""
    texts = {table: text_of(FOLDER / layout / f"{table}.sql") for table in tables_of(layout)}
    return frozenset(f"{table}.{c}" for table, text in texts.items() for c in lineage.provided(text) if c != ORIGIN)


@cache
def _files(table: str) -> tuple[Path, ...]:
    return tuple(sorted(FOLDER.glob(f"*/{table}.sql")))


@cache
def text_of(path: Path) -> str:
    """The SQL of one mapping, with the shared look-ups that it reads in its WITH clause."""
    return lineage.with_shared(path.read_text(encoding="utf-8"), _known())


@cache
def known(name: str) -> str:
    """The SQL of one shared look-up by itself, with those that it reads."""
    return lineage.with_shared(_known()[name], _known())


@cache
def _known() -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(KNOWN.glob("*.sql"))}


@cache
def _mapping(path: Path, columns: tuple[str, ...]) -> TableMapping:
    provided = lineage.provided(text_of(path))
    query = lineage.pruned(text_of(path), {*columns, ORIGIN})
    reads: dict[tuple[str, str], set[str]] = {
        (layout, file): {_SOURCE_KEY[layout]} if layout in _SOURCE_KEY else set()
        for layout, file in lineage.base_tables(query)
    }
    for source in lineage.base_columns(query):
        if source.column != ORIGIN:
            reads[source.schema, source.table].add(source.column)
    return TableMapping(
        layout=path.parent.name,
        table=path.stem,
        sql=query.sql(lineage.DIALECT),
        provided=tuple(c for c in columns if c in provided),
        reads={key: frozenset(found) for key, found in reads.items()},
    )
