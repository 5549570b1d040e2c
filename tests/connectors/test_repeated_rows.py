"""A list with a row per registration has each pupil several times: that is no mistake, unless the rows differ."""

from pathlib import Path

from tests.connectors.test_own_mappings import ABSENCE, file, landed, made, rows

REGISTERED = """STAMNR;FIRSTNAME;LASTNAME;CLASS;STUDYPERIOD
12001;Sanne;Vries;3ha;2627
12002;Noa;Berg;3ha;2627
12001;Sanne;Vries;2hb;2526
12002;Noa;Bergen;2hb;2526
12001;Sanne;Vries;1b;2425
"""
PUPIL = frozenset({"sourcedId", "identifier", "givenName", "familyName"})


def test_a_list_with_a_row_per_registration_has_each_pupil_once(tmp_path: Path) -> None:
    """Magister's list of pupils in use repeats a STAMNR for each registration: no mistake, unless it says otherwise."""
    path = file(tmp_path, REGISTERED, "leerlingen-actief.csv")
    told = made(path, "pupils")
    assert told["relations"]["users"]["repeats"] is True
    found = landed(tmp_path, path, told, "users", PUPIL)
    assert rows(found, "users", "sourcedId", "familyName") == [("12001", "Vries"), ("12002", "Berg")]
    rules = [(f.row, f.rule, f.severity) for f in found.report.findings if f.rule != "column-unknown"]
    assert rules == [(0, "said-again", "info"), (5, "duplicate-key", "error")]  # another name for the same number
    again = next(f for f in found.report.findings if f.rule == "said-again")
    assert again.message == "Rijen die herhalen wat een eerdere rij met dezelfde STAMNR zegt, tellen één keer: 2."
    assert found.quarantined == {"users": 1}  # what says otherwise, and nothing else


def test_what_is_not_kept_makes_no_difference_between_two_rows(tmp_path: Path) -> None:
    path = file(tmp_path, REGISTERED, "leerlingen-actief.csv")
    found = landed(tmp_path, path, made(path, "pupils"), "users", PUPIL - {"familyName"})
    assert found.quarantined == {"users": 0}
    assert found.rows == {"users": 2}


def test_a_row_that_repeats_a_refused_one_is_refused_with_it(tmp_path: Path) -> None:
    text = "Sleutel;Naam groep;School\n3ha;;11AA00\n3ha;;11AA00\n3ha;3 havo a;11AA00\n"
    path = file(tmp_path, text, "groepen.csv")
    found = landed(
        tmp_path, path, made(path, "groups"), "classes", frozenset({"sourcedId", "title", "schoolSourcedId"})
    )
    assert rows(found, "classes", "sourcedId", "title") == [("3ha", "3 havo a")]
    assert {f.rule for f in found.report.findings if f.severity == "error"} == {"required", "duplicate-key"}


def test_a_good_row_is_not_lost_to_a_refused_one_that_says_the_same_in_what_is_kept(tmp_path: Path) -> None:
    path = file(
        tmp_path, "Sleutel;Naam groep;School\n3ha;;11AA00\n3ha;3 havo a;11AA00\n3ha;3 ha;11AA00\n", "groepen.csv"
    )
    found = landed(tmp_path, path, made(path, "groups"), "classes", frozenset({"sourcedId", "schoolSourcedId"}))
    assert rows(found, "classes", "sourcedId", "schoolSourcedId") == [("3ha", "11AA00")]
    told = [(f.row, f.rule) for f in found.report.findings]
    assert (2, "required") in told
    assert (0, "said-again") in told
    assert found.quarantined == {"classes": 1}  # the refused one; the third row only repeats the second


def test_elsewhere_the_same_key_again_stays_a_mistake(tmp_path: Path) -> None:
    row = "0012;11AA00;13-01-2026;3;O\n"
    path = file(tmp_path, f"Lln nr;School;Datum;Lesuur;Soort\n{row}{row}")
    found = landed(tmp_path, path, made(path), "absence", ABSENCE | {"hour"})
    assert [(f.row, f.rule) for f in found.report.findings if f.severity == "error"] == [(3, "duplicate-key")]
    assert found.quarantined == {"absence": 1}
