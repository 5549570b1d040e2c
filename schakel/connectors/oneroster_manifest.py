"""manifest.csv of OneRoster: what the package says of itself, and where that is not as the standard has it."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field

from schakel.collect.findings import Finding, finding
from schakel.collect.listings import Entry

MODES = ("absent", "bulk", "delta")
_VERSIONS = ("1.0", "1.1", "1.2")
_OPTIONAL = ("source.systemName", "source.systemCode")
MAX_SIZE = 2**20


@dataclass
class Manifest:
    """The properties of a package, each with the line it is on."""

    properties: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def version(self) -> str:
        """What it says the version of OneRoster is; empty when it does not say."""
        return self.properties.get("oneroster.version", "")

    def mode(self, file: str) -> str:
        """absent, bulk or delta; empty when it does not say so in a known word."""
        said = self.properties.get(f"file.{file}", "").strip().lower()
        return said if said in MODES else ""

    def judge(self, files: Iterable[str]) -> list[Finding]:
        """The manifest held against the files that this version of the standard knows."""
        known = {f"file.{name}" for name in files}
        required = {"manifest.version", "oneroster.version", *known}
        found = list(self.findings)
        for name in sorted(required - set(self.properties)):
            found.append(self._told("manifest-property-missing", name))
        for name in sorted(set(self.properties) - required - set(_OPTIONAL)):
            found.append(self._told("manifest-property-unknown", name))
        found += self._values(known)
        return found

    def _values(self, known: set[str]) -> Iterable[Finding]:
        allowed = {"manifest.version": ("1.0",), "oneroster.version": _VERSIONS, **dict.fromkeys(known, MODES)}
        for name, values in allowed.items():
            said = self.properties.get(name)
            if said is not None and said not in values:
                yield self._told("manifest-value", name, expected=", ".join(values))

    def _told(self, rule: str, name: str, **words: str) -> Finding:
        return finding(
            rule, "manifest.csv", name, row=self.lines.get(name, 0), value=self.properties.get(name), **words
        )


def manifest(entry: Entry) -> Manifest:
    """Read manifest.csv; what is odd about it becomes findings."""
    text = entry.head(MAX_SIZE).decode("utf-8-sig", "replace").replace("\0", "")
    found = Manifest()
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        rows = [(reader.line_num, row) for row in reader if any(row)]
    except csv.Error:
        rows = []
    if not rows or rows[0][1] != ["propertyName", "value"]:
        found.findings.append(finding("manifest-header", "manifest.csv", row=1))
    titled = bool(rows) and [c.strip().lower() for c in rows[0][1]] == ["propertyname", "value"]
    for line, row in rows[1:] if titled else rows:
        _take(found, line, row)
    return found


def _take(found: Manifest, line: int, row: list[str]) -> None:
    name, value = row[0], row[1] if len(row) > 1 else ""
    if name in found.properties:
        found.findings.append(finding("manifest-property-duplicate", "manifest.csv", name, row=line, value=value))
        return
    found.properties[name], found.lines[name] = value, line
