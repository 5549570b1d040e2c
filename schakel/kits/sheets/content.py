"""What stands on a sheet now: the register as rows of cells, in the order of the columns."""

from collections.abc import Iterator
from typing import Any

from schakel.kits.exchange.needs import AUDIENCE, ELEMENT
from schakel.kits.exchange.nouns import Fields
from schakel.kits.exchange.register import NOUNS, Standing
from schakel.kits.exchange.values import written
from schakel.kits.sheets.cells import outward
from schakel.kits.sheets.layouts import Sheet


def rows(sheet: Sheet, standing: Standing, language: str) -> Iterator[list[Any]]:
    """Each thing of the sheet as cells, safe to write."""
    for fields in _fields(sheet, standing):
        yield [outward(written(column, fields.get(column.name), language)) for column in sheet.columns]


def line_fields(need: str, name: str, value: Any) -> Fields | None:
    """A line of a need as the fields of its own sheet; None for a field that is no line."""
    if name.startswith(ELEMENT):
        demand, reason, reason_en, declined = value
        return {
            "need": need, "element": name.removeprefix(ELEMENT), "demand": demand, "reason": reason,
            "reason_en": reason_en, "declined_reason": declined, "gone": False,
        }  # fmt: skip
    if name.startswith(AUDIENCE):
        role, _colon, scope = name.removeprefix(AUDIENCE).rpartition(":")
        return {"need": need, "receiver": role, "scope": scope, "gone": False}
    return None


def _fields(sheet: Sheet, standing: Standing) -> Iterator[Fields]:
    lines = {"need_elements": ELEMENT, "need_audience": AUDIENCE}.get(sheet.key)
    for key in standing.things(sheet.noun):
        fields = standing.fields(sheet.noun, key) or {}
        if lines is None:
            yield {"key": key, **fields}
            continue
        for name in sorted(name for name in fields if name.startswith(lines)):
            yield line_fields(key, name, fields[name]) or {}


def names_of(noun: str, standing: Standing) -> list[tuple[str, str]]:
    """The keys of a noun with their first name, for a list to choose from."""
    one = NOUNS[noun]
    return [(key, next(iter(one.names(thing)), "")) for key, thing in standing.things(noun).items()]
