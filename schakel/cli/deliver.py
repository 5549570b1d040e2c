"""`schakel deliver`: a product, as that person sees it today."""

import sys
from pathlib import Path

import click

from schakel.cli.files import write_whole
from schakel.lib.errors import Refused


@click.command()
@click.argument("product")
@click.option("--as", "name", required=True, help="Werkadres van wie het ontvangt.")
@click.option("--format", "rendering", type=click.Choice(["csv", "xlsx", "json"]), default="csv", show_default=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=None,
    help="Schrijf naar dit bestand in plaats van naar het scherm.",
)
def command(product: str, name: str, rendering: str, out: Path | None) -> None:
    """Lever een informatieproduct aan een persoon, met diens rollen van vandaag."""
    from schakel.cli.start import open_register, person

    open_register()
    from schakel.distribute.deliveries import deliver
    from schakel.distribute.rendering import render

    try:
        content = render(deliver(person(name), product, rendering=rendering), rendering)
    except Refused as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)
    if out is None:
        sys.stdout.buffer.write(content)
    else:
        write_whole(out, content)
