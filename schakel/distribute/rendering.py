"""A delivery as a file: the same cells for a spreadsheet, a program or a text file."""

from schakel.distribute.deliveries import Delivered
from schakel.engine.export import to_csv, to_json, to_xlsx
from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _
from schakel.lib.text import language

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def headings(delivered: Delivered) -> tuple[str, ...]:
    """The names of the columns for people, in the language of this moment; the own name where none is given."""
    named = {c["key"]: c for c in delivered.product.columns if isinstance(c, dict) and "key" in c}
    found = [str(named.get(name, {}).get(language()) or name) for name in delivered.answer.names]
    return tuple(
        f"{title} ({name})" if found.count(title) > 1 else title
        for title, name in zip(found, delivered.answer.names, strict=True)
    )


def render(delivered: Delivered, rendering: str) -> bytes:
    """The content of a file: csv, xlsx or json. A program gets the names of the columns, people get their titles."""
    rows = delivered.answer.rows
    if rendering == "json":
        return to_json(delivered.answer.names, rows)
    if rendering == "csv":
        return to_csv(headings(delivered), rows)
    if rendering == "xlsx":
        return to_xlsx(headings(delivered), rows, str(delivered.product))
    raise SchakelError(_("Deze vorm kent Schakel niet: %(form)s.") % {"form": rendering[:20]}, code="rendering")
