"""What the newest file of a source would give, looked at without keeping anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from schakel.collect import door
from schakel.collect.examination import examine
from schakel.collect.examined import Examined
from schakel.collect.findings import CheckReport
from schakel.collect.packages import Package
from schakel.collect.reports import ColumnDecision
from schakel.collect.sources import Source
from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _
from schakel.portal import figures, tables
from schakel.portal.pages import columns
from schakel.portal.pages import source as one
from schakel.portal.pages.sources import source_name
from schakel.portal.parts import Action, Checks, Head, Link, Note
from schakel.portal.tables import Shown, Table

LARGEST = 200 * 2**20  # bytes unpacked, for which somebody waits at a page


@dataclass(frozen=True)
class Trial:
    """The page after a look; without verdicts when the file could not be followed."""

    head: Head
    note: Note
    verdicts: Checks | None = None
    findings: Shown | None = None
    columns: Shown | None = None


@dataclass(frozen=True)
class _Seen:
    report: CheckReport
    columns: Sequence[ColumnDecision]


def page(source: Source, path: Path, package: Package, needed: Mapping[str, frozenset[str]]) -> Trial:
    """What came of looking at this file. Raises SchakelError for one that is too large or cannot be followed."""
    if sum(part.entry.size for part in package.files.values()) > LARGEST:
        text = _("Dit bestand is te groot om op een pagina te proberen. Gebruik op de server: schakel check.")
        raise SchakelError(text, code="large", where=path.name)
    seen = _look(package, needed)
    report = seen.report
    verdicts, findings = one.looked_at(source, report)
    return Trial(
        Head(_title(path, report), crumbs=_crumbs(source), actions=[_back(source)]),
        Note(_("Schakel heeft het bestand bekeken en niets bewaard."), "ok", _("Alleen gekeken.")),
        verdicts,
        _still(findings),
        _still(columns.table(seen.columns)),
    )


def refused(source: Source, wrong: str) -> Trial:
    """The page when there was nothing to look at, or it could not be followed."""
    title = _("%(name)s is niet te lezen") % {"name": source_name(source)}
    return Trial(Head(title, crumbs=_crumbs(source), actions=[_back(source)]), Note(wrong, "bad"))


def _look(package: Package, needed: Mapping[str, frozenset[str]]) -> _Seen:
    done = examine(package, needed)
    try:
        decided = [d for each in done.files.values() for d in each.decisions]
        there = {(d.file, d.column) for d in decided if d.decision != door.DROP}
        made = {(name, c) for name, each in done.files.items() for c in _made(each)}
        missing = sorted({(f, c) for f, wanted in needed.items() for c in wanted if f in done.files} - there - made)
        shown = [ColumnDecision(d.file, d.header, d.decision, d.reason) for d in decided]
        why = _("Een behoefte vraagt dit, maar het is niet geleverd.")
        return _Seen(done.report, shown + [ColumnDecision(file, column, "missing", why) for file, column in missing])
    finally:
        done.close()


def _still(table: Table) -> Shown:
    """A table in one piece, without links: this page came of a form, and looking again would ask again."""
    bare = [replace(column, sorts=False) for column in table.columns]
    return tables.shown(replace(table, columns=bare, search="", filters=(), size=max(len(table.rows), 1)), {})


def _made(each: Examined) -> set[str]:
    """The columns that no column of the file brings: constants, and keys made of others."""
    return {known.name for known in each.file.fields if known.constant} | set(each.part.derived)


def _title(path: Path, report: CheckReport) -> str:
    words = {"file": path.name, "rows": figures.number(sum(report.rows.values()))}
    if report.usable:
        return _("%(file)s is bruikbaar: %(rows)s rijen") % words
    return _("%(file)s zou worden tegengehouden") % words


def _crumbs(source: Source) -> list[Link]:
    return [Link(_("Bronnen"), "/bronnen"), Link(source_name(source), f"/bronnen/{source.key}")]


def _back(source: Source) -> Action:
    return Action(_("Terug naar de bron"), f"/bronnen/{source.key}")
