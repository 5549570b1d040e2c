"""One source of each kind, as a supplier serves it: files in the inbox, servers that a test starts, folders.

Each gives its rows in two states by turns. They overlap: `new` lacks some of `old` and has others, so that a mixture of
both is seen. Servers are slow, so that there is a while in which they answer.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.collect.small_roster import Rows, texts, zipped
from tests.connectors import edexml_files
from tests.connectors.declarations import VERZUIM
from tests.connectors.json_server import json_serving, many
from tests.connectors.reference_provider import grown, providing
from tests.connectors.sftp_server import SSHD, sftp_server
from tests.connectors.sql_server import on_a_port
from tests.connectors.test_rest_json import wish
from tests.connectors.test_workbooks import cell, ods, row, table
from tests.kits.sheet_files import book
from tests.system.postgres import binaries

NUMBERS: dict[str, Sequence[int]] = {"old": range(1, 201), "new": [*range(1, 21), *range(41, 241)]}
LAST = 240
TEACHER = 6  # of the people in a roster; the others are pupils
PAUSE = 0.003  # of a server before each piece of an answer, and of the database before each tenth row
_NAMES = count(1)  # of files: the last name counts, whoever served the others
OLD_BOOK = Path(__file__).parents[1] / "cases" / "workbooks" / "verzuim.xls"
_HEADERS = ["Leerlingnummer", "Vestiging", "Datum", "Lesuur", "Soort", "Reden", "Klokuren", "Lesuren",
            "Minuten te laat", "Contact op", "Opmerking"]  # fmt: skip
WIDE: dict[str, Any] = {
    **VERZUIM,
    "file": "week_*.csv",
    "relations": {
        "absence": {
            "wide": {"columns": "date", "order": "Ymd"},
            "columns": {
                "pupil_number": {"header": "Stamnr", "type": "text", "required": True},
                "site_identifier": {"constant": "98AB00", "type": "text"},
                "date": {"header": "Datum uit de kolomkop", "type": "date", "required": True},
                "kind": {**VERZUIM["relations"]["absence"]["columns"]["kind"], "header": "Waarde in de cel"},
            },
        }
    },
}
VIEW = {
    **VERZUIM,
    "relations": {"absence": {**VERZUIM["relations"]["absence"], "table": "las.verzuim"}},
}


@dataclass(frozen=True)
class Kind:
    """How a kind of source is declared, and by which column of which landed file its rows are known."""

    layout: str = "verzuim"
    pattern: str = "verzuim_*.csv"
    file: str = "absence"
    key: str = "pupil_number"
    form: str = "{:05}"
    declared: dict[str, Any] | None = None

    def keys(self, state: str) -> list[str]:
        """What must stand, each once, in order."""
        return sorted(self.form.format(number) for number in self.numbers(state))

    def numbers(self, state: str) -> Sequence[int]:
        """The people that the source tells of."""
        return NUMBERS[state]

    def shown(self, state: str) -> int:
        """How many rows a snapshot has of it: pupils, or absence of pupils."""
        return len(self.numbers(state)) - (self.layout != "edexml")  # who is a teacher there


class OldBook(Kind):
    """The one workbook of an old program that the tests have, by turns with a newer one."""

    def numbers(self, state: str) -> Sequence[int]:
        return range(1, 7 if state == "new" else 8)

    def shown(self, state: str) -> int:
        """Nothing: these are the numbers of nobody."""
        return 0


KINDS = {
    "csv": Kind(pattern="verzuim_csv_*.csv"),
    "xlsx": Kind(pattern="verzuim_xlsx_*.xlsx"),
    "xls": OldBook(pattern="verzuim_xls_*.xls*", form="{:03}"),
    "ods": Kind(pattern="verzuim_ods_*.ods"),
    "wide": Kind(declared=WIDE),
    "zip": Kind("oneroster", "las_*.zip", "users", "sourcedId", "u{}"),
    "edexml": Kind("edexml", "edex_*.xml", "pupil", "id"),
    "uwlr": Kind("edexml", "uwlr_*.xml", "pupil", "id"),
    "folder": Kind(),
    "sftp": Kind(),
    "sql": Kind(declared=VIEW),
    "json": Kind(declared=wish("page", size=50).declared),
    "oneroster-rest": Kind("oneroster", "las_*.zip", "users", "sourcedId", "u{}"),
}


@dataclass
class Served:
    """A source while it is served: `give` lets it have the rows of a state, `asked` counts the questions it got."""

    kind: str
    give: Callable[[str], None]
    reached: dict[str, Any] = field(default_factory=dict)
    asked: Callable[[], int] = lambda: 0
    left: Callable[[], list[str]] = list  # what was taken and should have been put aside


@contextmanager
def serving(kind: str, inbox: Path, base: Path) -> Iterator[Served]:
    """A source of this kind until the block ends; a test is skipped where the machine lacks its server."""
    base.mkdir(parents=True)
    servers = {"folder": _folder, "sftp": _sftp, "sql": _sql, "json": _json, "oneroster-rest": _rest}
    if kind in servers:
        yield from servers[kind](base)
    else:
        yield Served(kind, lambda state: _put(kind, state, inbox))


def _folder(base: Path) -> Iterator[Served]:
    reached = {"provider": "folder", "method": "none", "address": f"file://{base}"}
    yield Served("folder", lambda state: _put("folder", state, base), reached)


def _sftp(base: Path) -> Iterator[Served]:
    """With a marker beside each file, and a folder for what was read."""
    if SSHD is None:
        pytest.skip("OpenSSH is not installed (Debian: openssh-server)")
    with sftp_server(base) as server:

        def give(state: str) -> None:
            for passed_over in server.folder.glob("*.csv*"):  # by a later one, before it was read
                passed_over.unlink()
            path = _put("sftp", state, server.folder)
            path.with_name(f"{path.name}.klaar").touch()

        access = server.access()
        details = {"host_key": server.fingerprint, "marker": ".klaar", "archive": "gelezen"}
        reached = {"provider": "sftp", "method": "key", "address": server.address, "client": access.client,
                   "secret": access.secret, "details": details}  # fmt: skip
        left = lambda: [each.name for each in server.folder.iterdir() if each.is_file()]  # noqa: E731
        yield Served("sftp", give, reached, left=left)


def _sql(_base: Path) -> Iterator[Served]:
    if binaries() is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    with on_a_port() as base:
        base.run(
            "CREATE ROLE lezer LOGIN PASSWORD 'geheim'",
            "CREATE SCHEMA las",
            "CREATE TABLE las.alles (nummer text, vestiging text, datum date, lesuur int, soort text, opmerking text)",
            f"CREATE VIEW las.verzuim AS SELECT * FROM las.alles"
            f" WHERE right(nummer, 1) <> '0' OR pg_sleep({PAUSE})::text IS NOT NULL",
            "GRANT USAGE ON SCHEMA las TO lezer",
            "GRANT SELECT ON las.verzuim TO lezer",
        )

        def give(state: str) -> None:
            rows = ", ".join(f"('{n:05}', '98AB00', date '2026-09-01', 1, 'G', 'geheim')" for n in NUMBERS[state])
            base.run(f"BEGIN; TRUNCATE las.alles; INSERT INTO las.alles VALUES {rows}; COMMIT")

        said = base.access
        reached = {"provider": "sql", "method": "basic", "address": said.address, "client": said.client}
        yield Served("sql", give, {**reached, "secret": said.secret})


def _json(_base: Path) -> Iterator[Served]:
    every = [each | {"vestigingen": [{"code": "98AB00"}]} for each in many(LAST)]
    with json_serving("page", "bearer", every) as server:
        server.page, server.server.pause = 50, PAUSE

        def give(state: str) -> None:
            server.rows = [every[number - 1] for number in NUMBERS[state]]

        said = server.access
        reached = {"provider": "rest-json", "method": said.method, "address": said.address, "secret": said.secret}
        yield Served("json", give, reached, lambda: len(server.server.asked))


def _rest(_base: Path) -> Iterator[Served]:
    """A server that tells what changed: after the first time only that is asked for."""
    with providing("1.2", files=people(range(1, LAST + 1))) as server:
        server.page, server.server.pause = 50, PAUSE

        def give(state: str) -> None:
            kept, now = set(NUMBERS[state]), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}.000Z"
            gone = {(file, f"{letter}{n}") for file, letter in _OF_SOMEBODY.items() for n in _BEYOND - kept}
            server.modified |= dict.fromkeys(server.deleted ^ gone, now)
            server.deleted = gone

        said = server.access
        reached = {"provider": "oneroster-rest", "version": said.version, "method": said.method, "secret": said.secret,
                   "address": said.address, "client": said.client, "token_address": said.token_address}  # fmt: skip
        yield Served("oneroster-rest", give, reached, lambda: len(server.server.asked))


_OF_SOMEBODY = {"users": "u", "enrollments": "e", "demographics": "u"}
_BEYOND = set(range(TEACHER + 1, LAST + 1))  # who may come and go


def people(numbers: Sequence[int]) -> dict[str, Rows]:
    """A roster of these people, each with a number of their own; the first six are always there."""
    files, gone = grown("1.2", LAST), _BEYOND - set(numbers)
    for user in files["users"]:
        user["identifier"] = f"{int(user['sourcedId'][1:]):05}"
    for name, column in {"users": "sourcedId", "demographics": "sourcedId", "roles": "userSourcedId",
                         "enrollments": "userSourcedId"}.items():  # fmt: skip
        files[name] = [each for each in files[name] if int(each[column][1:]) not in gone]
    return files


def _put(kind: str, state: str, folder: Path) -> Path:
    """The next file of this kind, put in place whole; the last name counts."""
    pattern = KINDS[kind].pattern if KINDS[kind].declared is None else KINDS[kind].declared["file"]
    target = folder / pattern.replace("*", f"{next(_NAMES):06}", 1).rstrip("*")
    if kind == "xls" and state == "old":
        target = target.with_suffix(".xlsx")
    fresh = folder.parent / f"{kind}.fresh"
    if kind == "zip":
        zipped(fresh, dict(texts(people(NUMBERS[state]))))
    else:
        fresh.write_bytes(_content(kind, state))
    return fresh.replace(target)


def _content(kind: str, state: str) -> bytes:
    if kind in ("edexml", "uwlr"):
        return _document(edexml_files.GOOD if kind == "edexml" else edexml_files.UWLR_22, NUMBERS[state])
    if kind == "wide":
        lines = [f"{n:05},,G," for n in NUMBERS[state]]
        return "\n".join(["Stamnr,2026-09-01,2026-09-02,2026-09-03", *lines]).encode()
    if kind == "xls" and state == "new":
        return OLD_BOOK.read_bytes()
    return _overview(kind, [KINDS[kind].form.format(number) for number in KINDS[kind].numbers(state)])


def _document(good: str, numbers: Sequence[int]) -> bytes:
    """An EDEXML document or UWLR answer with these pupils."""
    le = "le:" if "<le:" in good else ""
    start, end = good.index(f"<{le}leerlingen>") + len(f"<{le}leerlingen>"), good.index(f"</{le}leerlingen>")
    pupil = (
        f'<{le}leerling key="{{:05}}"><{le}achternaam>A</{le}achternaam><{le}roepnaam>B</{le}roepnaam></{le}leerling>'
    )
    return (good[:start] + "\n".join(pupil.format(number) for number in numbers) + good[end:]).encode()


def _overview(kind: str, numbers: Sequence[str]) -> bytes:
    """An overview of absence: a line for each of these."""
    lines = [[each, "98AB00", date(2026, 9, 1), 1, "G", "", "", "", "", "", "geheim " * 40] for each in numbers]
    if kind in ("xlsx", "xls"):
        return book(Verzuim=[_HEADERS, *lines])  # type: ignore[no-any-return]
    told = [_HEADERS, *([f"{c:%d-%m-%Y}" if isinstance(c, date) else str(c) for c in line] for line in lines)]
    if kind == "ods":
        return ods(table(*(row(*map(cell, line)) for line in told), name="Verzuim"))  # type: ignore[no-any-return]
    return "".join(f"{';'.join(line)}\n" for line in told).encode("cp1252")
