"""A kit with the kits that it stands on: found by name or path, put together once, refused by its file and line."""

import pytest

from schakel.kits import families
from schakel.kits.contents import names
from schakel.kits.families import delivered, everything, read
from schakel.kits.mistakes import BadKit
from tests.kits.small_kits import small, write


def head(**more):
    """A kit that says nothing but who it is."""
    who = {"id": "eigen", "version": "1.0.0", "language": "nl", "provider": "Bestuur", "licence": "CC0",
           "name": {"nl": "Eigen", "en": "Own"}}  # fmt: skip
    return {**who, **more}


def written(folder, **more):
    return write(folder, head(**more))


@pytest.mark.parametrize("name", names())
def test_every_delivered_kit_is_found_by_its_name(name):
    kit = delivered(name)
    assert kit.id == name
    assert list(kit.versions)[-1] == name, "a kit comes after those that it stands on"
    assert {item.kit for item in kit.items} <= set(kit.versions)


@pytest.mark.parametrize("name", names())
def test_nothing_stands_in_a_kit_twice(name):
    keys = [(item.section, item.key) for item in delivered(name).items]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("name", ["", "geen", "PO", "../base", "base/"])
def test_no_other_name_is_delivered(name):
    with pytest.raises(BadKit, match="Meegeleverd") as refusal:
        delivered(name)
    assert all(known in refusal.value.message for known in names())


def test_a_folder_and_its_file_are_the_same_kit(tmp_path):
    path = write(tmp_path, small())
    file = path if path.is_file() else path / "kit.yaml"
    assert read(file).items == read(file.parent if file.name == "kit.yaml" else file).items
    assert read(file).id == small()["id"]


@pytest.mark.parametrize("name", ["weg", "weg/kit.yaml", "weg.yaml"])
def test_what_is_not_there_is_named(tmp_path, name):
    with pytest.raises(BadKit, match="weg"):
        read(tmp_path / name)


def test_a_kit_of_ones_own_stands_on_a_delivered_one(tmp_path):
    kit = read(written(tmp_path, requires=["base"]))
    assert kit.versions == {"base": delivered("base").version, "eigen": "1.0.0"}
    assert {item.kit for item in kit.items} == {"base"}
    assert kit.lists["eigen"]["roles"]["teacher"]["nl"]


@pytest.mark.parametrize("requires", [["geen"], ["base", "geen"], ["eigen2"], ["../base"], ["kit.yaml"]])
def test_it_stands_on_nothing_else(tmp_path, requires):
    with pytest.raises(BadKit, match="dat niet bij Schakel hoort") as refusal:
        read(written(tmp_path, requires=requires))
    assert f"'{requires[-1]}'" in refusal.value.message


def test_a_kit_that_stands_on_itself_is_named_with_the_whole_chain(tmp_path):
    with pytest.raises(BadKit, match="staat op zichzelf: base > base"):
        read(written(tmp_path, id="base", requires=["base"]))


def test_what_a_lower_kit_says_is_not_said_again(tmp_path):
    role = {"key": "teacher", "nl": "juf", "en": "teacher", "side": "use", "kind": "person"}
    with pytest.raises(BadKit, match="teacher"):
        read(written(tmp_path, requires=["base"], roles=[role]))


def test_a_file_that_is_named_and_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises(BadKit, match="is er niet") as refusal:
        read(written(tmp_path, contains=["roles"]))
    assert refusal.value.where == "roles.yaml"


@pytest.mark.parametrize("content", [b"roles:\n- nl: \xff\xfe", b"\x80"])
def test_a_file_that_is_no_text_is_said_to_be_none(tmp_path, content):
    path = written(tmp_path, contains=["roles"])
    (tmp_path / "roles.yaml").write_bytes(content)
    with pytest.raises(BadKit, match="als tekst") as refusal:
        read(path)
    assert refusal.value.where == "roles.yaml"


def test_a_choice_takes_what_is_needed_for_it_and_no_more():
    starter, whole = delivered("starter"), everything()
    assert 0 < len(starter.items) < len(starter.whole) <= len(whole.items)
    needs = {item.key for item in starter.of("needs")}
    for product in starter.of("products"):
        assert product.get("need") in needs
    roles = {item.key for item in starter.of("roles")}
    for need in starter.of("needs"):
        assert {need.get("role"), need.get("owner_role")} <= roles


def test_everything_has_each_thing_of_each_kit_once():
    whole = {(item.section, item.key) for item in everything().items}
    assert whole == {(item.section, item.key) for name in names() for item in delivered(name).whole}
    assert len(everything().items) == len(whole)
    assert set(names()) <= set(everything().versions)


def test_products_use_the_words_of_their_own_family_alone():
    """A list of vo is not known to po, so that each can be taken without the other."""
    for name in names():
        kit = delivered(name)
        assert set(kit.lists) == set(kit.versions)
        for member, lists in kit.lists.items():
            family = {member, *families._required(kit if kit.id == member else delivered(member), _members(kit))}
            known = {item.key for item in kit.whole if item.section == "indicators" and item.kit in family}
            assert set(lists["indicators"]) == known


def _members(kit):
    return {name: delivered(name) for name in kit.versions}


def test_a_delivered_kit_is_read_once():
    assert delivered("base") is delivered("base")
    assert everything() is everything()
