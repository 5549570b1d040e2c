"""Files as they really come: marks, line ends, encodings, quotes and rows that do not fit. Each told, none skipped."""

from pathlib import Path

import pytest

from schakel.collect.checks import check
from schakel.collect.connectors import open_package
from schakel.collect.findings import CheckReport
from schakel.collect.landing import land
from schakel.lib.errors import Unreadable
from tests.collect.small_roster import roster, texts, zipped

NEEDED = {"orgs": frozenset({"sourcedId", "name"}), "categories": frozenset({"sourcedId", "title"})}


def found(report: CheckReport) -> list[tuple[str, int, str, str]]:
    return [(f.file, f.row, f.column, f.rule) for f in report.findings]


def with_file(folder: Path, name: str, content: str | bytes) -> Path:
    """The good package with the text of one file replaced."""
    return zipped(folder / "odd.zip", texts(roster()) | {name: content})


def checked(folder: Path, name: str, content: str | bytes) -> list[tuple[str, int, str, str]]:
    return found(check(open_package(with_file(folder, name, content))))


CATEGORIES = texts(roster())["categories.csv"]
HEAD, ROW = CATEGORIES.split("\r\n")[:2]


def test_a_byte_order_mark_is_skipped(tmp_path: Path) -> None:
    assert checked(tmp_path, "categories.csv", b"\xef\xbb\xbf" + CATEGORIES.encode()) == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_is_fine(tmp_path: Path, end: str) -> None:
    assert checked(tmp_path, "categories.csv", CATEGORIES.replace("\r\n", end)) == []


def test_line_ends_may_be_mixed_and_the_last_may_lack(tmp_path: Path) -> None:
    assert checked(tmp_path, "categories.csv", f"{HEAD}\r\n{ROW}\nt2,,,Volgtoets,\r\nt3,,,Examen,") == []


def test_blank_lines_do_not_shift_the_line_of_a_finding(tmp_path: Path) -> None:
    text = f"{HEAD}\n{ROW}\n\n\nt2,,,Volgtoets,veel\n"
    assert checked(tmp_path, "categories.csv", text) == [("categories.csv", 5, "weight", "integer")]


def test_a_line_break_in_a_field_is_told_and_later_rows_keep_their_line(tmp_path: Path) -> None:
    text = f'{HEAD}\nt1,,,"Methode\ntoets",1\nt2,,,Volgtoets,veel\n'
    assert checked(tmp_path, "categories.csv", text) == [
        ("categories.csv", 2, "", "line-break"),
        ("categories.csv", 4, "weight", "integer"),
    ]


def test_a_finding_in_a_row_of_two_lines_is_told_where_the_row_begins(tmp_path: Path) -> None:
    text = f'{HEAD}\n{ROW}\nt2,,,"Methode\ntoets",veel\n'
    assert ("categories.csv", 3, "weight", "integer") in checked(tmp_path, "categories.csv", text)


def test_rows_with_too_few_or_too_many_fields_are_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    text = f"{HEAD}\n{ROW}\nt2,,,Volgtoets\nt3,,,Examen,1,1\nt4,,,Anders,veel\n"
    assert checked(tmp_path, "categories.csv", text) == [
        ("categories.csv", 3, "", "ragged-row"),
        ("categories.csv", 4, "", "ragged-row"),
        ("categories.csv", 5, "weight", "integer"),
    ]


def test_a_quote_that_never_closes_costs_its_own_line_only(tmp_path: Path) -> None:
    text = f'{HEAD}\n{ROW}\nt2,,,"Volgtoets,\nt3,,,Examen,1\nt4,,,Anders,veel\n'
    assert checked(tmp_path, "categories.csv", text) == [
        ("categories.csv", 3, "", "open-quote"),
        ("categories.csv", 5, "weight", "integer"),
    ]


def test_a_quote_in_the_middle_of_a_field_is_an_ordinary_sign(tmp_path: Path) -> None:
    assert checked(tmp_path, "categories.csv", f'{HEAD}\nt1,,,Toets 5" breed,1\n') == []


