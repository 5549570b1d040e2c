"""Law 6: a citizen service number is known by its values, however it is written, in every encoding and kind of file."""

import csv
import io
import random
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import zip_longest
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.collect.checks import check
from schakel.collect.connectors import open_package
from schakel.collect.landing import land
from tests.collect.small_roster import package, roster
from tests.collect.test_door import HEAD, macros, numbers, stored
from tests.connectors.test_mapped import good_sheets, workbook

__all__ = ["macros"]  # the fixture of the file beside this one

GIVEN = numbers(25, passing=True)
SOME = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def parted(sign: str) -> Callable[[str], str]:
    return lambda n: f"{n[:3]}{sign}{n[3:6]}{sign}{n[6:]}"


WRITINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "with points": parted("."),
    "with spaces": parted(" "),
    "with hyphens": parted("-"),
    "with slashes": parted("/"),
    "with underscores": parted("_"),
    "with hard spaces": parted("\u00a0"),
    "with narrow hard spaces": parted("\u202f"),
    "with figure spaces": parted("\u2007"),
    "with thin spaces": parted("\u2009"),
    "in twos": lambda n: f"{n[:2]} {n[2:4]} {n[4:6]} {n[6:8]} {n[8:]}",
    "four and five": lambda n: f"{n[:4]}.{n[4:]}",
    "every digit apart": " ".join,
    "after a blank": lambda n: f" {n}",
    "before blanks": lambda n: f"{n}   ",
    "before a tab": lambda n: f"{n}\t",
    "as a text of Excel": lambda n: f"'{n}",
    "as a text formula": lambda n: f'="{n}"',
    "in brackets": lambda n: f"({n})",
    "with the decimal of a float": lambda n: f"{n}.0",
    "with Dutch decimals": lambda n: f"{n},00",
    "with one zero too many": lambda n: f"0{n}",
    "full-width": lambda n: "".join(chr(0xFF10 + int(digit)) for digit in n),
    "before a sign that does not show": lambda n: f"{n}\u200b",
    "without its leading zero": lambda n: n.removeprefix("0"),
}
ONLY_UNICODE = {"with narrow hard spaces", "with figure spaces", "with thin spaces", "full-width",
                "before a sign that does not show"}  # fmt: skip
ORDINARY: dict[str, list[str]] = {
    "amounts": [f"{n * 1371.13:.2f}" for n in range(1, 200)],
    "Dutch amounts": [f"{n * 98_371},{n % 100:02}" for n in range(100, 300)],
    "days": [(date(2020, 1, 1) + timedelta(9 * n)).isoformat() for n in range(200)],
    "Dutch days": [f"{date(2020, 1, 1) + timedelta(9 * n):%d-%m-%Y}" for n in range(200)],
    "days without signs": [f"{date(2020, 1, 1) + timedelta(9 * n):%Y%m%d}" for n in range(200)],
    "telephone numbers": [f"06-{n:08}" for n in range(12_000_000, 12_000_200)],
    "telephone numbers with area": [f"(020) {n:07}" for n in range(4_000_000, 4_000_200)],
    "account numbers": [f"NL{n % 90 + 10}ABNA0{n:09}" for n in range(417_000_000, 417_000_200)],
    "postcodes with a number": [f"{1000 + n} AB {n}" for n in range(200)],
    "serial numbers": [f"{n}" for n in range(20_260_001, 20_260_201)],
    "any nine digits": [f"{random.Random(n).randrange(10**8, 10**9)}" for n in range(200)],
    "long numbers": [f"{n:012}" for n in range(417_000_000_000, 417_000_000_200)],
    "scores": [f"{n / 10:.1f}" for n in range(10, 100)],
    "identifiers": [f"u{n:08}" for n in range(200)],
}


def absence(folder: Path, columns: dict[str, list[str]], encoding: str = "cp1252") -> Path:
    """The absence file with columns more, that nobody knows."""
    rows = [[f"{at:06}", "98AB00", "23-11-2026", "", "G", "", "1", "", "", "", "", *cells]
            for at, cells in enumerate(zip_longest(*columns.values(), fillvalue=""), 1)]  # fmt: skip
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows([[*HEAD.split(";"), *columns], *rows])
    path = folder / "verzuim_20261123.csv"
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def in_roster(folder: Path, columns: dict[str, list[str]], file: str = "users") -> Path:
    """The roster with these values in these columns of one file."""
    files = roster()
    rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    files[file] = [files[file][0] | {"sourcedId": f"x{at}"} | row for at, row in enumerate(rows, 1)]
    return package(folder, files)


def refused(path: Path) -> set[str]:
    """The columns that are refused for their values."""
    return {f.column for f in check(open_package(path)).findings if f.rule == "bsn-values"}


def written(names: Iterable[str]) -> dict[str, list[str]]:
    """A column for each way of writing."""
    return {name: [WRITINGS[name](number) for number in GIVEN] for name in names}


