"""What a file can become has a name in both languages, on the screen and for recognising a column."""

import pytest

from schakel.connectors.column_kinds import SeenColumn
from schakel.connectors.mapped_layout import FOLDER as MAPPED
from schakel.connectors.proposals import propose
from schakel.connectors.targets import Target, target, targets
from schakel.lib.plain_yaml import from_yaml
from schakel.lib.text import spoken

SAME = {"ECK iD", "Norm", "Score", "Indicator"}  # words that are the same in both languages
PUBLISHED = ("duo_", "inspectie_")  # files with headers as DUO and the Inspectorate publish them


@pytest.mark.parametrize("each", [t for t in targets() if not t.key.startswith(PUBLISHED)], ids=lambda t: t.key)
def test_each_field_has_an_english_name_of_its_own(each: Target) -> None:
    for field in each.open_fields:
        assert field.en != field.nl or field.en in SAME, field.name


@pytest.mark.parametrize("each", targets(), ids=lambda t: t.key)
def test_no_two_fields_of_a_target_have_one_name(each: Target) -> None:
    for names in ([f.nl for f in each.open_fields], [f.en for f in each.open_fields]):
        assert len(set(names)) == len(names)


def test_the_titles_say_what_each_sheet_holds_in_both_languages() -> None:
    found = {each.key: (each.nl, each.en) for each in targets() if each.layout == "personeel"}
    assert found == {
        "personeel-staff_contract": ("Personeelsbestand: aanstellingen", "Staff workbook: contracts"),
        "personeel-sick_leave": ("Personeelsbestand: verzuim", "Staff workbook: sick leave"),
        "personeel-staff_budget": ("Personeelsbestand: formatie", "Staff workbook: budget"),
    }


@pytest.mark.parametrize("path", sorted(MAPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_title_is_whole(path: object) -> None:
    """A comma in a bare title would cut it off, and leave the rest as a key of its own."""
    title = from_yaml(path.read_text(encoding="utf-8"))["title"]  # type: ignore[attr-defined]
    assert set(title) == {"nl", "en"}
    assert all(title.values())


def test_a_label_is_in_the_language_of_the_screen() -> None:
    absence = target("verzuim-absence")
    assert absence
    field = absence.field("pupil_number")
    assert field
    with spoken("en"):
        assert field.label == "Pupil number"
    with spoken("nl"):
        assert field.label == "Leerlingnummer"


def test_a_column_with_an_english_header_is_recognised() -> None:
    absence = target("verzuim-absence")
    assert absence
    seen = [SeenColumn(at, header, kind, 9, 0, "") for at, (header, kind) in enumerate([
        ("Pupil number", "zeros"), ("Site", "text"), ("Date", "date"), ("Reason", "text"), ("Remark", "text"),
    ])]  # fmt: skip
    found = propose(absence, seen).columns
    assert found["pupil_number"] == 0
    assert found["date"] == 2
    assert found["reason_group"] == 3
    assert found["remark"] == 4
