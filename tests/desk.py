"""A register with needs and products on the small board of school.py, and a snapshot that holds it.

`desk` makes one for each test; `room` has two products in use, is made once a module and rolled back after each test.
"""

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

import duckdb
import pytest
import pytest_django

from schakel.access.register import add_person, assign, put
from schakel.access.roles import Role
from schakel.chain import deciding
from schakel.chain.deciding import Wanted, ask
from schakel.chain.elements import DataElement, InformationObject
from schakel.chain.goals import Activity, Goal
from schakel.chain.needs import InformationNeed
from schakel.distribute.products import write_product
from schakel.kits.stock import bring_in
from schakel.lib import clock
from tests.distribute import school
from tests.folder import FOLDER
from tests.written_once import written_once

SENTENCE = {
    "decision": "Vandaag bellen.",
    "rhythm": "elke schooldag",
    "freshness": "elke schooldag voor 07:30",
    "purpose": "Voldoen aan de meldplicht.",
    "legal_basis": "AVG art. 6 lid 1c",
}
ROLES = ("teacher", "mentor", "school_leader", "school_admin", "controller")
LIST = """
SELECT p.first_name, p.name_prefix, count(*) AS keren
FROM pupil AS p JOIN absence AS a ON a.pupil_id = p.pupil_id
GROUP BY p.pupil_id, p.first_name, p.name_prefix ORDER BY 1
"""
KINDS = """
SELECT a.site_id, a.kind, count(DISTINCT a.pupil_id) AS leerlingen FROM absence AS a GROUP BY 1, 2 ORDER BY 1, 2
"""


@cache
def model_file() -> Path:
    """The small board as a file, made once and copied for each snapshot."""
    path = Path(tempfile.mkdtemp(prefix="small-", dir=FOLDER)) / "model.duckdb"
    school.board(path).close()
    return path


def key_in(data: Path) -> Path:
    """The data folder with the key that every installation has."""
    (data / "secret.key").touch(mode=0o600)
    return data


class Desk:
    """The register of the small board: people of the roster with an account, needs, products."""

    data: Path

    def __init__(self, people) -> None:
        self.people = people
        self.manager, self.board_member = people["information_manager"], people["board_member"]
        for key in ROLES:
            put(self.manager, "role.write", Role, key, nl=key, en=key, side="use")
        goal, _ = put(self.manager, "goal.write", Goal, "G1", nl="Elke leerling op school")
        self.activity, _ = put(self.manager, "activity.write", Activity, "A1", nl="Verzuim melden", goal=goal)
        for name in ("leraar-A1", "leraar-B1", "leider-A", "bestuurder", "oud", "nieuw", "mentor-B1", "niemand"):
            people[name] = add_person(self.manager, f"{name}@oever.example", name)

    def at(self, data: Path) -> "Desk":
        """The same desk with this as its data folder."""
        self.data = key_in(data)
        return self

    def element(self, key):
        table = key.partition(".")[0]
        thing, _ = put(self.manager, "element.write", InformationObject, table, nl=table, en=table)
        return put(self.manager, "element.write", DataElement, key, object=thing, nl=key, en=key, type="text")[0]

    def need(self, key, elements, audience, level="person", wished=(), **fields):
        """A need that was asked and assessed."""
        wanted = [Wanted(self.element(e), "required", "nodig") for e in elements]
        wanted += [Wanted(self.element(e), "wished", "handig") for e in wished]
        pairs = [(Role.objects.get(key=role), scope) for role, scope in audience]
        made = ask(
            self.people["outsider"], key, elements=wanted, audience=pairs, role=pairs[0][0], activity=self.activity,
            question=f"Wat is {key}?", level=level, **{**SENTENCE, **fields},
        )  # fmt: skip
        deciding.assess(self.manager, made)
        return made

    def approve(self, need):
        whole = InformationNeed.objects.get(pk=need.pk)
        deciding.approve(self.board_member, whole, whole.fingerprint())
        return InformationNeed.objects.get(pk=need.pk)

    def product(self, need, sql, key=None, columns=()):
        return write_product(
            self.manager, key or need.key, need=need, nl=need.key, shape="table", sql=sql, columns=list(columns)
        )

    def late(self, **fields):
        """The list of pupils with absence, for teachers and mentors, approved, with its product."""
        need = self.need(
            "late", ["pupil.first_name", "absence.kind"], [("teacher", "own_groups"), ("mentor", "own_pupils")],
            wished=["pupil.name_prefix"], **fields,
        )  # fmt: skip
        product = self.product(need, LIST, columns=[{"key": "name_prefix", "nl": "Voorvoegsel", "optional": True}])
        return self.approve(need), product

    def kinds(self):
        """Absence by kind for leader and board, at the level of a school."""
        need = self.need(
            "kinds", ["absence.kind"], [("school_leader", "own_school"), ("board_member", "board")], "school"
        )
        product = self.product(need, KINDS)
        return self.approve(need), product

    def assign(self, person, role, start, **fields):
        return assign(self.manager, self.people[person], Role.objects.get(key=role), start, **fields)

    def publish(self, name="m1"):
        """Put a snapshot in use, with the day of the small board."""
        folder = self.data / "snapshots" / name
        folder.mkdir(parents=True)
        shutil.copy(model_file(), folder / "model.duckdb")
        counts = {"rows": {"users": 90}, "quarantined": {"users": 10}}
        sources = [{"source": "las", "layout": "oneroster", "landed_at": "2026-11-23T06:00:00+01:00", **counts}]
        manifest = {
            "id": name,
            "previous": None,
            "finished": "2026-11-23T06:10:00+01:00",
            "sources": sources,
            "tables": {},
        }
        (folder / "manifest.json").write_text(json.dumps(manifest))
        (self.data / "snapshots" / "current").write_text(name)

    @contextmanager
    def another_snapshot(self, *statements: str, **manifest):
        """For a while another snapshot is in use: the same board after these statements, with this in its manifest."""
        name, pointer = f"m{uuid4().hex[:8]}", self.data / "snapshots" / "current"
        before = pointer.read_text()
        self.publish(name)
        folder = self.data / "snapshots" / name
        with duckdb.connect(str(folder / "model.duckdb")) as con:
            for statement in statements:
                con.execute(statement)
        told = json.loads((folder / "manifest.json").read_text())
        (folder / "manifest.json").write_text(json.dumps({**told, **manifest}))
        try:
            yield folder
        finally:
            pointer.write_text(before)

    @contextmanager
    def no_snapshot(self):
        """For a while nothing was ever published."""
        pointer = self.data / "snapshots" / "current"
        before = pointer.read_text()
        pointer.unlink()
        try:
            yield
        finally:
            pointer.write_text(before)


