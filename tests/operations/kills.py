"""A small board of its own whose rounds can be killed: register, inbox and all, in processes of their own.

`python -m tests.operations.kills` is a nursery: it makes the board, and for each order on its input it forks a child
that does one thing and tells the answer as one line of JSON. The test kills children; the nursery lives on.

Two states of the board alternate. In `new` the roster has one pupil more, the file with absence lies in the inbox and
the need for lateness is approved. In `old` that file is gone and that need waits for a decision: what only it named is
forgotten, in the landing that stays and in the older snapshots.
"""

import gc
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

from schakel.lib import clock
from tests.collect.small_roster import Rows, roster, texts, zipped

STATES = ("old", "new")
PUPILS = {"old": 200, "new": 201}
ALWAYS, SOMETIMES = "absence_class", "late_often"
SOURCES = ("oneroster", "verzuim")
PARTS = [f"needs:{ALWAYS}", f"needs:{SOMETIMES}", "indicators:I_LATE", *(f"sources:{key}" for key in SOURCES)]
ROSTER, ABSENCE = "las_20261125.zip", "verzuim_20261125.csv"


def make_board(data: Path) -> None:
    """People, some of the starter kit, the files of both states; one need is approved for good, one comes and goes."""
    from schakel.access.register import put
    from schakel.collect.sources import Source
    from schakel.kits import stock
    from schakel.kits.loading import load

    people = stock.bring_in()
    load(people["information_manager"], "starter", only=PARTS)
    for source in Source.objects.exclude(key__in=SOURCES):
        put(people["ict_manager"], "source.write", Source, source.key, active=False)
    (data / "exports").mkdir()
    for state in STATES:
        zipped(data / "exports" / f"{state}.zip", dict(texts(_roster(PUPILS[state]))))
    (data / "exports" / ABSENCE).write_text(_absence(), encoding="cp1252")
    _approve(ALWAYS)


def _roster(pupils: int) -> dict[str, Rows]:
    """Two schools, one class with so many pupils, and one membership of a class that does not exist."""
    files = roster()
    for name in ("demographics", "categories", "lineItems", "results"):
        del files[name]
    keys = [f"p{number:04}" for number in range(pupils)]
    user, role, member = files["users"][0], files["roles"][0], files["enrollments"][0]
    files["users"] += [user | {"sourcedId": key, "identifier": key, "username": f"{key}@x.example"} for key in keys]
    files["roles"] += [role | {"sourcedId": f"r{key}", "userSourcedId": key} for key in keys]
    files["enrollments"] += [member | {"sourcedId": f"e{key}", "userSourcedId": key} for key in keys]
    files["enrollments"].append(member | {"sourcedId": "lost", "classSourcedId": "nergens"})
    return files


def _absence() -> str:
    """Three weeks of absence, and two lines with a day that does not exist."""
    head = "Leerlingnummer;Vestiging;Datum;Lesuur;Soort;Reden;Klokuren;Lesuren;Minuten te laat;Contact op;Opmerking;BSN"
    days = ["02-11-2026", "03-11-2026", "04-11-2026", "09-11-2026", "10-11-2026", "11-11-2026"]
    lines = [f"p{number:04};98AB00;{day};;L;;;;5;;;" for number in range(PUPILS["old"]) for day in days]
    return "\n".join([head, *lines, *["p0001;98AB00;31-02-2026;;L;;;;5;;;"] * 2]) + "\n"


def _approve(key: str) -> None:
    from schakel.chain import deciding
    from schakel.chain.needs import InformationNeed

    need = InformationNeed.objects.whole().get(key=key)
    deciding.assess(_person("youssef"), need)
    need = InformationNeed.objects.whole().get(key=key)
    deciding.approve(_person("marijke"), need, need.fingerprint())


def _person(name: str) -> Any:
    from schakel.access.people import Person

    return Person.objects.get(email__startswith=name)


def deliver(state: str) -> None:
    """Bring the board into a state: files as a source system leaves them, and the decision on the need."""
    from schakel.chain import deciding
    from schakel.chain.needs import MOVING, InformationNeed
    from schakel.operations.flow import data_folder, inbox

    exports = data_folder() / "exports"
    _put(exports / f"{state}.zip", inbox() / ROSTER)
    need = InformationNeed.objects.get(key=SOMETIMES)
    if state == "new":
        _put(exports / ABSENCE, inbox() / ABSENCE)
        if need.state not in MOVING:
            _approve(SOMETIMES)
    else:
        (inbox() / ABSENCE).unlink(missing_ok=True)
        if need.state in MOVING:
            deciding.revise(_person("youssef"), need, purpose=f"Versie {need.versions.count() + 1}.")


