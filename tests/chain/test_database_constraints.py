"""What the database itself refuses, in plain SQL, by whoever goes round the program: each declared constraint is tried.

The last test sees to it that no constraint is left out.
"""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from schakel.access.kept import Kept
from schakel.access.register import assign, put
from schakel.chain.systems import Link, System
from schakel.lib import clock
from tests.chain.test_deciding import approved

pytestmark = pytest.mark.django_db

# constraint -> SQL that breaks it; `{...}` names a thing of the fixture below.
BREACHES = {
    "assignment_ends_after_start": "UPDATE access_roleassignment SET \"end\" = '1999-12-31' WHERE id = {assignment}",
    "assignment_once": "INSERT INTO access_roleassignment (person_id, role_id, organisation_key, start, source)"
    " SELECT person_id, role_id, organisation_key, start, source FROM access_roleassignment WHERE id = {assignment}",
    "refusal_has_reason": "UPDATE chain_informationneed SET state = 'refused', refusal_reason = '' WHERE id = {need}",
    "element_once_per_need": "INSERT INTO chain_needelement (need_id, element_id, demand, reason, declined,"
    " declined_reason) SELECT need_id, element_id, 'wished', 'nog eens', declined, declined_reason"
    " FROM chain_needelement WHERE id = {line}",
    "element_has_reason": "UPDATE chain_needelement SET reason = '' WHERE id = {line}",
    "required_is_not_declined": "UPDATE chain_needelement SET demand = 'required', declined = {true},"
    " declined_reason = 'te veel' WHERE id = {line}",
    "declining_has_reason": "UPDATE chain_needelement SET demand = 'wished', declined = {true}, declined_reason = ''"
    " WHERE id = {line}",
    "audience_once_per_need": "INSERT INTO chain_needaudience (need_id, role_id, scope)"
    " SELECT need_id, role_id, scope FROM chain_needaudience WHERE need_id = {need}",
    "special_data_never_structural": "UPDATE chain_dataelement SET special = 'art9_health', personal = {true},"
    " structural = {true} WHERE id = {element}",
    "special_data_are_personal": "UPDATE chain_dataelement SET special = 'art9_health', personal = {false},"
    " structural = {false} WHERE id = {element}",
    "source_of_record_once": "INSERT INTO chain_sourceofrecord (key, element_id, system_id)"
    " SELECT 'nog-een', element_id, system_id FROM chain_sourceofrecord WHERE element_id = {element}",
    "version_once_per_need": "INSERT INTO chain_needversion (need_id, number, content, content_hash, written_by_id,"
    " written_at) SELECT need_id, number, content, content_hash, written_by_id, written_at FROM chain_needversion"
    " WHERE need_id = {need}",
    "four_eyes": "UPDATE chain_approval SET approver_id = writer_id WHERE need_id = {need}",
    "one_standing_approval": "INSERT INTO chain_approval (need_id, version_id, content_hash, requester_id, writer_id,"
    " approver_id, at, note, void_reason) SELECT need_id, version_id, content_hash, requester_id, writer_id,"
    " approver_id, at, note, void_reason FROM chain_approval WHERE need_id = {need}",
    "link_joins_two_systems": "UPDATE chain_link SET to_system_id = from_system_id WHERE id = {link}",
}
FOUR_EYES = (
    "UPDATE chain_approval SET requester_id = approver_id",
    "UPDATE chain_approval SET writer_id = approver_id",
    "UPDATE chain_approval SET approver_id = requester_id",
    "UPDATE chain_approval SET approver_id = {other}, requester_id = {other}",
    "UPDATE chain_approval SET approver_id = {other}, writer_id = {other}, requester_id = {other}",
    "UPDATE chain_approval SET approver_id = NULL",
    "UPDATE chain_approval SET requester_id = NULL",
    "INSERT INTO chain_approval (need_id, version_id, content_hash, requester_id, writer_id, approver_id, at, note,"
    " voided_at, void_reason) SELECT need_id, version_id, content_hash, requester_id, writer_id, requester_id, at,"
    " note, at, 'vervallen' FROM chain_approval",
)


@pytest.fixture
def things(chain):
    """The rows that the SQL above speaks of, and how this database writes true and false."""
    need, manager = approved(chain), chain.manager
    lvs, _ = put(manager, "system.write", System, "lvs", name="LVS")
    link, _ = put(manager, "link.write", Link, "las-lvs", from_system=chain.las, to_system=lvs)
    given = assign(manager, chain.people["outsider"], chain.role("board_member"), clock.today())
    line = need.elements.get(element__key="pupil.first_name")
    yes, no = ("1", "0") if connection.vendor == "sqlite" else ("true", "false")
    return {
        "need": need.pk, "link": link.pk, "assignment": given.pk, "line": line.pk, "element": line.element_id,
        "other": chain.people["teacher"].pk, "true": yes, "false": no,
    }  # fmt: skip


def attempted(sql: str, things: dict[str, object]) -> str:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.format(**things))
            count = cursor.rowcount
    except IntegrityError as error:
        return str(error)
    return f"got through ({count} rows)"


def test_every_constraint_of_the_register_is_in_the_database(things):
    """PostgreSQL names the constraint that refuses; SQLite names it for a check, and the columns for a double."""
    outcome = {name: attempted(sql, things) for name, sql in BREACHES.items()}
    assert {name: told for name, told in outcome.items() if name not in told and "UNIQUE" not in told} == {}


def test_one_pair_of_eyes_gets_in_by_no_statement(things):
    outcome = {sql: attempted(sql, things) for sql in FOUR_EYES}
    assert {sql: told for sql, told in outcome.items() if "got through" in told} == {}


def test_the_same_statements_with_two_pairs_of_eyes_go_through(things):
    """The refusals are for the eyes: another approver than who asked and who wrote is no breach."""
    assert attempted("UPDATE chain_approval SET approver_id = {other}", things) == "got through (1 rows)"


def test_no_constraint_is_forgotten_here():
    ours = [m for m in apps.get_models() if issubclass(m, Kept) and m._meta.app_label in {"access", "chain"}]
    assert {c.name for m in ours for c in m._meta.constraints} == set(BREACHES)
