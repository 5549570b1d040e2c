"""`schakel work`: the second process. It works the schedule, and picks up within a second what people ask for."""

import signal
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from schakel.lib.errors import SchakelError, outline
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext

if TYPE_CHECKING:
    from schakel.operations.flow import Flowed

LOOK = 1.0  # seconds between two looks at what people asked for
PAUSE = 30.0  # seconds after a round that broke off


@click.command()
@click.option("--once", is_flag=True, help="Eén ronde, en dan stoppen.")
@click.option(
    "--every", type=click.IntRange(min=1), default=300, show_default=True, help="Seconden tussen twee rondes."
)
def command(once: bool, every: int) -> None:
    """Lees de bronnen op tijd, en meteen als iemand erom vraagt, en publiceer wat er nieuw is."""
    from schakel.cli.start import open_register

    open_register()
    from schakel.operations.flow import data_folder
    from schakel.operations.rounds import at_work

    if once:
        round_()
        return
    with at_work(data_folder()):
        _work(every)


def _work(every: float) -> None:
    """Round after round, until asked to stop. What goes wrong in one is told; the next begins from what is on disk."""
    from django.db import close_old_connections

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    due, pause = 0.0, every

    def planned() -> None:
        nonlocal pause
        pause = every
        round_()
        pause = _pause(every)

    while not stop.is_set():
        close_old_connections()
        scheduled = time.monotonic() >= due
        well = _told(planned if scheduled else asked_)
        if scheduled:
            due = time.monotonic() + pause
        stop.wait(LOOK if well else PAUSE)


def _pause(every: float) -> float:
    """Seconds to the next round: sooner than usual when a moment of a schedule, or a second try, comes before."""
    from schakel.operations.flow import soonest

    seconds = soonest()
    return every if seconds is None else max(LOOK, min(every, seconds))


def _told(step: Callable[[], None]) -> bool:
    try:
        step()
    except Exception as error:  # noqa: BLE001 a worker outlives what went wrong in one round: the others wait for it
        why = str(error) if isinstance(error, SchakelError) else outline(error)
        click.echo(_("De ronde brak af: %(why)s. De volgende begint opnieuw.") % {"why": why.rstrip(".")}, err=True)
        return False
    return True


def round_() -> None:
    """One round of the flow, told in one line a source; then a word to who moves next."""
    from schakel.operations import reminders, watch
    from schakel.operations.flow import run_all

    _erase()
    _tell(run_all(None))
    told = watch.send()
    if told:
        click.echo(_("%(n)s brieven over bronnen verstuurd.") % {"n": told})
    sent = reminders.send()
    if sent:
        click.echo(_("%(n)s herinneringen verstuurd.") % {"n": sent})


def _erase() -> None:
    """What may not be kept any longer goes first: it does not wait for a source that breaks the round off."""
    from schakel.chain import unsent
    from schakel.distribute import wrong_data
    from schakel.operations import who_is_who

    erased = wrong_data.erase()
    if erased:
        text = ngettext(
            "De tekst van %(n)s oude melding is gewist.", "De tekst van %(n)s oude meldingen is gewist.", erased
        )
        click.echo(text % {"n": erased})
    let_go = unsent.erase()
    if let_go:
        text = ngettext(
            "%(n)s vraag die niet was ingestuurd is gewist.", "%(n)s vragen die niet waren ingestuurd zijn gewist.",
            let_go,
        )  # fmt: skip
        click.echo(text % {"n": let_go})
    decisions = who_is_who.erase()
    if decisions:
        text = ngettext(
            "%(n)s beslissing over wie wie is, van wie er niet meer is, is gewist.",
            "%(n)s beslissingen over wie wie is, van wie er niet meer zijn, zijn gewist.",
            decisions,
        )
        click.echo(text % {"n": decisions})


def asked_() -> None:
    """What people asked for, when they did."""
    from schakel.operations.flow import run_asked

    flowed = run_asked()
    if flowed is not None:
        _tell(flowed)


def _tell(flowed: "Flowed") -> None:
    for run in flowed.runs:
        click.echo(f"{run.source.key:14} {run.get_state_display():16} {run.rows_read:>10} {run.message}")
    if flowed.snapshot:
        click.echo(_("Momentopname %(id)s is in gebruik.") % {"id": flowed.snapshot.id})
