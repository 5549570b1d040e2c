"""A board with one source of one kind, whose readings can be killed; `kills.py` says how a nursery works.

The test serves what the source gives, in two sizes by turns, so that the server outlives whoever is killed.
`python -m tests.operations.source_kills KIND FOLDER` is the nursery; FOLDER is where the source is told of.
"""

import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from tests.collect.small_roster import texts, zipped
from tests.connectors.declarations import VERZUIM
from tests.operations import kills

SIZES = {"old": 200, "new": 240}
_HEADERS = ["Leerlingnummer", "Vestiging", "Datum", "Lesuur", "Soort", "Reden", "Klokuren", "Lesuren",
            "Minuten te laat", "Contact op", "Opmerking"]  # fmt: skip
Serve = Callable[[int], None]
KINDS = ("csv", "xlsx", "zip", "edexml", "folder", "sql", "json", "sftp", "oneroster-rest")
TABLES = {"zip": ("oneroster", "users"), "oneroster-rest": ("oneroster", "users"), "edexml": ("edexml", "pupil")}
PATTERNS = {"xlsx": "verzuim_*.xlsx", "zip": "las_*.zip", "edexml": "*.xml", "oneroster-rest": "las_*.zip"}
FIRST = 6  # people in the small roster, beside those that are added


def table(kind: str) -> str:
    """The landed file by which rows are counted."""
    return TABLES.get(kind, ("verzuim", "absence"))[1]


def rows_of(kind: str, state: str) -> int:
    """How many rows must stand."""
    return SIZES[state] + (FIRST if kind in ("zip", "oneroster-rest") else 0)


@contextmanager
def serving(kind: str, data: Path, base: Path) -> Iterator[tuple[Serve, dict[str, Any]]]:
    """What gives the source so many rows, and how the source is reached; servers run until the block ends."""
    base.mkdir()
    (data / "inbox").mkdir(parents=True)
    if kind == "sftp":
        from tests.connectors.sftp_server import sftp_server

        with sftp_server(base) as server:
            access = server.access()
            reached = {"provider": "sftp", "method": "key", "address": server.address, "client": access.client,
                       "secret": access.secret, "details": {"host_key": server.fingerprint}}  # fmt: skip
            yield lambda rows: _file("folder", server.folder, rows), reached
    elif kind == "json":
        yield from _json()
    elif kind == "oneroster-rest":
        yield from _rest()
    elif kind == "sql":
        reached = {"provider": "sql", "method": "none", "address": f"sqlite://{base}/las.sqlite"}
        yield lambda rows: _tables(base / "las.sqlite", rows), reached
    elif kind == "folder":
        reached = {"provider": "folder", "method": "none", "address": f"file://{base}"}
        yield lambda rows: _file(kind, base, rows), reached
    else:
        yield lambda rows: _file(kind, data / "inbox", rows), {}


def _json() -> Iterator[tuple[Serve, dict[str, Any]]]:
    from tests.connectors.json_server import json_serving, many

    with json_serving("page", "bearer", many(1)) as server:
        server.page = 50

        def give(rows: int) -> None:
            server.rows = many(rows)

        yield (
            give,
            {"provider": "rest-json", "method": "bearer", "address": server.access.address, "secret": "zeer+geheim/!"},
        )


def _rest() -> Iterator[tuple[Serve, dict[str, Any]]]:
    from tests.connectors.reference_provider import providing

    with providing() as server:
        server.page = 50

        def give(rows: int) -> None:
            server.files = kills._roster(rows)

        said = server.access
        reached = {"version": said.version, "address": said.address, "method": said.method, "client": said.client}
        yield (
            give,
            {"provider": "oneroster-rest", **reached, "secret": said.secret, "token_address": said.token_address},
        )


