"""A file that was dropped and waits on a screen: what is seen in it, what was chosen, and what would come of it.

The file lies aside for its owner for an hour at most; nothing of it enters a landing, a log or a session.
"""

import re
import secrets
import shutil
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from schakel.access.people import Person
from schakel.collect.date_forms import MONTHS
from schakel.collect.door import KEEP, Decision
from schakel.collect.examination import examine
from schakel.collect.examined import dropped_table
from schakel.collect.packages import Package
from schakel.collect.repairs import LEFT_OUT
from schakel.collect.reports import RuleCount, by_rule
from schakel.connectors import own_mappings, proposals
from schakel.connectors.column_kinds import SeenColumn, columns
from schakel.connectors.dropped_files import Dropped, Form, look
from schakel.connectors.proposals import Choices
from schakel.connectors.targets import Target, target
from schakel.distribute.query import opened as reading
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _
from schakel.lib.text import in_a_row
from schakel.process import snapshots

_HOUR = 60 * 60
_STRANGE = re.compile(r"[^\w.() -]")  # signs that the name of a file that we keep does not have
_MONTH = re.compile(rf"(?<![^\W_])({'|'.join(MONTHS)})(?![^\W_])", re.I)
_TOKEN = re.compile(r"[0-9a-f]{32}")
MAX_MB = 20
MAX_KNOWN = 200  # signs of the name of a file
Needed = Mapping[str, Mapping[str, frozenset[str]]]


@dataclass(frozen=True)
class Draft:
    """What waits: the file, how it is read, and the choices so far. Travels in the session as plain words."""

    token: str
    name: str
    target: str
    form: Form
    choices: Choices
    source: str = ""
    title: str = ""
    system: str = ""
    pattern: str = ""
    target_chosen: bool = False  # by a person: it stays, whatever else is read

    def words(self) -> dict[str, Any]:
        """As it lies in a session."""
        return {**vars(self), "form": self.form.words(), "choices": dict(vars(self.choices))}


def from_words(words: Mapping[str, Any]) -> Draft:
    """The draft that lies in a session."""
    form = Form(**{**words["form"], "header_row": int(words["form"]["header_row"])})
    return Draft(**{**words, "form": form, "choices": Choices(**words["choices"])})


@dataclass(frozen=True)
class Opened:
    """A draft with its file at hand."""

    draft: Draft
    path: Path
    dropped: Dropped
    seen: tuple[SeenColumn, ...]
    target: Target
    schools: Mapping[str, str] = field(default_factory=dict)  # number -> name

    def mistakes(self) -> dict[str, str]:
        """What must be answered before this can be saved."""
        unsaid = self.dropped.unsaid
        return own_mappings.mistakes(self.target, self.draft.form, self.seen, self.draft.choices, unsaid)

    def declaration(self, number: int) -> dict[str, Any]:
        """The mapping as it would be saved."""
        draft = self.draft
        return own_mappings.declaration(
            self.target, draft.form, self.seen, draft.choices, draft.title, draft.pattern, number,
            self.dropped.other_sheets,
        )  # fmt: skip


@dataclass(frozen=True)
class Rehearsed:
    """What reading with this mapping would give. Nothing was kept."""

    read: int
    refused: int
    groups: list[RuleCount]
    decisions: list[Decision]
    problem: str = ""
    kept: int = field(default=0)
    left_out: int = 0


def keep(data: Path, person: Person, content: bytes, name: str, source: str = "") -> Draft:
    """Put a file aside and look at it. Raises Unreadable for a file that cannot be read, and keeps nothing then."""
    if len(content) > MAX_MB * 2**20:
        text = _("Dit bestand is groter dan %(n)s MB. Neem er een deel van om de vertaling mee te maken.")
        raise Unreadable(text % {"n": MAX_MB}, where=name)
    if not content.strip():
        raise Unreadable(_("Dit bestand is leeg."), where=name)
    _forget_old(data)
    called = Path(name.replace("\\", "/")).name[-MAX_KNOWN:].lstrip(".") or "bestand.csv"
    safe = _STRANGE.sub("_", called)
    token = secrets.token_hex(16)
    folder = _folder(data, person, token)
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700)
    try:
        (folder / safe).write_bytes(content)
        dropped = look(folder / safe, safe)
        seen = columns(dropped)
        best = proposals.best_target(seen, safe)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    choices = proposals.propose(best, seen, named(schools(data)))
    pattern = pattern_of(_STRANGE.sub("?", called))
    return Draft(token, safe, best.key, dropped.form, choices, source, title_of(called), "", pattern)


def opened(data: Path, person: Person, draft: Draft) -> Opened:
    """The draft with its file. Raises Unreadable when the file is gone, or cannot be read in the chosen form."""
    path = _folder(data, person, draft.token) / draft.name
    if not path.is_file():
        raise Unreadable(_("Dit bestand wacht niet meer: na een uur gaat het weg. Bied het opnieuw aan."), code="gone")
    dropped = look(path, draft.name, draft.form)
    found = target(draft.target)
    if found is None:
        raise Unreadable(_("Dat kan een bestand niet worden. Kies uit de lijst."), where=draft.target)
    return Opened(draft, path, dropped, columns(dropped), found, schools(data))


