"""`schakel sheet`: the register as a spreadsheet, and a spreadsheet into the register."""

import sys
from pathlib import Path

import click

from schakel.cli.files import write_whole
from schakel.cli.told import tell, who


@click.group()
def command() -> None:
    """Spreadsheets: ophalen, nakijken en inlezen."""


@command.command("export")
@click.argument("noun")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "person", default=None, help="Werkadres van wie het ophaalt; nodig als meer mensen het mogen.")
def export(noun: str, file: Path, person: str | None) -> None:
    """Schrijf een onderdeel (of all) naar een bestand: .xlsx, of .csv voor één blad."""
    from schakel.cli.start import open_register

    open_register()
    from schakel.kits.sheets.writing import csv_text, workbook

    actor = who(person, "person.write")
    content = csv_text(actor, noun) if file.suffix.casefold() == ".csv" else workbook(actor, noun)
    write_whole(file, content)


@command.command("import")
@click.argument("noun")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Laat alleen zien wat er zou wijzigen. Schrijft niets.")
@click.option("--as", "person", default=None, help="Werkadres van wie het inleest; nodig als meer mensen het mogen.")
@click.option("--json", "as_json", is_flag=True, help="Uitvoer voor een programma.")
def bring_in(noun: str, file: Path, dry_run: bool, person: str | None, as_json: bool) -> None:
    """Lees een onderdeel (of all) in, alles of niets. Status 1 als er regels niet passen."""
    from schakel.cli.start import open_register

    open_register()
    from schakel.kits.exchange.taking import rehearse, take_in
    from schakel.kits.sheets.reading import reader

    actor = who(person, "person.write")
    read = reader(actor, file.read_bytes(), file.name, noun)
    found = rehearse(actor, read)
    if found.may and not dry_run:
        found = take_in(actor, read, found.fingerprint)
        tell(found, as_json=as_json, done=True)
        return
    tell(found, as_json=as_json, done=False)
    sys.exit(1 if found.faults else 0)
