"""`schakel archimate`: the landscape as an ArchiMate model, and a model into the register."""

import sys
from pathlib import Path
from typing import Any

import click

from schakel.cli.files import write_whole
from schakel.cli.told import tell, who


@click.group()
def command() -> None:
    """ArchiMate: het landschap als model ophalen, nakijken en inlezen."""


@command.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "person", default=None, help="Werkadres van wie het ophaalt; nodig als meer mensen het mogen.")
def export(file: Path, person: str | None) -> None:
    """Schrijf de keten als ArchiMate-model (uitwisselformaat, XML). Mensen staan er nooit in."""
    from schakel.cli.start import open_register

    open_register()
    from schakel.kits.archimate.writing import model

    write_whole(file, model(who(person, "kit.load"), "Schakel"))


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--components",
    type=click.Choice(["systems", "components"]),
    default="systems",
    show_default=True,
    help="Wat een applicatiecomponent van een ander is: een applicatie of een referentiecomponent.",
)
@click.option("--dry-run", is_flag=True, help="Laat alleen zien wat er zou wijzigen. Schrijft niets.")
@click.option("--as", "person", default=None, help="Werkadres van wie het inleest; nodig als meer mensen het mogen.")
@click.option("--json", "as_json", is_flag=True, help="Uitvoer voor een programma.")
def bring_in(file: Path, components: Any, dry_run: bool, person: str | None, as_json: bool) -> None:
    """Lees een ArchiMate-model in, alles of niets. Status 1 als er onderdelen niet passen."""
    from schakel.cli.start import open_register

    open_register()
    from schakel.kits.archimate.bringing_in import reader
    from schakel.kits.exchange.taking import rehearse, take_in

    actor = who(person, "kit.load")
    read = reader(file.read_bytes(), file.name, components)
    found = rehearse(actor, read)
    if found.may and not dry_run:
        tell(take_in(actor, read, found.fingerprint), as_json=as_json, done=True)
        return
    tell(found, as_json=as_json, done=False)
    sys.exit(1 if found.faults else 0)