def schools(data: Path) -> dict[str, str]:
    """The schools that the rosters name, by BRIN and site number; none before there is a snapshot."""
    snapshot = snapshots.current(data)
    if snapshot is None or not {"site", "organisation"} <= set(snapshot.manifest["tables"]):
        return {}
    sql = (
        "SELECT o.brin || s.site_number AS number, min(s.name) FROM site AS s"
        " JOIN organisation AS o ON o.organisation_id = s.organisation_id GROUP BY number ORDER BY min(s.name)"
    )
    found = reading(snapshot.model).cursor.execute(sql).fetchall()
    return {number: name or number for number, name in found if number}


def named(known: Mapping[str, str]) -> dict[str, str]:
    """The number of each school under its plain name, of those that share theirs with no other."""
    names = Counter(proposals.plain(name) for name in known.values())
    return {proposals.plain(name): number for number, name in known.items() if names[proposals.plain(name)] == 1}


def discard(data: Path, person: Person, draft: Draft) -> None:
    """Throw the file away."""
    shutil.rmtree(_folder(data, person, draft.token), ignore_errors=True)


def reread(
    data: Path, person: Person, draft: Draft, form: Form, wanted: str, before: Mapping[str, Any] | None = None
) -> Draft:
    """The draft in another form or for another target (empty: what suits it best): the columns are proposed anew.

    `before` is the version of the mapping before, of which the choices stay.
    """
    changed = replace(draft, form=form, target=wanted or draft.target)
    now = opened(data, person, changed)
    if not wanted:
        changed = replace(changed, target=proposals.best_target(now.seen, draft.name).key)
        now = opened(data, person, changed)
    known = named(now.schools)
    choices = proposals.propose(now.target, now.seen, known)
    if before is not None:
        choices = own_mappings.chosen_before(before, now.target, now.seen, choices, known)
    return replace(changed, form=now.dropped.form, choices=choices)


def rehearse(found: Opened, needed: Needed) -> Rehearsed:
    """Read the file as the saved mapping would be read, under the needs as they are now."""
    try:
        package = own_mappings.package(found.path, found.declaration(1))
        return _examined(package, needed.get(package.layout.name, {}))
    except Unreadable as error:
        return Rehearsed(0, 0, [], [], str(error))


def _examined(package: Package, needed: Mapping[str, frozenset[str]]) -> Rehearsed:
    done = examine(package, {name: columns for name, columns in needed.items() if name in package.files})
    try:
        report = done.report
        refused, left_out = (sum(_count(done.con, name, sign) for name in done.files) for sign in ("<>", "="))
        decisions = [each for file in done.files.values() for each in file.decisions]
    finally:
        done.close()
    read = sum(report.rows.values())
    unread = len({(f.file, f.row) for f in report.findings if f.action == "drop row" and f.rule in _UNREAD})
    problem = "" if report.usable else in_a_row(sorted({f.message for f in report.findings if f.action == "stop"}))
    kept = read - refused - unread - left_out if report.usable and any(d.decision == KEEP for d in decisions) else 0
    return Rehearsed(read, refused + unread, by_rule(report), decisions, problem, kept, left_out)


_UNREAD = ("ragged-row", "open-quote", "giant-field")


def _count(con: Any, name: str, sign: str) -> int:
    """The rows that are refused (<>), or that the mapping does not want (=)."""
    where = f"rule {sign} '{LEFT_OUT}'"
    row = con.execute(f"SELECT count(DISTINCT row) FROM {dropped_table(name)} WHERE {where}").fetchone()
    return int(row[0]) if row else 0


def pattern_of(name: str) -> str:
    """How the files of next weeks are called: the parts of the name that are a date, a month or a number may differ."""
    stem, _dot, kind = name.rpartition(".")
    bare = re.sub(r"[0-9]+([-_.]?[0-9]+)*", "*", _MONTH.sub("*", stem)) or "*"
    return f"{re.sub(r'[*]([-_. ]*[*])+', '*', bare)}.{kind}"


def title_of(name: str) -> str:
    """What a mapping is called to begin with: the name of the file without months, quarters and numbers."""
    bare = re.sub(
        r"(?<![A-Za-z])[QqTt]?[0-9]+[a-z]?(?![A-Za-z])|[-_0-9]+", " ", _MONTH.sub(" ", name.rpartition(".")[0])
    )
    words = " ".join(bare.split())
    return (words[:1].upper() + words[1:])[:100] or name[:100]


def _folder(data: Path, person: Person, token: str) -> Path:
    """Only the owner's own: the number of the person is part of the name."""
    return data / "dropped" / f"{person.pk}-{token if _TOKEN.fullmatch(token) else 'none'}"


def _forget_old(data: Path) -> None:
    folder = data / "dropped"
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.stat().st_mtime < time.time() - _HOUR:
            shutil.rmtree(path, ignore_errors=True)
