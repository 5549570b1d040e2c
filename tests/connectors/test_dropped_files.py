"""A file of any vendor, recognised: how it is written, what is in its columns, and what it probably is."""

from datetime import date
from pathlib import Path

import pytest

from schakel.connectors import dropped_files, proposals
from schakel.connectors.column_kinds import FEW, columns, shape
from schakel.connectors.dropped_files import Dropped, Form, look
from schakel.connectors.targets import target, targets
from schakel.connectors.written_values import backwards, date_form, decimal_sign, span, swapped
from schakel.lib.errors import Unreadable
from tests.kits.sheet_files import book

LINES = "Naam;Dag;Uren\nZoë;13-01-2026;2,5\nÉlise;14-01-2026;1\n"


def seen(tmp_path: Path, content: bytes | str, name: str = "lijst.csv", form: Form | None = None) -> Dropped:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return look(path, name, form)


@pytest.mark.parametrize(
    ("encoding", "recognised"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252"), ("utf-16", "utf-16")],
)
def test_the_character_set_is_recognised_and_no_letter_is_damaged(
    tmp_path: Path, encoding: str, recognised: str
) -> None:
    found = seen(tmp_path, LINES.encode(encoding))
    assert found.form == Form("csv", recognised, ";", "", 1, ",", "%d-%m-%Y")
    assert found.column(0) == ["Zoë", "Élise"]


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
def test_the_delimiter_is_the_sign_that_parts_the_rows_evenly(tmp_path: Path, sign: str) -> None:
    text = f'Naam{sign}"Plaats, straat; nr"{sign}Dag\na{sign}"b, c; d"{sign}2026-01-13\n'
    found = seen(tmp_path, text)
    assert found.form.delimiter == sign
    assert found.headers == ("Naam", "Plaats, straat; nr", "Dag")


def test_a_comma_in_titles_names_and_decimals_parts_no_columns(tmp_path: Path) -> None:
    titles = "De Kiem, groep 8\nMaandag 2, t/m vrijdag 20 november\nDoor Ineke, administratie\nTotaal: 12,5 uur\n"
    rows = "Nummer;Naam;Datum;Soort\n1;Bos, Bo;10-11-2026;ziek\n2;Bos, Di;11-11-2026;ziek\n3;Bos, El;12-11-2026;ziek\n"
    found = seen(tmp_path, titles + rows)
    assert (found.form.delimiter, found.form.header_row, found.headers[1]) == (";", 5, "Naam")


def test_a_comma_that_is_twice_in_each_row_but_the_header_parts_no_columns(tmp_path: Path) -> None:
    found = seen(tmp_path, "Naam;Uren\nBos, Bo;5,5\nBos, Di;2,5\nBos, El;1,5\nBos, Fe;3,5\n")
    assert (found.form.delimiter, found.headers) == (";", ("Naam", "Uren"))
    assert seen(tmp_path, "Naam\nBo\nDi\n").headers == ("Naam",)


def test_the_header_is_found_below_a_title_and_blank_lines_and_lines_keep_their_number(tmp_path: Path) -> None:
    found = seen(tmp_path, "Absentie\n\nGemaakt op;13-01-2026\nLln;Dag;Uur\n1;13-01-2026;2\n\n2;14-01-2026;3\n")
    assert (found.form.header_row, found.headers, found.lines) == (4, ("Lln", "Dag", "Uur"), (5, 7))


def test_the_header_is_found_however_low_and_below_as_many_titles_as_rows(tmp_path: Path) -> None:
    assert seen(tmp_path, "\n" * 80 + "Lln;Dag\n1;13-01-2026\n").form.header_row == 81
    assert seen(tmp_path, "Een\nTwee\nDrie\nLln;Dag\n1;13-01-2026\n").form.header_row == 4


def test_a_value_that_runs_over_two_lines_counts_for_two(tmp_path: Path) -> None:
    found = seen(tmp_path, 'Naam;Dag\n"a\nb";13-01-2026\nc;14-01-2026\n')
    assert found.lines == (2, 4)


def test_a_form_that_was_chosen_is_obeyed(tmp_path: Path) -> None:
    found = seen(tmp_path, LINES, form=Form(delimiter=",", header_row=2, date="%m/%d/%Y", decimal="."))
    assert found.form.delimiter == "," and found.form.date == "%m/%d/%Y"
    assert found.headers == ("Zoë;13-01-2026;2", "5")
    with pytest.raises(Unreadable, match="minder regels"):
        seen(tmp_path, LINES, form=Form(header_row=40))
    with pytest.raises(Unreadable, match="Regel 2 past niet bij de tekenset utf-8"):
        seen(tmp_path, LINES.encode("cp1252"), form=Form(encoding="utf-8", delimiter=";"))


def test_a_workbook_shows_its_sheets_and_the_chosen_one(tmp_path: Path) -> None:
    content = book(Uitleg=[["Leesmij"]], Verzuim=[["Titel"], ["Lln", "Dag"], ["0012", "2026-01-13"]])
    first = seen(tmp_path, content, "boek.xlsx")
    assert (first.sheets, first.form.sheet) == (("Uitleg", "Verzuim"), "Uitleg")
    second = seen(tmp_path, content, "boek.xlsx", Form(kind="xlsx", sheet="Verzuim", header_row=2))
    assert (second.headers, second.rows, second.lines) == (("Lln", "Dag"), (("0012", "2026-01-13"),), (3,))


@pytest.mark.parametrize(
    ("values", "form", "asked"),
    [
        (["13-01-2026", "02-03-2026"], "%d-%m-%Y", False),
        (["4/2/2000", "11/12/1999", "5/23/2000"], "%-m/%-d/%Y", False),
        (["4/2/2000", "23/5/2000"], "%-d/%-m/%Y", False),
        (["2026-01-02", "2026-03-04"], "%Y-%m-%d", False),
        (["04-02-2000", "11-12-1999"], "%d-%m-%Y", True),
        (["2026-01-02", "13-01-2026"], "%Y-%m-%d|%d-%m-%Y", False),
        (["", ""], "", False),
        (["4-11-26", "30-11-26"], "%-d-%-m-%y", False),
        (["11/30/26", "12/31/26"], "%-m/%-d/%y", False),
        (["04-11-26", "08-11-26"], "%d-%m-%y", True),
        (["26-11-04", "26-11-30"], "%-d-%-m-%y", True),  # the year may stand first: what is last differs more
        (["13-01-26", "14-01-2026"], "%d-%m-%Y|%d-%m-%y", False),
        (["9 nov 2026", "ma 30 november 2026"], "%-d %b %Y", False),
        (["9-nov-26", "10-mei-26"], "%-d-%b-%y", False),
        (["9 nov 2026", "10-11-2026"], "%-d %b %Y|%-d-%-m-%Y", True),
        (["12-11-2026", "20-11-2026"], "%-d-%-m-%Y", False),  # no part below ten: it may have a first zero or not
        (["2026-11-12", "2026-12-31"], "%Y-%m-%d", False),
        (["13-1-2026", "2026-11-12 08:30"], "%Y-%m-%d|%Y-%m-%d %H:%M|%-d-%-m-%Y", False),
        (["wo 4-11-26", "Vrijdag 20-11-26"], "%a %-d-%-m-%y", False),
        (["ma 09-11-2026", "17-11-2026"], "%a %d-%m-%Y", False),
        (["20261109", "20240229"], "%Y%m%d", False),
        (["20261109", "20261150"], "", False),
        (["20261109", "18991231"], "", False),
        (["2026-11-09T07:30:00Z", "2026-11-20 22:30:00.5+01"], "%Y-%m-%d|%Y-%m-%dT%H:%M:%S%z", False),
        (["9 foo 2026", "32 nov 2026"], "", False),
    ],
)
def test_the_order_of_dates_is_decided_from_all_values_or_asked(values: list[str], form: str, asked: bool) -> None:
    found = date_form({"Dag": values}, range(2, 2 + len(values)))
    assert (found.form, found.asked) == (form, asked)


def test_two_orders_contradict_each_other_in_years_of_any_length() -> None:
    with pytest.raises(Unreadable, match=r"regel 2, kolom Begin \(13-01-26\) heeft de dag voorop"):
        date_form({"Begin": ["13-01-26", "02-14-2026"]}, [2, 3], "a.csv")


@pytest.mark.parametrize(
    ("form", "other", "first"),
    [
        ("%-d-%-m-%y", "%-m-%-d-%y", "%y-%-m-%-d"),
        ("%d/%m/%y|%d/%m/%Y", "%m/%d/%y|%m/%d/%Y", "%y/%m/%d|%d/%m/%Y"),
        ("%-d %b %y", "%-d %b %y", "%-d %b %y"),
        ("%d-%m-%Y", "%m-%d-%Y", "%d-%m-%Y"),
    ],
)
def test_the_other_ways_in_which_the_dates_may_be_written(form: str, other: str, first: str) -> None:
    assert (swapped(form), backwards(form)) == (other, first)


def test_one_telling_date_in_another_column_decides_for_the_file() -> None:
    found = date_form({"Begin": ["04-02-2026"], "Einde": ["23-02-2026"]}, [2])
    assert (found.form, found.asked) == ("%d-%m-%Y", False)


def test_each_way_of_writing_is_decided_by_itself() -> None:
    born = ["25-06-2019", "01-01-2022"]
    told = date_form({"Tijdstempel": ["11/13/2026 8:51:12", "11/4/2026 9:00:00"], "Geboren": born}, [2, 3])
    assert (told.form, told.asked) == ("%-m/%-d/%Y|%-m/%-d/%Y %H:%M:%S|%d-%m-%Y", False)
    unsure = date_form({"Tijdstempel": ["11/4/2026 8:51:12", "11/3/2026 9:00:00"], "Geboren": born}, [2, 3])
    assert unsure.asked
    assert [unsure.form, *unsure.others] == [
        "%-d/%-m/%Y|%-d/%-m/%Y %H:%M:%S|%d-%m-%Y", "%-m/%-d/%Y|%-m/%-d/%Y %H:%M:%S|%d-%m-%Y",
    ]  # fmt: skip
    timed = date_form({"Op": ["11/4/2026 8:51"], "Dag": ["25/06/2019", "04/05/2019"]}, [2, 3])
    assert timed.asked, "what a person types in one column says nothing of what a program writes in another"
    assert len(timed.others) == 1


def test_dates_that_contradict_each_other_are_refused_with_both_cells() -> None:
    with pytest.raises(Unreadable) as told:
        date_form({"Begin": ["13-01-2026", "04-02-2026"], "Einde": ["01-02-2026", "02-14-2026"]}, [2, 3], "a.csv")
    assert "regel 2, kolom Begin (13-01-2026)" in str(told.value)
    assert "regel 3, kolom Einde (02-14-2026)" in str(told.value)


def test_day_and_month_change_places_and_a_year_in_front_stays() -> None:
    assert swapped("%d-%m-%Y") == "%m-%d-%Y"
    assert swapped("%Y-%m-%d|%-d/%-m/%Y") == "%Y-%m-%d|%-m/%-d/%Y"


@pytest.mark.parametrize(
    ("values", "sign"),
    [
        (["1,5", "2"], ","),
        (["1.5", "2"], "."),
        (["1.234,50"], ","),
        (["1,234.50"], "."),
        (["12", "3"], ","),
        (["1.234", "2.345"], ""),
        (["1,5", "1.5"], ""),
        (["naam", "x"], ","),
        (["0.500", "1.000"], "."),
        (["0,875", "1,000"], ","),
        (["-0.500", "1.000"], "."),
        (["2.823.515", "197.646"], ","),
        (["2,823,515", "197,646"], "."),
        (["€ 1.234.567", "€ 12.345"], ","),
        (["8.30 uur", "14.15 uur"], ","),
        (["08.30", "14.15"], ","),
        (["10.15", "14.15"], "."),
    ],
)
def test_the_sign_of_decimals_is_decided_for_the_file_or_asked(values: list[str], sign: str) -> None:
    assert decimal_sign({"x": values}, range(2, 2 + len(values))).sign == sign


def test_columns_with_another_sign_of_decimals_are_named_with_their_cells() -> None:
    told = decimal_sign({"Fte": ["1.000", "0.875"], "Uurloon": ["31,20", "25,50"]}, [2, 3])
    assert told.sign == ""
    assert told.told == (
        "Regel 2, kolom Uurloon (31,20) heeft een komma voor de decimalen en regel 3, kolom Fte (0.875) een punt."
    )


@pytest.mark.parametrize("header", ["Van", "Tot", "Begintijd", "Tijd van", "from_time"])
def test_a_column_that_is_called_a_time_asks_nothing_about_decimals(header: str) -> None:
    assert decimal_sign({header: ["10.15", "14.15"], "Klokuren": ["1,75", "3,5"]}, [2, 3]).sign == ","
    assert decimal_sign({"Klokuren": ["10.15", "14.15"], "Werktijdfactor": ["0,75", "1,00"]}, [2, 3]).sign == ""


@pytest.mark.parametrize(
    ("header", "values", "kind"),
    [
        ("x", ["a@b.nl", "c@d.nl"], "email"),
        ("x", ["1234 AB", "5678CD"], "postcode"),
        ("x", ["11AA", "22BB"], "brin"),
        ("x", ["11AA00", "22BB01"], "site"),
        ("x", ["https://ketenid.nl/pilot/abc"], "eck"),
        ("x", ["08:30", "9:15"], "time"),
        ("x", ["8.30 uur", "10:15 uur"], "time"),
        ("x", ["10.15", "08.30"], "time"),
        ("x", ["10.15", "14.15"], "number"),
        ("Eindtijd", ["10.15", "14.15"], "time"),
        ("Eindtijd", ["10.75", "14.15"], "number"),
        ("Werktijdfactor", ["0.50", "1.00"], "number"),
        ("x", ["20261109", "20240229"], "date"),
        ("x", ["20261109", "20240231"], "integer"),
        ("x", ["ja", "nee"], "yesno"),
        ("x", ["0012", "1234"], "zeros"),
        ("x", ["12", "1234"], "integer"),
        ("x", ["12", "1,5"], "number"),
        ("x", ["Jan", "12"], "text"),
        ("x", ["", ""], "empty"),
        ("Wachtwoord", ["geheim"], "password"),
        ("Leerling BSN", ["x"], "bsn"),
        ("burgerservicenummer", ["1"], "bsn"),
    ],
)
def test_the_kind_of_a_column_follows_from_its_values(header: str, values: list[str], kind: str) -> None:
    found = columns(Dropped(Form(), (header,), tuple((v,) for v in values), tuple(range(2, 2 + len(values)))))
    assert found[0].kind == kind


def test_numbers_that_pass_the_eleven_test_are_refused_whatever_their_name_and_never_shown() -> None:
    from schakel.lib.identifiers import is_bsn

    numbers = [n for n in (str(n) for n in range(123456000, 123456900)) if is_bsn(n)][:12]
    found = columns(Dropped(Form(), ("Klantnummer",), tuple((n,) for n in numbers), tuple(range(2, 14))))[0]
    assert (found.kind, found.forbidden, found.examples, found.values) == ("bsn", True, (), ())


def test_examples_are_few_and_the_shape_hides_every_sign() -> None:
    rows = tuple((f"Naam {n}",) for n in range(FEW + 1))
    found = columns(Dropped(Form(), ("Naam",), rows, tuple(range(FEW + 1))))[0]
    assert found.examples == ("Naam 0", "Naam 1", "Naam 2") and found.values == ()
    assert len(columns(Dropped(Form(), ("Naam",), rows[:FEW], tuple(range(FEW))))[0].values) == FEW
    assert found.shape == "Aaaa 9"
    assert shape("1234 AB") == "9999 AA"


def test_every_target_has_words_and_its_fields_are_of_its_layout() -> None:
    keys = [each.key for each in targets()]
    assert len(keys) == len(set(keys)) and {"pupils", "schools", "verzuim-absence"} <= set(keys)
    for each in targets():
        assert each.title and all(field.label for field in each.fields)
        assert set(each.unique) <= {field.name for field in each.fields}
    assert target("nergens") is None


@pytest.mark.parametrize(
    ("header", "expected"),
    [("Lln nr", "pupil_number"), ("LEERLINGNUMMER", "pupil_number"), ("leerling-nummer", "pupil_number"),
     ("Leerlingnumer", "pupil_number"), ("Lesuur", "hour"), ("Kleur ogen", "")],
)  # fmt: skip
def test_a_column_is_proposed_by_name_words_and_likeness(header: str, expected: str) -> None:
    found = columns(Dropped(Form(), (header,), (("12",), ("13",)), (2, 3)))
    absence = target("verzuim-absence")
    assert absence is not None
    assert next(iter(proposals.propose(absence, found).columns), "") == expected


def test_a_column_is_never_proposed_against_its_values() -> None:
    absence = target("verzuim-absence")
    assert absence is not None
    words = columns(Dropped(Form(), ("Datum",), (("maandag",), ("dinsdag",)), (2, 3)))
    assert proposals.propose(absence, words).columns == {}
    site = columns(Dropped(Form(), ("X1",), (("11AA00",), ("12BB01",)), (2, 3)))
    assert proposals.propose(absence, site).columns == {"site_identifier": 0}, "by its values alone"


def test_values_of_a_choice_are_translated_by_known_words() -> None:
    absence = target("verzuim-absence")
    assert absence is not None
    found = columns(Dropped(Form(), ("Soort",), (("Geoorloofd",), ("L",), ("Spoorloos",)), (2, 3, 4)))
    assert proposals.propose(absence, found).values["kind"] == {
        "Geoorloofd": "authorised", "L": "late", "Spoorloos": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "rows", "form", "is_"),
    [
        ("sds/uk-100-users/Student.csv", 86, "%-m/%-d/%Y", "pupils"),
        ("sds/uk-100-users/Section.csv", 28, "%-m/%-d/%Y", "groups"),
        ("sds/uk-100-users/School.csv", 2, "", "schools"),
        ("sds/uk-100-users/Teacher.csv", 12, "", "teachers"),
        ("sds/uk-100-users/StudentEnrollment.csv", 602, "", "memberships"),
        ("sds/v2.1/demographics.csv", 6, "%Y-%m-%d", "births"),
        ("sds/v2.1/orgs.csv", 4, "", "schools"),
        ("attendance/attendance.tsv", 999, "%Y-%m-%d", "verzuim-absence"),
        ("duo/vestigingen-po-2013.csv", 6804, "", "duo_vestigingen_po-site"),
    ],
)
def test_real_files_are_recognised(shared_data: Path, path: str, rows: int, form: str, is_: str) -> None:
    found = dropped_files.look(shared_data / path, Path(path).name)
    assert (len(found.rows), found.form.date, found.undecided) == (rows, form, ())
    assert proposals.best_target(columns(found), Path(path).name).key == is_


@pytest.mark.parametrize(
    ("values", "form", "expected"),
    [
        (["3-9-2026", "14-9-2026", "", "Spoorloos"], "%-d-%-m-%Y", (date(2026, 9, 3), date(2026, 9, 14))),
        (["03-04-2026"], "%d-%m-%Y", (date(2026, 4, 3), date(2026, 4, 3))),
        (["03-04-2026"], "%m-%d-%Y", (date(2026, 3, 4), date(2026, 3, 4))),
        (["2026-12-31", "01-01-2027"], "%Y-%m-%d|%d-%m-%Y", (date(2026, 12, 31), date(2027, 1, 1))),
        (["31-02-2026", "morgen"], "%d-%m-%Y", None),
        (["03-04-2026"], "", None),
        ([], "%d-%m-%Y", None),
    ],
)
def test_from_when_to_when_a_file_tells(values, form, expected):
    assert span(values, form) == expected
