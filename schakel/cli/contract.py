"""`schakel contract export SOURCE` and `import SOURCE FILE`: what is agreed about a source, as ODCS."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext

if TYPE_CHECKING:
    from schakel.collect.sources import Source


@click.group()
def command() -> None:
    """De afspraken over een bron, als data contract (ODCS) eruit en erin."""


@command.command("export")
@click.argument("source")
@click.option(
    "--to", "path", type=click.Path(dir_okay=False, path_type=Path), help="Het bestand; anders op het scherm."
)
def take_out(source: str, path: Path | None) -> None:
    """Schrijf het contract van een bron."""
    from schakel.cli.start import open_register

    open_register()
    from schakel.operations import data_contracts

    written = data_contracts.exported(_source(source))
    if path is None:
        click.echo(written, nl=False)
    else:
        path.write_text(written, encoding="utf-8")
        click.echo(_("%(file)s is geschreven.") % {"file": path})


@command.command("import")
@click.argument("source")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "name", help="Werkadres van wie dit doet.")
@click.option("--reason", default="", help="Waarom; nodig om over te nemen.")
@click.option("--take", is_flag=True, help="Neem alles over; zonder deze ziet u alleen de verschillen.")
def bring_in(source: str, path: Path, name: str | None, reason: str, take: bool) -> None:
    """Laat zien waarin een contract verschilt van het onze, en neem de antwoorden over: alles of niets."""
    from schakel.cli.start import open_register, person

    open_register()
    from schakel.operations import data_contracts, flow

    known, content = _source(source), path.read_bytes()
    found = data_contracts.compared(known, content, path.name)
    for each in found.differences:
        mark = "  " if each.choice else _("! niet over te nemen: ")
        click.echo(f"{mark}{each.place or known.key}  {each.what}: {each.ours or '-'} -> {each.theirs or '-'}")
    count = len(found.differences)
    text = ngettext("%(n)s verschil.", "%(n)s verschillen.", count) % {"n": count}
    click.echo(text if count else _("Dit contract zegt hetzelfde als het onze. Er is niets te doen."))
    if take and count:
        if not name:
            raise click.UsageError(_("Zeg met --as wie dit overneemt."))
        taken = data_contracts.take(person(name), known, content, reason, flow.data_folder())
        click.echo(_("Overgenomen: %(count)s antwoorden. Ze gelden vanaf de volgende levering.")
                   % {"count": len(taken.choices)})  # fmt: skip


def _source(key: str) -> "Source":
    from schakel.collect.sources import Source
    from schakel.lib.errors import Unknown

    found = Source.objects.select_related("system", "owner_role", "repairs_role").filter(key=key).first()
    if found is None:
        raise Unknown(_("Deze bron bestaat niet, of heet anders."), where=key)
    return found
