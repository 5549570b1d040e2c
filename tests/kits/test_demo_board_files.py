"""The files look as the source systems write them: the standard's headers in order, encodings, line ends, names."""

import zipfile
from datetime import date
from pathlib import Path

import pytest

from schakel.lib import clock
from tests.kits.demo_boards import ENCODINGS, board

_EVERY = ["sourcedId", "status", "dateLastModified"]
# OneRoster CSV binding 1.2.1, the columns of each file in the order of the standard.
_HEADERS = {
    "academicSessions.csv": ("title type startDate endDate parentSourcedId schoolYear"),
    "categories.csv": ("title weight"),
    "classes.csv": (
        "title grades courseSourcedId classCode classType location schoolSourcedId termSourcedIds subjects "
        "subjectCodes periods"
    ),
    "courses.csv": ("schoolYearSourcedId title courseCode grades orgSourcedId subjects subjectCodes"),
    "demographics.csv": (
        "birthDate sex americanIndianOrAlaskaNative asian blackOrAfricanAmerican "
        "nativeHawaiianOrOtherPacificIslander white demographicRaceTwoOrMoreRaces hispanicOrLatinoEthnicity "
        "countryOfBirthCode stateOfBirthAbbreviation cityOfBirth publicSchoolResidenceStatus"
    ),
    "enrollments.csv": ("classSourcedId schoolSourcedId userSourcedId role primary beginDate endDate"),
    "lineItems.csv": (
        "title description assignDate dueDate classSourcedId categorySourcedId academicSessionSourcedId "
        "resultValueMin resultValueMax schoolSourcedId"
    ),
    "orgs.csv": ("name type identifier parentSourcedId"),
    "results.csv": (
        "lineItemSourcedId studentSourcedId scoreStatus score scoreDate comment textScore classSourcedId "
        "inProgress incomplete late missing"
    ),
    "roles.csv": ("userSourcedId roleType role beginDate endDate orgSourcedId userProfileSourcedId"),
    "users.csv": (
        "enabledUser username userIds givenName familyName middleName identifier email sms phone "
        "agentSourcedIds grades password userMasterIdentifier preferredGivenName preferredMiddleName "
        "preferredFamilyName primaryOrgSourcedId pronouns"
    ),
}
_OWN = {"orgs.csv": ["metadata.sector"], "users.csv": ["metadata.kluisnummer"]}
_MAPPED = {
    "verzuim": (
        "Leerlingnummer;Vestiging;Datum;Lesuur;Soort;Reden;Klokuren;Lesuren;Minuten te laat;Contact op;Opmerking;BSN"
    ),
    "meldingen": ("Leerlingnummer;Meldingsoort;Datum melding;Einde verzuimperiode"),
    "rooster": ("Les;Vestiging;Klas;Vak;Docent;Datum;Lesuur;Begin;Lokaal;Minuten;Status"),
    "vakanties": ("Vestiging;Vakantieregio;Naam;Begin;Einde"),
    "adviezen": (
        "Leerlingnummer;Schooljaar;Voorlopig advies;Datum voorlopig;Toetsadvies;Definitief advies;"
        "Datum definitief;Motivering"
    ),
    "financien": (
        "Kostenplaats;Boekjaar;Soort;Totaal baten;Personeelslasten;Huisvestingslasten;Totaal lasten;Resultaat;"
        "Eigen vermogen;Publiek eigen vermogen;Voorzieningen;Totaal passiva;Vlottende activa;"
        "Kortlopende schulden;Liquide middelen;Aanschafwaarde gebouwen;Boekwaarde overige MVA"
    ),
}
_SHEETS = {
    "Aanstellingen": (
        "Personeelsnummer;Dienstverbandnummer;Achternaam;Kostenplaats;Functiecategorie;Soort dienstverband;"
        "Wtf;Datum in dienst;Datum uit dienst;Geboortedatum;Relatienummer"
    ),
    "Verzuim": ("Verzuimgeval;Personeelsnummer;Verzuimsoort;Verzuimpercentage;Eerste verzuimdag;Hersteldatum"),
    "Formatie": ("Kostenplaats;Jaar;Functiecategorie;Begroot fte;Vacature fte"),
}
_KNOWN = {
    "academicSessions", "categories", "classes", "classResources", "courses", "courseResources", "demographics",
    "enrollments", "lineItemLearningObjectiveIds", "lineItems", "lineItemScoreScales", "orgs", "resources",
    "resultLearningObjectiveIds", "results", "resultScoreScales", "roles", "scoreScales", "userProfiles",
    "userResources", "users",
}  # fmt: skip


def test_every_file_carries_the_date_of_today_in_its_name() -> None:
    made = board().made
    names = {path.name for path in made.folder.iterdir()}
    assert names == {
        "las_20261123.zip", "verzuim_20261123.csv", "meldingen_20261123.csv", "rooster_20261123.csv",
        "vakanties_20261123.csv", "adviezen_20261123.csv", "personeel_20261123.xlsx", "financien_20261123.csv",
        "sleutel.json",
    }  # fmt: skip
    assert {path.name for path in made.files.values()} == names


def test_today_is_asked_of_the_clock(tmp_path: Path) -> None:
    from schakel.kits.demo_board import generate

    with clock.held_at(date(2027, 3, 9)):
        made = generate(tmp_path, pupils=200, facts=1000)
    assert made.files["las"].name == "las_20270309.zip"
    assert made.key.today == date(2027, 3, 9)


