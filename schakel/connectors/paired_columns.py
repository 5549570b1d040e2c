"""Several columns for each test or subject, made long: a score and a level of one test become one row.

The name of the test stands in the row above, over the first of its columns («Rekenen» above «Score» and «Niveau»), or
in the header itself before what its column holds («Rekenen score», «Rekenen niveau»). What is told of each test (score,
niveau) is a column of the rows, by the header; a finding names both. What is told of one test alone stays a column.
"""

from collections import Counter
from collections.abc import Sequence

from schakel.connectors.headings import Wide
from schakel.connectors.made_rows import Made, Row
from schakel.connectors.wide import NAME, NOT_MADE, between, names_above, refuse_more
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _

_Told = dict[str, dict[str, int]]  # the name of a test -> what is told of it -> the place of its column


def is_headed(cells: Sequence[Row], at: int, said: Wide) -> bool:
    """Whether the columns where the tests are said to be have names and things that are told of several of them."""
    return bool(_told(cells, at, said))


def long(cells: Sequence[Row], lines: Sequence[int], at: int, said: Wide, name: str = "") -> Made:
    """The rows below the header, one for each test of which anything is told. Raises Unreadable where none is there."""
    header, told = [cell.strip() for cell in cells[at]], _told(cells, at, said)
    if not told:
        text = _("Na de kolomkop «%(after)s» staan geen toetsen met elk dezelfde kolommen, zoals score en niveau.")
        raise Unreadable(text % {"after": said.after}, where=name)
    measures = tuple(dict.fromkeys(measure for each in told.values() for measure in each))
    of_tests = {place for each in told.values() for place in each.values()}
    kept = [place for place in range(len(header)) if place not in of_tests]
    result = Made((*(header[place] for place in kept), NAME, *measures))
    result.heads = {column: [] for column in (NAME, *measures)}
    size = 0
    for row, line in zip(cells[at + 1 :], lines[at + 1 :], strict=True):
        if any(cell.strip() for cell in row[len(header) :]):
            result.ragged.append(line)
            continue
        cell = [each.strip() for each in row] + [""] * (len(header) - len(row))
        stays = tuple(cell[place] for place in kept)
        for test, places in told.items():
            values = [cell[places[measure]] if measure in places else "" for measure in measures]
            if all(value in NOT_MADE for value in values):
                continue
            result.rows.append((*stays, test, *("" if value in NOT_MADE else value for value in values)))
            result.lines.append(line)
            result.heads[NAME].append(test)
            for measure in measures:
                result.heads[measure].append(f"{test} {measure}")
        size += len(told) * sum(map(len, stays))
        refuse_more(len(result.rows), size, name)
    return result


def _told(cells: Sequence[Row], at: int, said: Wide) -> _Told:
    """Each test with the places of its columns; empty where no two of them are told the same."""
    header = [cell.strip() for cell in cells[at]]
    first, end = between(header, said)
    names = names_above(cells[at - 1] if at else (), first, end)
    found: _Told = {}
    for place in range(first, end):
        test, measure = (names[place][0], header[place]) if names else _parted(header[place])
        if test and measure and measure not in found.setdefault(test, {}):
            found[test][measure] = place
    shared = Counter(measure for each in found.values() for measure in each)
    told = {test: {m: place for m, place in each.items() if shared[m] > 1} for test, each in found.items()}
    return {test: each for test, each in told.items() if each} if len(shared) > 1 else {}


def _parted(header: str) -> tuple[str, str]:
    """The name of a test and what its column holds, of «Rekenen M5 score» or «Lezen - niveau»."""
    test, _blank, measure = header.rpartition(" ")
    return test.rstrip(" -–:"), measure
