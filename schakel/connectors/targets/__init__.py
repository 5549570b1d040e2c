"""What a file of any vendor can become: each relation of a mapped layout, and what the YAML files here add to it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from schakel.connectors.mapped_layout import FOLDER as MAPPED
from schakel.lib.plain_yaml import from_yaml
from schakel.lib.text import language

# What a shipped layout finds in the name of its files is asked of a person here.
_OF_THE_NAME = ("from_name", "constant")
BRIN6 = "[0-9]{2}[A-Z]{2}[0-9]{2}"  # how DUO numbers a site of a school
_HERE = Path(__file__).parent
_SYNONYMS = _HERE.parent / "synonyms.yaml"


@dataclass(frozen=True)
class TargetField:
    """One field that a column can become. `told` is its declaration without a header of any file.

    `of` is the key of its target, `alone` whether it tells two rows of that apart by itself.
    """

    name: str
    nl: str
    en: str
    told: Mapping[str, Any]
    of: str = ""
    alone: bool = False

    @property
    def label(self) -> str:
        """What it is called on the screen."""
        return self.nl if language() == "nl" else self.en

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The names under which it travels in exports, the most telling one first."""
        known = synonyms()
        found = known["fields_of"].get(self.of, {}).get(self.name) or known["fields"].get(self.name, ())
        return tuple(map(str, found))

    @property
    def required(self) -> bool:
        """Whether a row is nothing without it."""
        return bool(self.told.get("required"))

    @property
    def constant(self) -> str:
        """The value that every row of this target has; no column gives it."""
        return str(self.told.get("constant", ""))

    @property
    def default(self) -> str:
        """The value of every row where no column gives one, until somebody says otherwise."""
        return str(self.told.get("default", ""))

    @property
    def beside(self) -> frozenset[str]:
        """The fields of which one, once a column gives it, has this one asked for as well."""
        return frozenset(self.told.get("beside", ()))

    @property
    def hint(self) -> str:
        """What it does, in a sentence, where its name does not say so."""
        return str(self.told.get("hint", {}).get(language(), ""))

    @property
    def parts(self) -> tuple[str, ...]:
        """The fields that a key is made of, where files have none of their own."""
        return tuple(self.told.get("parts", ()))

    @property
    def else_of(self) -> tuple[str, ...]:
        """The fields that say together what this one says, in a file that has no column for it."""
        return tuple(self.told.get("else_of", ()))

    @property
    def decides(self) -> str:
        """The field of which a column of this one says what it is; empty for a field that is kept itself."""
        return str(self.told.get("decides", ""))

    @property
    def pattern(self) -> str:
        """The form that a value must have; empty where it may have any."""
        return str(self.told.get("pattern", ""))

    @property
    def names_school(self) -> bool:
        """Whether its values are numbers of schools: many files have a name of their own there."""
        return self.pattern.startswith(BRIN6)

    @property
    def choices(self) -> tuple[str, ...]:
        """The values that are kept, where it is a choice."""
        return tuple(dict.fromkeys(str(kept) for kept in self.told.get("vocabulary", {}).values()))


@dataclass(frozen=True)
class Target:
    """One relation of a layout that a file can be read as."""

    key: str
    layout: str
    relation: str
    nl: str
    en: str
    fields: tuple[TargetField, ...]
    unique: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    rules: tuple[Mapping[str, Any], ...] = ()
    repeats: bool = False  # whether a list may have a thing in several rows

    @property
    def title(self) -> str:
        """What it is called on the screen."""
        return self.nl if language() == "nl" else self.en

    @property
    def open_fields(self) -> tuple[TargetField, ...]:
        """The fields that a column can give."""
        return tuple(field for field in self.fields if not field.constant and not field.parts)

    @property
    def kept_fields(self) -> tuple[TargetField, ...]:
        """Those of them that are kept."""
        return tuple(field for field in self.open_fields if not field.decides)

    def decider(self, name: str) -> TargetField | None:
        """The field that may decide what another one is."""
        return next((field for field in self.open_fields if field.decides == name), None)

    @property
    def dated(self) -> str:
        """The date that says in which period a row is; empty where a row may be without."""
        return next((each.name for each in self.open_fields if each.required and each.told.get("type") == "date"), "")

    @property
    def key_needs(self) -> set[str]:
        """The fields without which two rows cannot be told to be the same; a field that files may lack is none."""
        return {each.name for each in self.fields if each.name in self.unique and not each.told.get("tolerated")}

    def field(self, name: str) -> TargetField | None:
        """The field of this name."""
        return next((field for field in self.fields if field.name == name), None)


@cache
def targets() -> tuple[Target, ...]:
    """Everything a file can become."""
    own = [_target(path.stem, told, name) for path, told, name in _declared(_HERE)]
    shipped = [_target(f"{path.stem}-{name}", told, name) for path, told, name in _declared(MAPPED)]
    return tuple([*own, *shipped])


def target(key: str) -> Target | None:
    """The target of this key."""
    return next((each for each in targets() if each.key == key), None)


def _declared(folder: Path) -> list[tuple[Path, dict[str, Any], str]]:
    read = [(path, from_yaml(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.yaml"))]
    return [(path, told, name) for path, told in read for name in told["relations"]]


def _target(key: str, told: dict[str, Any], relation: str) -> Target:
    each, several = told["relations"][relation], len(told["relations"]) > 1
    columns = [field for name, column in each["columns"].items() for field in _fields(name, column)]
    nl, en = (
        f"{told['title'][code]}: {each['title'][code]}" if several else told["title"][code] for code in ("nl", "en")
    )
    unique, order = tuple(each.get("unique", ())), tuple(each.get("order", ()))
    rules, repeats = tuple(each.get("rules", ())), bool(each.get("repeats"))
    fields = tuple(replace(f, of=key, alone=unique == (f.name,) and not repeats) for f in columns)
    return Target(key, told["layout"], relation, nl, en, fields, unique, order, rules, repeats)


def _fields(name: str, column: dict[str, Any]) -> list[TargetField]:
    """A field, and the one that may decide what it is."""
    by = column.get("may_decide")
    own = _field(name, {key: value for key, value in column.items() if key != "may_decide"})
    return [own, _field(by["name"], {"type": "text", "decides": name, **by})] if by else [own]


def _field(name: str, column: dict[str, Any]) -> TargetField:
    left = {"name", "header", "label", "en", "also", *(_OF_THE_NAME if "from_name" in column else ())}
    told = {key: value for key, value in column.items() if key not in left}
    header = column.get("header") or column["label"]
    return TargetField(name, header, column.get("en", header), told)


@cache
def synonyms() -> dict[str, Any]:
    """The names and words of `synonyms.yaml`."""
    content: dict[str, Any] = from_yaml(_SYNONYMS.read_text(encoding="utf-8"))
    return content


def choice_words(kept: str) -> str:
    """A kept value of a choice in words."""
    told = synonyms()["choices"].get(kept)
    return str(told["nl"]) if told and language() == "nl" else kept
