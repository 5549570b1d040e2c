"""What a killed round left, put right by looking: at the shelves, the snapshots, the runs that never ended.

Only for who holds the round's lock: then nobody is at work, so whatever looks half-done was killed.
"""

from dataclasses import replace
from pathlib import Path

from schakel.collect import runs
from schakel.collect.landing import latest
from schakel.collect.runs import Run
from schakel.collect.shelves import shelves
from schakel.lib.text import gettext as _
from schakel.operations import publications
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
    if landed is not None and run.delivered and landed.delivered == run.delivered:
        text = _("Het bestand was al binnen toen Schakel onverwacht stopte. Er is niets verloren.")
        return taken_in(None, run, replace(landed, unchanged=False), data, text)
    text = _(
        "Schakel stopte onverwacht tijdens het lezen. Er is niets half bewaard en wat er stond bleef staan; "
        "de volgende ronde leest opnieuw."
    )
    return runs.close(None, run, "interrupted", message=text)
