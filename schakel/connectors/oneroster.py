"""OneRoster CSV 1.1 and 1.2 (1EdTech): a zip or folder, bulk and delta, met as it comes; and known near layouts.

What differs from the standard becomes a finding and, where its meaning is plain, is read all the same.
"""

import csv
import difflib
import io
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from schakel.collect.findings import Finding, finding
from schakel.collect.layouts import Layout
from schakel.collect.listings import Entry, Listing
from schakel.collect.packages import Package, PackageFile
from schakel.connectors.oneroster_layout import VERSIONS, layout
from schakel.connectors.oneroster_manifest import Manifest, manifest

if TYPE_CHECKING:
    from schakel.connectors.rest_reading import RestProvider

RANK = 10
LEAST_FILES = 2  # known names that make a package without a manifest recognisable
_ONLY_NEW = {"roles", "userProfiles", "userResources", "scoreScales", "lineItemScoreScales", "resultScoreScales",
             "lineItemLearningObjectiveIds", "resultLearningObjectiveIds"}  # fmt: skip
_NAMES = tuple(sorted(set(layout("1.1").files) | set(layout("1.2.1").files)))
_BY_LOWER = {name.lower(): name for name in _NAMES}


def recognised(found: Listing) -> Package | None:
    """The package, when there is a manifest or at least two files of the standard."""
    if found.path.is_file() and not any(entry.packed for entry in found.entries):
        return None
    from schakel.connectors.oneroster_fetched import TELLS, fetched

    if found.path.is_dir() and (tells := next((e for e in found.entries if e.path == TELLS), None)):
        return fetched(found, tells)
    sorted_out = _sorted_out(found)
    if sorted_out.manifest is None and len(sorted_out.files) < LEAST_FILES:
        return None
    said = manifest(sorted_out.manifest) if sorted_out.manifest else None
    if said is None:
        from schakel.connectors.near import near_package

        near = near_package(found, {name: part.entry for name, part in sorted_out.files.items()})
        if near:
            return near
    return _package(found, sorted_out, said)


def known_layout(name: str, version: str) -> Layout | None:
    """The layout of OneRoster in this version, or the newest; None for another name."""
    if name != "oneroster":
        return None
    return layout(version if version in VERSIONS else VERSIONS[-1])


def provider(kind: str) -> "RestProvider | None":
    """Who asks a OneRoster server itself; None for another kind."""
    if kind != "oneroster-rest":
        return None
    from schakel.connectors.oneroster_rest import PROVIDER  # checking a file does not need it

    return PROVIDER


@dataclass
class _Sorted:
    """The entries of a listing, each put in its place."""

    manifest: Entry | None = None
    files: dict[str, PackageFile] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def put(self, entry: Entry, name: str, rule: str = "") -> None:
        """Place an entry under a name of the standard, unless that place is taken."""
        if name in self.files:
            self.findings.append(finding("file-duplicate", entry.path, expected=f"{name}.csv"))
            return
        label = f"{name}.csv"
        if rule:
            self.findings.append(finding(rule, label, found=entry.name, expected=label))
        if entry.nested:
            self.findings.append(finding("file-folder", label))
        self.files[name] = PackageFile(name, entry, label)


def _sorted_out(found: Listing) -> _Sorted:
    result, rest = _Sorted(), list[Entry]()
    for entry in sorted(found.entries, key=lambda e: (e.nested, e.path)):
        stem = entry.name[:-4] if entry.name.lower().endswith(".csv") else ""
        if entry.bycatch:
            result.findings.append(finding("file-ignored", entry.path))
        elif stem.lower() == "manifest":
            _put_manifest(result, entry)
        elif stem in _NAMES and entry.name.endswith(".csv"):
            result.put(entry, stem)
        else:
            rest.append(entry)
    for entry in rest:
        _put_odd(result, entry)
    return result


