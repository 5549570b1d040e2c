"""What a section of a kit may say: each field left out, misspelt or of another kind is named with its file and line."""

from copy import deepcopy
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.kits import shapes
from schakel.kits.families import everything
from schakel.kits.mistakes import BadKit
from schakel.kits.shapes import SECTIONS, check

FULL = {}  # of each section the entry that says most
for item in everything().items:
    FULL[item.section] = max(FULL.get(item.section, {}), item.fields, key=len)
MUST = [(section, name) for section in SECTIONS for name in shapes._FIELDS[section][0].split()]
SAID = [(section, name) for section in SECTIONS for name in FULL[section]]


def refused(section, entry):
    with pytest.raises(BadKit) as refusal:
        check(section, entry, "deel.yaml", 7)
    return refusal.value


@pytest.mark.parametrize("section", SECTIONS)
def test_what_the_delivered_kits_say_is_as_it_should_be(section):
    check(section, FULL[section], "deel.yaml", 1)


@pytest.mark.parametrize(("section", "name"), MUST)
def test_a_field_that_is_missing_is_named(section, name):
    entry = {key: value for key, value in FULL[section].items() if key != name}
    error = refused(section, entry)
    assert f"ontbreekt '{name}'" in error.message
    assert error.where == "deel.yaml, regel 7"


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("name", ["sleutel", "Key", "nl ", "__class__"])
def test_a_field_that_does_not_exist_is_named(section, name):
    error = refused(section, {**FULL[section], name: "x"})
    assert f"'{name}'; dat veld bestaat niet" in error.message


@pytest.mark.parametrize(("section", "name"), SAID)
def test_a_value_of_another_kind_is_named(section, name):
    """Nothing may be a set: no YAML of ours gives one, so every field refuses it."""
    error = refused(section, {**FULL[section], name: {1, 2}})
    assert f"van '{name}' past" in error.message or f"'{name}'" in error.message


@pytest.mark.parametrize(("section", "name"), SAID)
def test_nothing_is_no_value(section, name):
    if name == "record":
        check(section, {**FULL[section], name: None}, "deel.yaml", 7)
        return
    assert f"'{name}'" in refused(section, {**FULL[section], name: None}).message


NUMBERS = [(section, name) for section, name in SAID if shapes._KINDS.get(name) in ((int,), (int, float))]


@pytest.mark.parametrize(("section", "name"), NUMBERS)
def test_yes_is_no_number(section, name):
    """In Python true is one; in a kit it is not."""
    assert name in refused(section, {**FULL[section], name: True}).message


@pytest.mark.parametrize(("section", "name"), [pair for pair in SAID if pair[1] in shapes._CHOICES])
def test_a_word_outside_the_list_is_refused(section, name):
    for word in shapes._CHOICES[name]:
        check(section, {**FULL[section], name: word}, "deel.yaml", 7)
    assert name in refused(section, {**FULL[section], name: "iets anders"}).message


@pytest.mark.parametrize("key", ["", " ", "-a", ".a", "a b", "a/b", "../a", "é", "a" * 65, "a\n", "a'b"])
@pytest.mark.parametrize("section", ["roles", "needs", "objects"])
def test_a_key_that_is_none_is_refused(section, key):
    refused(section, {**FULL[section], "key": key})


