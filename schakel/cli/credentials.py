"""`schakel credentials renew`: a new key for the secrets with which we sign in at servers."""

import click

from schakel.lib.text import ngettext


@click.group()
def command() -> None:
    """De geheimen waarmee Schakel zich bij servers van leveranciers meldt."""


@command.command()
@click.option("--as", "name", required=True, help="Werkadres van wie dit doet.")
def renew(name: str) -> None:
    """Versleutel elk geheim met een nieuwe sleutel; alles gaat intussen door."""
    from schakel.cli.start import open_register, person

    open_register()
    from schakel.collect.connections import renew_keys

    count = renew_keys(person(name))
    text = ngettext(
        "%(n)s geheim is met een nieuwe sleutel bewaard.", "%(n)s geheimen zijn met een nieuwe sleutel bewaard.", count
    )
    click.echo(text % {"n": count})