def test_what_follows_a_closing_quote_costs_the_line(tmp_path: Path) -> None:
    text = f'{HEAD}\n{ROW}\nt2,,,"Volg"toets,1\nt3,,,Examen,1\n'
    assert checked(tmp_path, "categories.csv", text) == [("categories.csv", 3, "", "open-quote")]


def test_a_giant_field_costs_the_line(tmp_path: Path) -> None:
    text = f"{HEAD}\n{ROW}\nt2,,,{'x' * 2_500_000},1\nt3,,,Examen,1\n"
    assert checked(tmp_path, "categories.csv", text) == [("categories.csv", 3, "", "giant-field")]


def test_a_nul_sign_is_left_out_and_told(tmp_path: Path) -> None:
    text = f"{HEAD}\n{ROW}\nt2,,,Volg\0toets,1\n"
    assert checked(tmp_path, "categories.csv", text) == [("categories.csv", 3, "", "nul-byte")]


def test_another_encoding_is_told_with_its_first_line_and_read(tmp_path: Path) -> None:
    text = f"{HEAD}\n{ROW}\nt2,,,Créatief,1\n".encode("cp1252")
    path = with_file(tmp_path, "categories.csv", text)
    assert found(check(open_package(path))) == [("categories.csv", 3, "", "encoding")]
    landed = land(open_package(path), "las", NEEDED, tmp_path / "data")
    assert landed.rows["categories"] == 2
    assert "Créatief".encode() in (landed.folder / "categories.parquet").read_bytes()


def test_utf_16_is_told_and_read(tmp_path: Path) -> None:
    assert checked(tmp_path, "categories.csv", CATEGORIES.encode("utf-16")) == [("categories.csv", 1, "", "encoding")]


def test_other_scripts_are_ordinary(tmp_path: Path) -> None:
    assert checked(tmp_path, "categories.csv", f"{HEAD}\nt1,,,情報処理 🎓,1\n") == []


def test_binary_content_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        check(open_package(with_file(tmp_path, "categories.csv", b"\xff\0\xfe\0\x80" * 5000)))


def test_a_file_with_a_header_only_is_told(tmp_path: Path) -> None:
    assert ("categories.csv", 0, "", "file-empty") in checked(tmp_path, "categories.csv", f"{HEAD}\n")


@pytest.mark.parametrize("nothing", ["", "\n\n", "\ufeff"])
def test_a_file_without_any_text_is_told(tmp_path: Path, nothing: str) -> None:
    assert ("categories.csv", 0, "", "file-empty") in checked(tmp_path, "categories.csv", nothing)


def test_a_header_in_another_letter_case_is_read_as_meant(tmp_path: Path) -> None:
    text = CATEGORIES.replace("sourcedId", "SourcedID")
    assert checked(tmp_path, "categories.csv", text) == [("categories.csv", 1, "sourcedId", "header-case")]


def test_headers_in_another_order_are_read_by_name(tmp_path: Path) -> None:
    text = "title,sourcedId,status,dateLastModified,weight\nMethodetoets,t1,,,1\n"
    assert checked(tmp_path, "categories.csv", text) == [("categories.csv", 1, "", "header-order")]


def test_a_header_that_occurs_twice_counts_once(tmp_path: Path) -> None:
    text = f"{HEAD},title\n{ROW},Tweede\n"
    assert checked(tmp_path, "categories.csv", text) == [("categories.csv", 1, "title", "header-duplicate")]


def test_own_columns_belong_at_the_right(tmp_path: Path) -> None:
    text = "sourcedId,metadata.kleur,status,dateLastModified,title,weight\nt1,rood,,,Methodetoets,1\n"
    assert checked(tmp_path, "categories.csv", text) == [("categories.csv", 1, "metadata.kleur", "metadata-position")]