def test_known_by_its_values_however_it_is_written(tmp_path):
    assert refused(absence(tmp_path, written(WRITINGS), "utf-8")) == set(WRITINGS)
    own = {f"metadata.{name}": values for name, values in written(WRITINGS).items()}
    assert refused(in_roster(tmp_path, own)) == set(own)


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-8", "utf-8-sig", "utf-16", "utf-16-be with a mark"])
def test_known_in_every_encoding(tmp_path, encoding):
    encoding, _with, mark = encoding.partition(" with ")
    names = WRITINGS.keys() - (set() if encoding.startswith("utf") else ONLY_UNICODE)
    path = absence(tmp_path, written(names), encoding)
    if mark:
        path.write_bytes(b"\xfe\xff" + path.read_bytes())
    assert refused(path) == names


@pytest.mark.parametrize(
    ("file", "columns"),
    [
        ("users", ("identifier", "middleName", "phone", "username", "grades")),
        ("results", ("score", "comment")),
        ("orgs", ("identifier", "name")),
        ("classes", ("subjects", "title", "classCode", "location")),
        ("lineItems", ("resultValueMax", "description")),
    ],
)
def test_known_in_fields_of_the_standard_that_are_meant_for_something_else(tmp_path, file, columns):
    assert refused(in_roster(tmp_path, dict.fromkeys(columns, GIVEN), file)) == set(columns)


def test_known_in_pairs_of_a_kind_and_a_number(tmp_path):
    pairs = {"userIds": [f"{{LAS:{number}}}" for number in GIVEN]}
    assert refused(in_roster(tmp_path, pairs)) == {"userIds"}


@pytest.mark.parametrize("form", ["number", "plain", "with points"])
def test_known_in_a_workbook_whether_the_cells_are_numbers_or_texts(tmp_path, form):
    sheets = good_sheets()
    rows = sheets["Aanstellingen"]
    cells = [int(number) if form == "number" else WRITINGS[form](number) for number in GIVEN]
    rows[1:] = [[f"2{n:04}", f"D{n}", *rows[1][2:10], cell] for n, cell in enumerate(cells)]
    assert refused(workbook(tmp_path / "personeel_1.xlsx", sheets)) == {"Relatienummer"}


def test_nothing_of_it_reaches_the_disk_even_if_a_need_names_the_column(tmp_path):
    own = {f"metadata.{at}": values for at, values in enumerate(written(WRITINGS).values())}
    needed = {"users": frozenset({"sourcedId", "givenName", *own})}
    landed = land(open_package(in_roster(tmp_path, own)), "las", needed, tmp_path / "data")
    content = stored(tmp_path / "data")
    assert not any(value.strip().encode() in content for values in own.values() for value in values)
    assert landed.columns_kept == [("users", "givenName"), ("users", "sourcedId")]
    assert {column for _file, column, _why in landed.columns_refused} == {*own, "password"}
    assert landed.rows["users"] == len(GIVEN), "the rows themselves come in without it"


def test_ordinary_values_are_left_alone(tmp_path):
    assert refused(absence(tmp_path, ORDINARY, "utf-8")) == set()


def mixed(passing: int, other: int) -> list[str]:
    found = numbers(passing, passing=True) + numbers(other, passing=False, seed=11)
    random.Random(3).shuffle(found)
    return found


def test_so_many_and_such_a_part_of_them(tmp_path):
    """Eight different ones at least, and nine in ten of all that look like it (LEAST_NUMBERS, LEAST_SHARE)."""
    columns = {f"{passing} of {passing + other}": mixed(passing, other)
               for passing, other in [(7, 0), (8, 0), (8, 1), (30, 0), (90, 9), (90, 12)]}  # fmt: skip
    assert refused(absence(tmp_path, columns)) == {"8 of 8", "30 of 30", "90 of 99"}


def test_words_and_blanks_between_them_hide_nothing(tmp_path):
    """What does not look like such a number does not count: most pupils may have none filled in."""
    values = [*GIVEN, *["onbekend", "", "n.v.t.", "-", "12"] * 40]
    random.Random(5).shuffle(values)
    assert refused(absence(tmp_path, {"Relatie": values})) == {"Relatie"}


@SOME
@given(st.integers(0, 999_999_999), st.text(" .-/'_\u00a0", max_size=4), st.sampled_from(["", ".0", ",00"]))
def test_signs_around_a_number_change_nothing_about_it(macros, number, signs, decimals):
    digits = f"{number:09}"
    written = f"{digits[:4]}{signs}{digits[4:]}{decimals}"
    plain, found = (macros.execute("SELECT number_kind(?)", [text]).fetchone() for text in (digits, written))
    assert found == plain
    assert plain in {(1,), (2,)}


@SOME
@given(st.text(max_size=24))
def test_any_text_gets_a_kind(macros, text):
    assert macros.execute("SELECT number_kind($t), paired_kind($t)", {"t": text}).fetchone() is not None


def test_the_refusal_says_which_column_and_not_which_numbers(tmp_path):
    report = check(open_package(absence(tmp_path, {"Relatie": GIVEN})))
    (found,) = [f for f in report.findings if f.rule == "bsn-values"]
    assert (found.column, found.row, found.severity, found.action, found.value) == (
        "Relatie",
        1,
        "error",
        "drop value",
        "",
    )
    assert "Relatie" in found.message
    assert not any(number in str(report.as_json()) for number in GIVEN)
