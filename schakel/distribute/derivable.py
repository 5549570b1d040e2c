"""What follows from known totals by adding and subtracting them: linear algebra with whole numbers modulo a prime."""

from collections.abc import Container, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

_C = TypeVar("_C", bound=Hashable)
_PRIME = (1 << 61) - 1
_Row = dict[_C, int]


def determined(rows: Iterable[Mapping[_C, int]]) -> set[_C]:
    """The unknowns whose value follows from the totals; each row gives the unknowns in a total with their sign."""
    return {next(iter(row)) for row in _reduced(rows).values() if len(row) == 1}


def spans(rows: Iterable[Mapping[_C, int]], targets: Sequence[Mapping[_C, int]]) -> list[bool]:
    """Per target whether it follows from the totals."""
    if not targets:
        return []
    basis = _reduced(rows)
    return [not _reduce(dict(target), basis) for target in targets]


def combined(rows: Iterable[Mapping[_C, int]], away: Container[_C]) -> list[_Row[_C]]:
    """What the totals say once they are subtracted from each other, in which each unknown that is left counts once.

    The unknowns in `away` are subtracted out first: what is left then says something of the others alone.
    """
    found = []
    for row in _reduced(rows, away).values():
        signed = {cell: value if value < _PRIME // 2 else value - _PRIME for cell, value in row.items()}
        if all(value in (1, -1) for value in signed.values()):
            found.append(signed)
    return found


def _reduced(rows: Iterable[Mapping[_C, int]], away: Container[_C] = ()) -> dict[_C, _Row[_C]]:
    """The totals in reduced form: by pivot, each pivot in one row only."""
    basis: dict[_C, _Row[_C]] = {}
    for given in rows:
        row = _reduce(dict(given), basis)
        if not row:
            continue
        pivot = next((cell for cell in row if cell in away), next(iter(row)))
        inverse = pow(row[pivot], _PRIME - 2, _PRIME)
        row = {cell: value * inverse % _PRIME for cell, value in row.items()}
        for other in basis.values():
            if pivot in other:
                _subtract(other, row, other[pivot])
        basis[pivot] = row
    return basis


def _reduce(row: _Row[_C], basis: Mapping[_C, _Row[_C]]) -> _Row[_C]:
    for cell in [cell for cell in row if cell in basis]:
        if cell in row:
            _subtract(row, basis[cell], row[cell])
    return row


def _subtract(row: _Row[_C], other: Mapping[_C, int], times: int) -> None:
    for cell, value in other.items():
        left = (row.get(cell, 0) - times * value) % _PRIME
        if left:
            row[cell] = left
        else:
            row.pop(cell, None)