def test_a_missing_optional_column_is_a_warning(tmp_path: Path) -> None:
    report = check(
        open_package(
            with_file(tmp_path, "categories.csv", "sourcedId,status,dateLastModified,title\nt1,,,Methodetoets\n")
        )
    )
    assert found(report) == [("categories.csv", 1, "weight", "header-missing-optional")]
    assert report.conformant


def test_a_missing_required_column_leaves_its_values_unknown(tmp_path: Path) -> None:
    report = check(
        open_package(with_file(tmp_path, "categories.csv", "sourcedId,status,dateLastModified,weight\nt1,,,1\n"))
    )
    assert found(report) == [("categories.csv", 1, "title", "header-missing")]
    assert not report.conformant
    assert report.usable


def test_without_its_key_a_file_stops_the_delivery(tmp_path: Path) -> None:
    report = check(
        open_package(with_file(tmp_path, "categories.csv", "status,dateLastModified,title,weight\n,,Methodetoets,1\n"))
    )
    assert ("categories.csv", 1, "sourcedId", "header-missing-key") in found(report)
    assert not report.usable


def test_more_than_five_hundred_columns_are_absurd(tmp_path: Path) -> None:
    wide = ",".join(["sourcedId", *(f"metadata.k{n}" for n in range(600))])
    with pytest.raises(Unreadable, match="categories.csv"):
        check(open_package(with_file(tmp_path, "categories.csv", f"{wide}\n")))


def test_blanks_around_a_value_of_the_standard_are_content(tmp_path: Path) -> None:
    assert checked(tmp_path, "categories.csv", f"{HEAD}\nt1,,,Methodetoets, 1\n") == [
        ("categories.csv", 2, "weight", "integer")
    ]


def test_lines_are_right_in_a_large_file_with_refused_rows(tmp_path: Path) -> None:
    rows = [f"t{n},,,Toets,1" for n in range(1, 60_001)]
    rows[100], rows[40_000], rows[59_000] = "t101,,,Toets", "t40001,,,Toets,veel", "t40000,,,Toets,1"
    assert checked(tmp_path, "categories.csv", "\n".join([HEAD, *rows])) == [
        ("categories.csv", 102, "", "ragged-row"),
        ("categories.csv", 40_002, "weight", "integer"),
        ("categories.csv", 59_002, "sourcedId", "duplicate-key"),
    ]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of which one file has 120,000 rows, and a word that is not in the list on one of them."""
    files = roster()
    files["results"] = [
        files["results"][0] | {"sourcedId": f"x{n}", "scoreStatus": "submitted"} for n in range(120_000)
    ]
    files["results"][110_000]["scoreStatus"] = "nagekeken"
    return zipped(tmp_path_factory.mktemp("large") / "large.zip", dict(texts(files)))


@pytest.mark.parametrize("turn", range(5))
def test_the_order_of_rows_holds_however_the_file_is_read_in_parallel(large: Path, two_cores: None, turn: int) -> None:
    """Word lists once became joins, and joins lost the order: a finding then named another line."""
    assert found(check(open_package(large))) == [("results.csv", 110_002, "scoreStatus", "vocabulary")]


@pytest.mark.parametrize("content", ["\ufeff" + CATEGORIES, CATEGORIES, CATEGORIES.replace("\r\n", "\r"), "\ufeff"])
def test_a_file_that_lies_in_a_folder_is_read_where_it_is(tmp_path: Path, content: str) -> None:
    for name, text in (texts(roster()) | {"categories.csv": content}).items():
        (tmp_path / name).write_bytes(text.encode())
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    rules = {f.rule for f in check(open_package(tmp_path)).findings}
    assert rules == ({"file-empty", "file-missing"} if content == "\ufeff" else set())
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_file_that_may_not_be_opened_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in texts(roster()).items():
        (tmp_path / name).write_bytes(text.encode())
    package = open_package(tmp_path)
    (tmp_path / "results.csv").unlink()
    with pytest.raises(Unreadable, match="results.csv"):
        check(package)
