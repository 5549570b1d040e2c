"""Test results from file to board: pupils come by EDEXML, results from a pupil monitoring system mapped on the screen.

Two schools have pupils of the same numbers; the file tells the school. Nothing in it says what kind of tests these are.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from schakel.access.people import Person
from schakel.access.register import put
from schakel.chain.systems import System
from schakel.collect import source_mappings
from schakel.collect.runs import Run
from schakel.collect.sources import Source
from schakel.connectors import own_mappings, proposals
from schakel.connectors.column_kinds import columns
from schakel.connectors.dropped_files import look
from schakel.distribute.deliveries import deliver
from schakel.kits.loading import load
from schakel.kits.stock import bring_in
from schakel.lib import clock
from schakel.operations import flow
from schakel.process import snapshots
from tests.connectors.edexml_files import GOOD
from tests.desk import key_in, register_of_this_module
from tests.operations.test_yearly_figures import approve, rows, stored, told

pytestmark = pytest.mark.django_db

MAY = datetime(2027, 5, 10, 9, 0, tzinfo=clock.AMSTERDAM)
SITES = {"99ZZ00": "De Kiem", "98YY00": "De Vlonder"}
NUMBERS = [f"{n:05}" for n in range(1, 13)]
HEAD = "Leerlingnummer;Naam;Vestiging;Groep;Toets;Afnamedatum;Ruwe score;Vaardigheidsscore;Niveau"
ARITHMETIC, READING = "Rekenen M5", "Begrijpend lezen M5"
# Level by pupil; empty is a test that was not made, I+ a level that nobody translated. De Vlonder has another scale.
LEVELS = {
    "99ZZ00": {
        ARITHMETIC: ["V", "V", "V", "IV", "III", "II", "I", "I", "II", "", "III", "I+"],
        READING: ["V", "V", "III", "III", "III", "V", "I", "I", "V", "IV", "", ""],
    },
    "98YY00": {ARITHMETIC: ["E", "D", "D", "C", "C", "B", "A", "A", "B", "E", "", "D"]},
}
REFUSED = [
    "00001;Bos;99ZZ00;5a;Rekenen M5;21-01-2027;30;99,5;V",  # a second time, and lower: the first counts
    "00002;Bos;99ZZ00;5a;;21-01-2027;30;99,5;V",  # of no test
]
STRANGER = "99999;Vos;99ZZ00;5a;Rekenen M5;21-01-2027;30;99,5;V"
AGAIN = "00001;Bos;99ZZ00;5a;Rekenen M5;28-01-2027;41;120,5;IV"  # made again on another day


def results() -> list[tuple[str, str, str, str]]:
    """Site, number, test and level of each good line."""
    return [
        (site, number, test, level)
        for site, tests in LEVELS.items()
        for test, levels in tests.items()
        for number, level in zip(NUMBERS, levels, strict=True)
    ]


def lines() -> list[str]:
    """The export as it comes: a test that was not made has neither scores nor a level."""
    made = [
        f"{number};Bos;{site};5a;{test};21-01-2027;{'31;212,5' if level else ';'};{level}"
        for site, number, test, level in results()
    ]
    return [HEAD, *made, AGAIN, STRANGER, *REFUSED]


def school(site: str) -> str:
    """The EDEXML file of a school with twelve pupils, who came some years ago."""
    before, after = GOOD.partition("<leerlingen>")[0], GOOD.partition("</leerlingen>")[2]
    pupils = "\n".join(
        f'<leerling key="{n}"><achternaam>Bos</achternaam><roepnaam>Noor</roepnaam><jaargroep>5</jaargroep>'
        '<groep key="G1"/><instroomdatum>2021-08-25</instroomdatum></leerling>'
        for n in NUMBERS
    )
    return f"{before}<leerlingen>\n{pupils}\n</leerlingen>{after}".replace("99ZZ", site[:4])


def mapped(path: Path) -> dict[str, Any]:
    """The mapping as the screen proposes it, with the kind of tests that a person fills in."""
    dropped = look(path, path.name)
    seen = columns(dropped)
    target = proposals.best_target(seen, path.name)
    assert target.key == "toetsen-result"
    proposed = proposals.propose(target, seen)
    assert set(own_mappings.mistakes(target, dropped.form, seen, proposed)) == {"test_kind"}
    choices = proposals.Choices(proposed.columns, {"test_kind": "LVS"}, proposed.values)
    assert own_mappings.mistakes(target, dropped.form, seen, choices) == {}
    return own_mappings.declaration(target, dropped.form, seen, choices, "Toetsen", "lvs_*.csv", 1)


def founded() -> dict[str, Person]:
    """A board whose schools deliver EDEXML, with the site list of DUO, which tells their sector, and the results."""
    people = bring_in()
    for kit, needs in (("base", ["who_may_see_what", "results_overview"]), ("po", ["advice_vs_test"])):
        load(people["information_manager"], kit, only=[f"needs:{need}" for need in needs])
    ict, inbox = people["ict_manager"], flow.inbox()
    systems = {system.key: system for system in System.objects.all()}
    for site in SITES:
        key = f"las-{site.lower()}"
        put(ict, "source.write", Source, key, name=key, system=systems["las"], layout="edexml", pattern=f"edex_{site}*")
        (inbox / f"edex_{site}_20270510.xml").write_text(school(site), encoding="utf-8")
    duo, _ = put(ict, "system.write", System, "duo", name="DUO")
    given = {"name": "DUO", "system": duo, "layout": "duo_vestigingen_po", "pattern": "*vestigingen-b*"}
    put(ict, "source.write", Source, "duo", **given)
    places = [f"41288;{site[:4]};{site};{name}" for site, name in SITES.items()]
    list_of_sites = ["BEVOEGD GEZAG NUMMER;BRIN NUMMER;VESTIGINGSNUMMER;VESTIGINGSNAAM", *places, ""]
    (inbox / "01.-vestigingen-bo.csv").write_text("\n".join(list_of_sites), encoding="cp1252")
    (inbox / "lvs_20270510.csv").write_text("\n".join([*lines(), ""]), encoding="cp1252")
    source_mappings.begin(ict, "lvs", "Toetsen", systems["monitoring"], mapped(inbox / "lvs_20270510.csv"))
    approve(people, "who_may_see_what")
    return people


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[dict[str, Any]]:
    """The board before the need was approved, and after; made once for the tests of this module."""
    from django.test import override_settings

    data = key_in(tmp_path_factory.mktemp("tests"))
    with register_of_this_module(django_db_blocker), override_settings(DATA=data), clock.held_at(MAY):
        with django_db_blocker.unblock():
            people = founded()
            flow.run_all(people["ict_manager"])
            before = stored(data)
            approve(people, "advice_vs_test")  # the school year that a figure is about
            approve(people, "results_overview")
            flow.run_all(people["ict_manager"])
        yield {"data": data, "people": people, "before": before}


def test_without_the_need_no_result_is_kept(made: dict[str, Any]) -> None:
    assert "lvs" not in made["before"] and "las-99zz00" in made["before"]


def test_with_the_need_only_what_it_needs_is_kept(made: dict[str, Any]) -> None:
    finds = {"pupil_number", "site_identifier", "test_name", "test_kind", "test_code", "subject", "taken_on"}
    assert stored(made["data"])["lvs"] == finds | {"level"}, "no score, no name"
    held = {f"{t}.{c}" for t, c in rows(made, "SELECT table_name, column_name FROM duckdb_columns()")}
    assert "result.level" in held and not held & {"result.score", "result.mark"}


def test_each_line_finds_the_pupil_of_its_own_school(made: dict[str, Any]) -> None:
    kept = [(f"{site}.{number}", test, level) for site, number, test, level in results()]
    told = [(pupil, test, None if level in ("", "I+") else level) for pupil, test, level in kept]
    found = "SELECT r.pupil_id, t.name, r.level FROM result AS r JOIN test AS t ON t.test_id = r.test_id"
    again = ("99ZZ00.00001", ARITHMETIC, "IV")
    assert sorted(rows(made, found), key=str) == sorted([*told, again], key=str)
    assert rows(made, "SELECT count(*), count(DISTINCT result_id) FROM result") == [(37, 37)]


def test_a_test_stands_once_whatever_schools_made_it(made: dict[str, Any]) -> None:
    assert sorted(rows(made, "SELECT name, kind FROM test")) == [(READING, "monitoring"), (ARITHMETIC, "monitoring")]


def test_a_pupil_who_is_unknown_is_counted_and_not_placed(made: dict[str, Any]) -> None:
    current = snapshots.current(made["data"])
    assert current is not None
    (left,) = current.manifest["tables"]["result"]["unplaced"]
    assert (left["source"], left["column"], left["reason"], left["rows"]) == ("lvs", "pupil_id", "not_found", 1)
    assert current.manifest["tables"]["test"]["unplaced"] == []


def test_what_is_wrong_is_found_and_a_test_that_was_not_made_is_not(made: dict[str, Any]) -> None:
    run = Run.objects.filter(source__key="lvs", state__in=("good", "repaired")).first()
    assert run is not None
    report = json.loads((made["data"] / run.folder / "report.json").read_text(encoding="utf-8"))
    found = {
        (line["row"], line["column"], line["rule"], line["action"]) for line in report["findings"] if line["row"] > 1
    }
    assert found == {
        (13, "Niveau", "vocabulary", "drop value"),
        (39, "Leerlingnummer", "other-source", "accept"),
        (40, "Leerlingnummer, Vestiging, Toets, Afnamedatum", "duplicate-key", "drop row"),
        (41, "Toets", "required", "drop row"),
    }


def test_the_share_at_the_lowest_level_is_what_plain_counting_gives(made: dict[str, Any]) -> None:
    expected = []
    for site, low in (("98YY00", {"D", "E"}), ("99ZZ00", {"V"})):
        mine = [(n, level) for s, n, _test, level in results() if s == site and level not in ("", "I+")]
        mine += [("00001", "IV")] if site == "99ZZ00" else []
        hit = [number for number, level in mine if level in low]
        people = len({number for number, _level in mine})
        expected.append((site, "2026-2027", len(hit), len(mine), people, len(set(hit))))
    assert [row[2:4] for row in expected] == [(5, 11), (7, 21)]  # counted by hand
    figures = (
        "SELECT site_id, period, numerator::INT, denominator::INT, people, people_hit FROM indicator_value "
        "WHERE indicator_key = 'I_LVS_LOW' ORDER BY 1"
    )
    assert rows(made, figures) == expected


def test_the_board_member_receives_the_tests_side_by_side(made: dict[str, Any]) -> None:
    with clock.held_at(MAY):
        got = deliver(made["people"]["board_member"], "results_overview")
    assert sorted(told(got, "site", "area", "pupils")) == [
        ("De Kiem", "Begrijpend lezen", 10),
        ("De Kiem", "Rekenen", 10),
        ("De Vlonder", "Rekenen", 11),
    ]