def _put(source: Path, target: Path) -> None:
    fresh = target.with_name(f".{target.name}")
    fresh.write_bytes(source.read_bytes())
    fresh.replace(target)


def work() -> dict[str, Any]:
    """One round, as `schakel work` does it."""
    from schakel.operations.flow import run_all

    flowed = run_all(None)
    return {"runs": [run.pk for run in flowed.runs], "snapshot": flowed.snapshot.id if flowed.snapshot else ""}


def ask() -> list[int]:
    """Somebody asks for whatever lies in the inbox; the requests."""
    from schakel.collect.sources import Source
    from schakel.operations.flow import request

    return [run.pk for run in request(_person("daan"), Source.objects.filter(active=True))]


def ask_and_work() -> dict[str, Any]:
    """Somebody asks, and the worker sees it."""
    from schakel.operations.flow import run_asked

    ask()
    flowed = run_asked()
    return {"runs": [run.pk for run in flowed.runs] if flowed else []}


def runs() -> list[dict[str, Any]]:
    """The runs as they stand in the register."""
    from schakel.collect.runs import Run

    fields = ("pk", "source__key", "state", "finished_at", "rows_read", "delivered", "folder", "message")
    found = [dict(zip(fields, row, strict=True)) for row in Run.objects.order_by("pk").values_list(*fields)]
    return [{**run, "finished_at": str(run["finished_at"] or "")} for run in found]


def register() -> dict[str, Any]:
    """The runs, and the lines about them and about snapshots."""
    from schakel.access.audit import AuditLine

    lines: dict[str, list[str]] = {}
    for line in AuditLine.objects.filter(action="source.collect").order_by("number"):
        lines.setdefault(line.thing_key, []).append(line.facts["state"])
    made = AuditLine.objects.filter(action="snapshot.publish", thing_kind="snapshot").order_by("number")
    return {"runs": runs(), "lines": lines, "made": [line.thing_key for line in made]}


def trail() -> bool:
    """Whether the audit trail holds, from its first line."""
    from schakel.access.audit import verify

    return verify().holds


def stray() -> list[str]:
    """Columns in storage that no approved need names now."""
    import duckdb

    from schakel.collect.landing import latest
    from schakel.collect.shelves import shelves
    from schakel.operations.flow import collectable, data_folder
    from schakel.process import mappings

    needed, found = mappings.columns_for(collectable()), list[str]()
    for shelf in shelves(data_folder()):
        landed = latest(data_folder(), shelf.source)
        if landed is None:
            continue
        for path in [*shelf.landing.glob("*/*.parquet"), *shelf.quarantine.glob("*/*.parquet")]:
            present = [row[0] for row in duckdb.sql(f"DESCRIBE SELECT * FROM '{path}'").fetchall()]
            may = needed.get(landed.layout, {}).get(path.stem, frozenset())
            found += [f"{path.name}: {name}" for name in present if name not in may and not name.startswith("_")]
    return found


def two_clicks() -> list[list[int]]:
    """Two people ask for everything at the same moment; the runs that each is told of."""
    from schakel.collect.sources import Source
    from schakel.operations.flow import request

    def click(name: str) -> list[int]:
        return [run.pk for run in request(_person(name), Source.objects.filter(active=True))]

    return at_once(lambda: click("daan"), lambda: click("youssef"))


def two_workers() -> list[list[int]]:
    """Two workers on one data folder look at the same moment; the runs that each worked."""
    from schakel.operations.flow import run_asked

    def look() -> list[int]:
        flowed = run_asked()
        return [run.pk for run in flowed.runs] if flowed else []

    return at_once(look, look)


def plan() -> str:
    """The roster is read daily at the minute to come, as was decided yesterday; that moment."""
    from schakel.collect import schedules
    from schakel.collect.sources import Source

    now = clock.now()
    moment = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    with clock.held_at(now - timedelta(days=1)):
        schedules.plan(_person("daan"), Source.objects.get(key="oneroster"), f"{moment.minute} {moment.hour} * * *")
    return moment.isoformat()


