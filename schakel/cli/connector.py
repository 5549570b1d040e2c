"""`schakel connector new NAME`: the skeleton of an own connector, with its tests."""

from pathlib import Path

import click

from schakel.connectors import skeleton
from schakel.lib.text import gettext as _


@click.group()
def command() -> None:
    """Eigen koppelstukken voor bestanden die Schakel nog niet kent."""


@command.command("new")
@click.argument("name")
@click.option("--to", "parent", type=click.Path(path_type=Path), default=Path(), help="De map waarin het komt.")
def new(name: str, parent: Path) -> None:
    """Schrijf het geraamte van een koppelstuk als eigen pakket, met tests."""
    folder = skeleton.write(name, parent)
    click.echo(
        _("%(folder)s is geschreven. Begin in schakel_%(name)s/connector.py.") % {"folder": folder, "name": name}
    )
