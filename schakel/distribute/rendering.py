"""A delivery as a file: the same cells for a spreadsheet, a program or a text file."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from schakel.distribute.deliveries import Delivered
from schakel.engine.export import to_csv, to_json, to_xlsx
from schakel.engine.hidden import Hidden
from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _
from schakel.lib.text import language

Cells = tuple[Any, ...]
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def headings(delivered: Delivered) -> tuple[str, ...]:
    """The names of the columns for people, in the language of this moment; the own name where none is given."""
    named = {c["key"]: c for c in delivered.product.columns if isinstance(c, dict) and "key" in c}
    found = [str(_told(named.get(name, {})) or name) for name in delivered.answer.names]
    return tuple(
        f"{title} ({name})" if found.count(title) > 1 else title
        for title, name in zip(found, delivered.answer.names, strict=True)
    )


def ordered(rows: Iterable[Cells], names: Sequence[str], sort: Sequence[str]) -> list[Cells]:
    """The rows in the order of the product (`-key` is descending); what is hidden or unknown comes last.

    Ordering happens after small groups were hidden, so that the order gives nothing away.
    """
    place = {name: number for number, name in enumerate(names)}
    done = list(rows)
    for key in reversed([key for key in sort if key.removeprefix("-") in place]):
        at = place[key.removeprefix("-")]
        unknown = [row for row in done if row[at] is None or isinstance(row[at], Hidden)]
        known = [row for row in done if row[at] is not None and not isinstance(row[at], Hidden)]
        known.sort(key=lambda row, at=at: row[at], reverse=key.startswith("-"))  # type: ignore[misc]
        done = known + unknown
    return done


def in_words(delivered: Delivered, rows: Iterable[Cells]) -> list[Cells]:
    """The rows with the words that people use for coded values, in the language of this moment."""
    columns = [c for c in delivered.product.columns if isinstance(c, dict) and isinstance(c.get("words"), dict)]
    named = {c["key"]: c["words"] for c in columns if "key" in c}
    words = [named.get(name, {}) for name in delivered.answer.names]
    return [tuple(_said(cell, known) for cell, known in zip(row, words, strict=True)) for row in rows]


def _said(cell: Any, words: Mapping[str, Any]) -> Any:
    known = words.get(cell) if isinstance(cell, str) else None
    return _told(known) or cell if isinstance(known, dict) else cell


def _told(names: Mapping[str, Any]) -> Any:
    """A name in the language of this moment; the Dutch one where English is missing."""
    return names.get(language()) or names.get("nl")


def render(delivered: Delivered, rendering: str) -> bytes:
    """The content of a file: csv, xlsx or json. A program gets the names of the columns, people get their titles."""
    rows = ordered(delivered.answer.rows, delivered.answer.names, delivered.product.sort)
    if rendering == "json":
        return to_json(delivered.answer.names, rows)
    rows = in_words(delivered, rows)
    if rendering == "csv":
        return to_csv(headings(delivered), rows)
    if rendering == "xlsx":
        return to_xlsx(headings(delivered), rows, str(delivered.product))
    raise SchakelError(_("Deze vorm kent Schakel niet: %(form)s.") % {"form": rendering[:20]}, code="rendering")
