"""The rules that a delivery is held against, declared in `rules.csv`: a domain expert can read and extend them."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from schakel.lib.text import language

ANSWERS = ("accept", "drop value", "drop row", "stop")
SEVERITIES = ("error", "warning", "info")
_FILE = Path(__file__).with_name("rules.csv")


@dataclass(frozen=True)
class Rule:
    """One rule: how grave a breach is, what is done about it by default, and its sentence in both languages."""

    id: str
    severity: str
    answer: str
    nl: str
    en: str

    def sentence(self, words: Mapping[str, str]) -> str:
        """The sentence in the language of this moment, with the names filled in."""
        template = self.en if language() == "en" else self.nl
        return template % {"column": "", "expected": "", "found": "", **words}


@cache
def rules() -> dict[str, Rule]:
    """All rules by id."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        return {r["rule"]: Rule(r["rule"], r["severity"], r["answer"], r["nl"], r["en"]) for r in csv.DictReader(lines)}


def rule(name: str) -> Rule:
    """One rule; an unknown name is a mistake in our own layouts and raises KeyError."""
    return rules()[name]
