"""A spreadsheet that LibreOffice saved in its own format comes in like any other."""

# ruff: noqa: E501 -- XML as a program writes it
import pytest

from schakel.lib.errors import Unreadable
from tests.connectors.test_workbooks import cell, ods, row, table
from tests.kits.registers import filled, looked, taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(people, tmp_path):
    return filled(people, tmp_path)["information_manager"]


def test_cells_are_taken_by_their_address(manager):
    rows = [row(cell("Sleutel"), cell("Doel")), row(cell("G1"), cell("Op tijd")), row(cell("G9"), cell(""))]
    found = looked(manager, ods(table(*rows)), "doelen.ods")
    assert [change.offered.places["nl"].where for change in found.changes] == ["Doelen!B2"]
    assert [fault.place.where for fault in found.faults] == ["Doelen!B3"]


def test_days_and_numbers_have_their_kind(manager):
    rows = [
        row(cell("Sleutel"), cell("Applicatie"), cell("Contract tot"), cell("Kosten per jaar (euro)")),
        row(
            cell("las"), cell("LAS"),
            '<table:table-cell office:value-type="date" office:date-value="2027-12-31"><text:p>31-12-27</text:p></table:table-cell>',
            '<table:table-cell office:value-type="float" office:value="1250.5"><text:p>1.250,50</text:p></table:table-cell>',
        ),
    ]  # fmt: skip
    found = taken(manager, ods(table(*rows, name="Applicaties")), "applicaties.ods")
    assert [(each.field, str(each.becomes)) for each in found.changes[0].fields] == [
        ("contract_until", "2027-12-31"), ("cost_per_year", "1250.50")
    ]  # fmt: skip


def test_merged_cells_and_failed_formulas_are_named(manager):
    rows = [
        row(cell("Sleutel"), cell("Doel")),
        row(cell("G1"), cell("Err:502", 'table:formula="of:=1/0"')),
        row(cell("G2", 'table:number-columns-spanned="2"'), "<table:covered-table-cell/>"),
    ]
    found = looked(manager, ods(table(*rows)), "doelen.ods")
    assert {fault.place.where for fault in found.faults} == {"Doelen!B2", "Doelen!A3"}


def test_a_sheet_that_repeats_without_end_is_refused(manager):
    endless = row(cell("x"), more='table:number-rows-repeated="1000000"')
    with pytest.raises(Unreadable, match="te groot"):
        looked(manager, ods(table(row(cell("Sleutel")), endless)), "doelen.ods")


@pytest.mark.parametrize("tab", ["<text:tab/>", '<text:tab text:tab-ref="1"/>'])
def test_a_tab_in_a_cell_stays_a_tab(manager, tab):
    rows = [row(cell("Sleutel"), cell("Doel")), row(cell("G1"), cell("TAB"))]
    content = ods(table(*rows).replace("TAB", f"voor{tab}na"))
    found = looked(manager, content, "doelen.ods")
    assert [each.becomes for each in found.changes[0].fields] == ["voor\tna"]


def test_the_word_for_a_tab_is_only_a_word(manager):
    rows = [row(cell("Sleutel"), cell("Doel")), row(cell("G1"), cell("&lt;text:tab/&gt;"))]
    found = looked(manager, ods(table(*rows)), "doelen.ods")
    assert [each.becomes for each in found.changes[0].fields] == ["<text:tab/>"]
