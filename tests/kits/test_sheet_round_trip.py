"""What goes out as a spreadsheet comes in again as it was: nothing is lost, and nothing in it runs."""

import io
import zipfile

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.access.audit import AuditLine
from schakel.access.register import put
from schakel.chain import deciding
from schakel.chain.goals import Goal
from schakel.chain.needs import InformationNeed
from schakel.kits.sheets.cells import inward, outward
from schakel.kits.sheets.layouts import GROUPS, SHEETS
from schakel.kits.sheets.writing import csv_text, workbook
from schakel.lib.errors import Refused, Unknown
from schakel.lib.text import spoken
from tests.kits.registers import emptied, filled, looked, taken
from tests.kits.sheet_files import book, sheets_of

pytestmark = pytest.mark.django_db
WILD = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
FORMULA = st.builds(lambda start, rest: start + rest, st.sampled_from(list("=+-@|%\t'\" \n")), WILD)


@pytest.fixture
def manager(people, tmp_path):
    return filled(people, tmp_path)["information_manager"]


def untouched(found):
    return not found.changes and not found.faults and found.unchanged


def test_all_of_the_register_comes_back_unchanged(manager):
    found = looked(manager, workbook(manager))
    assert untouched(found)
    assert not found.notes
    assert found.counts["needs"] == 2
    assert set(found.counts) == {sheet.noun for sheet in SHEETS.values()}


@pytest.mark.parametrize("name", GROUPS)
def test_one_noun_has_its_own_sheets_and_comes_back_unchanged(manager, name):
    content = workbook(manager, name)
    titles = list(sheets_of(content))
    assert titles[: len(GROUPS[name])] == [SHEETS[key].title("nl") for key in GROUPS[name]]
    assert titles[len(GROUPS[name]) :] == ["Lijsten", "Uitleg"] or name == "needs"
    assert untouched(looked(manager, content, only=name))


@pytest.mark.parametrize("key", SHEETS)
def test_each_sheet_as_csv_comes_back_unchanged(manager, key):
    assert untouched(looked(manager, csv_text(manager, key), "blad.csv", key))


@pytest.mark.parametrize(("out", "back"), [("nl", "en"), ("en", "nl"), ("en", "en")])
def test_headers_and_words_are_understood_in_both_languages(manager, out, back):
    with spoken(out):
        content, text = workbook(manager), csv_text(manager, "goals")
    assert ("Goals" in sheets_of(content)) == (out == "en")
    with spoken(back):
        assert untouched(looked(manager, content))
        assert untouched(looked(manager, text, "goals.csv"))


@pytest.mark.parametrize("key", SHEETS)
def test_every_column_has_a_header_of_its_own_in_both_languages(key):
    for language in ("nl", "en"):
        headers = [column.header(language) for column in SHEETS[key].columns]
        assert len({header.casefold() for header in headers}) == len(headers)
        assert not [column.name for column in SHEETS[key].columns if column.header(language) == column.name]


@settings(max_examples=300, deadline=None)
@given(WILD | FORMULA)
def test_any_text_travels_and_comes_back_exactly(text):
    sent = outward(text)
    assert inward(sent) == inward(outward(inward(sent)))
    if sent in (text, f"'{text}"):
        assert inward(sent) == text


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(WILD | FORMULA, min_size=4, max_size=4), excel=st.booleans())
def test_a_register_with_any_text_in_it_comes_back_unchanged(manager, texts, excel):
    with transaction.atomic():
        for number, text in enumerate(texts):
            fields = {"nl": (text.strip() or "x")[:250], "law": text[:250]}
            put(manager, "goal.write", Goal, f"X{number}", **{k: v.replace("\0", "") for k, v in fields.items()})
        content = workbook(manager, "goals") if excel else csv_text(manager, "goals")
        assert untouched(looked(manager, content, "doelen.xlsx" if excel else "doelen.csv"))
        transaction.set_rollback(True)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "|", "%", "'="])
def test_nothing_becomes_a_formula_anywhere(manager, start):
    put(manager, "goal.write", Goal, "G1", nl=f"{start}HYPERLINK(1)")
    content = workbook(manager, "goals")
    parts = zipfile.ZipFile(io.BytesIO(content))
    pages = [parts.read(name) for name in parts.namelist() if "worksheets/sheet" in name]
    assert not any(b"<f>" in page or b"<f " in page for page in pages)
    assert f"'{start}HYPERLINK(1)" in [row[1] for row in sheets_of(content)["Doelen"]]
    assert f"'{start}HYPERLINK(1)" in csv_text(manager, "goals").decode()
    assert untouched(looked(manager, content))


def test_a_csv_that_was_saved_as_a_workbook_comes_back_unchanged(manager):
    put(manager, "goal.write", Goal, "G1", nl="=1+1", law="- eerst dit")
    rows = [line.split(";") for line in csv_text(manager, "goals").decode("utf-8-sig").splitlines()]
    assert untouched(looked(manager, book(Doelen=rows)))


def test_a_closed_list_comes_with_every_choice(manager):
    content = workbook(manager, "needs")
    xml = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    lists = sheets_of(content)["Lijsten"]
    assert xml.count("<dataValidation ") == 6
    titles = lists[0]
    assert [row[titles.index("Niveau")] for row in lists[1:5]] == ["persoon", "groep", "school", "bestuur"]
    assert "A1" in [row[titles.index("Activiteiten")] for row in lists]


def test_two_lists_with_the_same_header_are_not_mixed_up(manager):
    content = workbook(manager)
    lists = sheets_of(content)["Lijsten"]
    places = [place for place, title in enumerate(lists[0]) if title == "Niveau"]
    assert [[row[place] for row in lists[1:5]] for place in places] == [
        ["persoon", "groep", "school", "bestuur"], ["bestuur", "school", "", ""]
    ]  # fmt: skip


def test_a_whole_register_goes_into_an_empty_one(manager, people):
    deciding.decline_element(manager, InformationNeed.objects.get(key="my_day"), "slot.room", "staat op de deur")
    content = workbook(manager)
    with transaction.atomic():
        before = {need.key: need.content() for need in InformationNeed.objects.whole()}
        emptied(roles=False)
        found = taken(manager, content)
        assert len(found.of("added")) > 10
        assert {need.key: need.content() for need in InformationNeed.objects.whole()} == before
        again = looked(manager, content)
        assert not again.changes and not again.faults
        transaction.set_rollback(True)


def test_people_are_only_for_who_manages_people(manager, people):
    for who in ("teacher", "ict_manager", "board_member"):
        content = workbook(people[who])
        assert "Mensen" not in sheets_of(content)
        assert "Daan Verhoeven" not in str(sheets_of(content))
        assert any("alleen voor wie mensen beheert" in str(row) for row in sheets_of(content)["Uitleg"])
        for key in ("people", "assignments"):
            with pytest.raises(Refused):
                csv_text(people[who], key)
        with pytest.raises(Refused):
            workbook(people[who], "people")


def test_taking_people_out_leaves_a_line_in_the_log(manager):
    workbook(manager, "people")
    line = AuditLine.objects.latest("number")
    assert (line.action, line.facts["exported"]) == ("person.write", ["people", "assignments"])
    before = AuditLine.objects.count()
    workbook(manager, "needs")
    assert AuditLine.objects.count() == before


def test_an_unknown_noun_names_those_there_are(manager):
    with pytest.raises(Unknown, match="needs"):
        workbook(manager, "vragen")
