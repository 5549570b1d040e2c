"""What fills the register for a test is written once; every later test gets the very same rows by replaying its SQL.

Setting up the stock people and a small chain takes a tenth of a second through the functions of the register, and a
few thousandths by repeating the statements that those functions sent. Each test still begins with an empty register
and undoes what it did; only the way to the starting point is shorter.
"""

import copy
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import get_language

WRITING = ("INSERT", "UPDATE", "DELETE")
_written: dict[tuple[Any, ...], "Written"] = {}


@dataclass(frozen=True)
class Written:
    """What was sent to the register, what was returned, and the keys that were next before it."""

    statements: list[tuple[str, Any, bool]]
    result: Any
    counters: list[tuple[str, int]]


def written_once(fill: Callable[..., Any]) -> Callable[..., Any]:
    """Let a fixture (without a `yield`) or a helper, that only writes to the register, send its rows once a process.

    It is written anew for another day or language, and on another register: the end of the audit trail is part of
    what it is remembered by, so whoever wrote something before it gets rows of his own.
    """

    @functools.wraps(fill)
    def once(*given: Any, **named: Any) -> Any:
        place = _place(fill)
        if place not in _written:
            _written[place] = _watched(lambda: fill(*given, **named))
        else:
            _replay(_written[place])
        return copy.deepcopy(_written[place].result)

    return once


def _place(fill: Callable[..., Any]) -> tuple[Any, ...]:
    """Everything that could make the rows differ."""
    from schakel.access.audit import AuditHead
    from schakel.lib import clock

    head = AuditHead.objects.filter(pk=1).values_list("number", "hash").first()
    taken = ()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            taken = cursor.execute("SELECT count(*), total(seq) FROM sqlite_sequence").fetchone()
    return fill.__module__, fill.__qualname__, clock.today(), get_language(), head, taken


def _watched(fill: Callable[[], Any]) -> Written:
    statements: list[tuple[str, Any, bool]] = []

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if sql.lstrip().upper().startswith(WRITING):
            statements.append((sql, copy.deepcopy(params), many))
        return execute(sql, params, many, context)

    counters = _counters()
    with connection.execute_wrapper(watch):
        result = fill()
    return Written(statements, copy.deepcopy(result), counters)


def _replay(written: Written) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        if written.counters:
            names, upcoming = zip(*written.counters, strict=True)
            cursor.execute(
                "SELECT setval(name, upcoming, false) FROM unnest(%s::text[], %s::bigint[]) AS t(name, upcoming)",
                [list(names), list(upcoming)],
            )
        for sql, params, many in written.statements:
            (cursor.executemany if many else cursor.execute)(sql, params)


def _counters() -> list[tuple[str, int]]:
    """PostgreSQL counts on after a rollback; the keys in the statements are those that were given the first time."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, sequencename), coalesce(last_value + 1, start_value) FROM pg_sequences"
        )
        return list(cursor.fetchall())
