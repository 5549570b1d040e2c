"""Every rule of OneRoster by pairs that a domain expert can read and extend (`tests/cases/checks/oneroster.yaml`)."""

from pathlib import Path
from typing import Any

import pytest

from schakel.collect.checks import check
from schakel.collect.connectors import open_package
from schakel.collect.rules import rules
from schakel.lib.plain_yaml import from_yaml
from tests.collect.small_roster import package, roster

CASES = from_yaml((Path(__file__).parents[1] / "cases" / "checks" / "oneroster.yaml").read_text(encoding="utf-8"))


def spoiled(case: dict[str, Any]) -> dict[str, list[dict[str, str]]]:
    """The good package with the change of the case."""
    files = roster()
    for name, rows in case.get("change", {}).items():
        for number, cells in rows.items():
            files[name][number - 1] |= cells
    for name, rows in case.get("add", {}).items():
        files.setdefault(name, []).extend(rows)
    for name in case.get("remove", []):
        del files[name]
    return files


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_finds_this_and_nothing_else(case: dict[str, Any], tmp_path: Path) -> None:
    report = check(open_package(package(tmp_path, spoiled(case))))
    found = [(f.file, f.row, f.column, f.rule) for f in report.findings if f.severity != "info"]
    assert sorted(found) == sorted(tuple(each) for each in case["finds"])
    assert report.conformant == all(rules()[rule].severity != "error" for *_where, rule in case["finds"])
    assert report.usable


def test_a_finding_says_where_what_and_what_was_done_but_not_the_value(tmp_path: Path) -> None:
    files = roster()
    files["enrollments"][0]["role"] = "professor"
    found = check(open_package(package(tmp_path, files))).findings[0]
    assert (found.file, found.row, found.column, found.severity, found.action) == (
        "enrollments.csv",
        2,
        "role",
        "error",
        "drop row",
    )
    assert found.value == "p***** (9)"
    assert "professor" not in found.message
    assert "student" in found.message


def test_every_rule_has_both_sentences_and_a_known_answer() -> None:
    for rule in rules().values():
        assert rule.nl.endswith((".", "%(found)s"))
        assert rule.en.endswith((".", "%(found)s"))
        assert rule.severity in {"error", "warning", "info"}
        assert rule.answer in {"accept", "drop value", "drop row", "stop"}
        assert rule.sentence({"found": "iets"})