@written_once
def written_people():
    return bring_in()


@written_once
def written_desk() -> Desk:
    return Desk(written_people())


@written_once
def written_desk_in_use() -> Desk:
    made = written_desk()
    made.late()
    made.kinds()
    return made


@pytest.fixture
def desk(db, tmp_path, settings):
    """The register and the snapshot of the small board, founded on its own day, whatever day it is here."""
    settings.DATA = tmp_path
    with clock.held_at(school.DAY):
        made = written_desk().at(tmp_path)
        made.publish()
        yield made


@contextmanager
def register_of_this_module(blocker: pytest_django.DjangoDbBlocker):
    """What is written inside stays for the tests of a module; the register as it was comes back afterwards."""
    with blocker.unblock():
        from django.db import connection

        connection.ensure_connection()
        register, before = connection.connection, sqlite3.connect(":memory:", check_same_thread=False)
        register.backup(before)
    yield blocker
    with blocker.unblock():
        before.backup(register)


@pytest.fixture(scope="module")
def small(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker, tmp_path_factory) -> Iterator[Desk]:
    """A desk with the list of names and the figures by kind in use."""
    with register_of_this_module(django_db_blocker):
        with django_db_blocker.unblock(), clock.held_at(school.DAY):
            made = written_desk_in_use().at(tmp_path_factory.mktemp("small"))
            made.publish()
        yield made


@pytest.fixture(scope="module")
def founded(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[dict]:
    """The stock people of a board that was founded on the day of the small board, and that has nothing yet."""
    with register_of_this_module(django_db_blocker):
        with django_db_blocker.unblock(), clock.held_at(school.DAY):
            made = written_people()
        yield made


@pytest.fixture
def bare(founded, db, settings, tmp_path) -> Iterator[dict]:
    """The stock people of an empty board: no needs, no sources, no snapshot."""
    settings.DATA = key_in(tmp_path)
    with clock.held_at(school.DAY):
        yield founded


@pytest.fixture
def room(small, db, settings):
    """The small board of this module on its own day; what a test changes in the register is gone after it."""
    settings.DATA = small.data
    with clock.held_at(school.DAY):
        yield small
