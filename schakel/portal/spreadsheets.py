"""A table of a page as a file: the same rows and columns, numbers as numbers, hidden as hidden."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse

from schakel.engine import export
from schakel.portal.tables import Cell, Column, Table

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def of_table(table: Table, name: str, kind: str = "xlsx") -> HttpResponse:
    """All rows of a table, not only the page of it that was shown."""
    columns = [c for c in table.columns if not c.hidden_label]
    rows = [[_value(row.cells.get(c.key, Cell()), c) for c in columns] for row in table.rows]
    return of_rows([c.label for c in columns], rows, name, kind)


def of_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]], name: str, kind: str = "xlsx") -> HttpResponse:
    """Rows as a file to download."""
    content = export.to_csv(columns, rows) if kind == "csv" else export.to_xlsx(columns, rows, name)
    return download(content, f"{name}.{kind}", KINDS[kind])


def download(content: bytes, filename: str, kind: str) -> HttpResponse:
    """A file that the browser keeps and does not open as a page."""
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer


def _value(cell: Cell, column: Column) -> Any:
    if column.number and isinstance(cell.order, int | float):
        return cell.order
    if cell.figure:
        return cell.figure.text if cell.figure.known in ("known", "hidden") else None
    return cell.word or None
