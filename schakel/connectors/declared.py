"""Sources by declaration: a mapping that also says where in a database or at a server each relation is.

The declaration is the one of a mapped file (`mappings/`, or made on the screen). Per relation it adds `table` for a
database, or `path`, `rows` and `paging` for a server; the header of a column is then its name in the table, or its path
in an object. What was fetched is a folder with a CSV file per relation that says of itself which columns were asked
for, so that what nobody asked for is not missing.
"""

import csv
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schakel.collect.listings import Entry, Listing
from schakel.collect.meanings import looks_at
from schakel.collect.packages import Package
from schakel.collect.providers import PACKAGE
from schakel.connectors.mapped_layout import declared
from schakel.lib.errors import SchakelError, Unreadable
from schakel.lib.text import gettext as _

TELLS = "declared.json"  # what such a folder has beside its files
Write = Any


@dataclass(frozen=True)
class Relation:
    """What is asked of one relation: where it is, and of its columns the needed ones, each once."""

    name: str
    told: Mapping[str, Any]
    headers: tuple[str, ...]
    dated: frozenset[str]

    def fields(self, headers: Iterable[str]) -> tuple[str, ...]:
        """The fields that these headers become."""
        wanted = set(headers)
        return tuple(name for name, each in self.told["columns"].items() if _header(each) in wanted)


def asked(declaration: Mapping[str, Any], needed: Mapping[str, frozenset[str]]) -> list[Relation]:
    """The relations of which an approved need names a column. Raises SchakelError when there are none."""
    found = []
    for name, told in declaration.get("relations", {}).items():
        wanted = [each for column, each in told["columns"].items() if column in needed.get(name, frozenset())]
        headers = tuple(dict.fromkeys(_header(each) for each in wanted if _header(each)))
        if headers:
            found.append(Relation(name, told, headers, frozenset(_header(w) for w in wanted if w["type"] == "date")))
    if not found:
        raise SchakelError(_("Geen enkele goedgekeurde behoefte vraagt iets van deze bron."), code="no-need")
    return found


def _header(told: Mapping[str, Any]) -> str:
    return str(told.get("header") or told.get("made_of") or "")


def narrowed(declaration: Mapping[str, Any], headers: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The declaration with nothing in it but these headers of these relations."""
    relations = {name: _narrow(declaration["relations"][name], set(wanted)) for name, wanted in headers.items()}
    return {**declaration, "relations": relations}


def _narrow(told: Mapping[str, Any], wanted: set[str]) -> dict[str, Any]:
    columns = {n: each for n, each in told["columns"].items() if "constant" in each or _header(each) in wanted}
    kept = {key: value for key, value in told.items() if key not in ("unique", "order", "rules")}
    rules = [each for each in told.get("rules", ()) if looks_at(each) <= columns.keys()]
    whole = {key: told[key] for key in ("unique", "order") if set(told.get(key, ("",))) <= columns.keys()}
    return {**kept, **whole, **({"rules": rules} if rules else {}), "columns": columns}


class Delivery:
    """What is being fetched: a file per relation, put in place with one rename when it is whole."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.parts = folder, folder / "parts"

    def begin(self) -> None:
        """Start with nothing."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.parts.mkdir(parents=True, mode=0o700)

    @contextmanager
    def relation(self, relation: Relation) -> Iterator[Write]:
        """A writer of the rows of one relation."""
        with (self.parts / f"{relation.name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(relation.headers)
            yield writer

    def publish(self, declaration: Mapping[str, Any], relations: Iterable[Relation]) -> None:
        """Put it in place."""
        told = as_told(declaration, relations)
        (self.parts / TELLS).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        self.parts.replace(self.folder / PACKAGE)


def as_told(declaration: Mapping[str, Any], relations: Iterable[Relation]) -> dict[str, Any]:
    """What such a folder says of itself."""
    return {"declaration": declaration, "headers": {each.name: list(each.headers) for each in relations}}


def package(found: Listing, entry: Entry) -> Package:
    """The fetched delivery. Raises Unreadable when what it says of itself is not readable."""
    try:
        said = json.loads(entry.head(2**22))
        known = declared(narrowed(said["declaration"], said["headers"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unreadable(_("Deze opgehaalde levering is niet te lezen."), where=found.path.name) from None
    there = {each.path.removesuffix(".csv"): each for each in found.entries if each.path.endswith(".csv")}
    files = {
        name: known.part(name, each, each.name, known.format)
        for name, each in there.items()
        if name in known.layout.files
    }
    return Package(found.path, known.layout, found, files)
