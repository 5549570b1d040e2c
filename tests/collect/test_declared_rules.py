"""Each rule that a layout declares is held against its own examples, by the real checks; none may be without."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schakel.collect import meanings
from schakel.collect.counts import counts
from schakel.collect.examination import examine
from schakel.collect.layouts import Drift, Layout
from schakel.collect.rules import KINDS, REPAIRS, rule, rules
from schakel.connectors import edexml_layout, oneroster_layout
from schakel.connectors.mapped_layout import FOLDER, declared, mappings
from schakel.lib.identifiers import eck_number
from schakel.lib.plain_yaml import from_yaml
from tests.collect.small_layout import packages

CASES = Path(__file__).parents[1] / "cases" / "checks"
FILES = [*sorted(FOLDER.glob("*.yaml")), CASES / "every_form.yaml"]
EDITIONS = [edexml_layout.Edition(version) for version in edexml_layout.EDEXML]
STANDARDS = [*map(oneroster_layout.layout, oneroster_layout.VERSIONS), *map(edexml_layout.layout, EDITIONS)]
Row = dict[str, str]


@dataclass(frozen=True)
class Case:
    """One declared rule: the relation it is about, and what the file says of it."""

    layout: Layout
    content: dict[str, Any]
    relation: str
    told: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.layout.name}.{self.relation}.{self.told['rule']}.{self.told.get('column', '')}"

    def breaks(self, example: Row | list[Row], folder: Path) -> bool:
        """Whether a check of these rows says that the rule is broken, in the column that it is about."""
        good = {name: [each["example"]] for name, each in self.content["relations"].items() if "example" in each}
        rows = [good[self.relation][0] | change for change in (example if isinstance(example, list) else [example])]
        texts = {name: _text(self.layout, name, told) for name, told in (good | {self.relation: rows}).items()}
        values = " UNION ALL ".join(f"SELECT '{value}' AS k" for value in self.told.get("there", ()))
        others = {each: values for m in self.layout.meanings for each in m.elsewhere} if values else {}
        done = examine(packages(folder, self.layout, texts), {}, elsewhere=others)
        try:
            column = self.told.get("column") or self.told["columns"][0]
            header = self.layout.files[self.relation].field(column).source
            return (self.told["rule"], header) in {(f.rule, f.column) for f in done.report.findings}
        finally:
            done.close()


def _text(layout: Layout, name: str, rows: list[Row]) -> str:
    fields = layout.files[name].fields
    lines = [[f.source for f in fields], *([row.get(f.name, "") for f in fields] for row in rows)]
    return "".join(",".join(f'"{cell}"' if cell else "" for cell in line) + "\r\n" for line in lines)


def _cases() -> Iterator[Case]:
    for path in FILES:
        content = from_yaml(path.read_text(encoding="utf-8"))
        for name, relation in content["relations"].items():
            yield from (Case(declared(content).layout, content, name, told) for told in relation.get("rules", []))


DECLARED = list(_cases())
JUDGED = [case for case in DECLARED if "fewer" not in case.told]
EXAMPLES = [(case, kind, example) for case in JUDGED for kind in ("good", "bad") for example in case.told.get(kind, ())]


@pytest.mark.parametrize("case", DECLARED, ids=[case.name for case in DECLARED])
def test_a_rule_comes_with_a_pair_of_examples(case: Case) -> None:
    assert case.told.get("good"), f"{case.name} has no good example"
    assert case.told.get("bad"), f"{case.name} has no bad example"


@pytest.mark.parametrize(("case", "kind", "example"), EXAMPLES, ids=[f"{c.name}.{k}" for c, k, _e in EXAMPLES])
def test_a_good_example_passes_and_a_bad_one_does_not(
    case: Case, kind: str, example: Row | list[Row], tmp_path: Path
) -> None:
    assert case.breaks(example, tmp_path) == (kind == "bad")


def test_every_form_of_a_rule_is_used_by_the_example_of_all_forms() -> None:
    used = {case.told.get("form", case.told["rule"]) for case in DECLARED if case.layout.name == "trips"}
    assert set(meanings.FORMS) - {"period-order"} <= used


def test_a_rule_over_several_columns_of_a_standard_is_among_the_pairs_of_that_standard() -> None:
    found = {(f[0].partition(".")[0], f[2], f[3]) for case in _pairs("oneroster") for f in case["finds"]}
    known = {(m.file, m.column, m.rule) for m in oneroster_layout.layout("1.2.1").meanings}
    assert known <= found
    edex = {(f[2], f[3]) for case in _pairs("edexml") for f in case["finds"]}
    assert {(m.column, m.rule) for m in edexml_layout.layout(EDITIONS[-1]).meanings} <= edex | {
        ("eckid", "eckid-twice")
    }


def _pairs(name: str) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = from_yaml((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
    return content


def test_every_rule_says_of_which_kind_it_is_and_who_repairs_it() -> None:
    assert {each.kind for each in rules().values()} == set(KINDS)
    assert {each.repairs for each in rules().values()} == set(REPAIRS)


# counts: of a mapping by its own examples, of the standards at the edge of what they allow

COUNTED = [(case, kind, pair) for case in DECLARED if "fewer" in case.told for kind in ("good", "bad")
           for pair in case.told[kind]]  # fmt: skip
EDGES = [(layout, drift) for layout in STANDARDS for drift in layout.drifts]


def _stops(layout: Layout, drift: Drift, before: int, now: int, folder: Path, **right: int) -> list[tuple[int, int]]:
    """The counts that fell too far, when a file had so many rows that count and now has so many."""
    where = "".join(f", '{value}' AS \"{column}\"" for column, value in drift.where)
    cell = f'i AS "{drift.count or "n"}"'
    duckdb.sql(f"SELECT {cell}{where} FROM range({before}) AS r(i)").write_parquet(f"{folder}/{drift.file}.parquet")
    kept = [[drift.file, column] for column in drift.columns]
    told = {"layout": layout.name, "columns_kept": kept, "landed_at": "2026-11-25T06:00:00+01:00"}
    only = Layout(layout.name, layout.version, layout.files, drifts=(drift,))
    needed = {drift.file: frozenset(drift.columns)}
    with duckdb.connect() as con:
        found = counts(con, only, lambda _file: f"SELECT {cell}{where} FROM range({now}) AS r(i)", needed,
                       (told, folder), {key: ("2026-11-26", count) for key, count in right.items()}).fallen  # fmt: skip
    day = "2026-11-26" if right else "2026-11-25"
    assert all(each.before_on.isoformat() == day for each in found)
    return [(each.before, each.found) for each in found]


@pytest.mark.parametrize(("case", "kind", "pair"), COUNTED, ids=[f"{c.name}.{p}" for c, _k, p in COUNTED])
def test_a_count_falls_too_far_or_not(case: Case, kind: str, pair: list[int], tmp_path: Path) -> None:
    drift = next(d for d in case.layout.drifts if d.file == case.relation and d.fewer == case.told["fewer"])
    assert _stops(case.layout, drift, *pair, tmp_path) == ([tuple(pair)] if kind == "bad" else [])


@pytest.mark.parametrize(("layout", "drift"), EDGES, ids=[f"{x.version}.{d.key}" for x, d in EDGES])
def test_a_standard_stops_at_forty_percent_fewer(layout: Layout, drift: Drift, tmp_path: Path) -> None:
    assert drift.fewer == 40
    assert _stops(layout, drift, 100, 61, tmp_path) == []
    assert _stops(layout, drift, 100, 60, tmp_path) == [(100, 60)]
    assert _stops(layout, drift, drift.least - 1, 0, tmp_path) == []
    assert _stops(layout, drift, 100, 60, tmp_path, **{drift.key: 60}) == []  # somebody said that 60 is right
    assert _stops(layout, drift, 100, 36, tmp_path, **{drift.key: 60}) == [(60, 36)]


# what is not a rule

WRONG = {
    "an unknown rule": {"rule": "no-such-rule", "column": "ends"},
    "an unknown form": {"rule": "required", "column": "ends"},
    "a column that is not there": {"rule": "not-before", "column": "ends", "other": "left"},
    "a word that no rule has": {"rule": "not-before", "column": "ends", "other": "begins", "sql": "DROP TABLE trip"},
    "no column to compare with": {"rule": "not-before", "column": "ends"},
    "an end that is no number": {"rule": "usual-range", "column": "pupils", "min": "0); DROP TABLE trip; --", "max": 5},
    "a range without an end": {"rule": "usual-range", "column": "pupils", "min": 0},
    "a relation that is not there": {"rule": "other-file", "column": "leader", "in": "leaders.id"},
    "a source without its column": {"rule": "other-source", "column": "leader", "in": ["oneroster"]},
    "a count that is no number": {"rule": "count-drop", "fewer": "veel", "nl": "a", "en": "a"},
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_rule_is_refused_when_the_mapping_is_read(name: str) -> None:
    content = from_yaml((CASES / "every_form.yaml").read_text(encoding="utf-8"))
    content["relations"]["trip"]["rules"] = [WRONG[name]]
    with pytest.raises((KeyError, ValueError)):
        declared(content)


def test_names_and_values_of_a_rule_are_never_sql() -> None:
    content = from_yaml((CASES / "every_form.yaml").read_text(encoding="utf-8"))
    odd = "x'); DROP TABLE trip; --"
    content["relations"]["trip"]["rules"] = [{"rule": "empty-together", "column": "ends", "when": {"kind": odd}}]
    sql = declared(content).layout.meanings[0].sql
    assert "'x''); DROP TABLE trip; --'" in sql


def test_a_mapping_without_rules_has_none() -> None:
    told = {m.layout.name for m in mappings() if m.layout.drifts}
    assert told == {"personeel", "inspectie_referentieniveaus", "duo_examens_vo", "duo_examencijfers_vo"}
    assert rule("count-drop").answer == "stop"


def test_an_eck_id_is_looked_for_by_the_number_that_a_roster_has_of_it(tmp_path: Path) -> None:
    """Since UWLR 2.3 a pupil without a key has a sum of the ECK iD for a number; the ECK iD itself is not kept."""
    known, strange = (f"https://ketenid.nl/201703/{sign * 128}" for sign in "ab")
    case = next(c for c in DECLARED if (c.layout.name, c.told["rule"]) == ("verzuim", "other-source"))
    case = replace(case, told={**case.told, "there": [eck_number(known)]})
    assert not case.breaks({"pupil_number": known}, tmp_path)
    assert case.breaks({"pupil_number": strange}, tmp_path)
