"""Wide overviews made long: a column per day, week, lesson or test becomes a row per filled cell that knows its place.

Every column that is not headed so stays a column of each row. What a cell says is in one column, what its header says
in one or two; a finding in those names the header as it stands in the file, with the row of the file.
"""

from collections.abc import Sequence
from datetime import date

from schakel.connectors import headings, month_lists
from schakel.connectors.headings import Heading, Wide
from schakel.connectors.made_rows import Made, Row
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _
from schakel.lib.text import number

DAY, HOUR, VALUE = "Datum uit de kolomkop", "Lesuur uit de kolomkop", "Waarde in de cel"
NAME, ABOVE = "Naam uit de kolomkop", "Naam boven de kolomkop"
NAMED = "named"  # how a mapping calls columns that are each headed by the name of a test, a subject or the like,
PAIRED = "paired"  # and such of which each test has several;
BETWEEN = (NAMED, PAIRED)  # between which columns these are is said by a person
# A cell that says there was nothing.
NOTHING = frozenset({"", "-", "–", "0", "0,0", "0.0", "0,00", "0.00", "0:00", "00:00", "00:00:00"})
NOT_MADE = frozenset({"", "-", "–"})  # of a test: a zero is a score
MAX_ROWS = 2_000_000  # and the signs of the other columns, once for each of those: all are held at once
MAX_SIGNS = 2**27


def joined(cells: Sequence[Row], at: int) -> list[str]:
    """The headers of a row, with what stands above them: the day of a lesson, the month of a day."""
    header, above = [cell.strip() for cell in cells[at]], cells[at - 1] if at else ()
    day, found = "", []
    for place, cell in enumerate(header):
        upper = above[place].strip() if place < len(above) else ""
        day = upper or day
        lesson = headings.is_hour(cell) and headings.heading(day, "date")
        found.append(f"{day} {cell}" if lesson else cell)
    return month_lists.dated(found, cells[:at])


def header_at(cells: Sequence[Row]) -> tuple[int, Wide] | None:
    """The first row that heads a wide overview, and how; None for a file that is none."""
    for at in range(len(cells) - 1):
        header = joined(cells, at)
        found = headings.recognised(header)
        if found and not _is_otherwise(cells, at, header, found.per):
            return at, found
    return None


def _is_otherwise(cells: Sequence[Row], at: int, header: list[str], per: str) -> bool:
    """Whether bare figures have a name each in a row above, so that they are values, or are days of a month."""
    places = headings.headed(header, per)
    if not headings.are_bare(header, places):
        return False
    above = [[row[place].strip() for place in places if place < len(row)] for row in cells[:at]]
    named = any(len(set(filter(None, row))) == len(places) for row in above)
    return named or bool(month_lists.days(header, cells[at - 1] if at else ()))


def heads(cells: Sequence[Row], at: int, per: str) -> tuple[Heading, ...]:
    """What the columns of the header are headed with."""
    return tuple(headings.headed(joined(cells, at), per).values())


def long(
    cells: Sequence[Row], lines: Sequence[int], at: int, wide: Wide, name: str = "", form: str = "%Y-%m-%d"
) -> Made:
    """The rows below the header as one row per filled cell. Raises Unreadable where no column is headed as was said.

    `form` is how the day of a column is written in its rows.
    """
    header = joined(cells, at)
    found = headings.headed(header, wide.per)
    days = _days(header, found, wide, name)
    per_lesson = wide.per == "lesson"
    told = {
        place: (day.strftime(form) if day else "", *((str(found[place].hour),) if per_lesson else ()))
        for place, day in days.items()
    }
    return _long(header, cells[at + 1 :], lines[at + 1 :], (DAY, HOUR) if per_lesson else (DAY,), told, NOTHING, name)


def named(cells: Sequence[Row], lines: Sequence[int], at: int, wide: Wide, name: str = "") -> Made:
    """The rows below the header as one row per filled cell under a name; with the name above that, where one stands.

    Raises Unreadable where the columns between which those are, are not there.
    """
    header = [cell.strip() for cell in cells[at]]
    first, end = between(header, wide)
    if not first:
        text = _("De kolomkoppen «%(after)s» en «%(before)s», waartussen de toetsen staan, staan er niet zo in.")
        alone = _("De kolomkop «%(after)s», waarna de toetsen beginnen, staat er niet in, of is de laatste.")
        words = {"after": wide.after, "before": wide.before}
        raise Unreadable((text if wide.before else alone) % words, where=name)
    above = names_above(cells[at - 1] if at else (), first, end)
    told = {place: (header[place], *above.get(place, ())) for place in range(first, end)}
    made = (NAME, ABOVE) if above else (NAME,)
    return _long(header, cells[at + 1 :], lines[at + 1 :], made, told, NOT_MADE, name)


