"""Rows that a connector makes of what a file says otherwise: side by side in its columns, or spread over its sheets."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from schakel.collect.packages import Origin

Row = Sequence[str]
ALL = "*"  # how a mapping says that all sheets of a workbook are read as one
SHEET = "Naam van het werkblad"  # the column that then tells of each row on which sheet it is


def as_it_is(cells: Sequence[Row], lines: Sequence[int], at: int) -> "Made":
    """The rows below a header that have anything in them, each as it stands there."""
    header = [cell.strip() for cell in cells[at]]
    while header and not header[-1]:
        header.pop()
    made = Made(tuple(header))
    for row, line in zip(cells[at + 1 :], lines[at + 1 :], strict=True):
        if any(cell.strip() for cell in row[len(header) :]):
            made.ragged.append(line)
        elif any(cell.strip() for cell in row):
            made.rows.append(tuple(cell.strip() for cell in [*row, *[""] * len(header)][: len(header)]))
            made.lines.append(line)
    return made


@dataclass
class Made:
    """Rows under headers. Of each row `lines` has its line in the file, and `labels` what it is a row of, where it is
    not the file as a whole; `heads` has per made column the header of each value. `ragged` are lines left out, for
    there are more cells in them than headers.
    """

    headers: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    heads: dict[str, list[str]] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    ragged: list[int] = field(default_factory=list)

    def without(self, header: str) -> None:
        """Leave out a column that nobody reads."""
        at = self.headers.index(header)
        self.headers = (*self.headers[:at], *self.headers[at + 1 :])
        self.rows = [(*row[:at], *row[at + 1 :]) for row in self.rows]

    def add(self, other: "Made", label: str, values: Sequence[tuple[str, ...]]) -> None:
        """More rows, of a table that was made alike: `values` are its rows under the headers that are here."""
        for column in self.heads.keys() | other.heads.keys():
            before, after = self.heads.get(column), other.heads.get(column)
            known = before if before is not None else [column] * len(self.rows)
            self.heads[column] = [*known, *(after if after is not None else [column] * len(values))]
        self.rows += values
        self.lines += other.lines
        self.labels += [label] * len(values)

    def text(self) -> bytes:
        """As a comma-separated text with the headers on the first line."""
        content = io.BytesIO()
        with io.TextIOWrapper(content, encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(self.headers)
            writer.writerows([" ".join(cell.split("\n")) for cell in row] for row in self.rows)
            out.flush()
            return content.getvalue()

    def origin(self, header_row: int) -> Origin:
        """Where each row and each made value of the text stands in the file."""
        columns = dict.fromkeys(self.headers, header_row)
        return Origin(self.lines, columns=columns, heads=self.heads, labels=self.labels)
