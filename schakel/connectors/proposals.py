"""Which field each column of a dropped file probably is: by its name, by words it is known under, and by its values."""

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from schakel.collect.number_forms import HOURS, PERCENTAGE, SHARE
from schakel.collect.other_forms import LESSON, is_lesson
from schakel.connectors.column_kinds import SeenColumn
from schakel.connectors.targets import Target, TargetField, synonyms, targets
from schakel.connectors.wide import DAY, NAME, VALUE

NO_SCHOOLS: Mapping[str, str] = MappingProxyType({})
LEAVE_OUT = "~"  # what a value becomes whose rows are not wanted
LIKE = 0.84  # how alike two names are at least,
LONG = 5  # when they have so many letters at least: «uur» is not «duur»
_ALIKE = 0.8  # what a name that is alike is worth at most
_KNOWN = 0.85  # and what one that is known is worth at least
_CERTAIN = 0.6  # from this on a column is proposed
_BRACKETS = re.compile(r"\s*\(([^)]*)\)")
_NO_CHOICE = frozenset(
    {"number", "percentage", "money", "time", "date"}
)  # kinds of values that are not chosen from a list


@dataclass(frozen=True)
class Choices:
    """What was chosen: per field its column (by place), fixed values, and per field which value becomes which.

    A value that becomes nothing refuses its row, or loses its cell; one that becomes `LEAVE_OUT` takes its row out.
    """

    columns: dict[str, int] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)


def best_target(seen: Sequence[SeenColumn], name: str = "") -> Target:
    """What this file most probably holds, by its columns and by what it is called."""

    def how_well(each: Target) -> tuple[float, int]:
        weight, called = _weight(each, seen), _called(each, name)
        return (max(weight, 0) if called else weight) + called + _wide(each, seen), len(each.open_fields)

    return max(targets(), key=how_well)


def unlike(target: Target, seen: Sequence[SeenColumn]) -> bool:
    """Whether more is lacking of what every row must have than there is of the target."""
    return _weight(target, seen) <= 0


def _wide(target: Target, seen: Sequence[SeenColumn]) -> float:
    """A wide overview says what happened on each day, or came of each test: that is no list of people or groups."""
    beside = {DAY: "date", NAME: "test_name"}
    return 2.0 if any(target.field(beside[column.header]) for column in seen if column.header in beside) else 0.0


def _weight(target: Target, seen: Sequence[SeenColumn]) -> float:
    """How much of the target is there; what every row must have and is not there counts against it.

    A key alone says nothing, and neither does a choice of which no value is known.
    """
    found = _scores(target, seen)
    if found and tuple(found) == target.unique:
        return 0.0
    lost = sum(each.required and not each.default and each.name not in found for each in target.open_fields)
    there = [each for each in target.open_fields if each.name in found]
    return sum(found[each.name][0] for each in there if _says(each, seen, found[each.name][1])) - lost


def _says(target: TargetField, seen: Sequence[SeenColumn], place: int) -> bool:
    """Whether a column says something of the field: of a choice at least one value must be known."""
    column = seen[_best_known(target, seen, place)] if target.choices else seen[place]
    return not target.choices or not column.values or _known(target, column) > 0


def _called(target: Target, name: str) -> float:
    bare = plain(name.rpartition(".")[0])
    return 1.0 if any(word in bare for word in synonyms()["files"].get(target.key, ())) else 0.0


def propose(target: Target, seen: Sequence[SeenColumn], schools: Mapping[str, str] = NO_SCHOOLS) -> Choices:
    """The columns for the fields of a target, and the values of its choices; `schools`: see `proposed_values`."""
    found = {name: place for name, (_score, place) in _scores(target, seen).items()}
    for each in target.open_fields:  # what every row needs may come from a column of its name that another field has
        likeness, place = max(((score(each, column), column.place) for column in seen), default=(0.0, 0))
        if each.required and each.name not in found and likeness >= _KNOWN:
            found[each.name] = place
    for each in target.open_fields:
        if each.names_school and not _tells_school(each, seen, schools, found):
            for column in _of_schools(seen, schools, found):
                found[each.name] = column.place
        elif each.required and each.choices and not each.default and each.name not in found:
            for column in _of_words(each, seen):
                found[each.name] = column.place
        elif each.required and each.choices and each.name in found:
            found[each.name] = _best_known(each, seen, found[each.name])
    for each in target.open_fields:
        if each.decides and each.name in found and each.decides not in found:  # then it says all that there is to say
            found[each.decides] = found.pop(each.name)
    fixed = {each.name: each.default for each in target.open_fields if each.default and each.name not in found}
    return Choices(found, fixed, proposed_values(target, found, seen, schools))


