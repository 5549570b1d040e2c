"""The one way from a snapshot to rows: laws 3, 4 and 5 in one function, without any knowledge of the register.

Whoever calls this holds the need, its approval and its log (deliveries.py); nothing else may call it.
"""

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import duckdb

from schakel.distribute.counting import counted
from schakel.distribute.own_figures import Opens, opened_rows
from schakel.distribute.permitted import permitted, require
from schakel.distribute.plans import Mode, Plan
from schakel.distribute.scoping import Scoper, Shape, scoping
from schakel.distribute.small_groups import anything_small, hidden_cells
from schakel.distribute.standing import Held, Standing, roster_standings
from schakel.engine import duck
from schakel.engine.hidden import Hidden
from schakel.engine.sql import checked, parameters
from schakel.engine.sql_prune import pruned
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _
from schakel.process.model import school_model

THRESHOLD = 5
_Tables = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True)
class AnswerColumn:
    """A column of an answer: its name, the elements that it is made of, and its unit where it is one element."""

    name: str
    elements: frozenset[str]
    unit: str = ""
    about_people: bool = False


@dataclass(frozen=True)
class Answer:
    """What someone receives. A cell that may not be shown holds a `Hidden`, in `rows` as in every rendering.

    `hidden` are the (row, column) of those cells; `used` all elements that the query used anywhere; `milliseconds` by
    step.
    """

    columns: tuple[AnswerColumn, ...]
    rows: list[tuple[Any, ...]]
    hidden: frozenset[tuple[int, int]]
    used: frozenset[str]
    milliseconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)


class Opened:
    """A snapshot that is open for reading: its tables, and one cursor for each thread."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._local = threading.local()
        self._roster: dict[tuple[str, date], tuple[Held, ...]] = {}
        self.tables = _tables(connection)

    @property
    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of this thread's own to the same snapshot."""
        if not hasattr(self._local, "cursor"):
            self._local.cursor = self._connection.cursor()
        found: duckdb.DuckDBPyConnection = self._local.cursor
        return found

    def roster(self, email: str, day: date) -> tuple[Held, ...]:
        """The roles of one person on a day, remembered: a snapshot does not change."""
        wanted = (email.strip().lower(), day)
        if wanted not in self._roster:
            if len(self._roster) > 20_000:  # noqa: PLR2004
                self._roster.clear()
            self._roster[wanted] = tuple(roster_standings(self.cursor, *wanted))
        return self._roster[wanted]


@lru_cache(maxsize=8)
def opened(model: Path) -> Opened:
    """The snapshot at a path, opened once in this process. A snapshot's file never changes after it is published."""
    return Opened(duck.reader(model))


def _tables(connection: duckdb.DuckDBPyConnection) -> _Tables:
    """The tables of the school model that this snapshot has, with their columns; anything else in it does not exist."""
    text = "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'main' AND NOT internal"
    present: dict[str, set[str]] = {}
    for table, column in connection.execute(text).fetchall():
        present.setdefault(table, set()).add(column)
    model = school_model()
    return tuple(
        (table, tuple((name, column.type) for name, column in model[table].columns.items() if name in columns))
        for table, columns in sorted(present.items())
        if table in model
    )


def answer(  # noqa: PLR0913 - the four laws need each of these
    source: Opened | duckdb.DuckDBPyConnection,
    sql: str,
    allowed: frozenset[str],
    standings: Iterable[Standing],
    threshold: int = THRESHOLD,
    day: date | None = None,
    *,
    level: str = "person",
    sees_people: bool = False,
    sees_behind: frozenset[str] = frozenset(),
    optional: frozenset[str] = frozenset(),
) -> Answer:
    """What a product's SQL gives to someone with these standings on a day.

    `allowed` are the elements of the need; `level` its level of detail (person, group, school, board); `sees_people`
    says that this person may see the people behind the figures, `sees_behind` of which indicators; `optional` are
    columns that are left out when the need or the snapshot lacks an element for them. Raises Refused: code `sql`,
    `element`, `standing`, `small-groups` or `snapshot`.
    """
    if day is None:
        raise Refused(_("Zonder dag is niet te zeggen wie u vandaag bent."), code="standing")
    began = time.perf_counter()
    snapshot = source if isinstance(source, Opened) else Opened(source)
    opens = scoping(standings, day)
    if not opens.shape.scopes:
        raise Refused(_("U hebt vandaag geen rol waarvoor deze informatie bedoeld is."), code="standing")
    protect = level != "person"
    sql = fitting(sql, allowed, snapshot.tables, optional)
    ready = _prepared(sql, allowed, opens.shape, snapshot.tables, threshold, "bits", protect)
    planned = time.perf_counter()
    show_all = sees_people or not protect
    if ready.plan.keys_only and not show_all:
        ready = _prepared(sql, allowed, opens.shape, snapshot.tables, threshold, "keys", protect)
    rows = _run(snapshot.cursor, ready, opens.parameters(ready.parameters))
    show_all = show_all or not anything_small(rows, ready.plan, threshold)
    if not show_all and ready.plan.two_modes and ready.mode == "bits":
        ready = _prepared(sql, allowed, opens.shape, snapshot.tables, threshold, "keys", protect)
        rows = _run(snapshot.cursor, ready, opens.parameters(ready.parameters))
    ran = time.perf_counter()
    opens_rows = opened_rows(ready.plan, sees_behind, day)
    shown, hidden = _shown(rows, ready.plan, threshold, opens_rows, show_all=show_all)
    spent = {"plan": planned - began, "run": ran - planned, "protect": time.perf_counter() - ran}
    return Answer(ready.columns, shown, hidden, ready.plan.query.elements, {k: v * 1000 for k, v in spent.items()})