def _put_manifest(result: _Sorted, entry: Entry) -> None:
    if result.manifest is not None:
        result.findings.append(finding("file-duplicate", entry.path, expected="manifest.csv"))
        return
    result.manifest = entry
    if entry.name != "manifest.csv":
        result.findings.append(finding("file-case", "manifest.csv", found=entry.name, expected="manifest.csv"))
    if entry.nested:
        result.findings.append(finding("file-folder", "manifest.csv"))


def _put_odd(result: _Sorted, entry: Entry) -> None:
    name = entry.name.lower()
    stem = name.removesuffix(".csv")
    if not name.endswith(".csv"):
        nested = name.endswith((".zip", ".7z", ".rar", ".gz", ".tar"))
        result.findings.append(finding("file-nested" if nested else "file-unknown", entry.path))
    elif stem in _BY_LOWER:
        result.put(entry, _BY_LOWER[stem], "file-case")
    elif close := difflib.get_close_matches(stem, [n for n in _BY_LOWER if _BY_LOWER[n] not in result.files], 1, 0.85):
        result.put(entry, _BY_LOWER[close[0]], "file-misspelt")
    else:
        result.findings.append(finding("file-unknown", entry.path))


def _package(found: Listing, parts: _Sorted, said: Manifest | None) -> Package:
    shape = layout(_version(parts, said))
    findings = list(parts.findings)
    files = {name: part for name, part in parts.files.items() if name in shape.files}
    findings += [finding("file-unknown", f"{name}.csv") for name in sorted(set(parts.files) - set(files))]
    if said is None:
        findings.append(finding("manifest-missing", "manifest.csv", expected=shape.version))
        said = Manifest()
    else:
        findings += said.judge(shape.files)
    files = {name: replace(part, mode=said.mode(name)) for name, part in files.items()}
    findings += _presence(shape, files, said)
    absent = frozenset(name for name in shape.files if said.mode(name) == "absent" and name not in files)
    return Package(found.path, shape, found, _moded(files), tuple(findings), absent)


def _moded(files: dict[str, PackageFile]) -> dict[str, PackageFile]:
    return {n: replace(part, mode="bulk" if part.mode in {"", "absent"} else part.mode) for n, part in files.items()}


def _presence(shape: Layout, files: dict[str, PackageFile], said: Manifest) -> list[Finding]:
    """Files that are there while the manifest says not, or the other way about; and a bulk delivery that lacks some."""
    found = []
    for name in shape.files:
        mode, there = said.mode(name), name in files
        if there and mode == "absent":
            found.append(finding("manifest-disagrees", f"{name}.csv", expected="absent", found="bulk"))
        elif not there and mode in {"bulk", "delta"}:
            found.append(finding("manifest-disagrees", f"{name}.csv", expected=mode, found="absent"))
    if not files:
        return [*found, finding("no-changes", "manifest.csv")]
    if not any(part.mode == "delta" for part in files.values()):
        lost = [n for n, file in shape.files.items() if file.required and n not in files and said.mode(n) != "bulk"]
        found += [finding("file-required", f"{n}.csv", expected=f"{n}.csv") for n in lost]
    return found


def _version(parts: _Sorted, said: Manifest | None) -> str:
    declared = said.version.strip() if said else ""
    if declared.startswith("1.1") or declared == "1.0":
        return "1.1"
    users = parts.files.get("users")
    heads = _header(users.entry) if users else []
    if not declared.startswith("1.2") and not _ONLY_NEW & set(parts.files) and ("role" in heads or not heads):
        return "1.1"
    return "1.2.0" if "resourceSourcedIds" in heads else "1.2.1"


def _header(entry: Entry) -> list[str]:
    line = entry.head(2**16).decode("utf-8-sig", "replace").replace("\0", "").partition("\n")[0]
    try:
        return [cell.strip() for row in csv.reader(io.StringIO(line)) for cell in row]
    except csv.Error:
        return []
