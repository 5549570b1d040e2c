"""The ways in for what a mapping or a connector reads: a database, a JSON server, a server with files, a folder."""

from schakel.collect.providers import Provider
from schakel.connectors import rest_json, sftp, sql_tables, waiting_files, watched

KINDS = (sql_tables.KIND, rest_json.KIND, sftp.KIND, watched.KIND)


def way_in(kind: str) -> Provider | None:
    """The provider of this kind; None for another."""
    if kind == sql_tables.KIND:
        return sql_tables.SqlTables()
    if kind == rest_json.KIND:
        return rest_json.PROVIDER
    if kind == sftp.KIND:
        return waiting_files.WaitingFiles(sftp.opened, sftp.SCHEMES, ("basic", "key"))
    return waiting_files.WaitingFiles(watched.opened, watched.SCHEMES, ("none",)) if kind == watched.KIND else None
