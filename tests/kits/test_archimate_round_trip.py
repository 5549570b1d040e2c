"""Out and in and out again: nothing that the chain holds is lost, for any small chain."""

import os
from itertools import cycle

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.access.register import by_key, put
from schakel.access.roles import Role
from schakel.chain import deciding
from schakel.chain.deciding import Wanted
from schakel.chain.elements import DataElement, InformationObject, SourceOfRecord
from schakel.chain.goals import Activity, Goal, Process
from schakel.chain.needs import InformationNeed
from schakel.chain.organisations import Organisation
from schakel.chain.responsibilities import answer_for
from schakel.chain.systems import Link, ReferenceComponent, System
from schakel.kits.archimate.bringing_in import reader
from schakel.kits.archimate.writing import model
from schakel.kits.exchange.taking import rehearse
from tests.kits.models import problems, taken
from tests.kits.registers import emptied, filled

pytestmark = pytest.mark.django_db


def test_a_refused_need_comes_in_refused_and_an_ended_one_ended(people, tmp_path):
    manager = filled(people, tmp_path)["information_manager"]
    deciding.refuse(manager, by_key(InformationNeed, "my_day"), "Dat weten we al.")
    deciding.end(manager, by_key(InformationNeed, "my_rooms"), "Niet meer nodig.")
    deciding.decline_element(manager, by_key(InformationNeed, "my_day"), "slot.room", "staat op de deur")
    content = model(manager, "x")
    emptied()
    taken(manager, content)
    assert by_key(InformationNeed, "my_day").refusal_reason == "Dat weten we al."
    assert by_key(InformationNeed, "my_rooms").state == "ended"
    assert model(manager, "x") == content


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30).filter(str.strip)
MAYBE = st.just("") | TEXT
KEY = st.from_regex(r"[A-Za-z0-9_-]{1,12}", fullmatch=True)
DAY = st.none() | st.dates()


@st.composite
def chains(draw):
    """A small chain: what there is of each noun, and how it hangs together."""
    keys = {noun: draw(st.lists(KEY, min_size=1, max_size=3, unique_by=str.casefold)) for noun in
            ("goals", "processes", "activities", "systems", "objects", "needs", "roles", "components")}  # fmt: skip
    pick = {noun: st.none() | st.sampled_from(there) for noun, there in keys.items()}
    return {
        "keys": keys,
        "words": draw(st.lists(st.tuples(TEXT, MAYBE), min_size=24, max_size=24)),
        "picks": {noun: draw(st.lists(one, min_size=24, max_size=24)) for noun, one in pick.items()},
        "days": draw(st.lists(DAY, min_size=6, max_size=6)),
        "flags": draw(st.lists(st.booleans(), min_size=12, max_size=12)),
        "numbers": draw(st.lists(st.none() | st.integers(0, 30000), min_size=6, max_size=6)),
        "cents": draw(st.lists(st.none() | st.decimals(0, 9999999, places=2), min_size=3, max_size=3)),
    }


class Built:
    """Writes a chain in the register, by the functions that people use."""

    def __init__(self, manager, chain):
        self.manager, self.chain, self.keys = manager, chain, chain["keys"]
        self.words, self.flags, self.numbers, self.days, self.cents = (
            cycle(chain[name]) for name in ("words", "flags", "numbers", "days", "cents")
        )
        self.picks = {noun: cycle(found) for noun, found in chain["picks"].items()}

    def whole(self):
        self._roles()
        self._goals()
        self._work()
        self._systems()
        self._elements()
        for key in self.keys["needs"]:
            self._need(key)

    def _put(self, permission, noun, key, **fields):
        return put(self.manager, permission, noun, key, **fields)[0]

    def _pick(self, noun, kept_as):
        key = next(self.picks[noun])
        return kept_as.objects.filter(key=key).first() if key else None

    def _role(self):
        key = next(self.picks["roles"])
        return Role.objects.filter(key=f"r{key}").first() if key else None

    def _named(self):
        nl, en = next(self.words)
        return {"nl": nl, "en": en}

    def _roles(self):
        for key in self.keys["roles"]:
            nl, en = next(self.words)
            self._put("role.write", Role, f"r{key}", nl=nl, en=en or nl, side="use")

    def _goals(self):
        for key in self.keys["goals"]:
            above = self._pick("goals", Goal)
            self._put(
                "goal.write", Goal, key, **self._named(), owner_role=self._role(), period_start=next(self.days),
                law=next(self.words)[1], law_confirmed=next(self.flags),
                parent=above if above and above.key != key else None,
            )  # fmt: skip

    def _work(self):
        for key in self.keys["processes"]:
            self._put("activity.write", Process, key, **self._named(), description=next(self.words)[1])
        for key in self.keys["activities"]:
            fields = {"goal": self._pick("goals", Goal), "process": self._pick("processes", Process)}
            self._put("activity.write", Activity, key, **self._named(), **fields, owner_role=self._role())

    def _systems(self):
        for key in self.keys["components"]:
            self._put("system.write", ReferenceComponent, key, **self._named())
        component = self._pick("components", ReferenceComponent)
        for key in self.keys["systems"]:
            nl, en = next(self.words)
            self._put(
                "system.write", System, key, name=nl, name_en=en, cost_per_year=next(self.cents),
                personal_data=next(self.flags), component=component.nl if component else "",
                contract_until=next(self.days), owner_role=self._role(),
            )  # fmt: skip
        first, *rest = self.keys["systems"]
        for key in rest:
            ends = {"from_system": by_key(System, first), "to_system": by_key(System, key)}
            self._put("link.write", Link, f"l-{key}", **ends, standard=next(self.words)[1], owner_role=self._role())

    def _elements(self):
        for key in self.keys["objects"]:
            nl, en = next(self.words)
            thing = self._put("element.write", InformationObject, key, nl=nl, en=en or nl)
            fields = {"object": thing, "nl": nl, "en": en or nl, "type": "text"}
            element = self._put("element.write", DataElement, f"{key}.x", **fields)
            system = self._pick("systems", System)
            if system:
                name = f"{key}.x@{system.key}"
                self._put("element.write", SourceOfRecord, name, element=element, system=system)

    def _need(self, key):
        role = self._role() or by_key(Role, "information_manager")
        words, more = next(self.words)
        element = by_key(DataElement, f"{self.keys['objects'][0]}.x")
        need = deciding.ask(
            self.manager, key, elements=[Wanted(element, "wished", words, more)],
            audience=[(role, "own_school"), (role, "self")], role=role, question=words, question_en=more,
            decision=words, rhythm=words, note=more, activity=self._pick("activities", Activity),
            minutes_before=next(self.numbers), review_on=next(self.days), owner_role=self._role(),
        )  # fmt: skip
        if next(self.flags):
            deciding.decline_element(self.manager, need, element.key, "niet nodig")
        answer_for(self.manager, role, "informationneed", key, "content", "AC")


@settings(
    max_examples=60 if os.environ.get("SCHAKEL_SOAK") else 8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(chain=chains())
def test_any_small_chain_comes_back_equal(people, chain):
    manager = people["information_manager"]
    with transaction.atomic():
        put(manager, "organisation.write", Organisation, "een bestuur/1", name="Stichting", level="board")
        Built(manager, chain).whole()
        content = model(manager, "x")
        assert problems(content) == []
        emptied()
        taken(manager, content)
        assert model(manager, "x") == content
        again = rehearse(manager, reader(content, "model.xml"))
        assert not again.changes and not again.faults
        transaction.set_rollback(True)
