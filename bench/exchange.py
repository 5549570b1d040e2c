"""A thousand needs from a workbook: looking, taking over, changing them all; beside asking them one after the other.

    python bench/exchange.py [--needs 1000]

Prints seconds, and how many times as long the same needs take when each is asked by itself, as a page does it.
"""

import argparse
import io
import os
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

os.environ["SCHAKEL_DATA"] = tempfile.mkdtemp(prefix="schakel-bench-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schakel.config.settings")

import django

django.setup()

import xlsxwriter  # noqa: E402
from django.core.management import call_command  # noqa: E402

from schakel.access.people import Person  # noqa: E402
from schakel.access.register import by_key, put  # noqa: E402
from schakel.access.roles import Role  # noqa: E402
from schakel.chain import deciding  # noqa: E402
from schakel.chain.asking import Wanted  # noqa: E402
from schakel.chain.elements import DataElement, InformationObject  # noqa: E402
from schakel.chain.goals import Activity  # noqa: E402
from schakel.kits.exchange.taking import rehearse, take_in  # noqa: E402
from schakel.kits.sheets.reading import reader  # noqa: E402
from schakel.kits.stock import bring_in  # noqa: E402

BAR = 5.0
ALONE = 100  # needs asked one by one; the rest is computed from these
SENTENCE = {
    "question": "Wie is er vandaag?", "decision": "Bellen.", "rhythm": "elke dag", "level": "person",
    "freshness": "elke dag", "purpose": "Lesgeven.", "legal_basis": "AVG art. 6 lid 1e",
}  # fmt: skip
HEADERS = [
    "Sleutel", "Als (rol)", "Wil ik weten", "Om te besluiten", "Hoe vaak", "Voor activiteit", "Niveau", "Hoe vers",
    "Doel van het gebruik", "Grondslag",
]  # fmt: skip
ELEMENTS = ["Behoefte", "Gegeven", "Nodig of gewenst", "Waarom"]
AUDIENCE = ["Behoefte", "Wie het ziet (rol)", "Hoe ver"]


def vocabulary(manager: Person) -> None:
    """What the needs point at."""
    thing, _new = put(manager, "element.write", InformationObject, "pupil", nl="leerling", en="pupil")
    for n in range(20):
        fields = {"object": thing, "nl": f"gegeven {n}", "en": f"element {n}", "type": "text"}
        put(manager, "element.write", DataElement, f"pupil.e{n}", **fields)
    put(manager, "activity.write", Activity, "A1", nl="Lesgeven")


def workbook(count: int, rhythm: str) -> bytes:
    """So many needs, each with three elements and a receiver."""
    keys = [f"n{n}" for n in range(count)]
    needs = [
        [key, "outsider", f"Vraag van {key}?", "Kiezen.", rhythm, "A1", "persoon", "elke dag", "Lesgeven.", "Art. 6"]
        for key in keys
    ]
    lines = [[key, f"pupil.e{(n + m) % 20}", "nodig", "werk"] for n, key in enumerate(keys) for m in range(3)]
    receivers = [[key, "outsider", "eigen groepen"] for key in keys]
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        for title, header, rows in (
            ("Behoeften", HEADERS, needs),
            ("Gegevens per behoefte", ELEMENTS, lines),
            ("Doelgroep per behoefte", AUDIENCE, receivers),
        ):
            page = book.add_worksheet(title)
            for number, row in enumerate([header, *rows]):
                page.write_row(number, 0, row)
    return stream.getvalue()


def seconds(act: Callable[[], Any]) -> tuple[float, Any]:
    """How long something took, and what came of it."""
    began = time.perf_counter()
    found = act()
    return time.perf_counter() - began, found


def in_and_over(manager: Person, content: bytes, what: str) -> float:
    """Look at a file and take it over; returns both together."""
    read = reader(manager, content, "behoeften.xlsx", "needs")
    looking, found = seconds(lambda: rehearse(manager, read))
    if not found.may:
        sys.exit("\n".join(f"{fault.place.where}: {fault.reason}" for fault in found.faults[:5]) or "nothing to do")
    writing, _found = seconds(lambda: take_in(manager, read, found.fingerprint))
    print(f"{what:<44}{looking:7.2f} s to look {writing:7.2f} s to take over")
    return looking + writing


def one_by_one(manager: Person, count: int) -> float:
    """The same needs, each asked by itself."""
    role, activity = by_key(Role, "outsider"), by_key(Activity, "A1")
    wanted = [Wanted(by_key(DataElement, f"pupil.e{n}"), "required", "werk") for n in range(3)]
    fields = {"role": role, "activity": activity, **SENTENCE}

    def ask() -> None:
        for n in range(ALONE):
            deciding.ask(manager, f"alone{n}", elements=wanted, audience=[(role, "own_groups")], **fields)

    return seconds(ask)[0] * count / ALONE


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--needs", type=int, default=1000)
    count = parser.parse_args().needs
    call_command("migrate", verbosity=0)
    manager = bring_in()["information_manager"]
    put(manager, "role.write", Role, "outsider", nl="leraar", en="teacher", side="use")
    vocabulary(manager)
    alone = one_by_one(manager, count)
    together = in_and_over(manager, workbook(count, "elke dag"), f"{count} new needs")
    print(f"{'':<44}{together:7.2f} s together (bar {BAR} s); one by one {alone:.2f} s, {alone / together:.1f} x")
    in_and_over(manager, workbook(count, "elke week"), f"{count} needs of which the rhythm changes")


if __name__ == "__main__":
    main()
