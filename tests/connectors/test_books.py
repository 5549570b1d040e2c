"""A workbook is looked into before it is opened, and once for the same bytes: a round meets the same files again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from schakel.connectors import books
from schakel.connectors.workbooks import Limits, look_inside
from schakel.lib.errors import Unreadable
from tests.connectors.test_workbooks import xlsx

LIMITS = Limits(packed=2**20, unpacked=2**22, rows=1000, columns=50)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """By which name each look inside was asked for, with nothing remembered before."""
    asked: list[str] = []

    def look(content: bytes, name: str, limits: Limits) -> list[Any]:
        asked.append(name)
        return look_inside(content, name, limits)

    monkeypatch.setattr(books, "look_inside", look)
    monkeypatch.setattr(books, "_seen", {})
    return asked


def with_text(text: str) -> bytes:
    return xlsx(lambda page: page.write("A1", text))


def with_formulas(count: int) -> Callable[[Any], None]:
    def fill(page: Any) -> None:
        for row in range(count):
            page.write_formula(row, 0, "=1+1", None, 2)

    return fill


def test_the_same_bytes_are_looked_into_once_under_whichever_name(looks: list[str]) -> None:
    content = with_text("x")
    first, second = (books.opened(content, name, LIMITS) for name in ("een.xlsx", "twee.xlsx"))
    assert looks == ["een.xlsx"]
    assert first.inside == second.inside
    assert (first.name, second.name) == ("een.xlsx", "twee.xlsx")
    assert [list(row) for row in second.rows("Blad")] == [["x"]]


def test_other_bytes_are_looked_into(looks: list[str]) -> None:
    x, y = with_text("x"), with_text("y")
    for at, content in enumerate((x, y, x, y)):
        books.opened(content, f"{at}.xlsx", LIMITS)
    assert looks == ["0.xlsx", "1.xlsx"]


def test_what_fitted_before_is_refused_where_less_may_be_in_it(looks: list[str]) -> None:
    content = xlsx(lambda page: page.write("A20", "x"))
    books.opened(content, "een.xlsx", LIMITS)
    with pytest.raises(Unreadable, match="te groot"):
        books.opened(content, "een.xlsx", replace(LIMITS, rows=10))
    assert len(looks) == 2


def test_what_is_refused_is_refused_each_time(looks: list[str]) -> None:
    for _time in range(2):
        with pytest.raises(Unreadable, match="beschadigd"):
            books.opened(b"PK no workbook", "stuk.xlsx", LIMITS)
    assert len(looks) == 2
    assert books._seen == {}


def test_no_more_are_remembered_than_the_last_ones(looks: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "_KEPT", 2)
    contents = [with_text(text) for text in "abc"]
    for at in (0, 1, 2, 2, 1, 0):
        books.opened(contents[at], f"{at}.xlsx", LIMITS)
    assert looks == ["0.xlsx", "1.xlsx", "2.xlsx", "0.xlsx"]
    assert len(books._seen) == 2


def test_one_with_very_many_formulas_takes_no_memory(looks: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "_MOST", 5)
    few, many = xlsx(with_formulas(5)), xlsx(with_formulas(6))
    for content in (few, few, many, many):
        books.opened(content, "x.xlsx", LIMITS)
    assert len(looks) == 3
