"""A board with a source of every kind, whose readings can be killed; `kills.py` says how a nursery works.

`python -m tests.operations.source_kills FOLDER` is the nursery. FOLDER holds what the sources give (served.py): the
test serves it, so that the servers outlive whoever is killed.

One source of pupils stands all the while, so that absence finds its pupils. Of the others one at a time is in use.
"""

import json
import sys
from pathlib import Path

from tests.operations import kills
from tests.operations.served import KINDS, LAST, people

MODULE = "tests.operations.source_kills"
ROSTER, ROSTER_FILE = "leerlingen", "vast_1.zip"


def make_board() -> None:
    """People, one need that is approved, and the pupils."""
    from schakel.access.register import put
    from schakel.chain.systems import System
    from schakel.collect.sources import Source
    from schakel.kits import stock
    from schakel.operations import flow
    from tests.collect.small_roster import texts, zipped
    from tests.desk import Desk

    desk = Desk(stock.bring_in())
    desk.approve(desk.need("late", ["pupil.first_name", "absence.kind"], [("teacher", "own_groups")]))
    system, _new = put(kills._person("daan"), "system.write", System, "las", name="LAS")
    fields = {"name": "Leerlingen", "system": system, "layout": "oneroster", "pattern": "vast_*.zip"}
    put(kills._person("daan"), "source.write", Source, ROSTER, **fields)
    zipped(flow.inbox() / ROSTER_FILE, dict(texts(people(range(1, LAST + 1)))))
    flow.run_all(None)  # also so that every child finds read what is read once


def read_once() -> None:
    """What every child would have to read anew."""
    from schakel.connectors import edexml_layout, edexml_rows, mapped_layout, oneroster_rest, spreadsheets, ways_in

    assert all((edexml_rows, oneroster_rest, spreadsheets, ways_in))
    mapped_layout.mappings()
    edexml_layout.elements()


def open_source(kind: str, told: str) -> str:
    """Begin or reach anew the source of this kind, and let it be the one in use."""
    from schakel.access.register import put
    from schakel.chain.systems import System
    from schakel.collect import source_mappings
    from schakel.collect.connections import connect, disconnect
    from schakel.collect.sources import Source

    actor, facts, reached = kills._person("daan"), KINDS[kind], json.loads(Path(told).read_text())
    system, known = System.objects.get(key="las"), Source.objects.filter(key=kind).first()
    if known is None and facts.declared:
        known = source_mappings.begin(actor, kind, kind, system, facts.declared).source
    elif known is None:
        fields = {"name": kind, "system": system, "layout": facts.layout, "pattern": facts.pattern}
        known, _new = put(actor, "source.write", Source, kind, **fields)
    if reached:
        disconnect(actor, known)
        connect(actor, known, **reached)
    for source in Source.objects.all():
        wanted = source.key in (kind, ROSTER if facts.layout == "verzuim" else kind)
        if source.active != wanted:
            put(actor, "source.write", Source, source.key, active=wanted)
    return kind


def read(kind: str) -> list[str]:
    """One reading, as `schakel collect` does it; its outcome."""
    from schakel.collect.sources import Source
    from schakel.operations import flow

    source = Source.objects.get(key=kind)
    path = flow.newest_file(source) if kind not in _servers() else None
    run, _landed = flow.collect(None, path, source) if path else flow.collect_from_server(None, source)
    return [run.state, run.message] if run else []


def whole(kind: str) -> list[str]:
    """Somebody asks for the source, and the worker does a round for it: read, publish, forget."""
    from schakel.collect.sources import Source
    from schakel.operations import flow

    flow.request(kills._person("daan"), [Source.objects.get(key=kind)])
    flowed = flow.run_asked()
    return [each for run in flowed.runs for each in (run.state, run.message)] if flowed else []


def _servers() -> set[str]:
    from schakel.collect.connections import Connection

    return set(Connection.objects.values_list("source__key", flat=True))


kills.ORDERS |= {"open": open_source, "read": read, "whole": whole}


def main(folder: str) -> None:
    """Make the board, then let a child do each order."""
    from schakel.cli.start import open_register

    open_register()
    from django.conf import settings
    from django.db import connections

    from schakel.connectors import waiting_files
    from schakel.lib.addresses import Allowed
    from schakel.lib.outgoing import Outgoing

    settings.OUTGOING = Outgoing(Allowed(frozenset({"127.0.0.1"}), (folder,)))
    waiting_files.STILL = 0.05
    make_board()
    read_once()
    connections.close_all()
    kills.obey()


if __name__ == "__main__":
    main(*sys.argv[1:])
