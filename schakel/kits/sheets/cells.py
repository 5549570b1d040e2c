"""Cells that travel safely: what a spreadsheet program takes for a formula gets an apostrophe, and loses it again.

The same rule holds for XLSX and CSV, so that a file may go from one to the other in between.
"""

from typing import Any

from schakel.engine.export import is_formula, printable

MOST_SIGNS = 32_767  # what fits in a cell of a workbook


def outward(value: Any) -> Any:
    """A text as it is written in a file; other values stay what they are."""
    if not isinstance(value, str):
        return value
    text = printable(value.replace("\r\n", "\n").replace("\r", "\n"))
    return (f"'{text}" if is_formula(text) else text)[:MOST_SIGNS]


def inward(cell: Any) -> Any:
    """A cell as it was before it was written."""
    if isinstance(cell, str) and cell.startswith("'") and is_formula(cell[1:]):
        return cell[1:]
    return cell
