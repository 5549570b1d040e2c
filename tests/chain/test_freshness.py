"""What a need says about freshness, read as a rule: by pairs in tests/cases/freshness.tsv."""

import csv
from datetime import time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.chain.freshness import WEEKDAYS, ByMoment, NoOlder, Rule, read

CASES = Path(__file__).resolve().parents[1] / "cases" / "freshness.tsv"
KITS = Path(__file__).resolve().parents[2] / "schakel" / "kits"


def cases() -> list[tuple[str, str]]:
    lines = [line for line in CASES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [(row["says"], row["rule"] or "") for row in csv.DictReader(lines, delimiter="\t")]


def told(rule: Rule | None) -> str:
    if isinstance(rule, ByMoment):
        return f"{rule.days} {rule.at:%H:%M}"
    return f"{rule.age / timedelta(hours=1):g}" if rule else ""


@pytest.mark.parametrize(("says", "rule"), cases())
def test_pairs(says: str, rule: str) -> None:
    assert told(read(says)) == rule


def test_every_freshness_of_the_kits_is_understood() -> None:
    said = {
        line.partition(":")[2].strip()
        for path in KITS.rglob("*.yaml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip().startswith("freshness_nl:")
    }
    assert len(said) > 5
    assert [text for text in said if read(text) is None] == []


@given(st.text(max_size=60))
def test_any_text_is_a_rule_or_none(text: str) -> None:
    assert isinstance(read(text), ByMoment | NoOlder | None)


@given(st.sampled_from(WEEKDAYS), st.times())
def test_every_moment_of_the_week_can_be_said(day: str, at: time) -> None:
    at = at.replace(second=0, microsecond=0)
    assert read(f"elke {day} voor {at:%H.%M} uur") == ByMoment(str(WEEKDAYS.index(day)), at)
