"""What a killed round left, put right by looking: at the shelves, the snapshots, the runs that never ended.

Only for who holds the round's lock: then nobody is at work, so whatever looks half-done was killed.
"""

from dataclasses import replace
from pathlib import Path

from schakel.collect import runs
from schakel.collect.landing import Landed, latest
from schakel.collect.runs import GOOD, Run
from schakel.collect.shelves import shelves
from schakel.lib.text import gettext as _
from schakel.operations import fetchings, publications
from schakel.operations.readings import taken_in
from schakel.process import snapshots


def recover(data: Path) -> list[Run]:
    """Clear what was half made, and close what was begun; gives the runs that were closed."""
    for shelf in shelves(data):
        shelf.clear()
    snapshots.tidy(data)
    closed = [_closed(data, run) for run in Run.objects.running().select_related("source")]
    publications.account(None, snapshots.current(data))
    return closed


def _closed(data: Path, run: Run) -> Run:
    """The outcome of a run that was killed: what it took in counts if it got so far, else nothing of it was kept."""
    landed = latest(data, run.source.key)
    if landed is not None and _came_of(run, landed):
        fetchings.let_go(data, run.source)
        text = _("Het bestand was al binnen toen Schakel onverwacht stopte. Er is niets verloren.")
        return taken_in(None, run, replace(landed, unchanged=False), data, text)
    text = _(
        "Schakel stopte onverwacht tijdens het lezen. Er is niets half bewaard en wat er stond bleef staan; "
        "de volgende ronde leest opnieuw."
    )
    return runs.close(None, run, "interrupted", message=text)


def _came_of(run: Run, landed: Landed) -> bool:
    """Whether the landing in force came of this run.

    A run that fetches does not know beforehand what it will bring: its landing is the one that no run tells of yet.
    """
    if run.delivered or not landed.delivered:  # without, it lost columns since
        return bool(landed.delivered) and landed.delivered == run.delivered
    told = run.source.runs.finished().filter(state__in=GOOD).first()
    return told is None or told.digest != landed.digest