def two_planned(moment: str) -> list[list[str]]:
    """Two workers on one data folder begin a round at that moment; for which moment each read the roster."""
    from schakel.operations.flow import run_all

    def look() -> list[str]:
        read = [run for run in run_all(None).runs if run.source.key == "oneroster"]
        return [run.planned_for.astimezone(clock.AMSTERDAM).isoformat() for run in read if run.planned_for]

    with clock.held_at(datetime.fromisoformat(moment)):
        return at_once(look, look)


def two_machines_planned() -> list[str]:
    """Two workers that see no lock of each other do the reading of one planned moment; what each is told."""
    from schakel.collect import runs
    from schakel.collect.sources import Source
    from schakel.lib.errors import SchakelError

    source = Source.objects.get(key="oneroster")
    moment = clock.now().replace(minute=0, second=0, microsecond=0)

    def read() -> str:
        try:
            run = runs.begin(None, source, ROSTER, "print", runs.Plan(moment))
        except SchakelError as error:
            return error.code
        return str(runs.close(None, run, "good").pk)

    return [*at_once(read, read), *at_once(read)]


def two_machines() -> list[str]:
    """Two workers that see no lock of each other begin the same source; what each is told."""
    from schakel.collect import runs
    from schakel.collect.sources import Source
    from schakel.lib.errors import SchakelError

    def begin() -> str:
        try:
            return str(runs.begin(None, Source.objects.get(key="oneroster"), ROSTER, "print").pk)
        except SchakelError as error:
            return error.code

    return at_once(begin, begin)


def recover() -> list[str]:
    """What the next round closes before it starts; the states they end in."""
    from schakel.operations import recovery
    from schakel.operations.flow import data_folder

    return [run.state for run in recovery.recover(data_folder())]


def at_once(*steps: Callable[[], Any]) -> list[Any]:
    """What each of these gives, done in processes of their own from the same moment on."""
    from django.db import connections

    connections.close_all()
    start = time.time() + 0.3
    started = [_started(step, start) for step in steps]
    return [_gathered(child, ours) for child, ours in started]


def _started(step: Callable[[], Any], start: float) -> tuple[int, int]:
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        time.sleep(max(0.0, start - time.time()))
        _answered(step, theirs)
    os.close(theirs)
    return child, ours


def _gathered(child: int, ours: int) -> Any:
    with os.fdopen(ours) as answer:
        text = answer.read()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    return json.loads(text)


_STEPS = (
    deliver, work, ask, ask_and_work, runs, register, trail, stray, recover, two_clicks, two_workers, two_machines,
    plan, two_planned, two_machines_planned,
)  # fmt: skip
ORDERS: dict[str, Callable[..., Any]] = {step.__name__.replace("_", "-"): step for step in _STEPS}


def main() -> None:
    """Make the board, then let a child do each order."""
    from schakel.cli.start import open_register

    open_register()
    from django.db import connections

    from schakel.operations.flow import data_folder

    make_board(data_folder())
    for state in ("new", "old"):  # also so that every child finds read what is read once
        deliver(state)
        work()
    connections.close_all()
    obey()


def obey() -> None:
    """Do each order that comes in, until there are no more. Children leave what stands in memory alone."""
    gc.collect()
    gc.freeze()
    print("ready", flush=True)
    for line in sys.stdin:
        order, *words = line.split()
        _one(order, words)


def _one(order: str, words: list[str]) -> None:
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        _answered(lambda: ORDERS[order](*words), theirs)
    os.close(theirs)
    print(child, flush=True)
    assert sys.stdin.readline().strip() == "reap"
    with os.fdopen(ours) as answer:
        text = answer.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(status, text, flush=True)


def _answered(step: Callable[[], Any], answers: int) -> NoReturn:
    """Do one thing in a child, tell the answer, and end: a child never returns into the nursery."""
    try:
        with os.fdopen(answers, "w") as answer:
            answer.write(json.dumps(step()))
        os._exit(0)
    except BaseException:  # noqa: BLE001 whatever it is, the nursery hears of it by the status
        traceback.print_exc()
        os._exit(1)


if __name__ == "__main__":
    main()
