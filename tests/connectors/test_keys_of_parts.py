"""Files without a number of their own for what they tell of: other columns together say which row is which."""

from pathlib import Path
from typing import Any

import pytest

from schakel.collect.checks import check
from schakel.connectors import own_mappings, proposals
from schakel.connectors.column_kinds import columns
from schakel.connectors.dropped_files import look
from schakel.engine import duck
from schakel.process import snapshots
from schakel.process.mappings import columns_for
from tests.connectors.test_own_mappings import file, landed, made, rows
from tests.connectors.test_proposed import dropped, known
from tests.process import boards

HEAD = "Medewerker;Kostenplaats;Functie;Contracttype;FTE;Begindatum;Einddatum"
STAFF = (
    f"{HEAD}\nP1;98AB00;Leraar LB;Onbepaalde tijd;0,4;01-08-2025;\n"
    "P1;98AC00;Leraar LB;Onbepaalde tijd;0,6;01-08-2025;\n"
    "P2;98AB00;Directeur;Bepaalde tijd;1;13-09-2025;31-07-2026\n"
)
SICK = (
    "Personeelsnr,Eerste ziektedag,Hersteldatum,% arbeidsongeschikt,Soort verzuim\n"
    "P1,13/09/2026,20/09/2026,100%,Ziek\nP1,01/10/2026,,50%,Ziek\nP2,13/09/2026,,100%,Ziek\n"
)
KEPT = frozenset(
    {"staff_number", "contract_number", "site_identifier", "function_group", "contract_kind", "fte", "start_date"}
)


def contracts(folder: Path, text: str = STAFF) -> tuple[Path, dict[str, Any]]:
    path = file(folder, text, "aanstellingen.csv")
    return path, made(path, "personeel-staff_contract")


def test_an_appointment_without_a_number_is_who_where_what_and_when(tmp_path: Path) -> None:
    path, told = contracts(tmp_path)
    assert told["relations"]["staff_contract"]["unique"] == [
        "staff_number", "site_identifier", "function_group", "start_date",
    ]  # fmt: skip
    found = landed(tmp_path, path, told, "staff_contract", KEPT)
    assert [number for number, _fte in rows(found, "staff_contract", "contract_number", "fte")] == [
        "P1.98AB00.Leraar LB.01-08-2025", "P1.98AC00.Leraar LB.01-08-2025", "P2.98AB00.Directeur.13-09-2025",
    ]  # fmt: skip
    assert [f for f in found.report.findings if f.severity == "error"] == []


def test_the_same_appointment_twice_is_refused_the_second_time(tmp_path: Path) -> None:
    path, told = contracts(tmp_path)
    file(tmp_path, STAFF + "P1;98AB00;Leraar LB;Bepaalde tijd;0,2;01-08-2025;\n", "aanstellingen.csv")
    report = check(own_mappings.package(path, told))
    assert [(f.row, f.rule, f.action) for f in report.findings] == [(5, "duplicate-key", "drop row")]


def test_a_sequence_number_per_employee_tells_two_appointments_apart(tmp_path: Path) -> None:
    lines = STAFF.splitlines() + ["P1;98AB00;Leraar LB;Bepaalde tijd;0,2;01-08-2025;"]
    text = (
        "\n".join(f"{line};{number}" for line, number in zip(lines, ("Volgnr. contract", *"1112"), strict=True)) + "\n"
    )
    path, told = contracts(tmp_path, text)
    assert told["relations"]["staff_contract"]["unique"][-1] == "contract_sequence"
    found = landed(tmp_path, path, told, "staff_contract", KEPT)
    assert len(rows(found, "staff_contract", "contract_number")) == 4
    assert {f.rule for f in found.report.findings if f.severity == "error"} == set()


def test_a_number_of_its_own_is_used_where_a_file_has_one(tmp_path: Path) -> None:
    lines = STAFF.splitlines()
    numbered = zip(lines, ("Dienstverbandnummer", "x", "y", "z"), strict=True)
    path, told = contracts(tmp_path, "".join(f"{line};{number}\n" for line, number in numbered))
    assert told["relations"]["staff_contract"]["unique"] == ["contract_number"]
    file(tmp_path, f"{lines[0]};Dienstverbandnummer\n" + "".join(f"{line};x\n" for line in lines[1:]), path.name)
    assert [f.rule for f in check(own_mappings.package(path, told)).findings] == ["duplicate-key"] * 2


def test_a_spell_without_a_number_is_who_why_and_when(tmp_path: Path) -> None:
    path = file(tmp_path, SICK, "Verzuimmeldingen personeel Q3.csv")
    told = made(path, "personeel-sick_leave")
    assert told["relations"]["sick_leave"]["unique"] == ["staff_number", "kind", "start_date"]
    found = landed(
        tmp_path,
        path,
        told,
        "sick_leave",
        frozenset({"spell", "staff_number", "kind", "sick_percentage", "start_date"}),
    )
    assert [row[0] for row in rows(found, "sick_leave", "spell")] == [
        "P1.01/10/2026.Ziek", "P1.13/09/2026.Ziek", "P2.13/09/2026.Ziek",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "key"), [("Verzuimmeldingen personeel Q3.csv", "personeel-sick_leave"), ("x.csv", "personeel-sick_leave")]
)
def test_reports_of_illness_are_known_as_such(tmp_path: Path, name: str, key: str) -> None:
    path = file(tmp_path, SICK, name)
    assert proposals.best_target(columns(look(path, name)), name).key == key


def test_nothing_is_made_of_nothing() -> None:
    found = dropped("Naam;Uren", "Jansen;3")
    target = known("personeel-staff_contract")
    wrong = own_mappings.mistakes(target, found.form, columns(found), proposals.Choices())
    assert "contract_number" in wrong and "in elke rij nodig" in wrong["contract_number"]


def test_appointments_are_told_apart_in_the_tables_too(tmp_path: Path) -> None:
    """Of somebody with two, each stands there with its own part."""
    wanted = frozenset({"staff_contract.fte", "staff_contract.site_id", "staff_contract.staff_id", "site.name"})
    path, told = contracts(tmp_path, STAFF.replace("P1;", "P2;").replace("98AC00", "41288").replace("98AB00", "20XY01"))
    found = landed(tmp_path, path, told, "staff_contract", columns_for(wanted)["personeel"]["staff_contract"])
    data = tmp_path / "data"
    built = snapshots.build(data, [boards.land(data, "las", "oneroster", boards.roster()), found], wanted)
    with duck.reader(built.model) as con:
        parts = con.execute("SELECT fte::DOUBLE, site_id IS NULL FROM staff_contract ORDER BY ALL").fetchall()
    assert parts == [(0.4, False), (0.6, True), (1.0, False)]