def proposed_values(
    target: Target, columns: dict[str, int], seen: Sequence[SeenColumn], schools: Mapping[str, str] = NO_SCHOOLS
) -> dict[str, dict[str, str]]:
    """Which value of a column becomes which value of a choice, and which name of a school is which number.

    `schools` has the number of each school under its plain name. Only the very same name is proposed.
    """
    found = {}
    for each in target.open_fields:
        values = seen[columns[each.name]].values if each.name in columns else ()
        if each.choices and each.name in columns:
            by = target.decider(each.name)
            alone = by if by and score(by, seen[columns[each.name]]) >= _CERTAIN else each
            found[each.name] = {v: kept_value(each, v, values) or kept_value(alone, v, values) for v in values}
        elif each.names_school and schools and (named := _named_schools(each, values)):
            found[each.name] = {value: schools.get(plain(value), "") for value in named}
    return found


def _of_schools(seen: Sequence[SeenColumn], schools: Mapping[str, str], found: Mapping[str, int]) -> list[SeenColumn]:
    """The first column that nothing else is read from of which at least half of the values are names of schools."""

    def named(column: SeenColumn) -> int:
        return sum(plain(value) in schools for value in column.values)

    free = [column for column in seen if column.place not in found.values() and named(column)]
    return [column for column in free if 2 * named(column) >= len(column.values)][:1]


def _tells_school(
    target: TargetField, seen: Sequence[SeenColumn], schools: Mapping[str, str], found: Mapping[str, int]
) -> bool:
    """Whether the column that is there by its name holds a number or a name of a school, or too many values to tell."""
    if target.name not in found:
        return False
    column = seen[found[target.name]]
    known = any(re.fullmatch(target.pattern, value) or plain(value) in schools for value in column.values)
    return known or (column.filled > 0 and not column.values)


def _of_words(target: TargetField, seen: Sequence[SeenColumn]) -> list[SeenColumn]:
    """The column of which most of the values are words of this choice, at least half of them; the first of equals."""
    best = max(seen, key=lambda column: _known(target, column), default=None)
    return [best] if best and 2 * _known(target, best) >= 1 else []


def _best_known(target: TargetField, seen: Sequence[SeenColumn], place: int) -> int:
    """Of the columns that a choice can be by their names the one of which most is known: the code or its meaning."""
    named = [column for column in seen if score(target, column) >= _CERTAIN]
    return max([seen[place], *named], key=lambda column: _known(target, column)).place


def _known(target: TargetField, column: SeenColumn) -> float:
    """Of which part of the different values of a column it is known what they are of this choice."""
    known = sum(bool(kept_value(target, value, column.values)) for value in column.values)
    return known / max(len(column.values), 1)


def _named_schools(target: TargetField, values: Sequence[str]) -> list[str]:
    """The values that are no number of a school, and so perhaps its name."""
    return [value for value in values if not re.fullmatch(target.pattern, value)]


def kept_value(target: TargetField, value: str, beside: Sequence[str] = ()) -> str:
    """What a value of a choice becomes by the words that it is known under; empty where these say nothing.

    `beside` are the values of its column, by which some words are told apart.
    """
    plain = value.casefold()
    meanings = synonyms()["told_apart"].get(target.name, {}).get(plain)
    if meanings and value not in target.choices:
        there = {each.casefold() for each in beside}
        meant = [kept for kept, signs in meanings.items() if there.intersection(signs)]
        return meant[0] if len(meant) == 1 else ""
    told = {str(word).casefold(): str(kept) for word, kept in target.told["vocabulary"].items()}
    if plain in told or value in target.choices:
        return told.get(plain, value)
    words = synonyms()["choices"]
    return next((kept for kept in target.choices if plain in words.get(kept, {}).get("words", ())), "")


def _scores(target: Target, seen: Sequence[SeenColumn]) -> dict[str, tuple[float, int]]:
    """The best column of each field; a column goes to one field, the best pairs first."""
    pairs = sorted(
        ((score(each, column), each.name, column.place) for each in target.open_fields for column in seen),
        key=lambda pair: -pair[0],
    )
    found: dict[str, tuple[float, int]] = {}
    taken: set[int] = set()
    for likeness, name, place in pairs:
        if likeness >= _CERTAIN and name not in found and place not in taken:
            found[name] = (likeness, place)
            taken.add(place)
    return found


