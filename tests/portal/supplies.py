"""Sources with their readings and landings, as the flow leaves them, for tests of the pages about them."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings

from schakel.access.changes import change
from schakel.access.register import put
from schakel.chain.elements import SourceOfRecord
from schakel.chain.systems import System
from schakel.collect.runs import Run
from schakel.collect.sources import Source
from schakel.lib import clock
from tests.desk import Desk

HOSTILE = "<b>&\"'{{ x }}"


def words(answer: Any) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def source(room: Desk, key: str = "las", **fields: Any) -> Source:
    """A source of a system that is called the same."""
    system, _ = put(room.manager, "system.write", System, f"s-{key}", name=fields.pop("system_name", f"Systeem {key}"))
    given = {"name": f"Bron {key}", "system": system, "layout": "oneroster", "pattern": f"{key}_*.zip", **fields}
    found: Source = put(room.manager, "source.write", Source, key, **given)[0]
    return found


def gives_absence(room: Desk, hours: float) -> Source:
    """A source from which the kind of absence comes, that was last read so many hours ago."""
    of = source(room, "verzuim", layout="verzuim")
    element = room.element("absence.kind")
    put(room.manager, "element.write", SourceOfRecord, "absence.kind@verzuim", element=element, system=of.system)
    reading(room, of, hours=hours, file_name="verzuim_1.csv")
    return of


def reading(room: Desk, of: Source, state: str = "good", hours: float = 0, **fields: Any) -> Run:
    """A reading so many hours ago."""
    moment = clock.now() - timedelta(hours=hours)
    fields.setdefault("rows_held", fields.get("rows_quarantined", 0))
    with change(room.people["ict_manager"], "source.collect", of):
        run = Run(source=of, state=state, started_at=moment, finished_at=moment + timedelta(seconds=3), **fields)
        run.save()
    return run


def finding(rule: str = "type", **fields: Any) -> dict[str, Any]:
    """A finding as a report holds it."""
    return {
        "rule": rule, "severity": "error", "file": "users.csv", "column": "email", "row": 7, "action": "accept",
        "message": "De waarde is geen e-mailadres.", "value": "j***** (9)", **fields,
    }  # fmt: skip


def landing(name: str = "las/abc", **told: Any) -> str:
    """A landing on disk; its folder relative to the data folder, as a run names it."""
    folder = Path(settings.DATA) / "landing" / name
    folder.mkdir(parents=True, exist_ok=True)
    report = {
        "layout": "oneroster", "version": "1.2", "conformant": True, "usable": True, "rows": {"users.csv": 100},
        "findings": [], **told.pop("report", {}),
    }  # fmt: skip
    facts = {
        "rows": {"users.csv": 100}, "quarantined": {}, "columns_kept": [["users.csv", "email"]], "columns_dropped": [],
        "columns_refused": [], "columns_missing": [], **told,
    }  # fmt: skip
    (folder / "report.json").write_text(json.dumps(report))
    (folder / "landing.json").write_text(json.dumps(facts))
    return str(folder.relative_to(settings.DATA))


def quarantine(
    name: str = "las/abc",
    file: str = "users.csv",
    rows: tuple[tuple[Any, ...], ...] = (),
    packages: tuple[str, ...] = (),
) -> Path:
    """Refused rows on disk: (row, rule, column, reason, value); `packages` has the delivery that each came in."""
    folder = Path(settings.DATA) / "quarantine" / name
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as con:
        con.execute("CREATE TABLE q (email VARCHAR, _row BIGINT, _rule VARCHAR, _column VARCHAR, _reason VARCHAR)")
        for row, rule, column, reason, value in rows:
            con.execute("INSERT INTO q VALUES (?, ?, ?, ?, ?)", [value, row, rule, column, reason])
        if packages:
            con.execute("ALTER TABLE q ADD COLUMN _package VARCHAR")
            for (row, *_rest), package in zip(rows, packages, strict=True):
                con.execute("UPDATE q SET _package = ? WHERE _row = ?", [package, row])
        con.execute(f"COPY q TO '{folder / (file + '.parquet')}' (FORMAT parquet)")
    return folder
