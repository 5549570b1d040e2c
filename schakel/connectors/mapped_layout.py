"""The layouts of mapped files, one YAML file each in `mappings/`: the screen to make them will write the same."""

import re
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from functools import cache
from glob import escape
from pathlib import Path
from typing import Any

from schakel.collect import meanings
from schakel.collect.coverage import Coverage
from schakel.collect.layouts import Drift, Field, File, Layout, Meaning
from schakel.collect.listings import WORKBOOKS, Entry
from schakel.collect.number_forms import PERCENTAGE
from schakel.collect.packages import Format, Origin, PackageFile
from schakel.connectors.headings import Wide
from schakel.lib.errors import Unreadable
from schakel.lib.plain_yaml import from_yaml
from schakel.lib.text import gettext as _
from schakel.lib.text import language

FOLDER = Path(__file__).with_name("mappings")


@dataclass(frozen=True)
class Mapping:
    """One mapped layout: the name of its files, how they are written, and per relation the sheet it is on.

    `wide` says how the columns are headed that become rows; None for a file with a row for each thing. `other_sheets`
    are no part of a workbook that is read as a whole. `same_as` has per relation and field what a value is a name for,
    `decided` which other column says what it is, and for which of its values.
    """

    layout: Layout
    pattern: str
    kind: str
    format: Format
    date_format: str
    decimal: str
    sheets: dict[str, str]
    header_row: int = 1
    wide: Wide | None = None
    derived: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    other_sheets: tuple[str, ...] = ()
    same_as: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    decided: dict[str, dict[str, tuple[str, tuple[str, ...]]]] = field(default_factory=dict)

    def fits(self, name: str) -> bool:
        """Whether a file of this name is of this layout."""
        return fnmatch(name.casefold(), self.pattern.casefold())

    @property
    def heads(self) -> set[str]:
        """The headers, in lower case, without which a file of one relation is not of this layout."""
        first = next(iter(self.layout.files.values()))
        return {f.source.casefold() for f in first.fields if f.required and not f.constant}

    def part(self, relation: str, entry: Entry, label: str, form: Format, origin: Origin | None = None) -> PackageFile:
        """A relation as it was delivered, with the keys that are made and the names that stand for something else."""
        made, meant, by = self.derived[relation], self.same_as[relation], self.decided[relation]
        return PackageFile(
            relation, entry, label, "bulk", form, derived=made, translated=meant, decided=by, origin=origin
        )

    def headers_of(self, relation: str) -> tuple[set[str], set[str]]:
        """The headers that the fields of a relation are read from: those that a row is nothing without, and others."""
        parts = self.derived[relation]
        read = [
            (f.required, parts.get(f.name, (f.source,))) for f in self.layout.files[relation].fields if not f.constant
        ]
        read += [(False, (header,)) for header, _of in self.decided[relation].values()]
        needed = {header for required, headers in read if required for header in headers}
        return needed, {header for _required, headers in read for header in headers} - needed

    def of(self, name: str) -> "Mapping":
        """The same for a file of this name, with what the name tells. Raises Unreadable when it does not tell it."""
        files = {
            n: replace(f, fields=tuple(_told(each, name) for each in f.fields)) for n, f in self.layout.files.items()
        }
        return replace(self, layout=replace(self.layout, files=files))

    def fits_as_workbook(self, name: str) -> bool:
        """Whether a workbook is called as the files of this layout are, whatever kind of workbook it is."""
        stem, _dot, kind = name.casefold().rpartition(".")
        return f".{kind}" in WORKBOOKS and fnmatch(stem, self.pattern.casefold().rpartition(".")[0])


@cache
def mappings() -> tuple[Mapping, ...]:
    """All mapped layouts."""
    return tuple(mapping(path) for path in sorted(FOLDER.glob("*.yaml")))


def known_as(name: str) -> Mapping | None:
    """The layout whose files are called like this one; a workbook of such a name is read too."""
    exact = next((each for each in mappings() if each.fits(name)), None)
    return exact or next((each for each in mappings() if each.fits_as_workbook(name)), None)


def mapping(path: Path) -> Mapping:
    """One mapped layout from its file."""
    return declared(from_yaml(path.read_text(encoding="utf-8")))


def declared(content: dict[str, Any]) -> Mapping:
    """One mapped layout from what was declared: in a file here, or on the screen."""
    form = content["format"]
    seen = tuple(map(escape, content.get("seen", ())))  # on the screen, where somebody said which of them are read
    files = {name: _file(name, told, form, seen) for name, told in content["relations"].items()}
    found, drifts = _rules(content["relations"], files)
    title = content["title"].get(language()) or content["title"]["nl"]
    shape = Layout(content["layout"], str(content["version"]), files, found, title=title, drifts=drifts)
    row = int(form.get("header_row", 1))
    return Mapping(
        layout=shape,
        pattern=content["file"],
        kind=form["kind"],
        format=Format(form.get("delimiter", ","), form.get("encoding", "utf-8"), trimmed=True, above=row - 1),
        date_format=form["date"],
        decimal=form["decimal"],
        sheets={name: told.get("sheet", "") for name, told in content["relations"].items()},
        header_row=row,
        wide=_wide(content["relations"]),
        derived={name: _derived(told) for name, told in content["relations"].items()},
        same_as={name: _same_as(told) for name, told in content["relations"].items()},
        decided={name: _decided(told) for name, told in content["relations"].items()},
        other_sheets=tuple(sheet for told in content["relations"].values() for sheet in told.get("other_sheets", ())),
    )


