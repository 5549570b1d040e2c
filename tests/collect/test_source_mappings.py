"""Versions of how a source is read: each is one recorded change, by who may, and the last one counts."""

from typing import Any

import pytest

from schakel.access.audit import AuditLine
from schakel.access.kept import UnrecordedWrite
from schakel.access.register import put
from schakel.chain.systems import System
from schakel.collect import source_mappings
from schakel.collect.source_mappings import SourceMapping
from schakel.collect.sources import Source
from schakel.lib.errors import Refused, SchakelError

TOLD = {"layout": "verzuim", "version": "1", "file": "absentie_*.csv", "seen": {}, "relations": {}}


@pytest.fixture
def system(people: Any) -> System:
    put(people["information_manager"], "system.write", System, "las", name="LAS")
    return System.objects.get(key="las")


def test_a_new_source_comes_with_its_first_version(people: Any, system: System) -> None:
    made = source_mappings.begin(people["ict_manager"], "absentie", "Absentie", system, TOLD)
    source = Source.objects.get(key="absentie")
    assert (source.layout, source.pattern, source.system) == ("verzuim", "absentie_*.csv", system)
    assert (made.number, made.made_by, made.declaration) == (1, people["ict_manager"], TOLD)
    assert source_mappings.in_force(source) == made
    line = AuditLine.objects.latest("number")
    assert (line.action, line.thing_kind, line.thing_key) == ("source.write", "source", "absentie")


def test_the_next_version_counts_and_the_one_before_stays(people: Any, system: System) -> None:
    first = source_mappings.begin(people["ict_manager"], "absentie", "Absentie", system, TOLD)
    changed = {**TOLD, "file": "verzuim_*.csv"}
    second = source_mappings.save(people["information_manager"], first.source, "Absentie", changed)
    assert (second.number, second.declaration["version"]) == (2, "2")
    assert source_mappings.in_force(first.source) == second
    assert Source.objects.get(key="absentie").pattern == "verzuim_*.csv"
    assert SourceMapping.objects.get(number=1).declaration == TOLD


def test_a_name_that_is_taken_is_refused_and_changes_nothing(people: Any, system: System) -> None:
    source_mappings.begin(people["ict_manager"], "absentie", "Absentie", system, TOLD)
    with pytest.raises(SchakelError, match="al een bron met deze naam"):
        source_mappings.begin(people["ict_manager"], "absentie", "Anders", system, TOLD)
    assert SourceMapping.objects.count() == 1


@pytest.mark.parametrize("who", ["teacher", "board_member", "privacy_officer", "outsider"])
def test_who_may_not_change_a_source_makes_no_mapping(people: Any, system: System, who: str) -> None:
    with pytest.raises(Refused):
        source_mappings.begin(people[who], "absentie", "Absentie", system, TOLD)
    assert not SourceMapping.objects.exists() and not Source.objects.filter(key="absentie").exists()


def test_a_version_is_never_written_outside_a_recorded_change(people: Any, system: System) -> None:
    made = source_mappings.begin(people["ict_manager"], "absentie", "Absentie", system, TOLD)
    made.name = "Stiekem"
    with pytest.raises(UnrecordedWrite):
        made.save()
    assert source_mappings.next_number(None) == 1 and source_mappings.next_number(made.source) == 2
