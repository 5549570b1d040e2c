"""What may come in: only columns that an approved need names (law 1), and never a citizen service number (law 6).

A column is kept, dropped (no need names it) or refused. A refusal by name or by value wins over any need.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import duckdb

from schakel.collect.headers import Column
from schakel.engine.duck import literal
from schakel.lib.identifiers import forbidden_name
from schakel.lib.text import gettext as _

KEEP, DROP, REFUSE = "keep", "drop", "refuse"
LEAST_NUMBERS = 8  # so many different numbers that pass: by chance 2 in 11 pass, eight in a row about once in a million
LEAST_SHARE = 0.9  # of the eight- and nine-digit values in the column
_PER_MASK = 62  # columns in one 64-bit mask
_TESTED = ("text", "identifier", "list", "pairs", "references", "number", "integer")
# How such a number may be written: digits of any width, with blanks (also hard, narrow or hidden ones) and signs
# between or around them, with the decimals that a spreadsheet adds, or as the text formula ="...".
_WIDE = "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19"
_SIGNS = r"\s\x{A0}\x{2007}\x{2009}\x{202F}\x{200B}\x{FEFF}'\"=.,_/()-"
_LONGEST = 20

# Whether it can be such a number at all: its length and first sign tell it of most values, without looking further.
QUICK = (
    f"CREATE OR REPLACE MACRO numberlike(c) AS length(c) BETWEEN 8 AND {_LONGEST} AND (c < ':' OR c >= chr(128)"
    f" OR c[1] = '=') AND regexp_full_match(c, {literal(f'[0-9{_WIDE}{_SIGNS}]+')})"
)
# 9a+8b+...+2h-i is a multiple of eleven (BSN) or leaves five (education number); eight digits lost a leading zero.
MACROS = (
    QUICK,
    "CREATE OR REPLACE MACRO eleven(n) AS ((n // 100000000 % 10) * 9 + (n // 10000000 % 10) * 8"
    " + (n // 1000000 % 10) * 7 + (n // 100000 % 10) * 6 + (n // 10000 % 10) * 5 + (n // 1000 % 10) * 4"
    " + (n // 100 % 10) * 3 + (n // 10 % 10) * 2 - n % 10) % 11",
    "CREATE OR REPLACE MACRO digit_kind(d) AS CASE WHEN NOT regexp_full_match(d, '0?[0-9]{8,9}') THEN 0"
    " WHEN CAST(d AS BIGINT) > 0 AND eleven(CAST(d AS BIGINT)) IN (0, 5) THEN 2 ELSE 1 END",
    "CREATE OR REPLACE MACRO bare(c) AS"
    f" regexp_replace(regexp_replace(translate(c, '{_WIDE}', '0123456789'), '[.,]0{{1,2}}\"?\\s*$', ''),"
    f" {literal(f'[{_SIGNS}]')}, '', 'g')",
    # 0: no such number, 1: eight or nine digits, 2: and they pass the eleven-test
    "CREATE OR REPLACE MACRO number_kind(c) AS CASE WHEN numberlike(c) THEN digit_kind(bare(c)) ELSE 0 END",
    "CREATE OR REPLACE MACRO paired_kind(c) AS CASE WHEN c IS NULL THEN 0"
    " ELSE digit_kind(regexp_extract(c, '[0-9]{8,9}')) END",
)


@dataclass(frozen=True)
class Decision:
    """What the door decided about one column, and why. `header` is how the file itself calls it."""

    file: str
    column: str
    header: str
    decision: str
    reason: str


@dataclass(frozen=True)
class Tested:
    """The columns of one file whose values are held against the eleven-test.

    While reading, one bit per column says whether the value could be such a number at all; only columns with several of
    those are read again for the test itself.
    """

    columns: tuple[Column, ...]

    def sql(self) -> dict[str, str]:
        """The masks to compute while reading: name -> SQL."""
        groups = [self.columns[at : at + _PER_MASK] for at in range(0, len(self.columns), _PER_MASK)]
        return {f"_m{number}": " | ".join(map(_bit, range(len(group)), group)) for number, group in enumerate(groups)}

    def counts(self) -> list[str]:
        """SQL that counts for each column the values that could be such a number."""
        bits = [(at // _PER_MASK, at % _PER_MASK) for at in range(len(self.columns))]
        return [f"count(*) FILTER ((_m{mask} >> {bit}) & 1 = 1)" for mask, bit in bits]

    def suspects(self, con: duckdb.DuckDBPyConnection, scan: Callable[[], str], counts: Sequence[int]) -> list[Column]:
        """The columns that hold citizen service or education numbers, of those that were counted."""
        several = [c for c, count in zip(self.columns, counts, strict=True) if count >= LEAST_NUMBERS]
        if several:
            for macro in MACROS:
                con.execute(macro)
        return [column for column in several if _passes(con, scan(), column)]


def tested(columns: list[Column], resolved: set[str]) -> Tested:
    """Which columns to test: free text, keys, and references whose target is not there to be tested itself."""

    def free(column: Column) -> bool:
        known = column.field
        if forbidden(column):
            return False  # refused by its name already
        if known is None:
            return True
        return known.type in _TESTED or (known.type == "reference" and known.name not in resolved)

    return Tested(tuple(c for c in columns if free(c) and not (c.field and c.field.vocabulary)))


def _paired(column: Column) -> bool:
    return column.field is not None and column.field.type in {"pairs", "list"}


def _bit(at: int, column: Column) -> str:
    c = column.sql
    could = f"regexp_matches({c}, '[0-9]{{8,9}}')" if _paired(column) else f"numberlike({c})"
    return f"CASE WHEN {could} THEN {2**at}::UBIGINT ELSE 0::UBIGINT END"


def _passes(con: duckdb.DuckDBPyConnection, scan: str, column: Column) -> bool:
    kind = f"{'paired_kind' if _paired(column) else 'number_kind'}({column.sql})"
    read = f"SELECT {column.sql} AS c, {kind} AS kind FROM {scan}"
    passing = "FILTER (kind = 2)"
    sql = f"SELECT count(*) FILTER (kind > 0), count(*) {passing}, count(DISTINCT c) {passing} FROM ({read})"
    shaped, passed, different = con.execute(sql).fetchone() or (0, 0, 0)
    return bool(different >= LEAST_NUMBERS and passed >= LEAST_SHARE * shaped)


def forbidden(column: Column) -> bool:
    """Whether a column is refused for its name, as delivered or as the layout calls it."""
    return forbidden_name(column.header) or (column.field is not None and forbidden_name(column.field.source))


def decision(file: str, column: Column, needed: frozenset[str], suspects: set[int]) -> Decision:
    """What happens to one delivered column."""
    name = column.field.name if column.field else column.header

    def told(verdict: str, reason: str) -> Decision:
        return Decision(file, name, column.header, verdict, reason)

    if column.place in suspects:
        return told(REFUSE, _("De waarden doorstaan de elfproef: BSN of onderwijsnummer."))
    if forbidden(column):
        return told(REFUSE, _("De naam zegt dat dit een BSN of onderwijsnummer is."))
    if column.field is not None and column.field.secret:
        return told(REFUSE, _("Wachtwoorden worden nooit bewaard."))
    if column.field is not None and column.field.forbidden:
        return told(REFUSE, _("Dit gegeven neemt Schakel uit deze bron nooit over."))
    if name not in needed:
        return told(DROP, _("Geen goedgekeurde behoefte noemt dit gegeven."))
    return told(KEEP, _("Een goedgekeurde behoefte noemt dit gegeven."))
