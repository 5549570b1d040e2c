"""A database of a supplier, opened to look and never to write.

The connection goes to numbers that were looked at, like every other way out; the transaction is read-only and sees one
moment; each question has an end. What the database says in its own words is not repeated: values may stand in it.
"""

import sqlite3
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy.exc import DBAPIError, NoSuchTableError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from schakel.collect.providers import Access
from schakel.lib.addresses import Closed, Place, inside_folders, local, place, reachable
from schakel.lib.errors import SchakelError
from schakel.lib.outgoing import CONNECTING, Broken, Outgoing
from schakel.lib.text import gettext as _

SCHEMES = ("postgresql", "mysql", "mariadb", "mssql", "oracle", "sqlite")
DRIVERS = {"postgresql": "psycopg", "mysql": "pymysql", "mariadb": "pymysql", "mssql": "pymssql", "oracle": "oracledb"}
STATEMENT = 900.0  # seconds that one question may take
ROWS = 2000  # at once in memory
_MYSQL = ("mysql", "mariadb")
_READ_ONLY = "SET SESSION TRANSACTION READ ONLY"
# What MySQL and MariaDB say by number, where their SQLSTATE tells less. From 2000 up to 3000 the server was lost.
_NUMBERS = {1044: "28000", 1045: "28000", 1049: "3D000", 1698: "28000", 1142: "42501", 1143: "42501", 1227: "42501",
            1205: "55P03", 1317: "57014", 1969: "57014", 3024: "57014"}  # fmt: skip
_LOST = range(2000, 3000)


@contextmanager
def opened(access: Access, way: Outgoing, seconds: float = STATEMENT) -> Iterator[sqlalchemy.Connection]:
    """A connection in which nothing can be written. Raises SchakelError for whatever goes wrong with it."""
    where = local(access.address)
    engine = _file(where, way, seconds) if where is not None else _server(access, way, seconds)
    shown = str(where) if where is not None else place(access.address, SCHEMES).named
    try:
        with engine.connect() as con:
            yield _reading(con, seconds)
    except DBAPIError as error:
        raise _told(error, shown) from None
    except SQLAlchemyError as error:
        if isinstance(error, NoSuchTableError):
            raise
        raise SchakelError(_("Deze database gaf een antwoord dat Schakel niet begrijpt."), where=shown) from None
    finally:
        engine.dispose()


def columns_of(con: sqlalchemy.Connection, table: str, schema: str = "") -> frozenset[str]:
    """The columns of a table or view that this account may see. Raises NoSuchTableError when there are none."""
    if con.dialect.name not in _MYSQL:
        return frozenset(str(each["name"]) for each in sqlalchemy.inspect(con).get_columns(table, schema or None))
    # Reflection asks to see how the whole table was made, which who may read some columns may not.
    asked = (
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_name = :table AND table_schema = coalesce(:schema, database())"
    )
    found = con.execute(sqlalchemy.text(asked), {"table": table, "schema": schema or None}).scalars().all()
    if not found:
        raise NoSuchTableError(table)
    return frozenset(map(str, found))


def _reading(con: sqlalchemy.Connection, seconds: float) -> sqlalchemy.Connection:
    name = con.dialect.name
    if name == "sqlite":
        con.exec_driver_sql("BEGIN")
    elif name == "postgresql":
        con = con.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    elif name in _MYSQL:  # which said already that it only reads
        con = con.execution_options(isolation_level="REPEATABLE READ")
        maria = bool(getattr(con.dialect, "is_mariadb", False))
        limit = f"max_statement_time={seconds}" if maria else f"max_execution_time={int(seconds * 1000)}"
        con.exec_driver_sql(f"SET SESSION {limit}")
    elif name == "oracle":
        con.exec_driver_sql("SET TRANSACTION READ ONLY")
    return con.execution_options(stream_results=True, yield_per=ROWS)


def _file(path: Path, way: Outgoing, seconds: float) -> sqlalchemy.Engine:
    real = inside_folders(path, way.allowed)
    if not real.is_file():
        raise SchakelError(_("Op deze plek ligt geen database."), code="no-file", where=str(path), retry=True)

    def connected() -> sqlite3.Connection:
        con = sqlite3.connect(f"{real.as_uri()}?mode=ro", uri=True, timeout=CONNECTING, isolation_level=None)
        until = time.monotonic() + seconds
        con.set_progress_handler(lambda: time.monotonic() > until, 10_000)
        return con

    return sqlalchemy.create_engine("sqlite://", creator=connected, poolclass=NullPool, hide_parameters=True)