def _wide(relations: dict[str, Any]) -> Wide | None:
    """How the columns of the one relation of a wide overview are headed."""
    told = next((each["wide"] for each in relations.values() if "wide" in each), None)
    if told is None:
        return None
    said = {name: str(told[name]) for name in ("order", "school_year", "after", "before") if name in told}
    return Wide(told["columns"], **said)


def _derived(told: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """The fields that are made of columns which other fields have already."""
    made = {name: each["made_of"] for name, each in told["columns"].items() if "made_of" in each}
    return {name: tuple(of) if isinstance(of, list) else (of,) for name, of in made.items()}


def _decided(told: dict[str, Any]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """The fields that another column decides about, with its header and the values of their own for which it does."""
    said = {name: each["decided_by"] for name, each in told["columns"].items() if "decided_by" in each}
    return {name: (by["header"], tuple(map(str, by["of"]))) for name, by in said.items()}


def _same_as(told: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Per field the values that are a name for another, such as that of a school for its number."""
    named = {name: each["same_as"] for name, each in told["columns"].items() if "same_as" in each}
    return {name: {str(value): str(kept) for value, kept in words.items()} for name, words in named.items()}


def _file(name: str, told: dict[str, Any], form: dict[str, Any], seen: tuple[str, ...]) -> File:
    fields = tuple(_field(n, each, form) for n, each in told["columns"].items())
    known = File(name, fields, tuple(told.get("unique", ())), covers=_covers(told), repeats=bool(told.get("repeats")))
    return replace(known, passed_over=(*told.get("passed_over", ()), *seen))


def _covers(told: dict[str, Any]) -> Coverage | None:
    """Of which periods a file tells, where it does not replace everything."""
    said = told.get("covers")
    return Coverage(said["column"], said["each"], int(said["years"])) if said else None


def _field(name: str, told: dict[str, Any], form: dict[str, Any]) -> Field:
    made = told.get("made_of", name)
    return Field(
        name=name,
        header=told.get("header") or told.get("label") or f"={name if isinstance(made, list) else made}",
        type={"decimal": "number"}.get(told["type"], told["type"]),
        required=told.get("required", False),
        vocabulary=tuple((str(value), kept) for value, kept in told.get("vocabulary", {}).items()),
        pattern=told.get("pattern", ""),
        minimum=str(told.get("min", "")),
        maximum=str(told.get("max", "")),
        max_length=told.get("max_length", 0),
        unknown_value=told.get("unknown_value", ""),
        date_format=form["date"],
        decimal=form["decimal"],
        unit=told.get("unit", ""),
        reads_too=told.get("reads_too", ""),
        answer=told.get("answer", ""),
        if_missing=told.get("if_missing", ""),
        tolerated=told.get("tolerated", "made_of" in told),
        constant=str(told.get("constant", "")),
        from_name=told.get("from_name", ""),
        also=tuple(told.get("also", ())),
        leave_out=tuple(map(str, told.get("leave_out", ()))),
    )


def _told(field: Field, name: str) -> Field:
    """A field with the value that the name of the file tells of every row."""
    if not field.from_name:
        return field
    found = re.search(field.from_name, name)
    if found is None:
        message = _("%(field)s moet uit de naam van dit bestand blijken, en staat er niet in.") % {
            "field": field.source
        }
        raise Unreadable(message, where=name, hint=_("Geef het de naam terug waaronder het is gepubliceerd."))
    return replace(field, constant=field.constant.format(*found.groups()))


def _rules(relations: dict[str, Any], files: dict[str, File]) -> tuple[tuple[Meaning, ...], tuple[Drift, ...]]:
    """The rules over several columns, files, sources and deliveries; `order`: an end is not before its begin.

    A percentage that may be 0,5 is not among higher ones: a sheet keeps 50% so.
    """
    found, drifts = list[Meaning](), list[Drift]()
    for name, told in relations.items():
        order = told.get("order")
        first = [{"rule": "period-order", "column": order[1], "other": order[0], "answer": "drop row"}] if order else []
        small = [n for n, each in told["columns"].items() if each.get("unit") == PERCENTAGE and not each.get("min")]
        first += [{"rule": "parts-or-percentages", "column": each} for each in small]
        judged, counted = meanings.declared(files[name], [*first, *told.get("rules", [])], files)
        found += judged
        drifts += counted
    return tuple(found), tuple(drifts)