def between(header: Row, wide: Wide) -> tuple[int, int]:
    """The place of the first column that is headed by a name, and of the first behind these; 0 and 0 without any."""
    named = [head or None for head in header]  # a column without a name bounds nothing
    first = named.index(wide.after) + 1 if wide.after in named else 0
    rest, end = named[first:], len(named)
    if wide.before:
        end = first + rest.index(wide.before) if wide.before in rest else 0
    return (first, end) if 0 < first < end else (0, 0)


def names_above(row: Row, first: int, end: int) -> dict[int, tuple[str]]:
    """What stands above each name: one cell is above all up to the next one. Empty where nothing stands there."""
    found, last = dict[int, tuple[str]](), ""
    for place in range(first, end):
        last = (row[place].strip() if place < len(row) else "") or last
        found[place] = (last,)
    return found if last else {}


def _long(
    header: Row, rows: Sequence[Row], lines: Sequence[int], names: Sequence[str], told: dict[int, tuple[str, ...]],
    nothing: frozenset[str], name: str,
) -> Made:  # fmt: skip
    """A row per filled cell of the columns in `told`, with what is told of its column under these names."""
    kept = [place for place in range(len(header)) if place not in told]
    result, heads = Made((*(header[place] for place in kept), *names, VALUE)), list[str]()
    result.heads = dict.fromkeys((*names, VALUE), heads)
    size = 0
    for row, line in zip(rows, lines, strict=True):
        if any(cell.strip() for cell in row[len(header) :]):
            result.ragged.append(line)
            continue
        stays = tuple(row[place].strip() if place < len(row) else "" for place in kept)
        for place, said in told.items():
            value = row[place].strip() if place < len(row) else ""
            if value in nothing:
                continue
            result.rows.append((*stays, *said, value))
            result.lines.append(line)
            heads.append(header[place] or _("kolom %(n)s") % {"n": place + 1})
        size += len(told) * sum(map(len, stays))
        refuse_more(len(result.rows), size, name)
    return result


def refuse_more(rows: int, signs: int, name: str) -> None:
    """Raise Unreadable for more rows that were made, or more text in them, than can be held at once."""
    if rows > MAX_ROWS or signs > MAX_SIGNS:
        text = _("Dit overzicht is te groot: het heeft meer dan %(n)s gevulde cellen, of te veel tekst daarnaast.")
        raise Unreadable(text % {"n": number(MAX_ROWS)}, code="size", where=name)


def _days(header: Row, found: dict[int, Heading], wide: Wide, name: str) -> dict[int, date | None]:
    """The day of each column. Nothing while the order or the school year is still to be said."""
    if not found:
        kinds = {"date": _("een dag"), "week": _("een week"), "lesson": _("een lesuur")}
        text = _("Geen enkele kolomkop is %(kind)s. Is het de goede regel met kolomkoppen?")
        raise Unreadable(text % {"kind": kinds[wide.per]}, where=name)
    if missing(list(found.values()), wide):
        return dict.fromkeys(found)
    days = {place: headings.moment(each, wide) for place, each in found.items()}
    wrong = next((place for place, day in days.items() if day is None), None)
    if wrong is not None:
        text = _("De kolomkop «%(head)s» is geen bestaande dag of week in schooljaar %(year)s.")
        raise Unreadable(text % {"head": header[wrong], "year": wide.school_year or "-"}, where=name)
    return days


def missing(found: Sequence[Heading], wide: Wide) -> tuple[str, ...]:
    """What must still be said before the headings are days: the school year, the order of day and month."""
    said = headings.is_school_year(wide.school_year)
    year = ("school_year",) if headings.needs_year(found) and not said else ()
    order = ("order",) if any(each.orders for each in found) and not wide.order else ()
    return (*year, *order)
