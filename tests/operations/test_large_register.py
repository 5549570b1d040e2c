"""The register that is measured on: whole, recorded as one change, and read in as many queries as a small one."""

import importlib.util
import sys
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from schakel.access.audit import AuditLine, verify
from schakel.access.changes import change
from schakel.access.people import Person
from schakel.access.roles import Role, RoleAssignment
from schakel.chain import graph, holders
from schakel.chain.impact import foundation, impact

pytestmark = pytest.mark.django_db
FILE = Path(__file__).resolve().parents[2] / "bench" / "large_register.py"


@pytest.fixture(autouse=True)
def no_roster(settings: Any, tmp_path: Path) -> None:
    """Only the register counts here, whatever board another test left in the data folder."""
    settings.DATA = tmp_path


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("large_register", FILE)
    assert spec and spec.loader
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made
    spec.loader.exec_module(made)
    return made


@pytest.fixture
def size(bench: ModuleType) -> object:
    return bench.Size(needs=60, systems=12, people=300, schools=4, roles=8, goals=6, activities=20, objects=5,
                      elements=40, links=15, indicators=5)  # fmt: skip


def queries(act: object) -> int:
    with CaptureQueriesContext(connection) as seen:
        act()  # type: ignore[operator]
    return len(seen)


def test_it_is_one_recorded_change(people: dict[str, Person], bench: ModuleType, size: object) -> None:
    before = AuditLine.objects.count()
    bench.fill(people["information_manager"], size)
    assert AuditLine.objects.count() == before + 1
    assert verify().holds


def test_a_large_register_takes_no_more_queries(people: dict[str, Person], bench: ModuleType, size: object) -> None:
    small = queries(graph.build)
    bench.fill(people["information_manager"], size)
    assert queries(graph.build) == small
    whole = graph.graph()
    begin = graph.start(whole, "object", "bench_o1")
    assert queries(lambda: impact(whole, begin).hits) == 0
    holders.holders()
    assert queries(lambda: holders.people(impact(whole, begin).who(firm=True))) <= 4


def test_people_are_counted_as_one_by_one(people: dict[str, Person], bench: ModuleType, size: object) -> None:
    """Whoever holds two of the roles, or one of them twice, is one person."""
    bench.fill(people["information_manager"], size)
    roles = list(Role.objects.filter(key__startswith="bench_role").order_by("key"))
    many = Person.objects.filter(email__endswith="@bench.example").order_by("pk")[:40]
    later = bench.DAY + timedelta(days=1)
    with change(people["information_manager"], "role.assign", twice=40):
        RoleAssignment.objects.bulk_create(
            RoleAssignment(person=each, role=roles[n % 8], organisation_key=f"bench-school-{n % 4}", start=later)
            for n, each in enumerate(many)
        )
    register = holders.Register()
    for asked in (
        holders.Who(),
        holders.Who(frozenset({"bench_role_1"})),
        holders.Who(frozenset({"bench_role_2", "bench_role_5"})),
        holders.Who(frozenset(), frozenset({"bench-school-3"})),
        holders.Who(frozenset({"bench_role_0"}), frozenset({""})),
    ):  # fmt: skip
        assert register.people(asked) == len(set(holders.chosen(asked).values_list("person", flat=True)))
    for role, total in register.totals():
        assert total == len(set(holders.standing().filter(role__key=role).values_list("person", flat=True)))
    for held in register.held():
        there = holders.standing().filter(role__key=held.role, organisation_key=held.organisation)
        assert held.people == len(set(there.values_list("person", flat=True)))


def test_both_directions_agree_on_it(people: dict[str, Person], bench: ModuleType, size: object) -> None:
    bench.fill(people["information_manager"], size)
    whole = graph.graph()
    starts = {n: graph.Start(node, n) for n, node in enumerate(whole.nodes)}
    hit_by = {n: set(impact(whole, begin).hits) for n, begin in starts.items()}
    for n, begin in starts.items():
        assert {low for low, hit in hit_by.items() if n in hit} == set(foundation(whole, begin).hits)


PAGES = {
    "information_manager": ("/keten", "/keten/applicatie/bench-s1/gevolgen", "/behoeften", "/hiaten",
                            "/informatiemanager", "/verantwoordelijkheden", "/rollen/bench_role_1"),
    "board_member": ("/bestuur",),
    "ict_manager": ("/bronnen",),
}  # fmt: skip


def test_no_page_asks_the_database_per_thing(people: dict[str, Person], bench: ModuleType, client: Client) -> None:
    """With a hundred of everything, a query for each of a kind would show."""
    many = bench.Size(needs=100, systems=100, people=300, schools=100, roles=100, goals=100, activities=100,
                      objects=100, elements=100, links=100, indicators=100)  # fmt: skip
    bench.fill(people["information_manager"], many)
    for who, addresses in PAGES.items():
        client.force_login(people[who])
        for address in addresses:
            client.get(address)
            assert queries(lambda address=address: client.get(address)) < 80, address  # type: ignore[misc]


def test_its_pages_can_be_read(people: dict[str, Person], bench: ModuleType, size: object, client: Client) -> None:
    bench.fill(people["information_manager"], size)
    client.force_login(people["information_manager"])
    for address in ("/keten", "/keten?gekozen=applicatie:bench-s1", "/keten/rol/bench_role_1/gevolgen",
                    "/keten/organisatie/bench-school-1/gevolgen"):  # fmt: skip
        assert client.get(address).status_code == 200
