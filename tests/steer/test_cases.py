"""The indicators against their cases: pairs of rows and outcome in `tests/cases/indicators`, readable without code."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schakel.engine.duck import quoted
from schakel.lib.plain_yaml import from_yaml
from schakel.process.model import school_model
from schakel.steer import indicators
from schakel.steer.values import values
from tests.steer.starter import starter_norms

FOLDER = Path(__file__).parents[1] / "cases" / "indicators"
DEFINITIONS = {definition.key: definition for definition in indicators.definitions(starter_norms())}
_OWN = {"wat", "verwacht"}


def table(text: str) -> list[dict[str, str | None]]:
    """A table with `|` between the cells; an empty cell is None."""
    head, *lines = [line for line in text.splitlines() if line.strip()]
    names = [name.strip() for name in head.split("|")]
    return [dict(zip(names, [cell.strip() or None for cell in line.split("|")], strict=True)) for line in lines]


def rows(text: str) -> Iterator[dict[str, str | None]]:
    """The rows of a table, with a range of days written out over its weekdays."""
    for number, row in enumerate(table(text)):
        days = next((name for name, cell in row.items() if cell and "t/m" in cell), None)
        for day in weekdays(row[days] or "") if days else [None]:
            key = next(iter(row))
            yield {**row, key: f"{row[key]}-{number}-{day}", days: day} if days and day else row


def weekdays(text: str) -> list[str]:
    """Every weekday of a range such as `2026-09-07 t/m 2026-09-11`."""
    first, last = (date.fromisoformat(part.strip()) for part in text.split("t/m"))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [day.isoformat() for day in days if day.isoweekday() <= 5]


def school(tables: dict[str, str]) -> duckdb.DuckDBPyConnection:
    """A school model in memory: every table, with the rows that are given."""
    con = duckdb.connect()
    for name, shape in school_model().items():
        if shape.origin == "source":
            columns = ", ".join(f"{quoted(c.name)} {c.type}" for c in shape.columns.values())
            con.execute(f"CREATE TABLE {quoted(name)} ({columns})")
    for name, text in tables.items():
        found = list(rows(text))
        if found:
            names, values = ", ".join(map(quoted, found[0])), [value for row in found for value in row.values()]
            marks = ", ".join(f"({', '.join('?' * len(row))})" for row in found)
            con.execute(f"INSERT INTO {quoted(name)} ({names}) VALUES {marks}", values)
    return con


def cases() -> Iterator[Any]:
    """Every case of every file, named by its indicator and what it says."""
    for path in sorted(FOLDER.glob("*.yaml")):
        content = from_yaml(path.read_text(encoding="utf-8"))
        for case in content["gevallen"]:
            yield pytest.param(content, case, id=f"{content['indicator']}: {case['wat']}")


def same(expected: str | None, got: Any) -> bool:
    """Whether an outcome is what was expected; an empty cell stands for unknown."""
    if expected is None or got is None:
        return expected is None and got is None
    return Decimal(expected) == got if isinstance(got, Decimal | int) else expected == str(got)


@pytest.mark.parametrize(("file", "case"), list(cases()))
def test_case(file: dict[str, Any], case: dict[str, Any]) -> None:
    tables = {**file["altijd"], **{name: text for name, text in case.items() if name not in _OWN}}
    definition = DEFINITIONS[file["indicator"]]
    with school(tables) as con:
        told = indicators.compute(con, [definition], file["vandaag"])
        assert told[definition.key]["state"] == "computed"
        found = {(value.site_id, value.period): value for value in values(con)}
    for row in table(case["verwacht"]):
        value = found.get((row.pop("site_id"), row["period"] or ""))
        if row.get("numerator") == "geen":
            assert value is None, value
            continue
        assert value is not None, sorted(map(str, found))
        wrong = {
            name: (cell, getattr(value, name)) for name, cell in row.items() if not same(cell, getattr(value, name))
        }
        assert not wrong


def test_every_indicator_has_cases() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(DEFINITIONS)
