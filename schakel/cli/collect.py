"""`schakel collect`: take a file in for its source, or the newest file of a source, and publish."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from schakel.lib.errors import Unknown
from schakel.lib.text import gettext as _
from schakel.lib.text import number, printable


@click.command()
@click.argument("what", metavar="PATH|SOURCE")
@click.option("--as", "name", default=None, help="Werkadres van wie dit doet; zonder naam doet Schakel het zelf.")
@click.option("--json", "as_json", is_flag=True, help="Uitvoer voor een programma.")
def command(what: str, name: str | None, as_json: bool) -> None:
    """Lees een bestand of bron in en publiceer een nieuwe momentopname."""
    from schakel.cli.start import open_register, person

    open_register()
    from schakel.operations.flow import data_folder, publish
    from schakel.operations.rounds import busy

    actor = person(name) if name else None
    paths, source = _where(what)
    if busy(data_folder()):
        click.echo(_("Er loopt een ronde. Dit wacht tot die klaar is."), err=True)
    run, landed = _in_order(actor, paths, source) if paths else _asked(actor, source)
    snapshot = publish(actor) if landed is not None and landed.report.usable else None
    facts = {
        "source": run.source.key, "file": run.file_name, "state": run.state,
        "state_words": str(run.get_state_display()),
        "conformant": run.conformant, "usable": run.usable,
        "rows": run.rows_read, "quarantined": run.rows_quarantined, "findings": run.findings, "message": run.message,
        "columns_dropped": [list(item) for item in landed.columns_dropped] if landed else [],
        "snapshot": snapshot.id if snapshot else None,
    }  # fmt: skip
    click.echo(json.dumps(facts, ensure_ascii=False, indent=1)) if as_json else _tell(facts)
    sys.exit({"failed": 2, "stopped": 1}.get(run.state, 0))


def _in_order(actor: Any, paths: list[Path], source: Any) -> Any:
    """Collect these files, the first first, up to one that does not come in; what came of the last of them."""
    from schakel.collect.runs import GOOD

    for at, path in enumerate(paths):
        run, landed = _watched(actor, path, source)
        if run.state not in GOOD or at == len(paths) - 1:
            break
        click.echo(f"{run.file_name}: {run.get_state_display().lower()}", err=True)
    return run, landed


def _watched(actor: Any, path: Path, source: Any) -> Any:
    """Collect, with a bar over the bytes of all files when a person watches."""
    from schakel.collect.connectors import open_package
    from schakel.operations import mapped_sources
    from schakel.operations.flow import collect

    source = source or mapped_sources.source_of(path)
    if not sys.stderr.isatty():
        return collect(actor, path, source)
    total = path.stat().st_size if source else sum(part.entry.size for part in open_package(path).files.values())
    with click.progressbar(length=total, label=_("Inlezen"), file=sys.stderr) as bar:
        return collect(actor, path, source, lambda _file, size: bar.update(size))


def _asked(actor: Any, source: Any) -> Any:
    """Collect from the server that a source is."""
    from schakel.operations.flow import collect_from_server

    run, landed = collect_from_server(actor, source)
    if run is None:
        raise Unknown(_("Een andere verwerker leest deze bron al. Kijk straks op de pagina van de bron."), code="busy")
    return run, landed


def _where(what: str) -> tuple[list[Path], Any]:
    """The files and, when a source was named, the source; no file when the source is a server."""
    from schakel.collect.connections import connection_of
    from schakel.collect.sources import Source
    from schakel.operations.flow import files_to_read

    if Path(what).exists():
        return [Path(what)], None
    source = Source.objects.filter(key=what).first()
    if source is None:
        raise Unknown(_("'%(what)s' is geen bestand en geen bron.") % {"what": what})
    if connection_of(source):
        return [], source
    paths = files_to_read(source)
    if not paths:
        text = _("Er ligt geen bestand voor %(source)s in de inbox (%(pattern)s).")
        raise Unknown(text % {"source": source.name, "pattern": source.pattern})
    return paths, source


def _tell(facts: dict[str, Any]) -> None:
    text = _(
        "%(source)s: %(rows)s rijen gelezen, %(quarantined)s in quarantaine, %(findings)s bevindingen (%(state)s)."
    )
    numbers = {name: number(facts[name]) for name in ("rows", "quarantined", "findings")}
    _say(text % {**facts, **numbers, "state": facts["state_words"].lower()})
    if facts["message"]:
        _say(facts["message"])
    for reason, columns in _by_reason(facts["columns_dropped"]).items():
        _say(f"{reason}")
        for file, names in columns.items():
            _say(f"  {file}: {', '.join(names)}")
    if facts["snapshot"]:
        _say(_("Momentopname %(id)s is in gebruik.") % {"id": facts["snapshot"]})


def _say(text: str) -> None:
    click.echo(printable(text))


def _by_reason(dropped: list[list[str]]) -> dict[str, dict[str, list[str]]]:
    """What stayed outside the door: per reason, per file, the columns."""
    told: dict[str, dict[str, list[str]]] = {}
    for file, column, reason in dropped:
        told.setdefault(reason, {}).setdefault(file, []).append(column)
    return told