def _tables(path: Path, rows: int) -> None:
    with sqlite3.connect(path) as con:
        con.execute("CREATE TABLE IF NOT EXISTS verzuim (nummer, vestiging, datum, lesuur, soort, opmerking)")
        con.execute("DELETE FROM verzuim")
        lines = [(f"{n:05}", "00AA00", "2026-09-01", 1, "G", "geheim") for n in range(rows)]
        con.executemany("INSERT INTO verzuim VALUES (?, ?, ?, ?, ?, ?)", lines)


def _file(kind: str, folder: Path, rows: int) -> None:
    """A file of this kind with so many rows; the next one has a later name."""
    number = len(list(folder.glob("*_*")))
    name = {"zip": "las_{}.zip", "edexml": "edex_{}.xml", "xlsx": "verzuim_{}.xlsx"}.get(kind, "verzuim_{}.csv")
    fresh = folder.parent / f"{kind}.fresh"
    if kind == "zip":
        zipped(fresh, dict(texts(kills._roster(rows))))
    else:
        fresh.write_bytes(_content(kind, rows))
    fresh.replace(folder / name.format(f"{number:06}"))


def _content(kind: str, rows: int) -> bytes:
    if kind == "edexml":
        from tests.connectors.edexml_files import GOOD

        head, pupil = (
            GOOD.partition("<leerlingen>")[0],
            '<leerling key="{}"><achternaam>A</achternaam><groep key="G1"/></leerling>',
        )
        return f"{head}<leerlingen>{''.join(pupil.format(n) for n in range(rows))}</leerlingen></EDEX>".encode()
    lines = [[f"{n:05}", "00AA00", date(2026, 9, 1), 1, "G", "", "", "", "", "", "geheim"] for n in range(rows)]
    if kind == "xlsx":
        from tests.kits.sheet_files import book

        return book(Verzuim=[_HEADERS, *lines])  # type: ignore[no-any-return]
    text = "\n".join(
        ";".join(f"{cell:%d-%m-%Y}" if isinstance(cell, date) else str(cell) for cell in line) for line in lines
    )
    return f"{';'.join(_HEADERS)}\n{text}\n".encode("cp1252")


# What follows runs in the nursery and its children.


def make_board(kind: str, reached: dict[str, Any]) -> None:
    """People, the starter kit, one need that is approved, and one source that counts."""
    from schakel.access.register import put
    from schakel.chain.systems import System
    from schakel.collect.sources import Source
    from schakel.kits import stock
    from schakel.kits.loading import load
    from schakel.operations import ways_in
    from tests.connectors.test_rest_json import wish

    people = stock.bring_in()
    load(people["information_manager"], "starter")
    actor, system = people["ict_manager"], System.objects.first()
    for source in Source.objects.all():
        put(actor, "source.write", Source, source.key, active=False)
    layout, pattern = TABLES.get(kind, ("verzuim", ""))[0], PATTERNS.get(kind, "verzuim_*.csv")
    declared = {"sql": VERZUIM, "json": wish("page", size=50).declared}.get(kind)
    if reached and declared:
        ways_in.begin(actor, "bron", "Bron", system, reached=reached, declared=declared)
    elif reached:
        ways_in.begin(actor, "bron", "Bron", system, reached=reached, layout=layout, pattern=pattern)
    else:
        put(actor, "source.write", Source, "bron", name="Bron", system=system, layout=layout, pattern=pattern)
    kills._approve(kills.ALWAYS)


def main(kind: str, folder: str) -> None:
    """Make the board, then let a child do each order."""
    from schakel.cli.start import open_register

    open_register()
    from django.conf import settings
    from django.db import connections

    from schakel.lib.addresses import Allowed
    from schakel.lib.outgoing import Outgoing

    settings.OUTGOING = Outgoing(Allowed(frozenset({"127.0.0.1"}), (folder,)))
    make_board(kind, json.loads((Path(folder) / "reached.json").read_text()))
    connections.close_all()
    kills.obey()


if __name__ == "__main__":
    main(*sys.argv[1:])
