"""Every rule of EDEXML and UWLR by pairs a domain expert can read and extend (`tests/cases/checks/edexml.yaml`)."""

from pathlib import Path
from typing import Any

import pytest

from schakel.collect.checks import check
from schakel.collect.rules import rules
from schakel.lib.plain_yaml import from_yaml
from tests.connectors.edexml_files import GOOD, UWLR_22, UWLR_23, board, opened

CASES = from_yaml((Path(__file__).parents[1] / "cases" / "checks" / "edexml.yaml").read_text(encoding="utf-8"))
TEXTS = {"edexml": GOOD, "uwlr-2.2": UWLR_22, "uwlr-2.3": UWLR_23}


def spoiled(case: dict[str, Any]) -> str:
    """The good document with the change of the case, which must change something."""
    text = TEXTS[case["in"]]
    for old, new in case.get("change", {}).items():
        assert old in text
        text = text.replace(old, new, 1)
    return text


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_finds_this_and_nothing_else(case: dict[str, Any], tmp_path: Path) -> None:
    report = check(opened(tmp_path, spoiled(case)))
    found = [(f.file.partition("#")[2], f.row, f.column, f.rule) for f in report.findings if f.severity != "info"]
    assert sorted(found) == sorted(tuple(each) for each in case["finds"])
    assert report.conformant == all(rules()[rule].severity != "error" for *_where, rule in case["finds"])


def test_the_rules_that_only_edexml_has_are_all_in_the_pairs() -> None:
    own = {"field-forbidden", "profile-forbidden", "field-version", "version-unknown", "element-unknown"}
    own |= {"element-twice", "element-missing", "school-year-span", "combination-year", "eckid-twice"}
    assert own <= {rule for case in CASES for *_place, rule in case["finds"]}


@pytest.mark.parametrize("seed", range(12))
def test_planted_faults_are_found_on_their_line_and_nothing_else(seed: int, tmp_path: Path) -> None:
    made = board(seed)
    report = check(opened(tmp_path, made.text()))
    found = [(f.row, f.file.partition("#")[2], f.column, f.rule) for f in report.findings if f.severity != "info"]
    assert sorted(found) == sorted(made.key)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 600))
def test_planted_faults_in_five_hundred_boards(seed: int, tmp_path: Path) -> None:
    test_planted_faults_are_found_on_their_line_and_nothing_else(seed, tmp_path)
