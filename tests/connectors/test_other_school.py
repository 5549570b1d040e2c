"""The file of another school in the place of one: a full EDEXML file or UWLR answer stops, and what stood stays."""

from pathlib import Path

import duckdb
import pytest

from schakel.collect.landing import Landed, Stopped, land, latest
from schakel.engine.duck import worker
from schakel.process.mappings import columns_for
from tests.connectors.edexml_files import GOOD, UWLR_22, UWLR_23, line_of, opened
from tests.process.conftest import EVERYTHING

NEEDED = columns_for(EVERYTHING)["edexml"]
OTHER = GOOD.replace("99ZZ", "98YY")
BRIN, SITE = "<brincode>99ZZ</brincode>\n", "<dependancecode>00</dependancecode>\n"
BY_KEY = GOOD.replace(BRIN, "<schoolkey>S1</schoolkey>\n").replace(SITE, "")
BY_NUMBER = BY_KEY.replace("schoolkey", "instellingsnummer").replace(">S1<", ">1234<")
UWLR_BRIN = "<le:brincode>99ZZ<"


def taken(folder: Path, text: str, needed: dict[str, frozenset[str]] = NEEDED) -> Landed:
    return land(opened(folder, text), "las", needed, folder / "data")


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (GOOD, GOOD.replace("Zoë", "Zoe")),
        (GOOD, GOOD.replace(SITE, "")),  # no site number is site 00
        (BY_KEY, BY_KEY.replace("Zoë", "Zoe")),
        (BY_NUMBER, BY_NUMBER.replace("Zoë", "Zoe")),
        (GOOD, GOOD.replace(SITE, SITE + "<schoolkey>S2</schoolkey>\n")),  # the BRIN tells it
        (UWLR_22, UWLR_23),
        (GOOD, UWLR_23),  # of EDEXML and of UWLR the same school is the same
    ],
)
def test_the_same_school_comes_in(tmp_path: Path, before: str, now: str) -> None:
    first, second = taken(tmp_path, before), taken(tmp_path, now)
    assert second.digest != first.digest
    assert "other-school" not in {f.rule for f in second.report.findings}


@pytest.mark.parametrize(
    ("before", "now", "names", "place"),
    [
        (GOOD, OTHER, ("99ZZ00", "98YY00"), "<brincode>"),
        (GOOD, GOOD.replace(">00<", ">01<"), ("99ZZ00", "99ZZ01"), "<brincode>"),
        (GOOD.replace(SITE, ""), GOOD.replace(">00<", ">01<"), ("99ZZ00", "99ZZ01"), "<brincode>"),
        (BY_KEY, BY_KEY.replace(">S1<", ">S2<"), ("S1", "S2"), "<school>"),
        (BY_NUMBER, BY_NUMBER.replace(">1234<", ">1235<"), ("1234", "1235"), "<school>"),
        (GOOD, BY_KEY, ("99ZZ00", "S1"), "<school>"),
        (UWLR_23, UWLR_23.replace(UWLR_BRIN, "<le:brincode>98YY<"), ("99ZZ00", "98YY00"), "<le:brincode>"),
        (UWLR_22, UWLR_22.replace(UWLR_BRIN, "<le:brincode>98YY<"), ("99ZZ00", "98YY00"), "<le:brincode>"),
        (GOOD, UWLR_23.replace(UWLR_BRIN, "<le:brincode>98YY<"), ("99ZZ00", "98YY00"), "<le:brincode>"),
    ],
)
def test_another_school_stops_and_what_stood_stays(
    tmp_path: Path, before: str, now: str, names: tuple[str, str], place: str
) -> None:
    first = taken(tmp_path, before)
    there = sorted((tmp_path / "data").rglob("*"))
    with pytest.raises(Stopped) as stopped:
        taken(tmp_path, now)
    assert sorted((tmp_path / "data").rglob("*")) == there
    standing = latest(tmp_path / "data", "las")
    assert standing is not None
    assert (standing.digest, standing.rows) == (first.digest, first.rows)
    assert stopped.value.report is not None
    [told] = [f for f in stopped.value.report.findings if f.rule == "other-school"]
    assert (told.file, told.row, told.action) == ("EDEX.XML#school", line_of(now, place), "stop")
    assert f"over school {names[1]}. Tot nu toe ging deze bron over {names[0]}. " in told.message
    assert "Schakel neemt niets over voordat iemand" in str(stopped.value)
    assert str(stopped.value).count(names[1]) == 1
    assert [each.told()["found"] for each in stopped.value.fallen] == [names[1]]


def test_a_first_delivery_comes_in_whatever_school_it_is_of(tmp_path: Path) -> None:
    land(opened(tmp_path, GOOD), "zz", NEEDED, tmp_path / "data")
    assert land(opened(tmp_path, OTHER), "yy", NEEDED, tmp_path / "data").rows["pupil"] == 2


def test_where_no_need_names_the_school_nothing_is_compared(tmp_path: Path) -> None:
    """Law 1: what would tell it is not kept, so it cannot be compared."""
    less = {file: columns for file, columns in NEEDED.items() if file != "school"}
    taken(tmp_path, GOOD, less)
    assert taken(tmp_path, OTHER, less).rows["pupil"] == 2
    assert all(b"98YY" not in path.read_bytes() for path in (tmp_path / "data").rglob("*.parquet"))


def test_a_school_that_became_needed_is_compared_from_the_second_time_on(tmp_path: Path) -> None:
    taken(tmp_path, GOOD, {file: columns for file, columns in NEEDED.items() if file != "school"})
    taken(tmp_path, GOOD)
    with pytest.raises(Stopped):
        taken(tmp_path, OTHER)


def test_a_file_that_tells_no_school_is_not_compared(tmp_path: Path) -> None:
    nameless = GOOD.replace(BRIN, "").replace(SITE, "")
    taken(tmp_path, GOOD)
    assert not taken(tmp_path, nameless).unchanged
    assert not taken(tmp_path, OTHER).unchanged


@pytest.mark.parametrize("text", [GOOD, GOOD.replace(SITE, ""), GOOD.replace(">00<", ">01<"), BY_KEY, BY_NUMBER])
def test_the_school_is_the_site_that_the_school_model_makes_of_it(tmp_path: Path, text: str) -> None:
    """Held against `process/known/known_places.sql`: the words of the finding are those of the pages."""
    first = taken(tmp_path, text)
    with pytest.raises(Stopped) as stopped:
        taken(tmp_path, GOOD.replace("99ZZ", "97XX"))
    [other] = stopped.value.fallen
    assert other.told()["before"] == _site(first)


def _site(landed: Landed) -> str:
    sql = Path("schakel/process/known/known_places.sql").read_text(encoding="utf-8")
    with worker() as con:
        con.execute("CREATE SCHEMA edexml")
        rows: duckdb.DuckDBPyRelation = con.sql(f"SELECT *, 'las' AS _source FROM '{landed.folder}/school.parquet'")
        rows.create("edexml.school")
        found = con.execute(
            f"SELECT site_id FROM ({sql.partition('SELECT')[1]}{sql.partition('SELECT')[2]})"
        ).fetchone()
    assert found is not None
    return str(found[0])
