"""A OneRoster delivery that was fetched from a server: its files, and of each the columns that were asked for.

It is judged like a zip with CSV files, except that what was not asked for is not missing.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from schakel.collect.findings import finding
from schakel.collect.layouts import Field, File, Layout
from schakel.collect.listings import Entry, Listing
from schakel.collect.packages import Package, PackageFile
from schakel.connectors.oneroster_layout import layout
from schakel.connectors.oneroster_objects import LAYOUTS, STATUS
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _

TELLS = "fetched.json"  # what such a folder has beside its files


def told(version: str, columns: Mapping[str, tuple[str, ...]], modes: Mapping[str, str]) -> dict[str, Any]:
    """What the folder says of itself."""
    return {"version": version, "columns": {n: list(c) for n, c in columns.items()}, "modes": dict(modes)}


def fetched(found: Listing, entry: Entry) -> Package:
    """The package. Raises Unreadable when what it says of itself is not readable."""
    try:
        said = json.loads(entry.head(2**20))
        shape = asked_layout(said["version"], said["columns"], said["modes"])
        entries = {each.path.removesuffix(".csv"): each for each in found.entries if each.path.endswith(".csv")}
        files = {
            name: PackageFile(name, each, each.name, said["modes"][name])
            for name, each in entries.items()
            if name in shape.files
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unreadable(_("Deze opgehaalde levering is niet te lezen."), where=found.path.name) from None
    findings = () if files else (finding("no-changes", TELLS),)
    return Package(found.path, shape, found, files, findings, frozenset(set(shape.files) - set(files)))


def asked_layout(version: str, columns: Mapping[str, list[str]], modes: Mapping[str, str]) -> Layout:
    """The layout of the standard with nothing in it but what was asked for."""
    whole = layout(LAYOUTS[version])
    files = {n: _file(whole.files[n], names, set(columns), modes.get(n, "bulk")) for n, names in columns.items()}
    known = {(name, each.name) for name, file in files.items() for each in file.fields}
    meanings = tuple(m for m in whole.meanings if set(m.uses) <= known)
    return replace(whole, files=files, meanings=meanings)


def _file(file: File, names: list[str], asked: set[str], mode: str) -> File:
    wanted = {*names, *(STATUS if mode == "delta" else ())}
    return replace(file, fields=tuple(_field(f, asked) for f in file.fields if f.name in wanted))


def _field(field: Field, asked: set[str]) -> Field:
    """A reference to what nobody asked for cannot be followed, and need not be."""
    return replace(field, ref=None) if field.ref and field.ref.file not in asked else field
