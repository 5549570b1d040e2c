"""`schakel audit verify`: does the trail still hold?"""

import json
import sys

import click

from schakel.lib.text import gettext as _


@click.group()
def command() -> None:
    """Het logboek: elke wijziging en elke levering."""


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Uitvoer voor een programma.")
def verify(as_json: bool) -> None:
    """Lees het hele logboek en zoek een gewijzigde, verwijderde of tussengevoegde regel."""
    from schakel.cli.start import open_register

    open_register()
    from schakel.access.audit import verify as verify_trail

    verdict = verify_trail()
    if as_json:
        facts = {
            "holds": verdict.holds,
            "lines": verdict.lines,
            "broken_at": verdict.broken_at,
            "reason": verdict.reason,
        }
        click.echo(json.dumps(facts))
    elif verdict.holds:
        click.echo(_("Het logboek klopt: %(n)s regels.") % {"n": verdict.lines})
    else:
        text = _("Het logboek klopt niet vanaf regel %(line)s: %(reason)s.")
        click.echo(text % {"line": verdict.broken_at, "reason": verdict.reason})
    sys.exit(0 if verdict.holds else 1)
