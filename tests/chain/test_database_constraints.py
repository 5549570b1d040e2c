"""What the database itself refuses, in plain SQL, by whoever goes round the program: each declared constraint is tried.

A row of each table is made by machine. A constraint of uniqueness is tried by copying it; what breaks a check stands
below, and a check that is added without an attempt fails the test.
"""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from schakel.access.changes import change
from schakel.access.kept import Kept
from schakel.access.people import Person
from schakel.chain.approvals import Approval
from schakel.lib import clock
from tests.chain.test_deciding import approved

pytestmark = pytest.mark.django_db

# check -> what SQL sets in a row that was good; {true}, {false} as this database writes them.
BREACHES = {
    "assignment_ends_after_start": "\"end\" = '1999-12-31'",
    "delegation_to_someone_else": "giver_id = taker_id",
    "delegation_ends_after_start": "\"end\" = '1999-12-31'",
    "delegation_has_reason": "reason = ''",
    "refusal_has_reason": "state = 'refused', refusal_reason = ''",
    "element_has_reason": "reason = ''",
    "required_is_not_declined": "demand = 'required', declined = {true}, declined_reason = 'te veel'",
    "declining_has_reason": "demand = 'wished', declined = {true}, declined_reason = ''",
    "special_data_never_structural": "special = 'art9_health', personal = {true}, structural = {true}",
    "special_data_are_personal": "special = 'art9_health', personal = {false}, structural = {false}",
    "four_eyes": "approver_id = writer_id",
    "four_eyes_behind_a_stand_in": "on_behalf_of_id = requester_id",
    "link_joins_two_systems": "to_system_id = from_system_id",
    "resolution_says_something": "text = ''",
    "acceptance_has_reason": "reason = ''",
    "dropping_has_reason": "state = 'dropped', dropped_reason = ''",
    "change_waits_for_another": "waits_for_id = change_id",
}
FOUR_EYES = (
    "requester_id = approver_id",
    "writer_id = approver_id",
    "approver_id = requester_id",
    "approver_id = {other}, requester_id = {other}",
    "approver_id = {other}, writer_id = {other}, requester_id = {other}",
    "on_behalf_of_id = writer_id",
    "approver_id = {other}, on_behalf_of_id = {other}, requester_id = {other}",
    "approver_id = NULL",
    "requester_id = NULL",
)
# Fields that may be empty, and on which it depends whether a constraint speaks at all.
CONDITIONAL = {"Change": ("need", "thing_key")}
TABLES = [m for m in apps.get_models() if issubclass(m, Kept) and m._meta.app_label in {"access", "chain"}]
CONSTRAINED = [(table, constraint) for table in TABLES for constraint in table._meta.constraints]


class Rows:
    """A good row of any table, made when it is asked for; people follow on one another, so that they differ."""

    def __init__(self) -> None:
        self.people: Iterator[Person] = cycle(Person.objects.order_by("pk"))
        self.made: dict[type[models.Model], list[models.Model]] = {}

    def one(self, table: type[models.Model], *, fresh: bool = False) -> models.Model:
        if fresh or not self.made.get(table):
            asked = CONDITIONAL.get(table.__name__, ())
            fields = [f for f in table._meta.concrete_fields if self._asks(f) or f.name in asked]
            cells = {field.name: self._cell(field, table) for field in fields}
            thing = table(**cells)
            with change(Person.objects.first(), "need.ask"):
                thing.save()
            self.made.setdefault(table, []).append(thing)
        return self.made[table][0]

    @staticmethod
    def _asks(field: "models.Field[Any, Any]") -> bool:
        if field.primary_key or field.null:
            return False
        return not field.has_default() and not (field.blank and not field.unique)

    def _cell(self, field: "models.Field[Any, Any]", table: type[models.Model]) -> Any:
        if isinstance(field, models.ForeignKey):
            return self._related(field, table)
        if field.choices:
            return next(iter(field.choices))[0]
        if isinstance(field, models.DateTimeField):
            return clock.now()
        if isinstance(field, models.DateField):
            return clock.today()
        if isinstance(field, models.JSONField):
            return {}
        if isinstance(field, models.IntegerField | models.BooleanField):
            return 1
        return f"{field.name[:8]}-{len(self.made.get(table, []))}-{table._meta.model_name}"[: field.max_length]

    def _related(self, field: "models.ForeignKey[Any, Any]", table: type[models.Model]) -> models.Model:
        target = field.related_model
        if target is Person:
            return next(self.people)
        used = [
            f for f in table._meta.concrete_fields if isinstance(f, models.ForeignKey) and f.related_model is target
        ]
        return self.one(target) if used[0] is field else self._another(target)

    def _another(self, target: type[models.Model]) -> models.Model:
        self.one(target)
        self.one(target, fresh=True)
        return self.made[target][-1]


@pytest.fixture
def rows(chain):
    approved(chain)
    return Rows()


def attempted(sql: str) -> str:
    yes, no = ("1", "0") if connection.vendor == "sqlite" else ("true", "false")
    other = Person.objects.get(name="Tom Bakker").pk
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.format(true=yes, false=no, other=other))
            count = cursor.rowcount
    except IntegrityError as error:
        return str(error)
    return f"got through ({count} rows)"


def copied(table: type[models.Model], pk: object) -> str:
    """SQL that writes a row again, with another key where one row has one key."""
    fields = [field for field in table._meta.concrete_fields if not field.primary_key]
    names = ", ".join(f'"{field.column}"' for field in fields)
    cells = ", ".join(f"'copy-' || \"{field.column}\"" if field.unique else f'"{field.column}"' for field in fields)
    return f"INSERT INTO {table._meta.db_table} ({names}) SELECT {cells} FROM {table._meta.db_table} WHERE id = {pk}"


def breach(table: type[models.Model], constraint: models.BaseConstraint, pk: object) -> str:
    if isinstance(constraint, models.UniqueConstraint):
        return copied(table, pk)
    return f"UPDATE {table._meta.db_table} SET {BREACHES[constraint.name]} WHERE id = {pk}"


def test_every_constraint_of_the_register_is_in_the_database(rows):
    """PostgreSQL names the constraint that refuses; SQLite names a check, and the columns of a double."""
    outcome = {c.name: attempted(breach(table, c, rows.one(table).pk)) for table, c in CONSTRAINED}
    assert {name: told for name, told in outcome.items() if name not in told and "UNIQUE" not in told} == {}


def test_a_row_that_breaks_nothing_can_be_written_in_plain_sql_too(rows):
    """The refusals are for the breach: the same tables take a row of which nothing is wrong."""
    free = {
        table for table in TABLES if not any(isinstance(c, models.UniqueConstraint) for c in table._meta.constraints)
    }
    free -= {
        table for table in TABLES if any(field.unique and field.is_relation for field in table._meta.concrete_fields)
    }
    outcome = {table.__name__: attempted(copied(table, rows.one(table).pk)) for table in free}
    assert {name: told for name, told in outcome.items() if told != "got through (1 rows)"} == {}


def test_one_pair_of_eyes_gets_in_by_no_statement(rows):
    assert Approval.objects.count() == 1
    outcome = {cells: attempted(f"UPDATE chain_approval SET {cells}") for cells in FOUR_EYES}
    assert {cells: told for cells, told in outcome.items() if "got through" in told} == {}
    assert attempted("UPDATE chain_approval SET approver_id = {other}") == "got through (1 rows)"


def test_no_check_is_forgotten_here():
    checks = {c.name for _table, c in CONSTRAINED if isinstance(c, models.CheckConstraint)}
    assert checks == set(BREACHES)