@given(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", fullmatch=True))
def test_any_decent_key_is_taken(key):
    check("roles", {**FULL["roles"], "key": key}, "deel.yaml", 7)


PARTS = [("objects", "elements"), ("indicators", "norms"), ("products", "columns")]


@pytest.mark.parametrize(("section", "name"), PARTS)
def test_a_part_is_checked_where_it_is(section, name):
    for broken in ("woord", None, 3, ["lijst"]):
        assert name in refused(section, {**FULL[section], name: [broken]}).message
    part = deepcopy(FULL[section][name][0]) if FULL[section][name] else {"key": "x"}
    error = refused(section, {**FULL[section], name: [{**part, "kleur": "rood"}]})
    assert "'kleur'; dat veld bestaat niet" in error.message
    assert error.where.startswith("deel.yaml, regel")


@pytest.mark.parametrize("biv", ["", "lm", "lmhh", "LMH", "abc", "123", 123])
def test_the_rating_of_an_element_is_three_letters(biv):
    entry = deepcopy(FULL["objects"])
    entry["elements"] = [{**entry["elements"][0], "biv": biv}]
    assert "'biv'" in refused("objects", entry).message


@pytest.mark.parametrize("name", ["required", "wished"])
@pytest.mark.parametrize(
    "reasons", [{"a.b": 3}, {"a.b": None}, {"a.b": ["x"]}, {"a.b": {"nl": "x"}}, {"a.b": {"nl": "x", "en": 1}},
                {"a.b": {"nl": "x", "en": "y", "de": "z"}}]
)  # fmt: skip
def test_a_reason_is_a_text_or_one_in_each_language(name, reasons):
    assert f"'{name}'" in refused("needs", {**FULL["needs"], name: reasons}).message


@pytest.mark.parametrize("reasons", [{"a.b": "omdat"}, {"a.b": {"nl": "omdat", "en": "because"}}, {}])
def test_a_reason_that_is_one_is_taken(reasons):
    check("needs", {**FULL["needs"], "required": reasons}, "deel.yaml", 7)


@pytest.mark.parametrize("audience", [[1], [None], [{"role": "x"}], ["teacher:board", 3]])
def test_a_receiver_is_a_text(audience):
    assert "'audience'" in refused("needs", {**FULL["needs"], "audience": audience}).message


@pytest.mark.parametrize("name", ["minutes", "times_per_year", "people", "estimate", "how_nl", "how_en"])
def test_how_it_goes_today_is_told_whole(name):
    today = {key: value for key, value in FULL["needs"]["today"].items() if key != name}
    assert f"ontbreekt '{name}'" in refused("needs", {**FULL["needs"], "today": today}).message


@pytest.mark.parametrize("aspect", ["content", "execution"])
@pytest.mark.parametrize("letters", [{"A": "board"}, {"R": ["teacher"]}, {"A": "board", "R": ["a"], "X": ["b"]},
                                     {"A": ["board"], "R": ["a"]}, {"A": "board", "R": "a"}])  # fmt: skip
def test_letters_are_one_accountable_and_who_does_it(aspect, letters):
    refused("areas", {**FULL["areas"], aspect: letters})


def test_an_area_may_divide_the_content_alone():
    entry = {name: value for name, value in FULL["areas"].items() if name != "execution"}
    check("areas", entry, "deel.yaml", 7)


@pytest.mark.parametrize("roles", [[1], [None], [["a"]], "teacher", None])
def test_roles_of_a_consultation_are_texts(roles):
    assert "'roles'" in refused("consultations", {**FULL["consultations"], "roles": roles}).message


@pytest.mark.parametrize("day", ["2026-01-01", 20260101, None])
def test_a_day_is_a_day_and_no_text(day):
    norm = {"key": "n", "value": 1, "nl": "x", "en": "x", "kind": "law", "valid_from": day, "source": "x",
            "confirmed": True}  # fmt: skip
    assert "valid_from" in refused("indicators", {**FULL["indicators"], "norms": [norm]}).message
    check("indicators", {**FULL["indicators"], "norms": [{**norm, "valid_from": date(2026, 1, 1)}]}, "deel.yaml", 7)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(SAID), JSON)
def test_whatever_stands_in_a_field_is_taken_or_refused_in_words(pair, value):
    """A kit of somebody else never ends in an error of the program."""
    section, name = pair
    try:
        check(section, {**FULL[section], name: value}, "deel.yaml", 7)
    except BadKit as refusal:
        assert refusal.where.startswith("deel.yaml")