@pytest.mark.parametrize("member", sorted(_HEADERS))
def test_headers_of_the_roster_are_those_of_the_standard_in_order(member: str) -> None:
    header = board().members[member].decode("utf-8").split("\r\n")[0].split(",")
    assert header == _EVERY + _HEADERS[member].split() + _OWN.get(member, [])


def test_the_package_holds_these_files_in_its_root_and_nothing_else() -> None:
    assert set(board().members) == set(_HEADERS) | {"manifest.csv"}
    with zipfile.ZipFile(board().made.files["las"]) as package:
        assert package.testzip() is None
        assert {entry.compress_type for entry in package.infolist()} == {zipfile.ZIP_DEFLATED}


def test_the_manifest_names_every_known_file_and_says_bulk_or_absent() -> None:
    header, *rows = board().lines["manifest.csv"]
    pairs = dict(rows)
    assert header == ["propertyName", "value"]
    assert len(pairs) == len(rows) == 2 + 21 + 2
    assert (pairs["manifest.version"], pairs["oneroster.version"]) == ("1.0", "1.2")
    modes = {name.removeprefix("file."): mode for name, mode in pairs.items() if name.startswith("file.")}
    assert set(modes) == _KNOWN
    assert {f"{name}.csv" for name, mode in modes.items() if mode == "bulk"} == set(_HEADERS)
    assert set(modes.values()) == {"bulk", "absent"}


def test_no_bulk_row_has_a_status_or_a_moment() -> None:
    for member in _HEADERS:
        table = member.removesuffix(".csv")
        assert (
            board().one(f"SELECT count(*) FROM {table} WHERE status IS NOT NULL OR dateLastModified IS NOT NULL") == 0
        )


def test_lines_of_csv_end_in_crlf_and_have_as_many_fields_as_the_header() -> None:
    opened = board()
    for name, content in opened.members.items():
        assert content.endswith(b"\r\n"), name
        assert content.count(b"\n") == content.count(b"\r\n") == len(opened.lines[name]), name
    for kind in ENCODINGS:
        content = opened.made.files[kind].read_bytes()
        assert content.count(b"\n") == content.count(b"\r\n") == len(opened.lines[opened.made.files[kind].name]), kind
    for name, rows in opened.lines.items():
        assert {len(row) for row in rows} == {len(rows[0])}, name


@pytest.mark.parametrize("kind", sorted(_MAPPED))
def test_headers_of_the_other_files_are_dutch(kind: str) -> None:
    opened = board()
    assert opened.lines[opened.made.files[kind].name][0] == _MAPPED[kind].split(";")


def test_sheets_of_the_personnel_workbook() -> None:
    sheets = board().sheets
    assert list(sheets) == list(_SHEETS)
    for name, header in _SHEETS.items():
        assert sheets[name][0] == header.split(";")


def test_dates_in_the_workbook_are_dates_and_numbers_are_numbers() -> None:
    rows = board().sheets["Aanstellingen"][1:]
    assert all(isinstance(row[7], date) and isinstance(row[9], date) for row in rows)
    assert all(isinstance(row[6], float) for row in rows)
    assert all(isinstance(row[0], str) for row in rows)


def test_the_timetable_has_a_byte_order_mark_and_absence_is_cp1252() -> None:
    made = board().made
    assert made.files["rooster"].read_bytes().startswith(b"\xef\xbb\xbfLes;")
    absence = made.files["verzuim"].read_bytes()
    assert not absence.startswith(b"\xef\xbb\xbf")
    assert "België".encode("cp1252") in absence
    with pytest.raises(UnicodeDecodeError):
        absence.decode("utf-8")


def test_days_are_written_the_dutch_way_and_numbers_with_a_comma() -> None:
    opened = board()
    assert opened.one("SELECT count(*) FROM verzuim WHERE NOT regexp_full_match(Datum, '\\d{2}-\\d{2}-20\\d{2}')") == 0
    assert (
        opened.one("SELECT count(*) FROM verzuim WHERE Klokuren IS NOT NULL AND Klokuren NOT IN ('5,5', '3,5', '2,0')")
        == 0
    )
    assert (
        opened.one("SELECT count(*) FROM financien WHERE NOT regexp_full_match(\"Totaal baten\", '\\d+,\\d{2}')") == 0
    )


def test_the_row_counts_are_those_of_the_files() -> None:
    opened = board()
    rows = opened.made.rows
    for member in _HEADERS:
        assert rows[member.removesuffix(".csv")] == len(opened.lines[member]) - 1
    for kind in _MAPPED:
        assert rows[kind] == len(opened.lines[opened.made.files[kind].name]) - 1
    assert (rows["aanstellingen"], rows["ziekte"], rows["formatie"]) == tuple(
        len(s) - 1 for s in opened.sheets.values()
    )
    assert opened.made.facts == rows["verzuim"] + rows["results"]


def test_the_roster_has_three_school_years_of_three_terms_with_an_end_that_is_not_included() -> None:
    sessions = board().all(
        "SELECT type, title, startDate, endDate, schoolYear FROM academicSessions ORDER BY sourcedId"
    )
    years = [row for row in sessions if row[0] == "schoolYear"]
    assert [row[1:] for row in years] == [
        ("Schooljaar 2024-2025", "2024-08-01", "2025-08-01", "2025"),
        ("Schooljaar 2025-2026", "2025-08-01", "2026-08-01", "2026"),
        ("Schooljaar 2026-2027", "2026-08-01", "2027-08-01", "2027"),
    ]
    assert board().one("SELECT count(*) FROM academicSessions WHERE type = 'term'") == 9
