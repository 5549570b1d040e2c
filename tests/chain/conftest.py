"""A small chain to decide on: a goal, an activity, a few elements, one need."""

import pytest

from schakel.access.register import put
from schakel.access.roles import Role
from schakel.chain.deciding import Wanted, ask
from schakel.chain.elements import DataElement, InformationObject, SourceOfRecord
from schakel.chain.goals import Activity, Goal
from schakel.chain.systems import System
from tests.written_once import written_once

SENTENCE = {
    "question": "Welke leerlingen naderen 16 uur verzuim?",
    "decision": "Vandaag bellen.",
    "rhythm": "elke schooldag",
    "level": "person",
    "freshness": "elke schooldag voor 07:30",
    "purpose": "Voldoen aan de meldplicht.",
    "legal_basis": "AVG art. 6 lid 1c",
}


class Chain:
    """What the tests of this room build on; names are those of the school model."""

    def __init__(self, people):
        self.people = people
        self.manager = people["information_manager"]
        put(self.manager, "role.write", Role, "mentor", nl="mentor", en="mentor", side="use")
        self.goal, _ = put(self.manager, "goal.write", Goal, "G03", nl="Elke leerling is op school")
        self.activity, _ = put(self.manager, "activity.write", Activity, "A09", nl="Verzuim melden", goal=self.goal)
        self.las, _ = put(self.manager, "system.write", System, "las", name="LAS")
        for key in ("pupil.first_name", "absence.kind", "absence.contact_on"):
            self.element(key)
        self.element("absence.reason_group", personal=True, special="art9_health")

    def element(self, key, *, source=True, **fields):
        table, column = key.split(".")
        thing, _ = put(self.manager, "element.write", InformationObject, table, nl=table, en=table)
        fields = {"nl": column, "en": column, "type": "text", **fields}
        element, _ = put(self.manager, "element.write", DataElement, key, object=thing, **fields)
        if source:
            put(self.manager, "element.write", SourceOfRecord, f"{key}@las", element=element, system=self.las)
        return element

    def wanted(self, *keys, wished=()):
        lines = [Wanted(DataElement.objects.get(key=k), "required", "aanspreken") for k in keys]
        return lines + [Wanted(DataElement.objects.get(key=k), "wished", "handig") for k in wished]

    def role(self, key="mentor"):
        return Role.objects.get(key=key)

    def ask(
        self,
        by="outsider",
        key="absence_16h",
        elements=("pupil.first_name", "absence.kind"),
        wished=("absence.contact_on",),
        **fields,
    ):
        return ask(
            self.people[by],
            key,
            elements=self.wanted(*elements, wished=wished),
            audience=[(self.role(), "own_pupils")],
            role=self.role(),
            **{"activity": self.activity, **SENTENCE, **fields},
        )


@pytest.fixture
@written_once
def chain(people):
    return Chain(people)
