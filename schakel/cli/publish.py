"""`schakel publish`: a new snapshot from what landed, without reading anything."""

import click

from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext


@click.command()
@click.option("--as", "name", required=True, help="Werkadres van wie dit doet.")
@click.option("--anew", is_flag=True, help="Laat standen van eerdere perioden los die niet meer te berekenen zijn.")
def command(name: str, anew: bool) -> None:
    """Publiceer wat binnen is, zonder iets te lezen."""
    from schakel.cli.start import open_register, person

    open_register()
    from schakel.operations import flow

    snapshot = flow.publish(person(name), anew=anew)
    if snapshot is None:
        click.echo(_("Er is nog niets binnen om te publiceren."))
        return
    stayed = sum(told.get("stayed", 0) for told in snapshot.manifest["indicators"].values())
    text = ngettext(
        "Momentopname %(id)s staat klaar; %(count)s stand van een eerdere periode bleef staan.",
        "Momentopname %(id)s staat klaar; %(count)s standen van eerdere perioden bleven staan.",
        stayed,
    )
    click.echo(text % {"id": snapshot.id, "count": stayed})
