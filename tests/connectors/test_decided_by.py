"""A column beside the reason says of each absence whether it was allowed: it decides, but who was late was late."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.collect.landing import Landed, land
from schakel.collect.listings import listing
from schakel.collect.written_cells import decided
from schakel.connectors import mapped, own_mappings, proposals
from schakel.connectors.column_kinds import columns
from schakel.connectors.dropped_files import look
from schakel.connectors.mapped_layout import declared
from schakel.connectors.proposals import LEAVE_OUT
from schakel.connectors.targets import target
from schakel.engine.duck import quoted
from schakel.lib.errors import Unreadable
from schakel.lib.identifiers import is_bsn
from tests.connectors.test_own_mappings import ABSENCE, file, landed, made, rows

HEAD = "Leerlingnr;Vestiging;Datum;Reden;Geoorloofd\n"
ROWS = (
    "0011;98AF00;11-11-2026;Verlof;Nee\n0012;98AF00;12-11-2026;Ziek;Ja\n0013;98AF00;13-11-2026;Te laat;Nee\n"
    "0014;98AF00;16-11-2026;Verlof;Ja\n0015;98AF00;17-11-2026;;Nee\n0016;98AF00;18-11-2026;Spijbelen;\n"
)


def kinds(found: Landed) -> dict[str, str]:
    return {number: kind for number, kind in rows(found, "absence", "pupil_number", "kind")}


def told_of_kind(found: Landed) -> list[tuple[int, str, str]]:
    """What is told of the kind; the same column has the group of the reason."""
    return [(f.row, f.rule, f.action) for f in found.report.findings if f.column == "Reden (Soort)"]


def test_it_is_proposed_beside_the_reason(tmp_path: Path) -> None:
    path, known = file(tmp_path, HEAD + ROWS), target("verzuim-absence")
    assert known is not None
    found = proposals.propose(known, columns(look(path, path.name)))
    assert (found.columns["kind"], found.columns["allowed"]) == (3, 4)
    assert found.values["allowed"] == {"Nee": "unauthorised", "Ja": "authorised"}
    assert found.values["kind"]["Te laat"] == "late"


def test_it_decides_of_what_may_be_allowed_or_not(tmp_path: Path) -> None:
    told = made(file(tmp_path, HEAD + ROWS))
    assert told["relations"]["absence"]["columns"]["kind"]["decided_by"] == {
        "header": "Geoorloofd", "of": ["Verlof", "Ziek", "Spijbelen"],
    }  # fmt: skip
    found = landed(tmp_path, file(tmp_path, HEAD + ROWS), told, "absence", ABSENCE)
    assert kinds(found) == {
        "0011": "unauthorised",
        "0012": "authorised",
        "0013": "late",
        "0014": "authorised",
        "0015": "unauthorised",
        "0016": "unauthorised",
    }
    assert told_of_kind(found) == []
    assert ("absence", "Geoorloofd") not in {(f, c) for f, c, _why in found.columns_dropped}, "it is read"


def test_it_does_so_in_whatever_letter_case_its_header_is(tmp_path: Path) -> None:
    told = made(file(tmp_path, HEAD + ROWS))
    found = landed(tmp_path, file(tmp_path, HEAD.upper() + ROWS), told, "absence", ABSENCE)
    assert kinds(found)["0011"] == "unauthorised"
    assert "GEOORLOOFD" not in {c for _file, c, _why in found.columns_dropped}


def test_a_reason_that_nobody_gave_a_meaning_is_refused_whatever_is_beside_it(tmp_path: Path) -> None:
    told = made(file(tmp_path, HEAD + ROWS))
    text = f"{HEAD}{ROWS}0017;98AF00;18-11-2026;Bruiloft;Ja\n0018;98AF00;18-11-2026;Ziek;Misschien\n"
    found = landed(tmp_path, file(tmp_path, text), told, "absence", ABSENCE)
    assert told_of_kind(found) == [(8, "vocabulary", "drop row"), (9, "vocabulary", "drop row")]
    assert kinds(found).keys() == {f"00{number}" for number in range(11, 17)}


def test_rows_that_are_not_wanted_stay_out(tmp_path: Path) -> None:
    text = f"{HEAD}{ROWS}0019;98AF00;18-11-2026;Aanwezig;Ja\n"
    path, known = file(tmp_path, text), target("verzuim-absence")
    assert known is not None
    values = proposals.propose(known, columns(look(path, path.name))).values
    told = made(path, values={**values, "kind": {**values["kind"], "Aanwezig": LEAVE_OUT}})
    found = landed(tmp_path, path, told, "absence", ABSENCE)
    assert "0019" not in kinds(found) and found.quarantined["absence"] == 0
    assert told_of_kind(found) == [(0, "left-out", "accept")]


def test_alone_it_is_the_kind(tmp_path: Path) -> None:
    text = "Leerlingnr;Vestiging;Datum;Geoorloofd J/N\n0011;98AF00;16-11-2026;N\n0012;98AF00;17-11-2026;J\n"
    told = made(file(tmp_path, text))
    assert "decided_by" not in told["relations"]["absence"]["columns"]["kind"]
    found = landed(tmp_path, file(tmp_path, text), told, "absence", ABSENCE)
    assert kinds(found) == {"0011": "unauthorised", "0012": "authorised"}


def test_a_column_with_the_words_themselves_decides_nothing(tmp_path: Path) -> None:
    path, known = (
        file(tmp_path, (HEAD + ROWS).replace("Ja", "geoorloofd").replace("Nee", "ongeoorloofd")),
        target("verzuim-absence"),
    )
    assert known is not None
    assert "allowed" not in proposals.propose(known, columns(look(path, path.name))).columns


def test_without_the_column_the_file_has_drifted(tmp_path: Path) -> None:
    told = made(file(tmp_path, HEAD + ROWS))
    lines = (HEAD + ROWS).splitlines()
    less = "".join(line.rpartition(";")[0] + "\n" for line in lines)
    with pytest.raises(Unreadable, match="De kolom Geoorloofd ontbreekt"):
        own_mappings.package(file(tmp_path, less), told)


def test_where_nobody_needs_the_kind_it_is_not_read(tmp_path: Path) -> None:
    told = made(file(tmp_path, HEAD + ROWS))
    found = landed(tmp_path, file(tmp_path, HEAD + ROWS), told, "absence", ABSENCE - {"kind"})
    assert ("absence", "Geoorloofd") in {(f, c) for f, c, _why in found.columns_dropped}


def test_numbers_of_citizens_in_it_keep_the_kind_out(tmp_path: Path) -> None:
    told = made(file(tmp_path, HEAD + ROWS))
    numbers = [str(number) for number in range(111222000, 111224000) if is_bsn(str(number))][:40]
    body = "".join(f"{at:04};98AF00;16-11-2026;Ziek;{number}\n" for at, number in enumerate(numbers, 20))
    path = file(tmp_path, HEAD + body)
    with pytest.raises(Unreadable, match="In de kolom Geoorloofd staan nu nummers die Schakel nooit bewaart"):
        own_mappings.package(path, told)
    path = file(tmp_path, HEAD.replace("Geoorloofd", "GEOORLOOFD") + body)
    known = declared(told)
    package = mapped.read_as(listing(path), listing(path).entries[0], known)  # without a look at its first part
    found = land(package, "proef", {"absence": ABSENCE}, tmp_path / "data")
    assert [column for _file, column, _why in found.columns_refused] == ["GEOORLOOFD"]
    assert ("absence", "kind") in found.columns_missing or set(kinds(found).values()) <= {None}
    assert not any(number in path.read_text("latin-1") for path in tmp_path.rglob("*.parquet") for number in numbers)


def test_the_next_version_begins_with_it(tmp_path: Path) -> None:
    path = file(tmp_path, HEAD + ROWS)
    told, known = made(path), target("verzuim-absence")
    assert known is not None
    dropped = look(path, path.name)
    seen = columns(dropped)
    bare = proposals.Choices()
    again = own_mappings.chosen_before(told, known, seen, bare, {})
    assert again.columns["allowed"] == 4 and again.values["allowed"] == {"Nee": "unauthorised", "Ja": "authorised"}
    assert own_mappings.declaration(known, dropped.form, seen, again, "Proef", "*.csv", 1) == told


def test_what_somebody_says_of_it_counts(tmp_path: Path) -> None:
    path, known = file(tmp_path, HEAD + ROWS), target("verzuim-absence")
    assert known is not None
    proposed = proposals.propose(known, columns(look(path, path.name)))
    told = made(path, values={**proposed.values, "allowed": {"Nee": "authorised", "Ja": "unauthorised"}})
    found = landed(tmp_path, path, told, "absence", ABSENCE)
    assert kinds(found)["0011"] == "authorised" and kinds(found)["0012"] == "unauthorised"


def test_a_declared_database_has_no_such_column() -> None:
    """It can be asked for what is meant: the query says so."""
    known = target("verzuim-absence")
    assert known is not None
    assert "allowed" in {each.name for each in known.open_fields}
    assert "allowed" not in {each.name for each in known.kept_fields}


WORDS = st.one_of(st.none(), st.sampled_from(["Ziek", "ziek", "Te laat", "O'Neil", "Ja", ""]), st.text(max_size=4))


@settings(max_examples=200, deadline=None)
@given(own=WORDS, by=WORDS, of=st.lists(st.sampled_from(["Ziek", "O'Neil", "Verlof"]), unique=True))
def test_one_decides_only_where_it_says_something_and_may(own: str | None, by: str | None, of: list[str]) -> None:
    sql = decided(quoted("own"), quoted("by"), of)
    cells: list[Any] = [own, by]
    found = duckdb.execute(f"SELECT {sql} FROM (SELECT CAST(? AS VARCHAR) AS own, CAST(? AS VARCHAR) AS by)", cells)
    about = own is None or own.lower() in {each.lower() for each in of}
    assert found.fetchall()[0][0] == (by if by is not None and about else own)


def test_the_fields_of_a_file_without_it_are_as_they_were(tmp_path: Path) -> None:
    text = HEAD.replace(";Geoorloofd", "") + "0011;98AF00;16-11-2026;Verlof\n"
    told = made(file(tmp_path, text))
    assert "decided_by" not in str(told)
    assert kinds(landed(tmp_path, file(tmp_path, text), told, "absence", ABSENCE)) == {"0011": "authorised"}
