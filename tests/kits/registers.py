"""A small register to exchange with: the small kit, a second need, a link, a responsibility, an organisation."""

from copy import deepcopy

from django.db import connection

from schakel.access.register import by_key, put
from schakel.access.roles import Role
from schakel.chain.goals import Activity, Goal
from schakel.chain.organisations import Organisation
from schakel.chain.responsibilities import Area, answer_for
from schakel.chain.systems import Link, System
from schakel.governance.policies import Policy
from schakel.kits.exchange.taking import rehearse, take_in
from schakel.kits.loading import load
from schakel.kits.sheets.reading import reader
from tests.kits.small_kits import small, write
from tests.written_once import written_once


@written_once
def filled(people, folder):
    """The stock people with a small chain."""
    manager = people["information_manager"]
    kit = small()
    second = {**deepcopy(kit["needs"][0]), "key": "my_rooms", "question_nl": "Welk lokaal is vrij?", "wished": {}}
    kit["needs"].append(second)
    load(manager, write(folder, kit))
    put(manager, "system.write", System, "las", name="LAS", personal_data=True)
    fields = {"from_system": by_key(System, "las"), "to_system": by_key(System, "timetable")}
    put(manager, "link.write", Link, "las_timetable", **fields)
    put(manager, "goal.write", Goal, "G2", nl="Rustige start", parent=by_key(Goal, "G1"))
    put(manager, "activity.write", Activity, "A2", nl="Surveilleren", goal=by_key(Goal, "G2"))
    put(manager, "responsibility.write", Area, "systems", kind="supply", nl="Applicaties kiezen")
    put(manager, "organisation.write", Organisation, "board", name="Stichting", level="board")
    put(manager, "policy.write", Policy, "privacy", nl="Privacybeleid")
    answer_for(manager, by_key(Role, "teacher"), "area", "systems", "content", "RC")
    return people


def looked(actor, content, name="bestand.xlsx", only="all"):
    """The dry run of a file."""
    return rehearse(actor, reader(actor, content, name, only))


def taken(actor, content, name="bestand.xlsx", only="all"):
    """A file taken in, as after a look."""
    read = reader(actor, content, name, only)
    return take_in(actor, read, rehearse(actor, read).fingerprint)


def emptied(*, roles=True):
    """The chain away behind the back of the register; people and the roles that they hold stay."""
    tables = [
        "chain_advice", "chain_approval", "chain_needversion", "chain_needelement", "chain_needaudience",
        "distribute_product", "chain_informationneed", "chain_responsibility", "chain_area", "chain_activity",
        "chain_process", "chain_goal", "chain_sourceofrecord", "chain_dataelement", "chain_informationobject",
        "chain_link", "collect_source", "chain_system", "chain_referencecomponent", "chain_organisation",
        "governance_policy", "chain_modelidentifier",
    ]  # fmt: skip
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")
        if roles:
            held = "SELECT role_id FROM access_roleassignment"
            cursor.execute(f"DELETE FROM access_role WHERE id NOT IN ({held})")
