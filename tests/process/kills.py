"""A build that can be killed: it runs in a process of its own, started clean so that killing it harms nothing else."""

import multiprocessing
import time
from pathlib import Path

from schakel.process import snapshots
from tests.process import boards

ELEMENTS = frozenset(
    ["absence.kind", "absence.clock_hours", "pupil.first_name", "membership.end_date", "staff_role.role"]
)
DAYS = {"old": 40, "new": 60}
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.process.kills"])


class Count:
    """A step that writes a file beside the tables, as the indicators do."""

    fingerprint = "count"

    def __call__(self, con: object, ctx: snapshots.Build) -> None:
        (ctx.folder / snapshots.VALUES).write_bytes(b"values" * 1000)


def landings(data: Path) -> dict[str, list[boards.LandedHere]]:
    """Two states of one board: the new one has more absence."""
    roster = boards.land(data, "las", "oneroster", boards.roster())
    lines = {state: boards.absence()[:1] * count for state, count in DAYS.items()}
    return {
        state: [roster, boards.land(data, "verzuim", "verzuim", {"absence": rows}, digest=state)]
        for state, rows in lines.items()
    }


def build(data: Path, landed: list[boards.LandedHere]) -> snapshots.Snapshot:
    """One publication."""
    return snapshots.build(data, landed, ELEMENTS, [Count()])


def killed_after(seconds: float, data: Path, landed: list[boards.LandedHere]) -> bool:
    """Start a build elsewhere and `kill -9` it after so many seconds; whether it was still at work."""
    process = _PROCESSES.Process(target=build, args=(data, landed))
    process.start()
    time.sleep(seconds)
    process.kill()
    process.join()
    return process.exitcode != 0
