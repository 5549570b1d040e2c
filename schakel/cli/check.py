"""`schakel check PATH`: look at a delivery and keep nothing. Exit status 0 conformant, 1 findings, 2 unreadable."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import click

from schakel.collect import contracts
from schakel.collect.checks import check
from schakel.collect.connectors import open_package
from schakel.collect.findings import CheckReport, Finding
from schakel.collect.packages import Package
from schakel.collect.reports import RuleCount, by_rule
from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext, number, printable

SHOWN = 3  # first rows per rule, without --all


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Uitvoer voor een programma: alle bevindingen als JSON.")
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Een vertaling (YAML) van het scherm; zonder deze kijkt Schakel in de datamap.",
)
@click.option("--all", "everything", is_flag=True, help="Noem elke regel van elke bevinding.")
def command(path: Path, as_json: bool, everything: bool, mapping: Path | None) -> None:
    """Controleer een levering (zip, map of bestand). Er wordt niets bewaard."""
    try:
        package = _package(path, mapping)
        report = _watched(package) if _someone_watches(as_json) else check(package)
    except SchakelError as error:
        _say(json.dumps({"error": error.code, "message": str(error)}) if as_json else f"{error}", err=not as_json)
        sys.exit(2)
    if as_json:
        json.dump(report.as_json(), sys.stdout, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        _show(package, report, everything)
    sys.exit(0 if report.conformant else 1)


def _package(path: Path, mapping: Path | None) -> Package:
    """The delivery as its source is read, where there is one: with its mapping and the answers that were chosen."""
    data = Path(os.environ.get("SCHAKEL_DATA") or "data")
    package = _opened(path, mapping, data / "mappings")
    if not (data / contracts.FOLDER).is_dir():
        return package
    return replace(
        package, layout=contracts.agreed(package.layout, contracts.copied(data, path.name, package.layout.name))
    )


def _opened(path: Path, mapping: Path | None, folder: Path) -> Package:
    if mapping is None and not folder.is_dir():
        return open_package(path)
    from schakel.connectors import own_mappings  # reading YAML costs start-up time

    told = own_mappings.read(mapping) if mapping else own_mappings.fitting(folder, path.name)
    return own_mappings.package(path, told) if told else open_package(path)


def _someone_watches(as_json: bool) -> bool:
    return not as_json and sys.stderr.isatty()


def _watched(package: Package) -> CheckReport:
    """Check with a bar over the bytes of all files."""
    total = sum(part.entry.size for part in package.files.values())
    with click.progressbar(length=total, label=_("Controleren"), file=sys.stderr) as bar:
        return check(package, lambda _file, size: bar.update(size))


def _show(package: Package, report: CheckReport, everything: bool) -> None:
    _say(f"{package.path.name}: {package.layout.title or report.layout}")
    rows = ", ".join(f"{file} {number(count)}" for file, count in report.rows.items())
    _say(_("Regels per bestand: %(rows)s") % {"rows": rows or "-"})
    _say(_("Volgens de standaard: %(yes)s") % {"yes": _("ja") if report.conformant else _("nee")})
    _say(_("Bruikbaar: %(yes)s") % {"yes": _usable(report)})
    together: dict[tuple[str, str, str, str], list[RuleCount]] = {}
    for counted in by_rule(report, len(report.findings) if everything else SHOWN):
        alone = "" if counted.column else counted.message
        together.setdefault((counted.rule, counted.file, counted.action, alone), []).append(counted)
    for group in together.values():
        _show_rule(group)
    _say()
    _say(_closing(report))


def _say(text: str = "", err: bool = False) -> None:
    """Names of files and columns come from whoever delivered them: nothing in them steers the terminal."""
    click.echo(printable(text), err=err)


def _usable(report: CheckReport) -> str:
    if not report.usable:
        return _("nee, een bevinding houdt de levering tegen")
    count = sum(f.action in {"drop row", "drop value"} for f in report.findings)
    told = ngettext("ja, met %(count)s reparatie", "ja, met %(count)s reparaties", count) % {"count": number(count)}
    return told if count else _("ja")


def _show_rule(group: list[RuleCount]) -> None:
    """One rule in one file; several columns share the sentence of the first."""
    first, count = group[0], sum(each.count for each in group)
    grave = {"error": _("Fout"), "warning": _("Let op"), "info": _("Ter info")}[first.severity]
    _say()
    _say(f"{grave}  {first.file or '-'}  {first.rule}  {number(count)}x")
    _say(f"  {first.message} ({_done(first)})")
    if len(group) > 1:
        _say(_("  Zo ook: %(columns)s") % {"columns": ", ".join(each.column for each in group[1:])})
    places = [_place(found, len(group) > 1) for each in group for found in each.first if found.row > 1]
    if places:
        more = "; …" if count > sum(len(each.first) for each in group) else ""
        _say(_("  Regel %(rows)s") % {"rows": "; ".join(places) + more})


def _done(counted: RuleCount) -> str:
    if counted.action == "drop value" and counted.first[0].row <= 1:  # a column or a file as a whole
        return _("niet overgenomen")
    return {
        "accept": _("toegelaten"),
        "drop value": _("waarde weggelaten"),
        "drop row": _("regel apart gezet"),
        "stop": _("levering tegengehouden"),
    }[counted.action]


def _place(found: Finding, several: bool) -> str:
    column = f" {found.column}" if several else ""
    return f"{found.row}{column}: {found.value}" if found.value else f"{found.row}{column}"


def _closing(report: CheckReport) -> str:
    if not report.findings:
        return _("Geen bevindingen.")
    count = len(report.findings)
    return ngettext("%(count)s bevinding.", "%(count)s bevindingen.", count) % {"count": number(count)}
