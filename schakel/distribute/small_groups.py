"""Figures over few people stay hidden, and cannot be worked out from what is shown (law 5).

The reader is taken to know every total: per row, per column, of every part and of the whole. First each figure over 1
to threshold-1 people is hidden, and each whose complement is that small. Then as many others as are needed so that no
total gives one away: not by subtracting, not by combining several totals, not because nothing else fits. Where all that
a total is made of is hidden and small, that total is hidden by this same law wherever it is shown.

Totals are taken to add up over people, which is on the safe side for people who count in two places.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import inf
from typing import Any

from schakel.distribute.derivable import combined, determined, spans
from schakel.distribute.own_figures import Opens, nothing
from schakel.distribute.plans import Plan

_Cell = tuple[int, int]  # row, atom
_MOST = 400  # hidden cells in one table that are reasoned about one by one; beyond it, all of its figures are hidden
_MANY_DIMS = 5
_ROUNDS = 30  # of narrowing: a chain of that many totals


@dataclass(frozen=True)
class People:
    """How many people stand behind a figure: exactly below the threshold, at least the threshold otherwise."""

    count: int
    keys: frozenset[Any]

    def __or__(self, other: "People") -> "People":
        keys = self.keys | other.keys
        return People(max(self.count, other.count, len(keys)), keys)


@dataclass
class Total:
    """A total that the reader knows: cells with +1 or -1 that add up to something known."""

    cells: dict[_Cell, int]
    known: bool = True


@dataclass
class Table:
    """The figures of one table: who stands behind each (cells without people are left out), and the known totals."""

    people: dict[_Cell, People]
    threshold: int
    totals: list[Total] = field(default_factory=list)
    hidden: set[_Cell] = field(default_factory=set)

    def protect(self, small: Iterable[_Cell]) -> None:
        """Hide these figures, and whatever would reveal them."""
        self.hidden = set(small)
        while self.hidden and self._one_more():
            if len(self.hidden) > _MOST:
                self.hidden = set(self.people)
                return

    def _one_more(self) -> bool:
        return self._by_subtracting() or self._by_combining() or self._by_fitting()

    def _by_subtracting(self) -> bool:
        done = False
        for total in self.totals:
            inside = [cell for cell in total.cells if cell in self.hidden] if total.known else []
            if inside and (len(inside) == 1 or self._covered(inside) < self.threshold):
                self._hide_beside(total)
                done = True
        return done

    def _by_combining(self) -> bool:
        rows = [self._unknowns(total) for total in self.totals if total.known]
        found = sorted(determined(rows))
        if not found:
            small = [t for t in self.totals if not t.known and len(self._unknowns(t)) > 1]
            known = spans(rows, [self._unknowns(total) for total in small])
            found = sorted(
                {cell for total, is_known in zip(small, known, strict=True) if is_known for cell in total.cells}
            )
        return self._break_up(found)

    def _by_fitting(self) -> bool:
        return self._break_up(sorted(self._fixed()))

    def _break_up(self, cells: Sequence[_Cell]) -> bool:
        for cell in cells:
            around = [t for t in self.totals if t.known and cell in t.cells]
            for total in sorted(around, key=lambda t: len(t.cells)):
                self._hide_beside(total)
                return True
        return False

    def _hide_beside(self, total: Total) -> None:
        """Hide the smallest figure that still shows; when none does, the total itself is not to be known."""
        left = [cell for cell in total.cells if cell not in self.hidden]
        if left:
            self.hidden.add(min(left, key=lambda cell: (self.people[cell].count, cell)))
        else:
            total.known = False

    def _covered(self, cells: list[_Cell]) -> int:
        if any(self.people[cell].count >= self.threshold for cell in cells):
            return self.threshold
        together = People(0, frozenset())
        for cell in cells:
            together = together | self.people[cell]
        return together.count

    def _unknowns(self, total: Total) -> dict[_Cell, int]:
        return {cell: sign for cell, sign in total.cells.items() if cell in self.hidden}

    def _fixed(self) -> set[_Cell]:
        """Hidden figures that can have no other value: each is at least 1, and one that reads "< 5" at most 4.

        Figures are pinned together only when each lies at such an end, so those that do not are subtracted out first.
        """
        ceiling = self.threshold - 1 if all(self.people[c].count < self.threshold for c in self.hidden) else inf
        room = {c: (1.0 - self.people[c].count, ceiling - self.people[c].count) for c in self.hidden}
        rows = [row for row in (self._unknowns(t) for t in self.totals if t.known) if row]
        free = {c for c, (low, high) in room.items() if low < 0 < high}
        rows += [row for order in (rows, rows[::-1]) for row in combined(order, free)]
        for _round in range(_ROUNDS):
            if not _tighten(rows, room):
                break
        reached = {cell for row in rows for cell in row}
        return {cell for cell, (low, high) in room.items() if low == high and cell in reached}


class _Sum:
    """A sum in which some parts may be endless."""

    def __init__(self, parts: Iterable[float]) -> None:
        self.endless, self.rest = 0, 0.0
        for part in parts:
            self.change(part, 1)

    def change(self, part: float, times: int) -> None:
        """Put a part in (1) or take it out (-1)."""
        if part in (inf, -inf):
            self.endless += times
        else:
            self.rest += times * part

    def without(self, part: float, endless: float) -> float:
        """The sum of the other parts."""
        own = part in (inf, -inf)
        return endless if self.endless > own else self.rest - (0 if own else part)


def _tighten(rows: list[dict[_Cell, int]], room: dict[_Cell, tuple[float, float]]) -> bool:
    """Narrow how far each hidden figure can move when every total stays the same; says whether anything narrowed."""
    changed = False
    for row in rows:
        low = _Sum(_signed(room[cell], sign)[0] for cell, sign in row.items())
        high = _Sum(_signed(room[cell], sign)[1] for cell, sign in row.items())
        for cell, sign in row.items():
            own = _signed(room[cell], sign)
            new = (max(own[0], -high.without(own[1], inf)), min(own[1], -low.without(own[0], -inf)))
            if new != own:
                for total, was, now in ((low, own[0], new[0]), (high, own[1], new[1])):
                    total.change(was, -1)
                    total.change(now, 1)
                room[cell] = _signed(new, sign)
                changed = True
    return changed


def _signed(room: tuple[float, float], sign: int) -> tuple[float, float]:
    return room if sign > 0 else (-room[1], -room[0])


def hidden_cells(
    rows: Sequence[Sequence[Any]], plan: Plan, threshold: int, opens: Opens = nothing
) -> dict[_Cell, bool]:
    """The cells (row, visible column) to hide; none in rows that are open to who asks (own_figures.py).

    The value says whether "< 5" is true of each in its column: they are numbers of people, and all of them are small.
    """
    hidden: dict[_Cell, bool] = {}
    atoms: set[_Cell] = set()
    counts: dict[_Cell, People] = {}
    for numbers in _apart(rows, plan):
        if opens(rows[numbers[0]]):  # so are the others: what is open follows from what they have in common
            continue
        table, small = _table(rows, numbers, plan, threshold)
        _protect_alike(table, small)
        atoms |= table.hidden
        counts |= table.people
    for column, parts in plan.cells.items():
        found = [row for row in range(len(rows)) if any((row, part) in atoms for part in parts)]
        few = column in plan.heads and all(
            counts[row, part].count < threshold for row in found for part in parts if (row, part) in atoms
        )
        hidden |= {(row, column): few for row in found}
    return hidden


def _protect_alike(table: Table, small: set[_Cell]) -> None:
    """Hide what must be hidden; figures that are over the same people in every row are hidden in the same rows."""
    twins = _twins(table)
    while small:
        table.protect(small)
        both = {(row, other) for row, place in table.hidden for other in twins[place]}
        if both <= table.hidden:
            return
        small = table.hidden | both


def _twins(table: Table) -> dict[int, list[int]]:
    """Per atom those that have exactly the same people behind them in every row, itself among them."""
    columns: dict[int, dict[int, People]] = {}
    for (row, place), people in table.people.items():
        columns.setdefault(place, {})[row] = people
    return {place: [other for other, there in columns.items() if there == own] for place, own in columns.items()}


def anything_small(rows: Sequence[Sequence[Any]], plan: Plan, threshold: int) -> bool:
    """Whether any figure may cover too few people: the quick look, with the lower bounds of mode `bits`."""
    return any(
        value and 0 < _at_least(value, number) < threshold
        for atom in plan.atoms
        for column, number in ((atom.hit, atom.hit_number), (atom.out, atom.out_number))
        if column is not None
        for value in (row[column] for row in rows)
    )


def _at_least(value: Any, number: bool) -> int:
    """How many people there are at least: the number itself, the keys, or the bits that are set."""
    if number:
        return int(value)
    return len(value) if isinstance(value, list) else int(value).bit_count()


def _apart(rows: Sequence[Sequence[Any]], plan: Plan) -> list[list[int]]:
    parts: dict[tuple[Any, ...], list[int]] = {}
    for number, row in enumerate(rows):
        parts.setdefault(tuple(row[column] for column in plan.apart), []).append(number)
    return list(parts.values())


def _table(rows: Sequence[Sequence[Any]], numbers: list[int], plan: Plan, threshold: int) -> tuple[Table, set[_Cell]]:
    people: dict[_Cell, People] = {}
    small: set[_Cell] = set()
    for row in numbers:
        for place, atom in enumerate(plan.atoms):
            found = _people(rows[row][atom.hit], (row, place))
            if found is None or not found.count:
                continue
            people[row, place] = found
            left = _people(rows[row][atom.out], (row, place)) if atom.out is not None else None
            if found.count < threshold or (left is not None and 0 < left.count < threshold):
                small.add((row, place))
    table = Table(people, threshold)
    if small:
        table.totals = _totals(rows, numbers, plan, people)
        _hide_small_totals(table)
    return table, small


def _people(value: Any, cell: _Cell) -> People | None:
    if value is None:
        return None
    if isinstance(value, list):
        return People(len(value), frozenset(value))
    count = int(value)
    return People(count, frozenset((cell, number) for number in range(min(count, 100))))


def _hide_small_totals(table: Table) -> None:
    for total in table.totals:
        if all(sign > 0 for sign in total.cells.values()) and table._covered(list(total.cells)) < table.threshold:
            total.known = False


def _totals(rows: Sequence[Sequence[Any]], numbers: list[int], plan: Plan, people: dict[_Cell, People]) -> list[Total]:
    groups = {members for kept in _kept(plan.dims) for members in _members(rows, numbers, kept)}
    found = [
        {(row, place): 1 for row in members if (row, place) in people}
        for members in sorted(groups, key=lambda g: (len(g), sorted(g)))
        for place in range(len(plan.atoms))
    ]
    found += [row for number in numbers for row in _across(number, plan, people)]
    return [Total(cells) for cells in found if len(cells) > 1]


def _kept(dims: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Which names a total keeps: every choice of them but all; of very many, only the finest and the coarsest."""
    sizes = range(len(dims)) if len(dims) <= _MANY_DIMS else (0, 1, len(dims) - 1)
    return [kept for size in sizes for kept in combinations(dims, size)]


def _members(rows: Sequence[Sequence[Any]], numbers: list[int], kept: tuple[int, ...]) -> list[frozenset[int]]:
    parts: dict[tuple[Any, ...], set[int]] = {}
    for number in numbers:
        parts.setdefault(tuple(rows[number][column] for column in kept), set()).add(number)
    return [frozenset(members) for members in parts.values()]


def _across(row: int, plan: Plan, people: dict[_Cell, People]) -> Iterable[dict[_Cell, int]]:
    """Counts of one thing under two or more conditions in one row: they add up to their total, shown or not.

    A count of nobody is shown as such and takes part as nothing: then one other count can be the whole of the total.
    """
    families: dict[str, list[int]] = {}
    for place, atom in enumerate(plan.atoms):
        families.setdefault(atom.family, []).append(place)
    for places in families.values():
        chosen = [place for place in places if plan.atoms[place].filtered]
        whole = [place for place in places if not plan.atoms[place].filtered]
        if len(chosen) > 1:
            signed = {(row, place): 1 for place in chosen} | {(row, place): -1 for place in whole[:1]}
            yield {cell: sign for cell, sign in signed.items() if cell in people}
