"""The school model: what a table holds, and what a need brings along."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.lib.errors import Unknown
from schakel.process.model import element, school_model, wanted

ELEMENTS = sorted(c.element for t in school_model().values() for c in t.columns.values())


def test_every_table_of_the_demo_is_there() -> None:
    assert list(school_model())[:4] == ["organisation", "site", "school_year", "period"]
    assert len(school_model()) == 29
    assert {t.name for t in school_model().values() if t.origin == "register"} == {"indicator_value"}


def test_a_column_knows_its_type_unit_and_vocabulary() -> None:
    hours = element("absence.clock_hours")
    assert (hours.type, hours.unit, hours.nullable, hours.structural) == ("DECIMAL(18,4)", "klokuren", True, False)
    assert element("absence.kind").vocabulary == ("authorised", "unauthorised", "late", "unknown")
    assert element("site.site_number").type == "VARCHAR"
    assert element("slot.start_time").type == "TIME"


def test_keys_and_references() -> None:
    assert school_model()["membership"].keys == ("pupil_id", "group_id", "start_date")
    assert element("absence.pupil_id").ref == "pupil.pupil_id"
    for table in school_model().values():
        assert table.keys
        for column in table.columns.values():
            assert column.ref is None or element(column.ref).key


def test_no_key_may_be_empty_except_the_site_of_a_board_value() -> None:
    empty = [c.element for t in school_model().values() for c in t.columns.values() if c.key and c.nullable]
    assert empty == ["indicator_value.site_id"]


def test_no_column_for_a_bsn() -> None:
    assert not [e for e in ELEMENTS if "bsn" in e or "pgn" in e]


def test_the_model_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        school_model()["extra"] = school_model()["site"]  # type: ignore[index]


def test_people_counts_are_structural_in_indicator_values() -> None:
    assert {"people", "people_hit"} <= set(school_model()["indicator_value"].structural)


@pytest.mark.parametrize("name", ["pupil.bsn", "pupil", "", "nothing.at_all", "pupil.", ".pupil_id"])
def test_what_is_not_in_the_model_is_refused(name: str) -> None:
    with pytest.raises(Unknown, match="schoolmodel"):
        wanted([name])


def test_wanted_brings_structure_and_nothing_else() -> None:
    assert wanted(["pupil.first_name"]) == {"pupil": ("pupil_id", "first_name")}
    assert wanted([]) == {}


@given(st.sets(st.sampled_from(ELEMENTS)))
def test_wanted_is_exactly_structural_plus_named(elements: set[str]) -> None:
    given_back = {f"{table}.{column}" for table, columns in wanted(elements).items() for column in columns}
    tables = {e.partition(".")[0] for e in elements}
    structural = {f"{t}.{c}" for t in tables for c in school_model()[t].structural}
    assert given_back == elements | structural


def test_the_file_follows_the_reference() -> None:
    reference = Path(__file__).parents[2].parent / "shared" / "reference" / "school_model.csv"
    if not reference.exists():
        pytest.skip("the reference facts are not beside this repository")
    known = {",".join(line.split(",")[:2]) for line in reference.read_text(encoding="utf-8").splitlines()}
    added = {f"indicator_value,{column}" for column in ("norm", "people", "people_hit")}
    added |= {"site_year,similar_1f", "site_year,similar_1s2f"}  # what other schools in the country reach
    added |= {
        e.replace(".", ",") for e in ELEMENTS if e.startswith(("exam_outcome.", "exam_mark."))
    }  # what DUO publishes of exams
    ours = {e.replace(".", ",") for e in ELEMENTS} - added
    assert ours <= known
