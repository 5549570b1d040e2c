"""Reading tables and views of a database by declaration: of each only the columns that an approved need names.

Nobody writes SQL here: the declaration names a table or view and its columns, and each name is quoted as a name.
Everything is read in one transaction that sees one moment, row by row; a break begins anew.
"""

import json
import time
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy.exc import NoSuchTableError
from sqlalchemy.sql import quoted_name

from schakel.collect.providers import Access, Fetched, Offer, Told, Wish
from schakel.connectors.databases import ROWS, SCHEMES, columns_of, opened
from schakel.connectors.declared import Delivery, Relation, asked
from schakel.lib import clock
from schakel.lib.errors import SchakelError
from schakel.lib.outgoing import Outgoing
from schakel.lib.text import gettext as _

KIND = "sql"
MOST_BYTES = 8 * 2**30  # of one relation
MOST_SECONDS = 3600.0  # of one reading
LOOKED_AT = 50  # rows of a try
_HURRY = 10.0


class SqlTables:
    """The provider."""

    VERSIONS: Mapping[str, tuple[str, ...]] = {"": ("basic", "none")}
    SCHEMES = SCHEMES

    def fetch(self, access: Access, way: Outgoing, wish: Wish, folder: Path, told: Told) -> Fetched:
        """All relations that are needed, whole; nothing when the increasing columns say that nothing changed."""
        relations = asked(wish.declared, wish.needed)
        delivery = Delivery(folder)
        with opened(access, way) as con:
            tables = {relation.name: _table(con, relation) for relation in relations}
            until = _until(con, relations, tables)
            if wish.since and until and wish.since == until:
                return Fetched(changed=False, until=until)
            delivery.begin()
            end = time.monotonic() + MOST_SECONDS
            for relation in relations:
                _copy(con, relation, tables[relation.name], delivery, told, end)
        delivery.publish(wish.declared, relations)
        return Fetched(changed=True, until=until)

    def probe(self, access: Access, way: Outgoing, wish: Wish) -> list[Offer]:
        """Look at the first rows of each table; nothing is kept."""
        with opened(access, way, _HURRY) as con:
            return [_offer(con, relation) for relation in asked(wish.declared, wish.needed)]

    def settle(self, access: Access, way: Outgoing, until: str) -> None:
        """Nothing waits in a database."""


def _table(con: sqlalchemy.Connection, relation: Relation) -> sqlalchemy.TableClause:
    """The table with the needed columns. Raises SchakelError where the database has no such table or columns."""
    schema, _dot, name = str(relation.told["table"]).rpartition(".")
    try:
        there = columns_of(con, name, schema)
    except NoSuchTableError:
        text = _("De tabel of view '%(table)s' is er niet, of dit account mag haar niet zien.")
        raise SchakelError(text % {"table": relation.told["table"]}, code="drift") from None
    increasing = str(relation.told.get("increasing", ""))
    wanted = [*relation.headers, *([increasing] if increasing else [])]
    lost = [header for header in wanted if header not in there]
    if lost:
        text = _("In '%(table)s' staat geen kolom %(columns)s. Er is niets van gelezen.")
        words = {"table": relation.told["table"], "columns": ", ".join(lost)}
        hint = _("Is de kolom hernoemd? Pas dan de plek van het gegeven aan op de pagina Server van deze bron.")
        raise SchakelError(text % words, code="drift", hint=hint)
    columns: list[sqlalchemy.ColumnClause[Any]] = [
        sqlalchemy.column(quoted_name(each, quote=True)) for each in relation.headers
    ]
    return sqlalchemy.table(
        quoted_name(name, quote=True), *columns, schema=quoted_name(schema, quote=True) if schema else None
    )


def _until(con: sqlalchemy.Connection, relations: list[Relation], tables: Mapping[str, sqlalchemy.TableClause]) -> str:
    """How many rows there are and how far each increasing column is; empty when a relation has no such column."""
    found = []
    for relation in relations:
        increasing = str(relation.told.get("increasing", ""))
        if not increasing:
            return ""
        column: sqlalchemy.ColumnClause[Any] = sqlalchemy.column(quoted_name(increasing, quote=True))
        counted = sqlalchemy.select(sqlalchemy.func.count(), sqlalchemy.func.max(column))
        count, most = con.execute(counted.select_from(tables[relation.name])).one()
        found.append([relation.name, count, str(most)])
    return json.dumps(found)


def _copy(
    con: sqlalchemy.Connection, relation: Relation, table: sqlalchemy.TableClause, delivery: Delivery, told: Told,
    end: float,
) -> None:  # fmt: skip
    path = delivery.parts / f"{relation.name}.csv"
    with delivery.relation(relation) as writer:
        for rows in _batches(con, table):
            writer.writerows(_lines(rows, relation))
            told(path.name, len(rows))
            if time.monotonic() > end or path.stat().st_size > MOST_BYTES:
                text = _("'%(table)s' is te groot om in één keer te lezen. Kies een view met minder rijen of kolommen.")
                raise SchakelError(text % {"table": relation.told["table"]}, code="too-much")


def _batches(con: sqlalchemy.Connection, table: sqlalchemy.TableClause) -> Iterator[list[Any]]:
    """The rows, never more than a few thousand at once."""
    with con.execute(sqlalchemy.select(table)) as found:
        for rows in found.partitions(ROWS):
            yield list(rows)


def _lines(rows: list[Any], relation: Relation) -> Iterator[list[str]]:
    for row in rows:
        yield [text_of(value, relation, header) for value, header in zip(row, relation.headers, strict=True)]


def _offer(con: sqlalchemy.Connection, relation: Relation) -> Offer:
    try:
        table = _table(con, relation)
    except SchakelError as error:
        return Offer(str(relation.told["table"]), None, refused=str(error))
    rows = con.execute(sqlalchemy.select(table).limit(LOOKED_AT)).all()
    filled = [header for at, header in enumerate(relation.headers) if any(row[at] not in (None, "") for row in rows)]
    there = relation.fields(filled)
    lacking = tuple(name for name in relation.fields(relation.headers) if name not in there)
    return Offer(str(relation.told["table"]), None, there, lacking)


def text_of(value: Any, relation: Relation, header: str) -> str:
    """A value as it stands in the file: days in Dutch time, decimals with a point, nothing for what is unknown."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return clock.day_of(value).isoformat() if header in relation.dated else value.isoformat(" ", "seconds")
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date | time_of_day):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _of_the_day(value)
    if isinstance(value, bytes | bytearray | memoryview | list | dict | tuple):
        text = _("In de kolom %(column)s staan geen losse waarden, dus die is zo niet te lezen.")
        raise SchakelError(text % {"column": header}, code="value", where=relation.name)
    return str(value)


def _of_the_day(value: timedelta) -> str:
    """A time as MySQL gives it: as what passed since midnight, and so perhaps more than a day, or before it."""
    seconds = abs(int(value.total_seconds()))
    return f"{'-' * (value < timedelta())}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
