"""The effective contract: which answers may be chosen, what a choice does to a check, and never looser than a law."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from schakel.collect import contracts
from schakel.collect.checks import check
from schakel.collect.contracts import MISSING, WRONG, Choice, agreed, terms
from schakel.collect.layouts import Field, File, Layout, Meaning, Reference
from schakel.collect.packages import Package
from schakel.connectors.mapped_layout import mappings
from schakel.connectors.oneroster_layout import layout
from tests.collect.small_layout import KEY, package, taken

FIELDS = (
    KEY,
    Field("born", type="date", required=True),
    Field("kind", vocabulary=(("A", "a"), ("B", "b"))),
    Field("score", type="integer", minimum="1", maximum="10"),
    Field("word", pattern="[a-z]+"),
    Field("bsn"),
    Field("secret", secret=True),
    Field("never", forbidden="field-forbidden"),
    Field("note"),
)
SHAPE = Layout("klein", "1", {"things": File("things", FIELDS, ("id",))})


def chosen(folder: Path, text: str, *choices: Choice) -> Package:
    made = package(folder, text.encode(), FIELDS)
    return replace(made, layout=agreed(made.layout, choices))


def actions(made: Package) -> dict[tuple[str, str], str]:
    return {(f.column, f.rule): f.action for f in check(made).findings if f.row > 1}


def possible(column: str, rule: str, shape: Layout = SHAPE) -> tuple[str, ...]:
    return next((t.possible for t in terms(shape) if (t.column, t.rule) == (column, rule)), ())


def test_what_may_be_chosen_follows_from_what_a_column_is() -> None:
    assert possible("id", MISSING) == ("drop row", "stop")  # a row without its key is no row
    assert possible("born", MISSING) == ("accept", "drop row", "stop")
    assert possible("born", WRONG) == ("drop value", "drop row", "stop")  # what is no date cannot be kept as one
    assert possible("kind", WRONG) == ("accept", "drop value", "drop row", "stop")
    assert possible("note", WRONG) == ()  # nothing can be wrong with it


@pytest.mark.parametrize("column", ["bsn", "secret", "never"])
def test_about_what_the_law_keeps_out_there_is_nothing_to_choose(column: str) -> None:
    assert [t for t in terms(SHAPE) if t.column == column] == []
    assert agreed(SHAPE, [Choice("things", column, WRONG, "accept")]) == SHAPE


@pytest.mark.parametrize(
    ("choice", "where", "action"),
    [
        (Choice("things", "born", WRONG, "drop value"), ("born", "date"), "drop value"),
        (Choice("things", "born", WRONG, "stop"), ("born", "date"), "stop"),
        (Choice("things", "kind", WRONG, "accept"), ("kind", "vocabulary"), "accept"),
        (Choice("things", "kind", WRONG, "drop row"), ("kind", "vocabulary"), "drop row"),
        (Choice("things", "score", WRONG, "drop row"), ("score", "bounds"), "drop row"),
        (Choice("things", "word", WRONG, "accept"), ("word", "pattern"), "accept"),
    ],
)
def test_a_choice_is_what_the_check_does(tmp_path: Path, choice: Choice, where: tuple[str, str], action: str) -> None:
    text = "id,born,kind,score,word\r\n1,gisteren,C,11,9\r\n"
    before = actions(chosen(tmp_path, text))
    after = actions(chosen(tmp_path, text, choice))
    assert before[where] != action
    assert after == before | {where: action}


def test_a_missing_value_may_be_accepted(tmp_path: Path) -> None:
    text = "id,born\r\n1,\r\n"
    assert actions(chosen(tmp_path, text)) == {("born", "required"): "drop row"}
    assert actions(chosen(tmp_path, text, Choice("things", "born", MISSING, "accept"))) == {
        ("born", "required"): "accept"
    }


def test_a_chosen_stop_lets_nothing_in(tmp_path: Path) -> None:
    assert not check(chosen(tmp_path, "id,kind\r\n1,C\r\n", Choice("things", "kind", WRONG, "stop"))).usable


@pytest.mark.parametrize(
    "choice",
    [
        Choice("things", "id", MISSING, "accept"),
        Choice("things", "born", WRONG, "accept"),
        Choice("things", "nobody", WRONG, "stop"),
        Choice("nowhere", "kind", WRONG, "stop"),
        Choice("things", "kind", "no-such-rule", "stop"),
        Choice("things", "kind", WRONG, "forget"),
    ],
)
def test_what_may_not_be_chosen_counts_for_nothing(choice: Choice) -> None:
    assert agreed(SHAPE, [choice]) == SHAPE


def test_the_last_choice_of_a_place_counts() -> None:
    first, last = Choice("things", "kind", WRONG, "stop"), Choice("things", "kind", WRONG, "accept")
    assert agreed(SHAPE, [first, last]) == agreed(SHAPE, [last])


# rules over several columns


def over(answer: str = "", required: bool = False) -> Layout:
    """A layout whose end may not lie before its begin, and a file that refers to it."""
    ends = Field("ends", type="date", required=required)
    rows = File("rows", (KEY, Field("begins", type="date"), ends), ("id",))
    refers = File("refers", (KEY, Field("row", type="reference", ref=Reference("rows"))), ("id",))
    sql = "SELECT r.rowid, r.ends FROM rows AS r WHERE r.ends < r.begins"
    rule = Meaning("period-order", "rows", "ends", sql, (("rows", "begins"), ("rows", "ends")), answer=answer)
    return Layout("klein", "1", {"rows": rows, "refers": refers}, (rule,))


def test_a_row_that_others_refer_to_is_not_dropped_for_a_rule_over_columns() -> None:
    assert possible("ends", "period-order", over()) == ("accept", "drop value", "stop")
    assert possible("ends", "period-order", over(required=True)) == ("accept", "stop")
    alone = replace(over(), files={"rows": over().files["rows"]})
    assert possible("ends", "period-order", alone) == ("accept", "drop value", "drop row", "stop")


def test_the_value_of_a_rule_over_columns_is_dropped_when_that_was_chosen(tmp_path: Path) -> None:
    fields = (KEY, Field("begins", type="date"), Field("ends", type="date"))
    text = b"id,begins,ends\r\n1,2026-01-02,2026-01-01\r\n2,2026-01-02,2026-01-03\r\n"
    from schakel.collect.landing import land
    from tests.collect.small_layout import rows

    made = package(tmp_path, text, fields)
    sql = "SELECT t.rowid, t.ends FROM things AS t WHERE t.ends < t.begins"
    rule = Meaning("period-order", "things", "ends", sql, (("things", "begins"), ("things", "ends")))
    shape = agreed(replace(made.layout, meanings=(rule,)), [Choice("things", "ends", "period-order", "drop value")])
    needed = {"things": frozenset({"id", "begins", "ends"})}
    landed = land(replace(made, layout=shape), "klein", needed, tmp_path / "data")
    assert [str(end) for _id, end in rows(landed, "id, ends")] == ["None", "2026-01-03"]
    assert [(f.rule, f.action) for f in landed.report.findings] == [("period-order", "drop value")]


def test_every_layout_of_our_own_has_terms_whose_answer_may_be_chosen() -> None:
    for shape in [layout("1.2.1"), *(m.layout for m in mappings())]:
        for term in terms(shape):
            assert term.answer in term.possible, term
            assert len(term.rules) == len(term.expected), term
        assert len({term.place for term in terms(shape)}) == len(terms(shape))


def test_choices_change_the_fingerprint_of_a_delivery(tmp_path: Path) -> None:
    from schakel.collect.landing import Incoming

    needed = {"things": frozenset({"id", "kind"})}
    prints = {
        Incoming(chosen(tmp_path, "id,kind\r\n1,C\r\n", *choices), "klein", needed, tmp_path).delivered
        for choices in ((), (Choice("things", "kind", WRONG, "accept"),))
    }
    assert len(prints) == 2
    assert taken(tmp_path, b"id,a,b\r\n1,x,y\r\n").rows == {"things": 1}


# the copy for `schakel check`


def test_a_copy_is_found_by_the_name_of_the_file_and_the_layout(tmp_path: Path) -> None:
    choice = Choice("absence", "kind", WRONG, "drop row")
    contracts.keep_copy(tmp_path, "verzuim", "verzuim", "verzuim_*.csv", [choice])
    assert contracts.copied(tmp_path, "Verzuim_20261123.csv", "verzuim") == [choice]
    assert contracts.copied(tmp_path, "verzuim_20261123.csv", "anders") == []
    assert contracts.copied(tmp_path, "rooster_20261123.csv", "verzuim") == []
    assert contracts.copied(tmp_path / "nergens", "verzuim_1.csv", "verzuim") == []


@pytest.mark.parametrize("text", ["", "[]", "{", json.dumps({"layout": "verzuim", "pattern": "*", "answers": [["a"]]})])
def test_a_broken_copy_is_passed_over(tmp_path: Path, text: str) -> None:
    (tmp_path / contracts.FOLDER).mkdir()
    (tmp_path / contracts.FOLDER / "verzuim.json").write_text(text)
    assert contracts.copied(tmp_path, "verzuim_1.csv", "verzuim") == []
