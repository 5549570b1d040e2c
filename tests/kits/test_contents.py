"""Reading a kit: safe, within limits, and every mistake with its file and line."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.kits import contents, shapes
from schakel.kits.families import names, read
from schakel.kits.mistakes import BadKit
from tests.kits.small_kits import small, write


def refused(path, *words):
    with pytest.raises(BadKit) as found:
        read(path)
    for word in words:
        assert word in str(found.value), str(found.value)
    return found.value


def test_the_starter_kit_is_found_by_name():
    assert "starter" in names()
    kit = read("starter")
    assert (kit.id, kit.licence) == ("starter", "EUPL-1.2")
    assert len(kit.of("goals")) == 12
    assert kit.words["slot_state"]["cancelled"]["nl"] == "uitgevallen"


def test_a_kit_is_one_file_or_a_folder(tmp_path):
    path = write(tmp_path, small())
    assert read(path).id == read(tmp_path).id == "small"


def test_a_kit_may_be_spread_over_files(tmp_path):
    content = small()
    goals = {"goals": content.pop("goals")}
    for part in ("roles", "processes", "activities", "systems", "objects", "needs"):
        content.pop(part)
    write(tmp_path, {**content, "contains": ["goals"]})
    write(tmp_path, goals, "goals.yaml")
    assert [item.key for item in read(tmp_path).of("goals")] == ["G1"]


def test_things_come_in_the_order_in_which_they_can_be_written(tmp_path):
    content = {**small()}
    content["needs"] = content.pop("needs")
    backwards = {name: content[name] for name in reversed(content)}
    order = [item.section for item in read(write(tmp_path, backwards)).items]
    assert order == sorted(order, key=shapes.SECTIONS.index)


def test_each_thing_knows_its_file_and_line(tmp_path):
    path = write(tmp_path, small())
    goal = read(path).of("goals")[0]
    assert goal.file == "kit.yaml"
    assert path.read_text(encoding="utf-8").splitlines()[goal.line - 1].strip().startswith("- key: G1")


def test_a_kit_that_does_not_exist_names_those_that_do(tmp_path):
    refused(tmp_path / "nergens", "nergens", "starter")


def test_a_name_is_never_a_path():
    refused("../starter", "../starter")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("id: [", "YAML"),
        ("- een lijst", "namen en waarden"),
        ("id: a\nid: b", "twee keer"),
        ("1: a", "geen tekst"),
        ("a: &x [1]\nb: *x", "verwijzing"),
        ("a: &x 1", "verwijzing"),
        ("a: !!python/object/apply:os.system [ls]", "YAML"),
        ("a: !!binary aGFsbG8=\n? [x]\n: 1", "geen tekst"),
        ("a: " + "[" * 20 + "]" * 20, "te diep"),
    ],
)
def test_what_is_not_plain_yaml_is_refused_with_the_line(tmp_path, text, word):
    path = tmp_path / "kit.yaml"
    path.write_text(text, encoding="utf-8")
    error = refused(path, word)
    assert error.where.startswith("kit.yaml")


def test_references_cannot_make_a_file_explode(tmp_path):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}, *a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 30)]
    path = tmp_path / "kit.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    refused(path, "verwijzing")


def test_a_file_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    path = write(tmp_path, small())
    monkeypatch.setattr(contents, "MAX_BYTES", 100)
    refused(path, "te groot")


def test_a_file_that_is_too_long_is_refused(tmp_path, monkeypatch):
    path = write(tmp_path, small())
    monkeypatch.setattr(contents, "MAX_EVENTS", 10)
    refused(path, "te lang")


def test_a_file_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / "kit.yaml"
    path.write_bytes(b"id: \xff\xfe")
    refused(path, "UTF-8")


@pytest.mark.parametrize(
    ("section", "field", "value"),
    [
        ("roles", "side", "boven"),
        ("roles", "key", "met spatie"),
        ("goals", "nl", 3),
        ("systems", "personal_data", "ja"),
        ("needs", "priority", True),
        ("needs", "required", ["slot.room"]),
        ("needs", "required", {"slot.room": {"nl": "weten waar"}}),
        ("needs", "required", {"slot.room": {"nl": "weten waar", "en": "know where", "fr": "savoir"}}),
        ("needs", "wished", {"slot.room": {"nl": "weten waar", "en": 3}}),
        ("needs", "state", "approved"),
        ("needs", "audience", "teacher:self"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_the_line(tmp_path, section, field, value):
    content = small()
    content[section][0][field] = value
    error = refused(write(tmp_path, content), field)
    assert "regel" in error.where


@pytest.mark.parametrize(("section", "field"), [("goals", "owner_role"), ("needs", "legal_basis"), ("roles", "en")])
def test_a_field_that_is_missing_is_named(tmp_path, section, field):
    content = small()
    del content[section][0][field]
    refused(write(tmp_path, content), "ontbreekt", field)


def test_a_field_that_does_not_exist_is_named(tmp_path):
    content = small()
    content["needs"][0]["approved_by"] = "mij"
    refused(write(tmp_path, content), "approved_by", "bestaat niet")


def test_parts_of_a_thing_are_checked_too(tmp_path):
    content = small()
    content["objects"][0]["elements"][0]["biv"] = "hoog"
    refused(write(tmp_path, content), "biv")
    content = small()
    del content["needs"][0]["today"]["minutes"]
    refused(write(tmp_path, content), "minutes")


def test_a_key_that_stands_twice_names_the_first(tmp_path):
    content = small()
    content["goals"].append(dict(content["goals"][0]))
    refused(write(tmp_path, content), "G1", "staat ook al op regel")


def test_a_part_that_does_not_exist_is_refused(tmp_path):
    content = {k: v for k, v in small().items() if not isinstance(v, list)}
    refused(write(tmp_path, {**content, "contains": ["../../geheim"]}), "geheim")


def test_a_section_in_the_wrong_file_is_refused(tmp_path):
    content = {k: v for k, v in small().items() if not isinstance(v, list)}
    write(tmp_path, {**content, "contains": ["goals"]})
    write(tmp_path, {"needs": []}, "goals.yaml")
    refused(tmp_path, "needs", "hoort hier niet")


def test_a_section_that_is_no_list_is_refused(tmp_path):
    refused(write(tmp_path, {**small(), "goals": {"G1": 1}}), "goals")


_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(section=st.sampled_from(["roles", "goals", "needs", "objects", "systems"]), value=_PLAIN, data=st.data())
def test_whatever_stands_in_a_field_gives_a_kit_or_a_sentence(tmp_path_factory, section, value, data):
    """Never a stack trace: a kit that cannot be used is always a BadKit."""
    content = small()
    field = data.draw(st.sampled_from(sorted(content[section][0])))
    content[section][0][field] = value
    path = tmp_path_factory.mktemp("kit") / "kit.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    try:
        kit = read(path)
    except BadKit as error:
        assert error.where and error.message
    else:
        assert kit.of(section)
