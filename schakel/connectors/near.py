"""Layouts that look like a standard and are not: declared in `near/*.yaml`, read where their meaning is plain."""

import csv
import io
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from schakel.collect.findings import Finding, finding
from schakel.collect.layouts import Layout
from schakel.collect.listings import Entry, Listing
from schakel.collect.packages import Package, PackageFile
from schakel.connectors.oneroster_layout import layout
from schakel.lib.errors import Unreadable
from schakel.lib.plain_yaml import from_yaml
from schakel.lib.text import gettext as _
from schakel.lib.text import language

_FOLDER = Path(__file__).with_name("near")


@cache
def near_layouts() -> tuple[dict[str, Any], ...]:
    """The declared near layouts."""
    return tuple(from_yaml(path.read_text(encoding="utf-8")) for path in sorted(_FOLDER.glob("*.yaml")))


def near_package(found: Listing, files: dict[str, Entry]) -> Package | None:
    """The delivery as a near layout, if it is one. Raises Unreadable for one that cannot be read as a standard."""
    entries = {entry.name.removesuffix(".csv"): entry for entry in found.entries} | files
    for near in near_layouts():
        if any(_has(entries.get(name), set(headers)) for name, headers in near["recognised_by"].items()):
            return _package(found, near, files)
    return None


def refuse_near(found: Listing) -> None:
    """Raise Unreadable, with the name of the format, for a delivery of a near layout that cannot be read."""
    entries = {entry.name.removesuffix(".csv"): entry for entry in found.entries}
    for near in near_layouts():
        if not near.get("readable", True) and all(
            _has(entries.get(n), set(h)) for n, h in near["recognised_by"].items()
        ):
            _refuse(found, near)


def _refuse(found: Listing, near: dict[str, Any]) -> None:
    message = _("Dit is %(title)s. Dat is geen OneRoster en Schakel kan het niet lezen.") % {"title": near["title"]}
    raise Unreadable(message, code="near-layout", where=found.path.name, hint=near["hint"][language()])


def _has(entry: Entry | None, headers: set[str]) -> bool:
    if entry is None:
        return False
    line = entry.head(2**16).decode("utf-8-sig", "replace").replace("\0", "").partition("\n")[0]
    try:
        return headers <= {cell.strip() for row in csv.reader(io.StringIO(line)) for cell in row}
    except csv.Error:
        return False


def _package(found: Listing, near: dict[str, Any], files: dict[str, Entry]) -> Package:
    if not near.get("readable", True):
        _refuse(found, near)
    base = layout(near["base"])
    shape = replace(base, version=f"{near['name']} ({_('bijna')} {base.version})", title=near["title"])
    parts = {name: _part(name, entry, near) for name, entry in files.items() if name in shape.files}
    told = [finding("near-layout", "", found=near["title"]), *_strangers(found, parts), *_notes(near, parts)]
    told += [finding("file-required", f"{n}.csv", expected=f"{n}.csv") for n in _lost(shape, parts)]
    return Package(found.path, shape, found, parts, tuple(told))


def _part(name: str, entry: Entry, near: dict[str, Any]) -> PackageFile:
    told = near["files"].get(name, {})
    derived = {key: tuple(parts) for key, parts in told.get("key", {}).items()}
    return PackageFile(
        name,
        entry,
        f"{name}.csv",
        "bulk",
        renamed=told.get("columns", {}),
        translated=told.get("values", {}),
        derived=derived,
    )


def _strangers(found: Listing, parts: dict[str, PackageFile]) -> list[Finding]:
    read = {part.entry.path for part in parts.values()}
    return [finding("file-unknown", entry.path) for entry in found.entries if entry.path not in read]


def _notes(near: dict[str, Any], parts: dict[str, PackageFile]) -> list[Finding]:
    notes = [note for note in near.get("notes", []) if note["file"] in parts]
    return [finding("near-note", f"{note['file']}.csv", found=note[language()]) for note in notes]


def _lost(shape: Layout, parts: dict[str, PackageFile]) -> list[str]:
    return [name for name, file in shape.files.items() if file.required and name not in parts]
