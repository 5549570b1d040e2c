"""What is wrong with a file as a whole, by pairs in `tests/cases/checks/forms.yaml`; and no rule is without a pair."""

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from schakel.collect.checks import check
from schakel.collect.connectors import open_package
from schakel.collect.rules import rules
from schakel.connectors.mapped_layout import FOLDER
from schakel.lib.plain_yaml import from_yaml
from tests.collect.small_roster import Rows, delta, roster, texts
from tests.connectors.test_near import SDS

CASES_FOLDER = Path(__file__).parents[1] / "cases" / "checks"
CASES: list[dict[str, Any]] = from_yaml((CASES_FOLDER / "forms.yaml").read_text(encoding="utf-8"))
# Of a landing, a mapping or a workbook; each has a test of its own.
ELSEWHERE = {
    "delta-keys": "tests/collect/test_deltas.py",
    "period-date": "tests/collect/test_coverage.py",
    "period-missing": "tests/collect/test_period_gaps.py",
    "count-drop": "tests/collect/test_declared_rules.py",
    "other-school": "tests/connectors/test_other_school.py",
    "left-out": "tests/connectors/test_own_mappings.py",
    "said-again": "tests/connectors/test_repeated_rows.py",
    "total-row": "tests/connectors/test_no_data.py",
    "sheet-hidden": "tests/connectors/test_old_workbooks.py",
    "cell-no-value": "tests/connectors/test_old_workbooks.py",
    "cell-merged": "tests/connectors/test_old_workbooks.py",
    "cell-beside": "tests/connectors/test_beside_the_table.py",
}


_SOME = ("academicSessions", "orgs", "classes", "users", "enrollments", "categories")  # enough, and quicker


def some() -> dict[str, Rows]:
    """Some files of the good roster."""
    return {name: rows for name, rows in roster().items() if name in _SOME}


def good(case: dict[str, Any]) -> dict[str, str]:
    """The files of the good delivery."""
    if case["in"] == "delta":
        return texts({name: delta(rows) for name, rows in some().items()}, mode="delta")
    return texts(some())


def bad(case: dict[str, Any]) -> dict[str, bytes]:
    """The files of the spoiled delivery. Each change must change something."""
    files = dict(SDS) if case["in"] == "near" else good(case)
    if "change" in case:
        rows = some()
        for name, changed in case["change"].items():
            for number, cells in changed.items():
                rows[name][number - 1] |= cells
        files = texts(rows)
    for name, edits in case.get("edit", {}).items():
        for old, new in edits.items():
            assert old in files[name]
            files[name] = files[name].replace(old, new.replace("@", "x" * case.get("times", 1)), 1)
    for name, more in case.get("append", {}).items():
        files[name] += more
    gone = [n for n in files if n != "manifest.csv"] if case.get("remove") == "*" else case.get("remove", [])
    files = {case.get("rename", {}).get(n, n): t for n, t in files.items() if n not in gone} | case.get("add", {})
    if case.get("remove") == "*":
        files["manifest.csv"] = files["manifest.csv"].replace(",bulk", ",absent")
    return {name: text.encode(case.get("bytes", {}).get(name, "utf-8")) for name, text in files.items()}


def found(folder: Path, files: dict[str, bytes]) -> set[str]:
    """The rules that a folder with these files breaks."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return {f.rule for f in check(open_package(folder)).findings}


_GOOD: dict[str, set[str]] = {}


def of_good(name: str, folder: Path) -> set[str]:
    """The rules that a good delivery breaks, looked at once."""
    if name not in _GOOD:
        _GOOD[name] = found(folder, {path: text.encode() for path, text in good({"in": name}).items()})
    return _GOOD[name]


def of_file(folder: Path, name: str, text: str) -> set[str]:
    (folder / name).write_text(text, encoding="utf-8")
    return {f.rule for f in check(open_package(folder / name)).findings}


def of_staff(folder: Path, case: dict[str, Any] | None = None) -> set[str]:
    """The rules that a workbook of staff breaks."""
    content = from_yaml((FOLDER / "personeel.yaml").read_text(encoding="utf-8"))["relations"]
    sheets = {told["sheet"]: [c["header"] for c in told["columns"].values()] for told in content.values()}
    for name in (case or {}).get("remove", []):
        del sheets[name]
    path = folder / "personeel_202611.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, headers in (sheets | {name: ["a"] for name in (case or {}).get("add", {})}).items():
            book.add_worksheet(name).write_row(0, 0, headers)
    return {f.rule for f in check(open_package(path)).findings}


@pytest.mark.parametrize("case", CASES, ids=[case["rule"] for case in CASES])
def test_the_good_delivery_does_not_break_the_rule_and_the_spoiled_one_does(
    case: dict[str, Any], tmp_path: Path
) -> None:
    one, other = tmp_path / "good", tmp_path / "bad"
    one.mkdir(), other.mkdir()
    if "bad" in case:
        before, after = of_file(one, case["in"], case["good"]), of_file(other, case["in"], case["bad"])
    elif case["in"] == "staff":
        before, after = of_staff(one), of_staff(other, case)
    else:
        before = of_good("delta" if case["in"] == "delta" else "roster", one)
        after = found(other, bad(case))
    assert case["rule"] not in before
    assert case["rule"] in after


def test_no_rule_is_without_a_pair() -> None:
    told = {case["rule"] for case in CASES}
    for name in ("oneroster", "edexml", "mapped"):
        pairs = from_yaml((CASES_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
        told |= {each[-1] for case in pairs for each in case["finds"]}
    for path in [*FOLDER.glob("*.yaml"), CASES_FOLDER / "every_form.yaml"]:
        relations = from_yaml(path.read_text(encoding="utf-8"))["relations"]
        told |= {rule["rule"] for relation in relations.values() for rule in relation.get("rules", [])}
    assert set(rules()) - told - set(ELSEWHERE) == set()
    root = Path(__file__).parents[2]
    for rule, where in ELSEWHERE.items():
        assert rule in (root / where).read_text(encoding="utf-8")
