"""`schakel doctor`: is this installation in order?"""

import json
import sys

import click

from schakel.lib.text import gettext as _

WORDS = {"ok": "in orde", "warn": "let op", "bad": "niet in orde"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Uitvoer voor een programma.")
def command(as_json: bool) -> None:
    """Kijk of deze installatie in orde is, en wat er te doen staat."""
    from schakel.cli.start import open_register

    open_register()
    from schakel.operations.health import examine

    findings = examine()
    if as_json:
        click.echo(json.dumps([vars(finding) for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(f"{_(WORDS[finding.state]):14} {finding.what}: {finding.text}")
    sys.exit(1 if any(finding.state == "bad" for finding in findings) else 0)
