"""How numbers are written in files of any vendor: with a comma or a point, and with what their unit puts around them.

A spreadsheet that is saved as text writes cells as it shows them: `€ 1.234,50`, `80%`, `5:30` for 5,5 hours.
Only a field that says in which unit it is may be written so: 80% of a field in hours is no number.
"""

import re
from dataclasses import dataclass
from functools import cache

from schakel.engine.duck import literal

HOURS, MONEY, PERCENTAGE = "hours", "money", "percentage"
SHARE = "share"  # 0,8, and 80% as well

_BLANK = r"[ \x{A0}]?"
_EURO = "(€|EUR)"
_UNSIGNED = {
    ".": r"[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?",
    ",": r"([0-9]+|[1-9][0-9]{0,2}(\.[0-9]{3})+)(,[0-9]+)?",  # 0.500 is never a thousand
}
_THOUSANDS = r"[0-9]{1,3}(,[0-9]{3})+\.[0-9]+"  # of an amount: without its cents 1,234 may be 1.234 as well
_WHOLE = r"([0-9]+|[1-9][0-9]{0,2}(\.[0-9]{3})+),-{1,2}"  # an amount in whole euros: € 12,-
_NOTHING = rf"{_EURO}{_BLANK}-"  # no euros at all, as a spreadsheet shows it in a column of amounts
_DRESS = re.compile("€|EUR|%|[ \u00a0()]|,?-{1,2}$")
_CLOCK = "[0-9]{1,4}:[0-5][0-9](:[0-5][0-9])?"


@dataclass(frozen=True)
class NumberForm:
    """How the numbers of one field are written; `unit` is empty for a bare number."""

    decimal: str = "."
    unit: str = ""

    @property
    def pattern(self) -> str:
        """The whole text of a number, as a pattern of RE2."""
        number = _UNSIGNED[self.decimal]
        signed = f"[+-]?{number}"
        if self.unit in {PERCENTAGE, SHARE}:
            return f"{signed}({_BLANK}%)?"
        if self.unit == HOURS:
            return f"{signed}|{_CLOCK}"
        if self.unit == MONEY:
            number = f"({number}|{_THOUSANDS})" if self.decimal == "." else number
            behind = f"({_EURO}{_BLANK})?{number}{_BLANK}-"
            within = rf"({_EURO}{_BLANK})?\({_BLANK}({_EURO}{_BLANK})?{number}{_BLANK}\)"
            number = f"({number}|{_WHOLE})" if self.decimal == "," else number
            before = f"[+-]?{_BLANK}{_EURO}{_BLANK}{number}|{_EURO}{_BLANK}[+-]{_BLANK}{number}"
            return f"[+-]?{number}({_BLANK}{_EURO})?|{before}|{behind}|{within}|{_NOTHING}"
        return signed

    def unlike(self, c: str) -> str:
        """SQL that is true where the text of a cell is no number."""
        return f"NOT regexp_full_match({c}, {literal(self.pattern)})"

    def value(self, c: str) -> str:
        """SQL of the number that a cell holds; null where it is none."""
        return f"CASE WHEN regexp_full_match({c}, {literal(self.pattern)}) THEN {self._read(c)} END"

    def _read(self, c: str) -> str:
        bare = c if self.decimal == "." else f"replace(replace({c}, '.', ''), ',', '.')"
        if self.unit in {PERCENTAGE, SHARE}:
            hundreds = f" / CASE WHEN contains({c}, '%') THEN 100 ELSE 1 END" if self.unit == SHARE else ""
            return f"TRY_CAST(rtrim({bare}, '% \u00a0') AS DOUBLE){hundreds}"
        if self.unit == HOURS:
            parts = f"string_split({c}, ':')"
            clock = " + ".join(f"coalesce(TRY_CAST({parts}[{at + 1}] AS DOUBLE), 0) / {60**at}" for at in range(3))
            return f"CASE WHEN contains({c}, ':') THEN {clock} ELSE TRY_CAST({bare} AS DOUBLE) END"
        if self.unit == MONEY:
            amount = f"regexp_replace({bare}, '€|EUR|[, \\x{{A0}}]', '', 'g')"
            return (
                f"CASE WHEN contains({c}, ',-') THEN TRY_CAST(regexp_replace({amount}, '[.]-+$', '') AS DOUBLE)"
                f" WHEN regexp_full_match({c}, {literal(_NOTHING)}) THEN 0"
                f" WHEN contains({c}, '(') THEN -TRY_CAST(regexp_replace({amount}, '[()]', '', 'g') AS DOUBLE)"
                f" WHEN ends_with({c}, '-') THEN -TRY_CAST(rtrim({amount}, '-') AS DOUBLE)"
                f" ELSE TRY_CAST({amount} AS DOUBLE) END"
            )
        return f"TRY_CAST({bare} AS DOUBLE)"

    def is_one(self, text: str) -> bool:
        """Whether a text is such a number."""
        return bool(_compiled(self).fullmatch(text))


@cache
def _compiled(form: NumberForm) -> re.Pattern[str]:
    return re.compile(form.pattern.replace(r"\x{A0}", "\u00a0"))


def is_in_unit(text: str, unit: str) -> bool:
    """Whether a text is a number of this unit, whatever its decimal sign."""
    return any(NumberForm(sign, unit).is_one(text) for sign in _UNSIGNED)


def bare(text: str) -> str:
    """The number in a text without what its unit puts around it; the text itself where it is no such number."""
    dressed = is_in_unit(text, MONEY) or is_in_unit(text, PERCENTAGE)
    return (_DRESS.sub("", text) or "0") if dressed else text
