"""Connections to DuckDB: small, closed to the outside, and read-only for whoever only reads."""

import os
from pathlib import Path

import duckdb

Error = duckdb.Error  # whatever the engine itself could not do
OutOfMemory = duckdb.OutOfMemoryException

# No file, network, extension or setting can be reached from SQL once a reader is open.
_CLOSED = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "lock_configuration": "true",
}


def reader(path: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to one file, from which nothing else can be reached."""
    return duckdb.connect(str(path), read_only=True, config=dict(_CLOSED))


def cores() -> int:
    """How many cores this process works on: those that it may use, two at most, as each more asks more memory."""
    return min(2, len(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else 2


def worker(path: Path | None = None, *, memory: str = "900MB") -> duckdb.DuckDBPyConnection:
    """A connection for our own SQL over files: in memory, or writing one new database file."""
    return duckdb.connect(
        str(path) if path else ":memory:",
        config={
            "memory_limit": memory,
            "threads": str(cores()),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "preserve_insertion_order": "false",
        },
    )


def quoted(name: str) -> str:
    """An identifier, quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: object) -> str:
    """A text value, quoted for SQL. For our own file names and keys; values of people go in as parameters."""
    return "'" + str(value).replace("'", "''") + "'"
