"""Columns that are proposed for what is in them, where their names say nothing, or something else."""

import pytest

from schakel.connectors import proposals
from schakel.connectors.column_kinds import FEW, columns
from schakel.connectors.dropped_files import Dropped
from tests.connectors.test_proposed import dropped, known

SCHOOLS = {"dekiem": "98AB00", "debrug": "98AC00"}
STAFF = "Medewerker;Kostenplaats;Afdeling;DV Begindatum;Iets;FTE"


def proposed(
    key: str, found: Dropped, schools: dict[str, str] = SCHOOLS
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """The header that is proposed for each field, and what its values become."""
    chosen = proposals.propose(known(key), columns(found), schools)
    return {name: found.headers[place] for name, place in chosen.columns.items()}, chosen.values


def staff(*rows: str) -> Dropped:
    return dropped(STAFF, *(f"{n};{row};01-08-2019;{kind};0,8" for n, row, kind in zip(
        range(100), rows, ("Onbepaalde tijd", "Bepaalde tijd", "Vervanging"), strict=False)))  # fmt: skip


def test_a_choice_that_every_row_needs_is_the_column_with_its_words() -> None:
    headers, values = proposed("personeel-staff_contract", staff("98AB00;x", "98AB00;y", "98AC00;x"))
    assert headers["contract_kind"] == "Iets"
    assert values["contract_kind"] == {
        "Onbepaalde tijd": "permanent", "Bepaalde tijd": "temporary", "Vervanging": "replacement",
    }  # fmt: skip


def test_the_kind_of_absence_is_read_from_its_reason_where_there_is_no_other() -> None:
    found = dropped(
        "Stamnr;Datum;Reden",
        *(f"{n};04-11-2026;{kind}" for n, kind in enumerate(("ziek", "te laat", "spijbelen", "weet niet"))),
    )
    headers, values = proposed("verzuim-absence", found)
    assert (headers["kind"], headers["reason_group"]) == ("Reden", "Reden"), "one column serves both"
    assert values["kind"] == {"ziek": "authorised", "te laat": "late", "spijbelen": "unauthorised", "weet niet": ""}


@pytest.mark.parametrize("kinds", [("ziek", "a", "b"), ("a", "b", "c"), ("", "", "")])
def test_fewer_than_half_of_the_words_are_no_proposal(kinds: tuple[str, ...]) -> None:
    found = dropped("Stamnr;Datum;Iets", *(f"{n};04-11-2026;{kind}" for n, kind in enumerate(kinds)))
    assert "kind" not in proposed("verzuim-absence", found)[0]


def test_a_name_wins_from_words_in_another_column() -> None:
    found = dropped("Stamnr;Datum;Soort;Iets", "12;04-11-2026;QX;ziek", "13;04-11-2026;QY;ziek")
    assert proposed("verzuim-absence", found)[0]["kind"] == "Soort"


def test_the_column_with_names_of_schools_wins_from_one_whose_numbers_are_of_no_school() -> None:
    headers, values = proposed("personeel-staff_contract", staff("1010;De Kiem", "1020;De Brug", "1020;De Brug"))
    assert headers["site_identifier"] == "Afdeling"
    assert values["site_identifier"] == {"De Kiem": "98AB00", "De Brug": "98AC00"}


@pytest.mark.parametrize("first", ["98AB00", "De Kiem", "12345"])
def test_a_column_that_names_one_school_by_number_or_name_stays(first: str) -> None:
    headers, _values = proposed("personeel-staff_contract", staff(f"{first};De Kiem", "1020;De Brug"))
    assert headers["site_identifier"] == "Kostenplaats"


def test_a_column_stays_where_no_other_has_names_of_schools_or_its_values_are_too_many() -> None:
    assert proposed("personeel-staff_contract", staff("1010;x", "1020;y"))[0]["site_identifier"] == "Kostenplaats"
    many = dropped("Medewerker;Kostenplaats;Afdeling", *(f"{n};{1000 + n};De Kiem" for n in range(FEW + 1)))
    assert proposed("personeel-staff_contract", many)[0]["site_identifier"] == "Kostenplaats"


def test_functions_of_staff_are_known_by_the_words_that_packages_use() -> None:
    words = ("Directeur", "Leraar LB", "leraar l11", "Onderwijsassistent", "Conciërge", "Bovenschools coach")
    found = dropped("Medewerker;Functie", *(f"{n};{word}" for n, word in enumerate(words)))
    assert list(proposed("personeel-staff_contract", found)[1]["function_group"].values()) == [
        "management", "teaching", "teaching", "support", "support", "",
    ]  # fmt: skip


@pytest.mark.parametrize("date", ["4-11-26", "ma 4 mei 2026", "4-nov-26"])
def test_a_list_with_dates_in_words_or_short_years_is_an_absence_overview(date: str) -> None:
    found = dropped(
        "Leerling;Leerlingnr.;Groep;Van;t/m;Aantal uren;Soort verzuim", f"Jansen, Piet;1000;8A;{date};;2:30;Ziek"
    )
    best = proposals.best_target(columns(found), "verzuimoverzicht november.xlsx")
    assert best.key == "verzuim-absence"
    headers, _values = proposed(best.key, found)
    assert (headers["pupil_number"], headers["date"], headers["clock_hours"]) == ("Leerlingnr.", "Van", "Aantal uren")
