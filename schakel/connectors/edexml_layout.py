"""The layouts of EDEXML and of UWLR answers, read from `edexml_fields.csv` and `edexml_meaning.sql`.

Source: EDEXML schemas 1.0.3, 2.0 and 2.1 (Edustandaard), UWLR 2.2 and 2.3 with the profiles *smalle set* and *LVS-set*.
The school year is a list in those schemas that ended in 2024-2025; here it is two years that follow each other.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from schakel.collect import meanings
from schakel.collect.layouts import Field, File, Layout, Reference, Subject

NAME = "edexml"
EDEXML = ("1.0.3", "2.0", "2.1")
UWLR = ("2.2", "2.3")
SMALL, LVS = "smalle set", "LVS-set"
MOMENT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?"
# Fields that only the wider profile has: an answer with one of them is held against that profile.
ONLY_LVS = frozenset({"geslacht", "voorletters-1", "start_ondw_jgr3", "bsn_ondwnr-4"})
_FIELDS = Path(__file__).with_name("edexml_fields.csv")
_MEANING = Path(__file__).with_name("edexml_meaning.sql")
_KEYS = {
    "location": ("key",),
    "group": ("key",),
    "pupil": ("id",),
    "pupil_group": ("leerling", "samengestelde_groep"),
    "teacher": ("id",),
    "teacher_group": ("leerkracht", "groep", "samengestelde_groep"),
}
# Whom a file is about, as `process/known/known_places.sql` has it: the BRIN6, or what the file calls the school.
_SCHOOL = Subject(
    "school",
    ((("brincode", ""), ("dependancecode", "00")), (("schoolkey", ""),), (("instellingsnummer", ""),)),
)
_OLD_YEARS = frozenset(["0", "1", "2", "3", "4", "5", "6", "7", "8", "11", "12", "13", "S", "H"])  # of 1.0.3
_KEY_SINCE_2_1, _KEY_BEFORE = 256, 64


@dataclass(frozen=True)
class Element:
    """One field as the data file declares it. `carry`: value, mark (only that it is there), never, or made."""

    relation: str
    path: str
    name: str
    type: str
    required: bool
    values: tuple[str, ...]
    pattern: str
    max: int
    ref: Reference | None
    carry: str
    since: str
    profiles: dict[str, str]

    def forbidden(self, edition: "Edition") -> str:
        """The rule by which it may not come in from this edition; empty when it may."""
        if edition.profile and self.profiles[edition.profile_key] == "F" and self.carry == "value":
            return "profile-forbidden"
        return "field-forbidden" if self.carry == "never" else ""

    def wanted(self, edition: "Edition") -> bool:
        """Whether this edition demands it in every row."""
        if self.carry in {"mark", "never"}:
            return False
        return self.profiles[edition.profile_key] == "R" if edition.profile else self.required


@dataclass(frozen=True)
class Edition:
    """Which standard a document follows: EDEXML of a version, or a UWLR answer of a version and profile."""

    version: str
    profile: str = ""

    @property
    def profile_key(self) -> str:
        """The column of the data file for this profile."""
        return f"{'small' if self.profile == SMALL else 'lvs'}_{self.version.replace('.', '')}"

    @property
    def title(self) -> str:
        """How people call it."""
        return f"UWLR {self.version} ({self.profile})" if self.profile else f"EDEXML {self.version}"

    @property
    def short(self) -> str:
        """For the landing and the run."""
        return f"UWLR {self.version}" if self.profile else self.version

    def has(self, element: Element) -> bool:
        """Whether the version knows the field: UWLR has all of EDEXML 2.1."""
        return bool(self.profile) or element.since <= self.version


@cache
def elements() -> dict[str, dict[str, Element]]:
    """Per relation its fields by path."""
    found: dict[str, dict[str, Element]] = {}
    with _FIELDS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["relation"], {})[row["element"]] = _element(row)
    return found


def _element(row: dict[str, str]) -> Element:
    return Element(
        relation=row["relation"],
        path=row["element"],
        name=row["name"],
        type=row["type"],
        required=row["required"] == "yes",
        values=tuple(value for value in row["values"].split("|") if value),
        pattern=row["pattern"],
        max=int(row["max"] or 0),
        ref=Reference(row["ref"], kind=row["kind"]) if row["ref"] else None,
        carry=row["carry"],
        since=row["since"],
        profiles={key: row[key] for key in ("small_22", "lvs_22", "small_23", "lvs_23")},
    )


@cache
def layout(edition: Edition) -> Layout:
    """The layout of one edition."""
    files = {
        relation: File(relation, tuple(_field(each, edition) for each in known.values()), _KEYS.get(relation, ()))
        for relation, known in elements().items()
    }
    rules = meanings.known(*meanings.read(_MEANING), files)
    return Layout(NAME, edition.short, files, standard=True, title=edition.title, subjects=(_SCHOOL,), **rules)


def _field(each: Element, edition: Edition) -> Field:
    required = each.wanted(edition)
    stop = each.name == "schooljaar"
    linking = each.type in {"key", "reference"}
    return Field(
        name=each.name,
        header="eckid/key" if each.name == "id" and edition == Edition("2.3", edition.profile) else _header(each),
        type={"key": "identifier", "moment": "text"}.get(each.type, each.type),
        required=required,
        vocabulary=tuple((value, value) for value in _values(each, edition)),
        ref=each.ref,
        pattern=_pattern(each, edition),
        minimum="1900-01-01" if each.type == "date" else "",
        maximum="2100-12-31" if each.type == "date" else "",
        max_length=_longest(each, edition),
        tolerated=not required,
        forbidden=each.forbidden(edition),
        answer="stop" if stop else "" if linking or each.carry == "made" else "drop value",
        if_missing="stop" if stop else "" if linking or each.carry == "made" else "accept",
    )


def _header(each: Element) -> str:
    return "key" if each.name == "id" else each.name


def _values(each: Element, edition: Edition) -> tuple[str, ...]:
    if "V" in each.values and edition.version == "1.0.3":
        return tuple(value for value in each.values if value in _OLD_YEARS)
    if "TAL" in each.values and edition == Edition("2.0"):
        return tuple(value for value in each.values if value != "TAL")
    return each.values


def _pattern(each: Element, edition: Edition) -> str:
    if each.type == "key":
        return ".+"
    if each.type == "moment":
        return MOMENT
    return each.pattern if each.carry == "value" else ""


def _longest(each: Element, edition: Edition) -> int:
    if each.type == "key":
        return _KEY_BEFORE if edition.version in EDEXML[:2] else _KEY_SINCE_2_1
    return each.max if each.carry == "value" else 0
