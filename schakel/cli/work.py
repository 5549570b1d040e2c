"""`schakel work`: the second process, that works the schedule."""

import time

import click

from schakel.lib.text import gettext as _


@click.command()
@click.option("--once", is_flag=True, help="Eén ronde, en dan stoppen.")
@click.option("--every", default=300, show_default=True, help="Seconden tussen twee rondes.")
def command(once: bool, every: int) -> None:
    """Lees de bronnen op tijd en publiceer wat er nieuw is."""
    from schakel.cli.start import open_register

    open_register()
    while True:
        round_()
        if once:
            return
        time.sleep(every)


def round_() -> None:
    """One round of the flow, told in one line a source."""
    from schakel.operations.flow import run_all

    flowed = run_all(None)
    for run in flowed.runs:
        click.echo(f"{run.source.key:14} {run.get_state_display():16} {run.rows_read:>10} {run.message}")
    if flowed.snapshot:
        click.echo(_("Momentopname %(id)s is in gebruik.") % {"id": flowed.snapshot.id})
