"""The order in which files are read, the two verdicts, and reports that are read back as they were written."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.collect.findings import CheckReport, Finding, finding
from schakel.collect.layouts import Field, File, Layout, Reference
from schakel.collect.reports import (
    by_rule,
    check_report,
    column_decisions,
    landing_told,
    quarantine_files,
    quarantined,
    rule_sentence,
)
from schakel.collect.rules import ANSWERS, SEVERITIES, rule, rules
from schakel.collect.shelves import Shelf
from schakel.connectors.mapped_layout import mappings
from schakel.connectors.oneroster_layout import VERSIONS
from schakel.connectors.oneroster_layout import layout as oneroster
from schakel.lib.errors import SchakelError, Unknown
from schakel.lib.text import masked, spoken
from tests.collect.small_layout import taken

SOME = settings(max_examples=80)
FILES = list("abcdef")
graphs = st.dictionaries(st.sampled_from(FILES), st.lists(st.sampled_from(FILES), max_size=3), min_size=1)


def shape(refs: dict[str, list[str]]) -> Layout:
    made = {
        name: File(name, tuple(Field(f"to{n}", type="reference", ref=Reference(to)) for n, to in enumerate(targets)))
        for name, targets in refs.items()
    }
    return Layout("graph", "1", made)


def circular(refs: dict[str, list[str]], start: str) -> set[str]:
    """The files from which one comes back to this one."""
    reach = {name: set(refs.get(name, [])) & refs.keys() for name in refs}
    for _ in refs:
        reach = {name: found.union(*(reach[each] for each in found)) for name, found in reach.items()}
    return {name for name in refs if start in reach[name] and name in reach[start]}


@SOME
@given(graphs)
def test_each_file_is_read_after_those_it_refers_to_and_exactly_once(refs):
    """Where files refer to each other in a circle each is still read once; nothing waits for ever."""
    order = shape(refs).order(refs)
    assert sorted(order) == sorted(refs)
    for name, targets in refs.items() if not any(circular(refs, each) - {each} for each in refs) else ():
        for target in set(targets) & refs.keys() - {name}:
            assert order.index(target) < order.index(name)


def test_files_that_are_absent_are_not_waited_for():
    assert shape({"a": ["b"], "b": []}).order(["a"]) == ["a"]
    assert shape({"a": ["z"]}).order(["a"]) == ["a"]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_reference_of_the_standard_leads_to_a_file_of_it(version):
    files = oneroster(version).files
    for file in files.values():
        for field in file.fields:
            assert field.ref is None or field.ref.file in files
    order = oneroster(version).order(files)
    assert order.index("users") < order.index("enrollments")
    assert order.index("orgs") < order.index("classes")


def test_a_field_that_is_not_there_is_a_mistake_of_our_own():
    file = File("users", (Field("sourcedId"),))
    assert file.field("sourcedId").name == "sourcedId"
    with pytest.raises(KeyError, match="users.givenName"):
        file.field("givenName")


def test_every_type_of_every_layout_has_a_form_in_which_it_is_kept():
    layouts = [*(m.layout for m in mappings()), *map(oneroster, VERSIONS)]
    kinds = {f.type: f.sql_type for each in layouts for file in each.files.values() for f in file.fields}
    assert kinds["date"] == "DATE"
    assert kinds["number"] == "DOUBLE"
    assert {"identifier", "reference"} <= {kind for kind, kept in kinds.items() if kept == "VARCHAR"}


found = st.builds(
    Finding,
    file=st.sampled_from(["a.csv", "b.csv", ""]),
    row=st.integers(0, 9),
    column=st.sampled_from(["", "x", "y"]),
    rule=st.sampled_from(sorted(rules())),
    severity=st.sampled_from(SEVERITIES),
    action=st.sampled_from(ANSWERS),
    message=st.sampled_from(["Een zin.", "Nog een."]),
    value=st.sampled_from(["", "x* (2)"]),
)


@SOME
@given(st.lists(found, max_size=12))
def test_the_verdicts_follow_from_the_findings_and_from_nothing_else(findings):
    report = CheckReport.of("klein", "1", {"a.csv": 3}, findings)
    assert report.conformant == (not any(f.severity == "error" for f in findings))
    assert report.usable == (not any(f.action == "stop" for f in findings))
    assert Counter(map(repr, report.findings)) == Counter(map(repr, findings))
    places = [(f.file, f.row, f.column, f.rule) for f in report.findings]
    assert places == sorted(places)
    assert CheckReport.from_json(json.loads(json.dumps(report.as_json()))) == report


@SOME
@given(st.lists(found, max_size=12), st.integers(0, 4))
def test_findings_by_rule_lose_none_of_them(findings, first):
    report = CheckReport.of("klein", "1", {}, findings)
    groups = by_rule(report, first)
    assert sum(group.count for group in groups) == len(findings)
    assert all(len(group.first) == min(first, group.count) for group in groups)
    assert sum(n for _rule, _severity, n in report.counts()) == len(findings)
    grave = [SEVERITIES.index(group.severity) for group in groups if group.file]
    assert grave == sorted(grave), "the gravest first, after what is about the whole"
    assert [bool(group.file) for group in groups] == sorted(bool(group.file) for group in groups)


def test_a_finding_has_the_answer_of_its_rule_unless_told_otherwise_and_no_whole_value():
    assert finding("required", "a.csv", "x").action == rule("required").answer
    assert finding("required", "a.csv", "x", action="accept").action == "accept"
    assert finding("required", "a.csv", "x", value="Jansen").value == masked("Jansen")
    with pytest.raises(KeyError):
        finding("no-such-rule", "a.csv")


@pytest.mark.parametrize("name", sorted(rules()))
def test_every_rule_can_be_said_without_a_column_in_both_languages(name):
    dutch = rule_sentence(name)
    with spoken("en"):
        english = rule_sentence(name)
    assert dutch and english
    assert "%(" not in dutch + english
    assert dutch != english or name == "near-note"


def test_a_rule_or_a_delivery_that_does_not_exist_is_a_sentence(tmp_path):
    with pytest.raises(Unknown, match="bestaat niet"):
        rule_sentence("no-such-rule")
    for read in (landing_told, check_report, column_decisions):
        with pytest.raises(Unknown, match="niet \\(meer\\)"):
            read(tmp_path / "weg")
    (tmp_path / "landing.json").write_text('{"half')
    with pytest.raises(Unknown):
        landing_told(tmp_path)
    with pytest.raises(Unknown):
        quarantined(tmp_path, "things")
    assert quarantine_files(tmp_path) == {}


def test_what_the_door_decided_is_told_per_column_with_its_reason(tmp_path):
    content = b"id,a,b,BSN,c\nx1,een,twee,123456782,drie\n"
    landed = taken(tmp_path, content, (Field("id", type="identifier"), Field("a"), Field("z")))
    told = {(each.column, each.decision) for each in column_decisions(landed.folder)}
    assert told == {("id", "keep"), ("a", "keep"), ("b", "drop"), ("c", "drop"), ("BSN", "refuse"), ("z", "missing")}
    assert all(each.reason for each in column_decisions(landed.folder))
    assert b"123456782" not in b"".join(p.read_bytes() for p in (tmp_path / "data").rglob("*") if p.is_file())


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../x", "a/b", "a\\b", "-x", " x", "x y", "é", "x" * 65, "a\0b", "a\nb"]
)
def test_a_source_with_another_name_than_a_plain_one_gets_no_folder(tmp_path, name):
    with pytest.raises(SchakelError):
        Shelf(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("pointer", [b"", b"../../elders", b"weg", b"\xff\xfe", b"\n"])
def test_a_pointer_that_leads_nowhere_is_no_landing(tmp_path, pointer):
    shelf = Shelf(tmp_path, "las")
    shelf.landing.mkdir(parents=True)
    (shelf.landing / "current").write_bytes(pointer)
    assert shelf.current() is None


def test_landings_of_two_sources_do_not_touch_each_other(tmp_path):
    one, two = Shelf(tmp_path, "een"), Shelf(tmp_path, "twee")
    for shelf in (one, two):
        for folder in shelf.begin("d1"):
            (folder / "landing.json").write_text(json.dumps({"source": shelf.source}))
        shelf.publish("d1")
    one.begin("d2")
    one.clear()
    assert one.current() == {"source": "een"}
    assert two.current() == {"source": "twee"}
    assert sorted(path.name for path in Path(tmp_path / "landing" / "een").iterdir()) == ["current", "d1"]
