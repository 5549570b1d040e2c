"""Several processes that work on one register, for tests of what happens when they do so at once.

    python -m tests.system.writers

A scene is a list of jobs. Each job gets a process of its own; all of them are let go at the same moment. What they
told, per scene, and the trail that was left behind comes out as one JSON text.
"""

import json
import os
import sys
from collections.abc import Callable

SCENES = {
    "the first lines": ("lines 1", "lines 1", "lines 1"),
    "founding": ("founding 1", "founding 1", "founding 1"),
    "lines": ("lines 25", "lines 25", "lines 25"),
    "changes": ("changes 15", "changes 15", "lines 15"),
    "verifying": ("verdicts 60", "lines 60", "lines 60"),
}


def lines(count: int, name: str) -> object:
    """Write so many lines straight into the trail."""
    from schakel.access.audit import record

    return [record(None, f"test.{name}", "thing", str(n), {"n": n}).number for n in range(count)]


def changes(count: int, name: str) -> object:
    """Make so many recorded changes, every third of which fails half-way."""
    from schakel.access.people import Person
    from schakel.access.register import put
    from schakel.chain.goals import Goal

    manager = Person.objects.get()
    done = 0
    for n in range(count):
        try:
            put(manager, "goal.write", Goal, f"{name}-{n}", nl="" if n % 3 == 2 else f"Doel {n}")
            done += 1
        except Exception as error:  # noqa: BLE001 told by its kind: what else goes wrong must show
            if type(error).__name__ != "ValidationError":
                return f"{type(error).__name__}: {error}"
    return done


def verdicts(count: int, _name: str) -> object:
    """Verify the trail so many times while others write; every verdict that was not sound."""
    from schakel.access.audit import verify

    found = (verify() for _ in range(count))
    return [[each.broken_at, each.reason] for each in found if not each.holds]


def founding(_count: int, name: str) -> object:
    """Try to found the board."""
    from django.db import IntegrityError

    from schakel.access.founding import found
    from schakel.lib.errors import Refused

    try:
        return found(f"{name}@example.org", name).email
    except (Refused, IntegrityError) as error:
        return type(error).__name__


JOBS: dict[str, Callable[[int, str], object]] = {
    "lines": lines,
    "changes": changes,
    "verdicts": verdicts,
    "founding": founding,
}


def together(scene: str, words: tuple[str, ...]) -> list[object]:
    """Run each job in its own process, from the same moment on; what each of them told."""
    from django.db import connections

    connections.close_all()
    wait, go = os.pipe()
    answers = []
    for at, (job, count) in enumerate(word.split() for word in words):
        read, write = os.pipe()
        if os.fork() == 0:
            os.close(go)
            os.read(wait, 1)  # ends when the parent lets go of its end
            told = JOBS[job](int(count), f"{scene[:3]}{at}")
            os.write(write, json.dumps(told).encode())
            os._exit(0)
        os.close(write)
        answers.append(read)
    os.close(wait)
    os.close(go)
    return [json.loads(_all_of(answer)) for answer in answers]


def _all_of(pipe: int) -> bytes:
    with os.fdopen(pipe, "rb") as stream:
        return stream.read()


def main() -> None:
    """All scenes, one after the other, on one register."""
    from schakel.cli.start import open_register

    open_register()
    told = {scene: together(scene, words) for scene, words in SCENES.items()}
    from schakel.access.audit import AuditLine, verify

    trail = list(AuditLine.objects.order_by("number").values_list("number", "action", "thing_key"))
    verdict = verify()
    json.dump({"told": told, "trail": trail, "lines": verdict.lines, "reason": verdict.reason}, sys.stdout)


if __name__ == "__main__":
    main()
