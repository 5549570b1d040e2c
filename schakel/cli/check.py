"""`schakel check PATH`: look at a delivery and keep nothing. Exit status 0 conformant, 1 findings, 2 unreadable."""

import json
import sys
from pathlib import Path

import click

from schakel.collect.checks import check
from schakel.collect.connectors import open_package
from schakel.collect.findings import CheckReport
from schakel.collect.packages import Package
from schakel.collect.reports import RuleCount, by_rule
from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext, number

SHOWN = 3  # first rows per rule, without --all


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Uitvoer voor een programma: alle bevindingen als JSON.")
@click.option("--all", "everything", is_flag=True, help="Noem elke regel van elke bevinding.")
def command(path: Path, as_json: bool, everything: bool) -> None:
    """Controleer een levering (zip, map of bestand). Er wordt niets bewaard."""
    try:
        package = open_package(path)
        report = _watched(package) if _someone_watches(as_json) else check(package)
    except SchakelError as error:
        click.echo(json.dumps({"error": error.code, "message": str(error)}) if as_json else f"{error}", err=not as_json)
        sys.exit(2)
    if as_json:
        json.dump(report.as_json(), sys.stdout, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        _show(package, report, everything)
    sys.exit(0 if report.conformant else 1)


def _someone_watches(as_json: bool) -> bool:
    return not as_json and sys.stderr.isatty()


def _watched(package: Package) -> CheckReport:
    """Check with a bar over the bytes of all files."""
    total = sum(part.entry.size for part in package.files.values())
    with click.progressbar(length=total, label=_("Controleren"), file=sys.stderr) as bar:
        return check(package, lambda _file, size: bar.update(size))


def _show(package: Package, report: CheckReport, everything: bool) -> None:
    click.echo(_("%(name)s: %(title)s") % {"name": package.path.name, "title": package.layout.title or report.layout})
    rows = ", ".join(f"{file} {number(count)}" for file, count in report.rows.items())
    click.echo(_("Regels per bestand: %(rows)s") % {"rows": rows or "-"})
    click.echo(_("Volgens de standaard: %(yes)s") % {"yes": _("ja") if report.conformant else _("nee")})
    click.echo(_("Bruikbaar: %(yes)s") % {"yes": _usable(report)})
    for counted in by_rule(report, len(report.findings) if everything else SHOWN):
        _show_rule(counted)
    click.echo()
    click.echo(_closing(report))


def _usable(report: CheckReport) -> str:
    if not report.usable:
        return _("nee, een bevinding houdt de levering tegen")
    repairs = sum(f.action in {"drop row", "drop value"} for f in report.findings)
    return _("ja, met %(count)s reparaties") % {"count": number(repairs)} if repairs else _("ja")


def _show_rule(counted: RuleCount) -> None:
    grave = {"error": _("Fout"), "warning": _("Let op"), "info": _("Ter info")}[counted.severity]
    done = {
        "accept": _("toegelaten"),
        "drop value": _("waarde weggelaten"),
        "drop row": _("regel apart gezet"),
        "stop": _("levering tegengehouden"),
    }
    click.echo()
    click.echo(f"{grave}  {counted.file or '-'}  {counted.rule}  {number(counted.count)}x")
    click.echo(f"  {counted.message} ({done[counted.action]})")
    places = [f"{f.row}{f': {f.value}' if f.value else ''}" for f in counted.first if f.row]
    if places:
        more = ", …" if counted.count > len(counted.first) else ""
        click.echo(_("  Regel %(rows)s") % {"rows": "; ".join(places) + more})


def _closing(report: CheckReport) -> str:
    if not report.findings:
        return _("Geen bevindingen.")
    count = len(report.findings)
    return ngettext("%(count)s bevinding.", "%(count)s bevindingen.", count) % {"count": number(count)}