def _server(access: Access, way: Outgoing, seconds: float) -> sqlalchemy.Engine:
    where = place(access.address, SCHEMES)
    driver = DRIVERS[where.scheme]
    if find_spec(driver) is None:
        text = _("Om deze database te lezen is het Python-pakket '%(driver)s' nodig, en dat staat niet op de server.")
        hint = _("Vraag de beheerder van de server om het te installeren.")
        raise SchakelError(text % {"driver": driver}, code="driver", where=where.named, hint=hint)
    numbers = reachable(where, way.allowed, way.resolver)
    how = _postgresql(where, numbers, way, seconds) if driver == "psycopg" else _other(where, way)
    url = sqlalchemy.URL.create(
        f"{where.scheme}+{driver}",
        access.client or None,
        access.secret or None,
        where.host if driver == "psycopg" else numbers[0],
        where.port,
        where.path.strip("/") or None,
    )
    return sqlalchemy.create_engine(url, connect_args=how, poolclass=NullPool, hide_parameters=True)


def _postgresql(where: Place, numbers: list[str], way: Outgoing, seconds: float) -> dict[str, Any]:
    """To exactly these numbers, and with a certificate that fits the name where it is not the own network."""
    milliseconds = int(seconds * 1000)
    how: dict[str, Any] = {
        "host": ",".join([where.host] * len(numbers)),
        "hostaddr": ",".join(numbers),
        "connect_timeout": int(CONNECTING),
        "application_name": "Schakel",
        "options": f"-c default_transaction_read_only=on -c statement_timeout={milliseconds} -c lock_timeout=10000",
    }
    if way.allowed.inside(where):
        return {**how, "sslmode": "prefer"}
    authorities = way.authorities or ssl.get_default_verify_paths().cafile or "system"
    return {**how, "sslmode": "verify-full", "sslrootcert": authorities}


def _other(where: Place, way: Outgoing) -> dict[str, Any]:
    """These drivers cannot be told both a number and a name: then only the own network is sure."""
    if not way.allowed.inside(where):
        text = _("Met dit soort database maakt Schakel alleen verbinding in het eigen netwerk.")
        hint = _("De beheerder van de server zet het adres in SCHAKEL_OUTGOING_ALLOW.")
        raise Closed(text, where=where.host, hint=hint)
    return {"connect_timeout": int(CONNECTING), "init_command": _READ_ONLY} if where.scheme in _MYSQL else {}


def _told(error: DBAPIError, where: str) -> SchakelError:
    """What went wrong, by the code that the standard gives it (ISO 9075, SQLSTATE)."""
    number = _number(error)
    state = _NUMBERS.get(number) or str(getattr(error.orig, "sqlstate", None) or number or "")
    if state.startswith("28") or state == "3D000":
        text = _("Deze database laat ons niet binnen. Kloppen de naam, het wachtwoord en de naam van de database?")
        return SchakelError(text, code="sign-in", where=where)
    if state == "42501":
        text = _("Dit account mag deze tabel niet lezen. Vraag de leverancier om leesrecht op precies deze kolommen.")
        return SchakelError(text, code="no-right", where=where)
    if state in ("57014", "55P03") or "interrupted" in str(error.orig):
        return SchakelError(_("De vraag duurde te lang en is afgebroken."), code="too-long", where=where, retry=True)
    if _wrong_name_or_secret(error):
        text = _("Deze database laat ons niet binnen. Kloppen de naam, het wachtwoord en de naam van de database?")
        return SchakelError(text, code="sign-in", where=where)
    lost = isinstance(error, sqlalchemy.exc.OperationalError | sqlalchemy.exc.InterfaceError) and not number
    if error.connection_invalidated or lost:
        return Broken(_("De verbinding met deze database kwam niet tot stand of brak af."), where=where)
    kind = type(error.orig).__name__
    text = _("Deze database weigert de vraag (%(kind)s %(state)s).") % {"kind": kind, "state": state}
    return SchakelError(text.replace(" )", ")"), code="database", where=where)


def _number(error: DBAPIError) -> int:
    """The number that MySQL or MariaDB gives an answer; 0 for others, and where no answer came."""
    if not type(error.orig).__module__.startswith("pymysql"):
        return 0
    said = next(iter(error.orig.args), None) if error.orig else None
    return said if isinstance(said, int) and said not in _LOST else 0


def _wrong_name_or_secret(error: DBAPIError) -> bool:
    """Before anybody is signed in the driver has no code, only words: in English, unless the server speaks another."""
    said = str(error.orig).lower()
    return not getattr(error.orig, "sqlstate", None) and any(
        words in said for words in ("password authentication failed", "access denied", "login failed", "does not exist")
    )
