"""What a file of a source system looks like: its columns as a query, how it is written, and what can be wrong in it."""

from dataclasses import dataclass, field

from schakel.engine.duck import quoted

LAS = "las"


@dataclass(frozen=True)
class Flaw:
    """A kind of mistake that source systems make, and what a checker should make of it.

    `value` and `where` are SQL over the columns of the export. `found_in` says what one must hold beside the file
    to see it: the `file` itself, the whole `package`, or the `roster` of the board. `action` is the advice for a repair.
    """

    column: str
    kind: str
    value: str
    where: str = "TRUE"
    rule: str = ""
    action: str = "drop row"
    found_in: str = "file"


@dataclass(frozen=True)
class Export:
    """One file (or member of the zip, or sheet). `sql` gives `_row`, the line in the file, and then the columns in order."""

    name: str
    package: str
    sql: str
    flaws: tuple[Flaw, ...] = ()
    sheet: str = ""
    encoding: str = "utf-8"
    delimiter: str = ";"
    extra_columns: dict[str, str] = field(default_factory=dict)

    @property
    def relation(self) -> str:
        """The table that holds the planted mistakes' place: unique over all exports."""
        return f"{self.package}.{self.sheet or self.name}"


def impossible_day(column: str, where: str, *, dutch: bool = False, action: str = "drop row") -> Flaw:
    """30 February in the year of the date that stood there."""
    there = quoted(column)
    value = f"'30-02-' || right({there}, 4)" if dutch else f"left({there}::VARCHAR, 4) || '-02-30'"
    return Flaw(column, "impossible date", value, f"{there} IS NOT NULL AND {where}", "date", action)


def wrong_word(column: str, word: str, where: str = "TRUE", action: str = "drop row") -> Flaw:
    """A word that the vocabulary of the column does not have."""
    return Flaw(column, "unknown word", f"'{word}'", f"{quoted(column)} IS NOT NULL AND {where}", "vocabulary", action)


def empty(column: str, where: str = "TRUE") -> Flaw:
    """Nothing where something is required."""
    return Flaw(column, "missing value", "NULL", f"{quoted(column)} IS NOT NULL AND {where}", "required")


def dangling(column: str, value: str, where: str = "TRUE", found_in: str = "package", action: str = "drop row") -> Flaw:
    """A reference to something that does not exist."""
    return Flaw(
        column,
        "broken reference",
        f"'{value}'",
        f"{quoted(column)} IS NOT NULL AND {where}",
        "reference",
        action,
        found_in,
    )


def twice(column: str, where: str = "TRUE") -> Flaw:
    """The key of the row above, once more. The planter fills in the value."""
    return Flaw(column, "duplicate key", "", where, "unique")


def text_for_number(column: str, text: str, where: str = "TRUE", action: str = "drop value") -> Flaw:
    """Words where a number belongs."""
    return Flaw(column, "text for a number", f"'{text}'", f"{quoted(column)} IS NOT NULL AND {where}", "number", action)


def shouted(column: str, where: str = "TRUE") -> Flaw:
    """TRUE or FALSE in capitals, as spreadsheets write them."""
    return Flaw(
        column,
        "boolean in capitals",
        f"upper({quoted(column)}::VARCHAR)",
        f"{quoted(column)} IS NOT NULL AND {where}",
        "boolean",
        "accept",
    )