def score(target: TargetField, column: SeenColumn) -> float:
    """How well a column suits a field, from 0 to about 1."""
    if column.forbidden or not column.header or (target.alone and column.repeats):
        return 0.0
    if column.kind == "eck":
        return 1.0 if target.name == "userMasterIdentifier" else 0.0
    named = _named(target, column.header)
    if column.kind == "empty":  # it may be filled in the next file; what every row needs is asked for now
        return _CERTAIN if named > _ALIKE and not target.required and not target.decides else 0.0
    fits = _fits(target, column)
    if named and fits is not False and (named > _ALIKE or _formed(target, column)):
        return named + (0.05 if fits else 0.0)
    by_value = fits and column.kind in _kinds(target)
    return 0.65 if by_value else 0.0


def _named(target: TargetField, header: str) -> float:
    """How much a header is the name of a field, with or without its unit in brackets."""
    own, units = (target.name, target.nl, target.en), synonyms()["units"].get(target.told.get("unit"), ())
    bare = _BRACKETS.sub(lambda found: "" if plain(found[1]) in map(plain, units) else found[0], header)
    return max(_likeness(own, target.words, each) for each in {header, bare})


@cache
def _likeness(own: tuple[str, str, str], synonyms: tuple[str, ...], header: str) -> float:
    header, name, *words = (plain(each) for each in (header, *own, *synonyms))
    if header in {name, *words[:2]}:
        return 1.0
    if header in words:
        return 0.95 - 0.01 * min(words.index(header), 10)
    if len(header) < LONG:
        return 0.0
    long = (word for word in words if len(word) >= LONG and not word.startswith(header))  # a pupil is not his key
    alike = max((difflib.SequenceMatcher(None, header, word).ratio() for word in long), default=0.0)
    return alike * _ALIKE if alike >= LIKE else 0.0


def _formed(target: TargetField, column: SeenColumn) -> bool:
    """Whether most of the values have the form that the field asks for; a school may be there by its name."""
    values = column.values or column.examples
    form = ".*" if target.names_school else target.pattern or ".*"
    return 2 * sum(bool(re.fullmatch(form, value)) for value in values) >= len(values)


def _kinds(target: TargetField) -> Sequence[str]:
    """The kinds of values that the field can hold, as far as that is known."""
    known = synonyms()["values"]
    found: Sequence[str] = known.get(target.name) or known.get(target.nl) or ()
    return found


def _fits(target: TargetField, column: SeenColumn) -> bool | None:
    """Whether the values can be of the field's type; None where the type says nothing."""
    if target.decides:
        return column.kind == "yesno"
    if target.told.get("reads_too") == LESSON and column.kind == "text":  # 3e, les 3
        return all(map(is_lesson, column.values or column.examples))
    if target.name == "mark" and 2 * column.numbers > column.filled:  # beside it words, such as «v» and «NG»
        return not _beyond(target, column)
    demanded = {
        "date": {"date"},
        "decimal": {"number", "integer"},
        "integer": {"integer", "zeros"},
        "time": {"time"},
    }.get(str(target.told.get("type")))
    if demanded is not None:
        return column.kind in demanded | written_as(str(target.told.get("unit", ""))) and not _beyond(target, column)
    if target.choices and column.kind in _NO_CHOICE:
        return False
    kinds = _kinds(target)
    if kinds:
        return True if column.kind in kinds else None
    return False if column.kind in {"email", "eck"} else None


def _beyond(target: TargetField, column: SeenColumn) -> bool:
    """Whether the cells of a wide overview are mostly more than the field can be: a score of 231 is no mark."""
    if target.name != "mark" or column.header != VALUE:
        return False
    numbers = [float(each.replace(",", ".")) for each in column.examples if re.fullmatch(r"[0-9]+([.,][0-9]+)?", each)]
    return 2 * sum(each > float(target.told["max"]) for each in numbers) > len(numbers)


def written_as(unit: str) -> set[str]:
    """The kinds of columns that hold numbers written in this unit: 5:30, € 12 or 80%."""
    return {{HOURS: "time", SHARE: PERCENTAGE}.get(unit, unit)} if unit else set()


def plain(name: str) -> str:
    """A name without case, accents, blanks and signs: «Lln. nr» is llnnr, «% ziek» is percentageziek."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.replace("%", " percentage "))
    bare = unicodedata.normalize("NFKD", parted).casefold()
    return re.sub(r"[^a-z0-9]", "", bare)
