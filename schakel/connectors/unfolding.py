"""The table of a file whose columns stand for days, lessons, tests or school years: a row for each of those."""

from collections.abc import Sequence

from schakel.connectors import headings, paired_columns, wide, year_columns
from schakel.connectors.headings import Wide
from schakel.connectors.made_rows import Made, Row


def unfolded(
    cells: Sequence[Row], lines: Sequence[int], at: int, said: Wide, name: str = "", form: str = "%Y-%m-%d"
) -> Made:
    """The rows below the header at this place as rows of their own. Raises Unreadable where it is not headed so."""
    if said.per == year_columns.PER:
        return year_columns.long(cells, lines, at, name, form)
    if said.per == wide.NAMED:
        return wide.named(cells, lines, at, said, name)
    if said.per == wide.PAIRED:
        return paired_columns.long(cells, lines, at, said, name)
    return wide.long(cells, lines, at, said, name, form)


def is_headed(cells: Sequence[Row], at: int, said: Wide) -> bool:
    """Whether any column of the header at this place is headed as was said."""
    if said.per == year_columns.PER:
        return any(year_columns.names_year(cell) for cell in cells[at])
    if said.per == wide.PAIRED:
        return paired_columns.is_headed(cells, at, said)
    if said.per == wide.NAMED:
        return bool(wide.between([cell.strip() for cell in cells[at]], said)[0])
    return said.per in headings.KINDS and bool(wide.heads(cells, at, said.per))
