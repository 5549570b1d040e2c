"""How times of day are written in files of any vendor: 8:30, 08.30, and with «uur» behind them."""

import re

TIME = (
    "([01]?[0-9]|2[0-3])"
    "(:[0-5][0-9](:[0-5][0-9])?|[.][0-5][0-9])"
    "( ?(?i:uur|u[.]?))?"
)  # fmt: skip


def time_value(c: str) -> str:
    """SQL of the time that a text is, which must be one."""
    return f"TRY_CAST(replace(regexp_extract({c}, '^[0-9:.]+'), '.', ':') AS TIME)"


def is_time(text: str) -> bool:
    """Whether a text is a time of day; 10.15 may be a number as well."""
    return bool(re.fullmatch(TIME, text))
