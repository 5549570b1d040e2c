"""A cell as programs write it for a spreadsheet: ="0012" keeps the zeros, and is no part of the value."""

_BEGIN, _END = '="', '"'


def unwrapped(cell: str) -> str:
    """The value of a cell."""
    text = cell.strip()
    wrapped = len(text) > len(_BEGIN) and text.startswith(_BEGIN) and text.endswith(_END)
    return text[len(_BEGIN) : -len(_END)] if wrapped else cell


def unwrapped_sql(cell: str) -> str:
    """The same in SQL, without filler blanks; null where nothing is left."""
    text = f"trim({cell})"
    return f"nullif(trim(CASE WHEN {text} LIKE '=\"%\"' THEN {text}[3:-2] ELSE {cell} END), '')"
