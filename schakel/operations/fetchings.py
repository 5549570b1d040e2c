"""Reading a source that is a server: when it is due, fetched page by page, and then through the door like any file.

<data>/fetching/<source>/   what is being fetched; gone when it is in
<data>/fetching/<source>.json   from which moment on to ask for changes, and the landing that this is true for
"""

import json
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from schakel.collect import plans, runs
from schakel.collect.connections import Connection, connection_of
from schakel.collect.connectors import open_package
from schakel.collect.landing import Landed, latest
from schakel.collect.packages import Package
from schakel.collect.providers import PACKAGE, Access, Fetched, Wish, provider
from schakel.collect.runs import GOOD, Plan, Run
from schakel.collect.source_mappings import in_force
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.lib.addresses import named
from schakel.lib.errors import SchakelError
from schakel.operations import agreements, mapped_sources
from schakel.operations.readings import Reading, taken_in

WHOLE_AGAIN = timedelta(days=7)  # what was taken away without a word is seen then
REFUSED = "refused"  # of a run that another try would not help
KEPT = timedelta(days=1)  # what was fetched half


@dataclass(frozen=True)
class Fetching:
    """The fetching of one source in a round."""

    reading: Reading
    connection: Connection

    @property
    def source(self) -> Source:
        """Which source."""
        return self.connection.source

    @property
    def folder(self) -> Path:
        """Where it is fetched to."""
        return self.reading.data / "fetching" / self.source.key

    @property
    def _needed(self) -> Mapping[str, frozenset[str]]:
        return self.reading.needed.get(self.source.layout, {})

    def read(self, *, now: bool = False) -> Run | None:
        """The run of a reading that is due or asked for (or `now`); None when it is neither. Raises Busy."""
        plan = plans.due(self.source, self.connection) or self._next_file()
        if plan is None and not now and not self.source.runs.waiting().exists():
            return None
        run = self.reading.planned(plan).begin(self.source, named(self.connection.address))
        standing = latest(self.reading.data, self.source.key)
        try:
            got = self._fetched(standing)
            if not got.changed and standing:
                self._remember(standing, got)
                return runs.close_with(self.reading.actor, run, standing, self.reading.data)
            return self._land(run, got)
        except (SchakelError, OSError) as error:
            if isinstance(error, SchakelError) and not error.retry:
                run.delivered = REFUSED
            return self.reading.failed(run, error)

    def _next_file(self) -> Plan | None:
        """A reading at once, when the last one took a file and the next was waiting already."""
        last: Run | None = self.source.runs.finished().first()
        return Plan() if last and last.state in GOOD and self._told().get("more") else None

    def _fetched(self, standing: Landed | None) -> Fetched:
        self.folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        kind = provider(self.connection.provider)
        self.reading.teller.begin("fetch", self.source.key)
        way_in = access(self.connection)
        if mapped_sources.coverage_of(self.source):  # then no file is passed over for a later one
            way_in = replace(way_in, details={**way_in.details, "each": True})
        return kind.fetch(way_in, settings.OUTGOING, self._wish(standing), self.folder, self.reading.teller.more)

    def _wish(self, standing: Landed | None) -> Wish:
        asked = Wish(
            self._needed,
            last=str(self._told().get("until", "")),
            declared=declaration(self.source),
            pattern=self.source.pattern,
        )
        if standing is None:
            return replace(asked, last="")
        had = frozenset(name for name, rows in standing.rows.items() if rows)
        return replace(asked, since=self._since(standing), standing=standing.folder, had=had)

    def _land(self, run: Run, got: Fetched) -> Run:
        package = agreements.agreed(self.source, self._package(got))
        incoming = self.reading.incoming(self.source, package)
        standing = incoming.standing()
        if standing:
            done, landed = taken_in(self.reading.actor, run, standing, self.reading.data), standing
        else:
            run.delivered = incoming.delivered
            done, made = self.reading.land(run, incoming)
            if made is None:
                let_go(self.reading.data, self.source)  # the same again would end the same way
                return done
            landed = made
        self._remember(landed, got, whole=not _is_delta(package.files))
        let_go(self.reading.data, self.source)
        with suppress(SchakelError, OSError):  # what is not settled now is settled at the next fetching
            provider(self.connection.provider).settle(access(self.connection), settings.OUTGOING, got.until)
        return done

    def _package(self, got: Fetched) -> Package:
        if got.file:
            return mapped_sources.opened(self.source, self.folder / PACKAGE / got.file)
        return open_package(self.folder / PACKAGE)

    @property
    def _cursor(self) -> Path:
        return self.folder.with_suffix(".json")

    def _since(self, standing: Landed) -> str:
        """From when on to ask for changes; empty to read the whole: first, weekly, and when needs or landing differ."""
        try:
            told = json.loads(self._cursor.read_text(encoding="utf-8"))
            same = told["landing"] == standing.digest and told["asked"] == self._asked()
            fresh = datetime.fromisoformat(told["whole_at"]) > clock.now() - WHOLE_AGAIN
            return str(told["until"]) if same and fresh else ""
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def _remember(self, landed: Landed, got: Fetched, *, whole: bool = False) -> None:
        before = {} if whole else self._told()
        told = {
            "landing": landed.digest,
            "until": got.until,
            "more": got.more,
            "asked": self._asked(),
            "whole_at": before.get("whole_at") or clock.now().isoformat(),
        }
        fresh = self._cursor.with_name(f".{self._cursor.name}")
        fresh.write_text(json.dumps(told), encoding="utf-8")
        fresh.replace(self._cursor)

    def _told(self) -> dict[str, Any]:
        try:
            told = json.loads(self._cursor.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return told if isinstance(told, dict) else {}

    def _asked(self) -> list[Any]:
        wanted = {name: sorted(columns) for name, columns in sorted(self._needed.items())}
        return [self.connection.address, self.connection.version, wanted, declaration(self.source)]


def fetching(reading: Reading, source: Source) -> Fetching | None:
    """The fetching of this source; None when it is read from the inbox."""
    connection = connection_of(source)
    return Fetching(reading, connection) if connection and source.active else None


def declaration(source: Source) -> Mapping[str, Any]:
    """The mapping of a source that has one of its own; empty for another."""
    own = in_force(source)
    return own.declaration if own else {}


def access(connection: Connection) -> Access:
    """What a provider has to know of a connection. Raises SchakelError when the secret cannot be opened."""
    return Access(
        connection.address,
        connection.version,
        connection.method,
        connection.client,
        connection.secret,
        connection.token_address,
        connection.details,
    )


def let_go(data: Path, source: Source) -> None:
    """What was fetched for a source is in: the next reading asks its server anew."""
    shutil.rmtree(data / "fetching" / source.key, ignore_errors=True)


def tidy(data: Path) -> None:
    """Let go of what was fetched half and not taken up within a day, or whose source is a server no more."""
    root = data / "fetching"
    live = set(Connection.objects.filter(source__active=True).values_list("source__key", flat=True))
    for folder in root.iterdir() if root.is_dir() else ():
        if folder.is_dir() and (folder.name not in live or _age(folder) > KEPT):
            shutil.rmtree(folder)


def _age(folder: Path) -> timedelta:
    try:
        written = (folder / "state.json").stat().st_mtime
    except OSError:
        return timedelta.max
    return timedelta(seconds=clock.now().timestamp() - written)


def _is_delta(files: Mapping[str, Any]) -> bool:
    return any(part.mode == "delta" for part in files.values())
