"""What is asked of the register again and again while one page is made, asked once.

Only inside `looking()`, which the pages open around an answer that changes nothing; the first write lets go of
everything, and inside a change nothing is kept.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import TypeVar, cast

from schakel.access.kept import change_open, told_before

_T = TypeVar("_T")


@contextmanager
def looking() -> Iterator[None]:
    """While this lasts, a question that was answered is not asked again."""
    token = told_before.set({})
    try:
        yield
    finally:
        told_before.reset(token)


def once(question: Hashable, ask: Callable[[], _T]) -> _T:
    """The answer to a question: as it was given before on this page, or asked now."""
    told = told_before.get()
    if told is None or change_open.get():
        return ask()
    if question not in told:
        told[question] = ask()
    return cast(_T, told[question])
