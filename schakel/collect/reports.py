"""Reading back what a landing said: findings by rule, what the door decided per column, rows in quarantine."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schakel.collect.findings import CheckReport, Finding
from schakel.collect.rules import rules
from schakel.engine.duck import literal, worker
from schakel.lib.errors import Unknown
from schakel.lib.text import gettext as _
from schakel.lib.text import masked

FIRST = 5


@dataclass(frozen=True)
class RuleCount:
    """The findings of one rule in one column: how many, and the first of them."""

    rule: str
    severity: str
    file: str
    column: str
    action: str
    message: str
    count: int
    first: tuple[Finding, ...]


@dataclass(frozen=True)
class ColumnDecision:
    """What the door decided about one column: keep, drop, refuse or missing, and why."""

    file: str
    column: str
    decision: str
    reason: str


@dataclass(frozen=True)
class Refusals:
    """Rows in quarantine of one file. Each row has the needed columns, then _row, _rule, _column, _reason.

    Then _mark and _package, which say in which delivery it came; not in a landing from before they were kept.
    """

    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    total: int


def landing_told(folder: Path) -> dict[str, Any]:
    """The facts of a landing (`landing.json`). Raises Unknown where there is none."""
    content = _json(Path(folder) / "landing.json")
    return content if isinstance(content, dict) else {}


def check_report(folder: Path) -> CheckReport:
    """Both verdicts and every finding of a landing. Raises Unknown where there is none."""
    return CheckReport.from_json(_json(Path(folder) / "report.json"))


def by_rule(report: CheckReport, first: int = FIRST) -> list[RuleCount]:
    """Findings grouped by rule, file and column: about the whole first, then the gravest and most frequent."""
    groups: dict[tuple[str, str, str, str, str], list[Finding]] = {}
    for found in report.findings:
        groups.setdefault((found.rule, found.file, found.column, found.action, found.message), []).append(found)
    counted = [
        RuleCount(rule, found[0].severity, file, column, action, found[0].message, len(found), tuple(found[:first]))
        for (rule, file, column, action, _message), found in groups.items()
    ]
    grave = {"error": 0, "warning": 1, "info": 2}
    return sorted(counted, key=lambda c: (c.file != "", grave[c.severity], -c.count, c.file, c.column))


def column_decisions(folder: Path) -> list[ColumnDecision]:
    """What was kept, dropped, refused and missing, with the reason. Raises Unknown where there is no landing."""
    told = landing_told(folder)
    refused = {(file, column) for file, column, _reason in told["columns_refused"]}
    fixed = {(file, column) for file, column in told.get("columns_fixed", ())}  # not told by a landing of before
    reasons = {
        "keep": _("Een goedgekeurde behoefte noemt dit gegeven."),
        "fixed": _("Elke rij heeft de waarde die bij de vertaling is ingevuld."),
    }
    verdicts = ((f, c, "fixed" if (f, c) in fixed else "keep") for f, c in told["columns_kept"])
    kept = [ColumnDecision(f, c, verdict, reasons[verdict]) for f, c, verdict in verdicts]
    dropped = [
        ColumnDecision(f, c, "refuse" if (f, c) in refused else "drop", why) for f, c, why in told["columns_dropped"]
    ]
    missing = [
        ColumnDecision(f, c, "missing", _("Een behoefte vraagt dit, maar het is niet geleverd."))
        for f, c in told["columns_missing"]
    ]
    return sorted([*kept, *dropped, *missing], key=lambda d: (d.file, d.column))


def quarantine_files(folder: Path) -> dict[str, int]:
    """Refused rows per file in a quarantine folder, files without any left out."""
    return {name: r.total for name in _names(folder) if (r := quarantined(folder, name, limit=0)).total}


def quarantined(folder: Path, file: str, *, limit: int = 200, offset: int = 0) -> Refusals:
    """Rows that were refused, per delivery in its order, with where and why. Raises Unknown for a file without any.

    Values are masked: a refused row has no school or group yet by which it could be limited to who may see it (laws 2
    and 4). The line number and the reason are enough to repair it at the source.
    """
    if file not in _names(folder):
        raise Unknown(_("Van dit bestand is geen quarantaine."), where=file)
    source = f"read_parquet({literal(Path(folder) / (file + '.parquet'))})"
    con = worker(memory="500MB")
    try:
        columns = tuple(each[0] for each in con.execute(f"SELECT * FROM {source} LIMIT 0").description or ())
        order = ", ".join(each for each in ("_package", "_row", "_column") if each in columns)
        found = con.execute(f"SELECT * FROM {source} ORDER BY {order} LIMIT {int(limit)} OFFSET {int(offset)}")
        rows = tuple(_masked(columns, row) for row in found.fetchall())
        total = con.execute(f"SELECT count(*) FROM {source}").fetchone()
    finally:
        con.close()
    return Refusals(file, columns, rows, total[0] if total else 0)


def _masked(columns: Sequence[str], row: Sequence[Any]) -> tuple[Any, ...]:
    pairs = zip(columns, row, strict=True)
    return tuple(value if name.startswith("_") or value is None else masked(value) for name, value in pairs)


def rule_sentence(rule: str) -> str:
    """A rule in words, without a column filled in. Raises Unknown for a rule that does not exist."""
    if rule not in rules():
        raise Unknown(_("Deze regel bestaat niet."), where=rule)
    return rules()[rule].sentence({"column": "…", "expected": "…", "found": "…"})


def _names(folder: Path) -> list[str]:
    return sorted(path.stem for path in Path(folder).glob("*.parquet"))


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Unknown(_("Deze levering is er niet (meer)."), where=path.parent.name) from error
