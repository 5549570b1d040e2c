"""The rules that a delivery is held against, declared in `rules.csv`: a domain expert can read and extend them."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from schakel.collect.written_forms import in_words
from schakel.lib.text import gettext as _
from schakel.lib.text import language

ANSWERS = ("accept", "drop value", "drop row", "stop")
SEVERITIES = ("error", "warning", "info")
KINDS = ("required", "type", "vocabulary", "pattern", "range", "unique", "reference", "date order", "cross-field",
         "cross-file", "cross-source", "drift", "form", "law")  # fmt: skip
REPAIRS = ("entry", "supplier", "owner")  # who enters it, who makes the export, who looks after the source
_FILE = Path(__file__).with_name("rules.csv")


@dataclass(frozen=True)
class Rule:
    """One rule: how grave a breach is, what is done about it by default, who can repair it, and both its sentences."""

    id: str
    kind: str
    severity: str
    answer: str
    repairs: str
    nl: str
    en: str

    def sentence(self, words: Mapping[str, str]) -> str:
        """The sentence in the language of this moment, with the names filled in."""
        template = self.en if language() == "en" else self.nl
        told = {"column": "", "expected": "", "found": "", **words}
        if self.kind == "pattern":  # people read a form in words
            told["expected"] = in_words(told["expected"]) or _("een vaste vorm")
        return template % told


_UNNAMED = {
    "De kolom …": "Een kolom", "Het werkblad …": "Een werkblad", "De kop …": "Een kop",
    "De bestandsnaam …": "Een bestandsnaam", "The column …": "A column", "Column …": "A column",
    "The sheet …": "A sheet", "The header …": "A header", "The file name …": "A file name",
}  # fmt: skip


def unnamed(sentence: str) -> str:
    """A sentence in which a name or a number was left open, read as being about any."""
    for open_, said in _UNNAMED.items():
        if sentence.startswith(open_):
            sentence = said + sentence.removeprefix(open_)
    return sentence.replace(": ….", ".")


@cache
def rules() -> dict[str, Rule]:
    """All rules by id."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        return {told["rule"]: _rule(told) for told in csv.DictReader(lines)}


def _rule(told: dict[str, str]) -> Rule:
    return Rule(told["rule"], *(told[name] for name in ("kind", "severity", "answer", "repairs", "nl", "en")))


def rule(name: str) -> Rule:
    """One rule; an unknown name is a mistake in our own layouts and raises KeyError."""
    return rules()[name]
