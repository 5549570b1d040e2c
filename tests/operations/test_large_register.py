"""The register that is measured on: whole, recorded as one change, and read in as many queries as a small one."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from schakel.access.audit import AuditLine, verify
from schakel.access.people import Person
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


def test_both_directions_agree_on_it(people: dict[str, Person], bench: ModuleType, size: object) -> None:
    bench.fill(people["information_manager"], size)
    whole = graph.graph()
    starts = {n: graph.Start(node, n) for n, node in enumerate(whole.nodes)}
    hit_by = {n: set(impact(whole, begin).hits) for n, begin in starts.items()}
    for n, begin in starts.items():
        assert {low for low, hit in hit_by.items() if n in hit} == set(foundation(whole, begin).hits)


def test_its_pages_can_be_read(people: dict[str, Person], bench: ModuleType, size: object, client: Client) -> None:
    bench.fill(people["information_manager"], size)
    client.force_login(people["information_manager"])
    for address in ("/keten", "/keten?gekozen=applicatie:bench-s1", "/keten/rol/bench_role_1/gevolgen",
                    "/keten/organisatie/bench-school-1/gevolgen"):  # fmt: skip
        assert client.get(address).status_code == 200
