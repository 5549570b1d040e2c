"""Taking a delivery in: only what approved needs name is written, whole or not at all.

```
<data>/landing/<source>/<digest>/<file>.parquet   accepted rows, typed; landing.json says what happened
<data>/quarantine/<source>/<digest>/<file>.parquet refused rows, as quarantine.py says
<data>/quarantine/<source>/<digest>/<file>.found   the rows in which something was found, as found_rows.py says
<data>/landing/<source>/current                    the digest that counts now
```

Everything is made in a folder whose name begins with a dot and put in place with one rename; what a crash leaves behind
has such a name and is cleared at the next run. A full delivery (bulk) replaces, a delta is applied to what was there.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from schakel import __version__
from schakel.collect import door
from schakel.collect.carried import Carried
from schakel.collect.causes import Judgement, judgement
from schakel.collect.counts import Confirmed, Counts, Fallen, counts, day_of, thinned
from schakel.collect.elsewhere import elsewhere
from schakel.collect.examination import Progress, examine
from schakel.collect.examined import Examination
from schakel.collect.findings import CheckReport, finding
from schakel.collect.found_rows import FoundRows
from schakel.collect.held_rows import QUICK_FORM
from schakel.collect.kept_rows import KeptRows, constants, parquet
from schakel.collect.layouts import File, Layout
from schakel.collect.packages import Package
from schakel.collect.parts import Part, parts_after, parts_of, still_wrong, was_read
from schakel.collect.period_gaps import IsOpen, holes, never, told_of
from schakel.collect.quarantine import Quarantine
from schakel.collect.rules import rules
from schakel.collect.shelves import Shelf
from schakel.collect.subjects import Other, others
from schakel.collect.written_cells import set_apart
from schakel.engine.duck import literal, quoted
from schakel.lib import clock
from schakel.lib.errors import Refused
from schakel.lib.identifiers import content_hash
from schakel.lib.text import gettext as _
from schakel.lib.text import in_a_row

FORMAT = 1  # of the landing folder; part of the digest


@dataclass
class Landed:
    """A delivery as it was taken in. `rows` counts accepted rows per file, `quarantined` refused ones; beside those
    `quarantined_stayed` of earlier deliveries that still stand.

    `columns_kept` and `columns_dropped` hold (file, column) and (file, column, reason); a refused column is among the
    dropped ones, `columns_refused` names those alone. `columns_missing` are needed and were not delivered.
    """

    source: str
    layout: str
    version: str
    digest: str
    folder: Path
    rows: dict[str, int]
    quarantined: dict[str, int]
    columns_kept: list[tuple[str, str]]
    columns_dropped: list[tuple[str, str, str]]
    unchanged: bool = False
    columns_refused: list[tuple[str, str, str]] = field(default_factory=list)
    columns_missing: list[tuple[str, str]] = field(default_factory=list)
    quarantine: Path | None = None
    delivered: str = ""
    quarantined_stayed: dict[str, int] = field(default_factory=dict)

    @cached_property
    def report(self) -> CheckReport:
        """Both verdicts and every finding, read back from the landing."""
        content = json.loads((self.folder / "report.json").read_text(encoding="utf-8"))
        return CheckReport.from_json(content)

    @cached_property
    def judgement(self) -> Judgement | None:
        """The causes behind the findings, read back; None of a landing from before they were kept."""
        told = json.loads((self.folder / "landing.json").read_text(encoding="utf-8"))
        return Judgement.from_json(told["judgement"]) if "judgement" in told else None


class Incoming:
    """A package on its way in; `needed` names per file the columns that an approved need uses.

    `confirmed` has what somebody said is right: counts far lower than before, another school. `is_open` says on which
    days schools are surely open, for a period of which nothing was delivered.
    """

    def __init__(self, package: Package, source: str, needed: Mapping[str, frozenset[str]], data: Path,
                 confirmed: Confirmed | None = None, is_open: IsOpen = never) -> None:  # fmt: skip
        self.package, self.needed, self.shelf = package, needed, Shelf(Path(data), source)
        self.data, self.confirmed, self.is_open = Path(data), confirmed or {}, is_open

    @cached_property
    def delivered(self) -> str:
        """The fingerprint of this content under these needs and rules; the landing that comes of it has it too."""
        layout = self.package.layout
        wanted = {file: sorted(columns) for file, columns in sorted(self.needed.items())}
        return content_hash(
            [FORMAT, __version__, layout.name, layout.version, _rules_print(layout), self.package.digest(), wanted]
        )

    def standing(self) -> Landed | None:
        """The landing in force when this very content is in it, under these needs: then there is nothing to do."""
        current = self.shelf.current()
        same = current is not None and was_read(current, self.delivered)
        return _landed(self.shelf, current, unchanged=True) if current and same else None

    def land(self, progress: Progress | None = None) -> Landed:
        """Check the package and keep what may be kept.

        Raises Unreadable for what cannot be followed, and Refused (code `stopped`) when a finding says stop: then
        nothing is kept, and the report is in the exception's `report`.
        """
        self.shelf.clear()
        current = self.shelf.current()
        base = current if current and any(part.mode == "delta" for part in self.package.files.values()) else None
        earlier = _earlier(self.shelf, base, self.package)
        others = elsewhere(self.data, self.shelf.source, self.package.layout)
        done = examine(self.package, self.needed, earlier=earlier, progress=progress, elsewhere=others)
        try:
            return _Keeping(done, self, base or current).run()
        finally:
            done.close()


def land(package: Package, source: str, needed: Mapping[str, frozenset[str]], data: Path,
         progress: Progress | None = None) -> Landed:  # fmt: skip
    """Take a package in, or give back what stands when the same content came in under the same needs before."""
    incoming = Incoming(package, source, needed, data)
    incoming.shelf.clear()
    return incoming.standing() or incoming.land(progress)


@dataclass
class Stopped(Refused):
    """A delivery that may not come in: a finding said stop. Nothing of it was kept.

    `fallen` has the counts or the school that stopped it, where nothing else did: somebody may say that it is right.
    """

    code: str = "stopped"
    report: CheckReport | None = None
    fallen: tuple[Fallen | Other, ...] = ()
    judgement: Judgement | None = None


def latest(data: Path, source: str) -> Landed | None:
    """The landing that counts now for a source, if there is one."""
    shelf = Shelf(Path(data), source)
    current = shelf.current()
    return _landed(shelf, current, unchanged=True) if current else None


class _Keeping:
    """The writing of one landing."""

    def __init__(self, done: Examination, incoming: Incoming, base: dict[str, Any] | None) -> None:
        self.done, self.con, self.needed, self.shelf = done, done.con, incoming.needed, incoming.shelf
        self.delivered, self.base, self.confirmed = incoming.delivered, base, incoming.confirmed
        self.is_open = incoming.is_open
        self.delta = any(each.mode == "delta" for each in done.files.values())
        self.put_with = base if self.delta or _covers_more(done.package.layout, base) else None
        self.stands = KeptRows(
            done, self.needed, self.shelf.landing / self.put_with["digest"] if self.put_with else None
        )

    def run(self) -> Landed:
        """Write, put in place, tell."""
        self._without_base()
        counted, strange = self._compared()
        report = self.done.report
        judged = judgement(self.done, report)
        if not report.usable:
            stops = in_a_row(sorted({f.message for f in report.findings if f.action == "stop"}))
            text = _("Deze levering kan zo niet binnenkomen: %(why)s") % {"why": stops}
            stopping: list[Fallen | Other] = [each for each in strange if each.stops]
            fallen = (*stopping, *counted.stopping)
            asked = _("Schakel neemt niets over voordat iemand bij de afspraken van deze bron zegt dat het klopt.")
            hint = asked if fallen else ""
            raise Stopped(text, where=self._name, hint=hint, report=report, fallen=fallen, judgement=judged)
        parts = self._parts(judged)
        judged = replace(judged, earlier=still_wrong(parts[:-1]))
        onto = self.put_with["digest"] if self.put_with else ""
        digest = self.shelf.free_name(hashlib.sha256(f"{self.delivered}{onto}".encode()).hexdigest()[:32])
        landing, quarantine = self.shelf.begin(digest)
        rows = {name: self._file(name, landing) for name in self._names()}
        stayed = {name: rows[name] - self.stands.accepted(name) for name in rows} if self.put_with else {}
        told = self._told(digest, report, rows, self._set_apart(quarantine, parts, report))
        told |= {"counts": counted.history(), "judgement": judged.as_json(), "parts": [asdict(each) for each in parts]}
        told |= {"rows_stayed": stayed}
        (landing / "report.json").write_text(json.dumps(report.as_json(), ensure_ascii=False), encoding="utf-8")
        (landing / "landing.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
        self.shelf.publish(digest)
        landed = _landed(self.shelf, told, unchanged=False)
        landed.__dict__["report"] = report
        return landed

    def _set_apart(self, folder: Path, parts: Sequence[Part], report: CheckReport) -> dict[str, tuple[int, int]]:
        """Write the rows that were refused and those in which something was found.

        Gives per file how many rows of this delivery were refused, and how many of earlier ones still are.
        """
        before = self.shelf.quarantine / self.put_with["digest"] if self.put_with else None
        carried = Carried(self.done, before, parts[:-1])
        refused = Quarantine(self.done, folder, carried, self._mark)
        found = FoundRows(self.done, report.findings, folder, carried, self._mark)
        counted = {}
        for name in sorted({*self._names(), *self.done.files}):
            kept = self.stands.kept(self.done.files[name]) if name in self.done.files and name in self.needed else set()
            if name in self.done.files:
                set_apart(self.con, name, found.places(name))
            if name in self.needed:
                counted[name] = refused.write(name, kept)
            found.write(name, kept)
        return counted

    @property
    def _name(self) -> str:
        return self.done.package.path.name

    @property
    def _mark(self) -> str:
        return self.delivered[:16]

    def _parts(self, judged: Judgement) -> list[Part]:
        """The parts of what would stand, the last of this delivery; none where a delivery replaces everything."""
        if not self.done.package.layout.covers:
            return []
        places = [[c.file, c.column, c.rule] for c in judged.causes if c.of_rows]
        part = Part(self.delivered, self._name, self._mark, self.stands.periods(refused=True), places)
        return parts_after(self.put_with, part, self.stands.periods())

    def _without_base(self) -> None:
        """What is put with what stood needs the columns to do so: the keys of a delta, the date of a period."""
        for each in self.done.files.values():
            if (
                each.mode == "delta"
                and each.file.name in self.needed
                and not set(each.file.key) <= self.needed[each.file.name]
            ):
                self.done.findings.append(finding("delta-keys", each.part.label, ", ".join(each.file.key)))
            covers = each.file.covers
            if covers and each.file.name in self.needed and covers.column not in self.needed[each.file.name]:
                self.done.findings.append(finding("period-date", each.part.label, covers.column))

    def _compared(self) -> tuple[Counts, list[Other]]:
        """The counts of what would count, and whom a full delivery is about and was not about before.

        Each that is too far from before is told. What stops already is not compared.
        """
        if not self.done.report.usable:
            return Counts({}, {}, ()), []
        standing = (self.base, self.shelf.landing / self.base["digest"]) if self.base else None
        con, layout = self.con, self.done.layout
        found = counts(con, layout, self.stands.fresh, self.needed, standing, self.confirmed)
        if self.base and not self.delta:
            thin = thinned(self.stands.told_again(), day_of(self.base["landed_at"]), self.confirmed)
            found = replace(found, fallen=(*found.fallen, *thin))
        strange = []
        if standing and not self.delta:
            strange = list(others(con, layout, self.stands.placed, self.needed, standing, self.confirmed))
        labels = {name: each.part.label for name, each in self.done.files.items()}
        self.done.findings += [each.finding(labels.get(each.drift.file, each.drift.file)) for each in found.fallen]
        self.done.findings += [each.finding(self.done.files[each.subject.file]) for each in strange]
        self._tell_of_holes()
        return found, strange

    def _tell_of_holes(self) -> None:
        """Note the periods between others of which nothing was ever delivered."""
        refused, parts = self.stands.periods(refused=True), parts_of(self.put_with or {})
        for name, days in refused.items():
            each, before = self.done.files[name], [day for part in parts for day in part.periods.get(name, ())]
            told = {date.fromisoformat(day) for day in (*days, *before)}
            covers = each.file.covers
            found = holes(self.con, covers, self.stands.fresh(name), told, self.is_open) if covers else []
            if covers and found:
                self.done.findings.append(told_of(found, covers, each.part.label))

    def _names(self) -> list[str]:
        """The files to write: every needed file that the layout knows, empty where it was not delivered."""
        return [name for name in sorted(self.needed) if name in self.done.package.layout.files]

    def _file(self, name: str, folder: Path) -> int:
        """Write one file; how many rows it has."""
        path = folder / f"{name}.parquet"
        copy = f"COPY ({self.stands.fresh(name)}) TO {literal(path)} ({QUICK_FORM})"
        found = self.con.execute(copy).fetchone()
        return found[0] if found else 0

    def _told(
        self, digest: str, report: CheckReport, rows: dict[str, int], apart: dict[str, tuple[int, int]]
    ) -> dict[str, Any]:
        decisions = [d for each in self.done.files.values() for d in each.decisions]
        kept = {
            (each.file.name, c)
            for each in self.done.files.values()
            if each.file.name in self.needed
            for c in self.stands.kept(each) | (constants(each.file).keys() & self.needed[each.file.name])
        }
        fixed = {
            (n, c) for n, e in self.done.files.items() for c in constants(e.file).keys() & self.needed.get(n, set())
        }
        wanted = {(name, c) for name in self._names() for c in self.needed[name]}
        refused = [(d.file, d.header, d.reason) for d in decisions if d.decision == door.REFUSE]
        dropped = [(d.file, d.header, d.reason) for d in decisions if d.decision == door.DROP]
        barred = {(d.file, d.column) for d in decisions if d.decision == door.REFUSE}
        return {
            "source": self.shelf.source,
            "layout": report.layout,
            "version": report.version,
            "digest": digest,
            "delivered": self.delivered,
            "package": self._name,
            "mark": self._mark,
            "mode": "delta" if self.delta else "bulk",
            "landed_at": clock.now().isoformat(timespec="seconds"),
            "software": __version__,
            "conformant": report.conformant,
            "usable": report.usable,
            "rows_read": report.rows,
            "rows": rows,
            "keys": {name: _findable(each.file) for name, each in self.done.files.items()},
            "unique": {name: list(each.file.key) for name, each in self.done.files.items()},
            "quarantined": {name: fresh for name, (fresh, _stayed) in apart.items() if name in self.done.files},
            "quarantined_stayed": {name: stayed for name, (_fresh, stayed) in apart.items() if stayed},
            "columns_kept": sorted(kept),
            "columns_fixed": sorted(fixed),
            "columns_dropped": sorted([*dropped, *refused]),
            "columns_refused": sorted(refused),
            "columns_missing": sorted(wanted - kept - barred),
            "findings": [list(counted) for counted in report.counts()],
            "labels": {name: each.part.label for name, each in self.done.files.items()},
        }


def _covers_more(layout: Layout, base: Mapping[str, Any] | None) -> bool:
    """Whether what stands may be of periods that a delivery of this layout does not tell of."""
    return layout.covers and base is not None and base["layout"] == layout.name


def _findable(file: File) -> list[str]:
    """The columns by which a row is found again at the source: its key, without what only says something about it."""
    return [name for name in file.key if not file.field(name).vocabulary]


def _rules_print(layout: Layout) -> str:
    """The rules and the answers in force: with others the same file is read again."""
    fields = [[n, f.name, f.answer, f.if_missing] for n, file in sorted(layout.files.items()) for f in file.fields]
    over = [[m.rule, m.file, m.column, m.answer, m.sql] for m in layout.meanings]
    counts = [[d.rule, d.key, d.fewer, d.least, d.answer] for d in layout.drifts]
    about = [[s.rule, s.key, s.ways, s.answer] for s in layout.subjects]
    periods = [[n, f.covers.column, f.covers.each, f.covers.years] for n, f in layout.files.items() if f.covers]
    kept = [[[r.id, r.severity, r.answer] for r in rules().values()], fields, over, counts, about]
    return content_hash([*kept, *([periods] if periods else [])])


def _earlier(shelf: Shelf, base: dict[str, Any] | None, package: Package) -> dict[str, str]:
    """Per file the SQL of the keys that the previous landing has."""
    if not base:
        return {}
    folder, found = shelf.landing / base["digest"], {}
    for name, file in package.layout.files.items():
        path = folder / f"{name}.parquet"
        if path.exists() and len(file.key) == 1 and [name, file.key[0]] in base["columns_kept"]:
            found[name] = f"SELECT {quoted(file.key[0])} FROM {parquet(path)}"
    return found


def _landed(shelf: Shelf, told: dict[str, Any], *, unchanged: bool) -> Landed:
    return Landed(
        source=told["source"],
        layout=told["layout"],
        version=told["version"],
        digest=told["digest"],
        folder=shelf.landing / told["digest"],
        rows=told["rows"],
        quarantined=told["quarantined"],
        columns_kept=[(f, c) for f, c in told["columns_kept"]],
        columns_dropped=[(f, c, r) for f, c, r in told["columns_dropped"]],
        columns_refused=[(f, c, r) for f, c, r in told["columns_refused"]],
        columns_missing=[(f, c) for f, c in told["columns_missing"]],
        unchanged=unchanged,
        quarantine=shelf.quarantine / told["digest"],
        delivered=told["delivered"],
        quarantined_stayed=told.get("quarantined_stayed", {}),
    )