def judge(
    sql: str, allowed: frozenset[str], *, level: str = "person", optional: frozenset[str] = frozenset()
) -> frozenset[str]:
    """Whether a need with these elements can have this product at all; the elements that it then uses.

    Raises Refused as `answer` does, without a snapshot and without a person.
    """
    return _judged(sql, allowed, level, optional).plan.query.elements


def resolved(
    sql: str, allowed: frozenset[str], *, level: str = "person", optional: frozenset[str] = frozenset()
) -> tuple[AnswerColumn, ...]:
    """The columns that a product of such a need gives, each with the elements that it is made of.

    Raises Refused as `judge` does.
    """
    return _judged(sql, allowed, level, optional).columns


def _judged(sql: str, allowed: frozenset[str], level: str, optional: frozenset[str]) -> "_Ready":
    model = tuple((table, tuple(columns.items())) for table, columns in _whole_model().items())
    sql = fitting(sql, allowed, model, optional)
    return _prepared(sql, allowed, Shape(("board",), ()), model, THRESHOLD, "keys", level != "person")


@dataclass(frozen=True)
class _Ready:
    """A query as it will be run for one shape of scope: its text, the parameters in it, and what its columns are."""

    text: str
    parameters: frozenset[str]
    plan: Plan
    columns: tuple[AnswerColumn, ...]
    mode: Mode


@lru_cache(maxsize=2048)
def _prepared(
    sql: str, allowed: frozenset[str], shape: Shape, tables: _Tables, threshold: int, mode: Mode, protect: bool
) -> _Ready:
    schema = {table: dict(columns) for table, columns in tables}
    query = checked(sql, schema)
    require(query, allowed)
    plan = counted(sql, schema, threshold, mode) if protect else Plan(query, len(query.relation.outputs))
    scoper = Scoper(shape, {table: tuple(columns) for table, columns in schema.items()})
    text = plan.query.text(scoper.table, scoper.prelude)
    return _Ready(text, parameters(text), plan, _columns(plan), mode)


@lru_cache(maxsize=2048)
def fitting(sql: str, allowed: frozenset[str], tables: _Tables, optional: frozenset[str] = frozenset()) -> str:
    """The query without the optional columns for which the need or the snapshot has no element.

    Raises Refused (code `snapshot`) when the snapshot lacks what cannot be left out, so that a table that was not
    collected is told from one that does not exist.
    """
    query = checked(sql, _whole_model())
    held = {f"{table}.{column}" for table, columns in tables for column, _type in columns}
    beyond = query.elements - (held & permitted(allowed))
    left_out = {o.name for o in query.relation.outputs if o.name in optional and o.elements & beyond}
    if left_out:
        sql = pruned(sql, left_out)
        query = checked(sql, _whole_model())
    missing = sorted(query.elements - held) + sorted(query.tables - {table for table, _columns in tables})
    if missing:
        text = _("Deze momentopname heeft %(elements)s niet: er was geen goedgekeurde behoefte of geen bron voor.")
        raise Refused(
            text % {"elements": ", ".join(missing)}, code="snapshot", who_can=("information_manager", "ict_manager")
        )
    return sql


@cache
def _whole_model() -> dict[str, dict[str, str]]:
    return {table.name: {name: c.type for name, c in table.columns.items()} for table in school_model().values()}


def _columns(plan: Plan) -> tuple[AnswerColumn, ...]:
    outputs = plan.query.relation.outputs[: plan.visible]
    return tuple(AnswerColumn(o.name, o.elements, _unit(o.elements), n in plan.cells) for n, o in enumerate(outputs))


def _unit(elements: frozenset[str]) -> str:
    if len(elements) != 1:
        return ""
    table, _dot, column = next(iter(elements)).partition(".")
    return school_model()[table].columns[column].unit


def _run(cursor: duckdb.DuckDBPyConnection, ready: _Ready, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    try:
        return cursor.execute(ready.text, parameters).fetchall()
    except (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException) as error:
        reason = str(error).partition("\n")[0]
        raise Refused(_("De vraag kan niet worden uitgevoerd: %(reason)s") % {"reason": reason}, code="sql") from None
    except duckdb.Error as error:  # its text can hold values of people
        kind = type(error).__name__
        raise Refused(_("De vraag liep vast op de gegevens (%(kind)s).") % {"kind": kind}, code="sql") from None


def _shown(
    rows: list[tuple[Any, ...]], plan: Plan, threshold: int, opens: Opens, *, show_all: bool
) -> tuple[list[tuple[Any, ...]], frozenset[tuple[int, int]]]:
    """The visible columns, with what is hidden marked; hidden rows lose the place that their figure gave them."""
    cells = {} if show_all or not plan.atoms else hidden_cells(rows, plan, threshold, opens)
    shown = [list(row[: plan.visible]) for row in rows]
    for (row, column), few in cells.items():
        shown[row][column] = Hidden(threshold if few else 0)
    order = list(range(len(rows)))
    if cells and plan.sorted_by_people:
        touched = {row for row, _column in cells}
        order.sort(key=lambda row: (row in touched, str(_name(rows[row], plan)) if row in touched else ""))
    places = {row: place for place, row in enumerate(order)}
    return [tuple(shown[row]) for row in order], frozenset((places[row], column) for row, column in cells)


def _name(row: tuple[Any, ...], plan: Plan) -> tuple[Any, ...]:
    return tuple(row[column] for column in (*plan.apart, *plan.dims))
