"""The state of the installation: what a manager of it would look at first."""

import platform
import shutil
import sqlite3
import stat
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
from django.conf import settings
from django.db import connection

from schakel import __version__
from schakel.access import audit
from schakel.lib import clock
from schakel.lib.text import gettext as _
from schakel.operations import rounds
from schakel.process import snapshots

ENOUGH_SPACE = 2 * 1024**3
LATE_AFTER = timedelta(hours=36)


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `state` is ok, warn or bad, or unk for what was not looked at here."""

    what: str
    state: str
    text: str


def examine(*, whole: bool = True) -> list[Finding]:
    """Everything worth looking at, in a fixed order; not `whole` for a page, which cannot wait for a long trail."""
    trail = audit.verify() if whole else audit.verify_if_short()
    return [_versions(), _folder(), _space(), _database(), _trail(trail), _worker(), _round(), _snapshot()]


def _versions() -> Finding:
    database = connection.display_name + (f" {sqlite3.sqlite_version}" if connection.vendor == "sqlite" else "")
    text = f"Schakel {__version__}, Python {platform.python_version()}, DuckDB {duckdb.__version__}, {database}"
    return Finding(_("versies"), "ok", text)


def _folder() -> Finding:
    data = Path(settings.DATA)
    loose = stat.S_IMODE((data / "secret.key").stat().st_mode) & 0o077
    if loose:
        return Finding(_("datamap"), "bad", _("Anderen kunnen de sleutel lezen. Zet de rechten van secret.key op 600."))
    return Finding(_("datamap"), "ok", str(data))


def _space() -> Finding:
    free = shutil.disk_usage(settings.DATA).free
    text = _("%(free)s GB vrij") % {"free": free // 1024**3}
    return Finding(_("ruimte"), "ok" if free > ENOUGH_SPACE else "warn", text)


def _database() -> Finding:
    return Finding(_("register"), "ok", connection.display_name)


def _trail(verdict: audit.Verdict | None) -> Finding:
    if verdict is None:
        return Finding(_("logboek"), "unk", _("Controleer het met de opdracht: schakel audit verify"))
    if verdict.holds:
        return Finding(_("logboek"), "ok", _("Het logboek klopt: %(n)s regels.") % {"n": verdict.lines})
    return Finding(_("logboek"), "bad", verdict.reason)


def _worker() -> Finding:
    if rounds.worker_lives(Path(settings.DATA)):
        return Finding(_("verwerker"), "ok", _("De verwerker draait en leest wat nieuw is of wat iemand vraagt."))
    return Finding(_("verwerker"), "warn", _("De verwerker draait niet. Start hem op de server: schakel work."))


def _round() -> Finding:
    trouble = rounds.trouble(Path(settings.DATA))
    if trouble is None:
        return Finding(_("laatste ronde"), "ok", _("De laatste ronde is goed geëindigd."))
    text = _("De ronde van %(when)s brak af: %(why)s. Wat er stond bleef in gebruik.")
    words = {"when": f"{trouble.at:%d-%m-%Y %H:%M}", "why": trouble.text}
    return Finding(_("laatste ronde"), "bad", text % words)


def _snapshot() -> Finding:
    snapshot = snapshots.current(Path(settings.DATA))
    if snapshot is None:
        return Finding(_("momentopname"), "warn", _("Er is nog geen momentopname gepubliceerd."))
    made = datetime.fromisoformat(snapshot.manifest["finished"])
    late = clock.now() - made > LATE_AFTER
    return Finding(_("momentopname"), "warn" if late else "ok", f"{snapshot.id}, {made:%d-%m-%Y %H:%M}")
