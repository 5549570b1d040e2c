"""What a file of a source system looks like: its columns as a query, how it is written, and what can be wrong in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from schakel.engine.duck import quoted

from .loading import sql

LAS = "las"
DUPLICATE = "duplicate key"


@dataclass(frozen=True)
class Flaw:
    """A kind of mistake that source systems make, and what a checker should make of it.

    `value` and `where` are SQL over the columns of the export. `rule` and `action` are what the check reports.
    `found_in` says what one must hold beside the file to see it: the `file` itself, the whole `package`, or the
    `roster` of the board (then no check of the file finds it: the row lands, and nobody is found for it). Where a
    mistake takes away a part of the row's key, the rows chosen differ in `apart`, so that none is another's double.
    """

    column: str
    kind: str
    value: str
    rule: str
    where: str = "TRUE"
    action: str = "drop row"
    found_in: str = "file"
    apart: str = ""


@dataclass(frozen=True)
class Export:
    """One file (or member of the zip, or sheet); its query lies in `sql/files`.

    The query gives `_row`, the line in the file, and then the columns in their order; what begins with _ stays behind.
    """

    name: str
    package: str
    flaws: Sequence[Flaw] = ()
    sheet: str = ""
    encoding: str = "utf-8"

    @property
    def sql(self) -> str:
        """The query of the whole file, without mistakes."""
        return sql(f"files/{self.name}")

    @property
    def file(self) -> str:
        """What the key calls it: the member of the zip; other files get their date later."""
        return f"{self.name}.csv" if self.package == LAS else ""

    @property
    def delimiter(self) -> str:
        return "," if self.package == LAS else ";"


def _filled(column: str, where: str) -> str:
    return f"{quoted(column)} IS NOT NULL AND {where}"


def impossible_day(
    column: str, where: str = "TRUE", action: str = "drop row", *, dutch: bool = False, apart: str = ""
) -> Flaw:
    """30 February in the year of the date that stood there. `dutch` columns hold text as 31-12-2026, others a date."""
    there = quoted(column)
    value = f"'30-02-' || right({there}, 4)" if dutch else f"year({there}) || '-02-30'"
    return Flaw(column, "impossible date", value, "date", _filled(column, where), action, apart=apart)


def wrong_word(
    column: str, word: str, where: str = "TRUE", action: str = "drop row", *, rule: str = "vocabulary"
) -> Flaw:
    """A word that the vocabulary of the column does not have."""
    return Flaw(column, "unknown word", f"'{word}'", rule, _filled(column, where), action)


def empty(column: str, where: str = "TRUE", action: str = "drop row", *, apart: str = "") -> Flaw:
    """Nothing where something is required."""
    return Flaw(column, "missing value", "NULL", "required", _filled(column, where), action, apart=apart)


def dangling(column: str, value: str, where: str = "TRUE", action: str = "drop row") -> Flaw:
    """A reference to something that the package does not have."""
    return Flaw(column, "broken reference", f"'{value}'", "reference", _filled(column, where), action, "package")


def stranger(column: str) -> Flaw:
    """The number of a pupil whom the roster does not know: twelve digits, another in every row."""
    return Flaw(
        column, "unknown to the roster", "'99' || lpad(_row::VARCHAR, 10, '0')", "unplaced", "TRUE", "accept", "roster"
    )


def unplaced(column: str, value: str, where: str = "TRUE", *, apart: str = "") -> Flaw:
    """A well-formed number that nobody in the roster has."""
    word, kind = f"'{value}'", "unknown to the roster"
    return Flaw(column, kind, word, "unplaced", _filled(column, where), "accept", "roster", apart)


def twice(column: str, where: str = "TRUE") -> Flaw:
    """The key of the row above, once more. The planter fills in the value."""
    return Flaw(column, DUPLICATE, "", "duplicate-key", where)


def text_for_number(
    column: str, text: str, where: str = "TRUE", action: str = "drop value", *, rule: str = "number"
) -> Flaw:
    """Words where a number belongs."""
    return Flaw(column, "text for a number", f"'{text}'", rule, _filled(column, where), action)


def shouted(column: str, where: str = "TRUE") -> Flaw:
    """TRUE or FALSE in capitals, as spreadsheets write them."""
    value = f"upper({quoted(column)}::VARCHAR)"
    return Flaw(column, "boolean in capitals", value, "vocabulary-case", _filled(column, where), "accept")


def backwards(column: str, value: str, where: str = "TRUE", action: str = "drop row") -> Flaw:
    """An end that is not after its begin."""
    return Flaw(column, "end not after begin", value, "period-order", where, action)
