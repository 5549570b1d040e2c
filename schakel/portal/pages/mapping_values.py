"""What the values of a dropped file become: a choice each, or the school that a name stands for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schakel.connectors.proposals import LEAVE_OUT
from schakel.connectors.targets import TargetField, choice_words
from schakel.lib.text import gettext as _
from schakel.operations.mapping_drafts import Opened
from schakel.portal.pages.asking import Choice


@dataclass(frozen=True)
class ValueLine:
    """What one value of a column becomes."""

    field: str
    at: int
    label: str
    value: str
    choices: Sequence[Choice]


def value_lines(found: Opened, needed: frozenset[str]) -> list[ValueLine]:
    """Every value of the needed columns whose values are chosen from a list, with what it can become."""
    lines = []
    for name, values in found.draft.choices.values.items():
        field = found.target.field(name)
        if field is None or not (field.required or name in needed):
            continue
        for at, (value, kept) in enumerate(values.items()):
            left = _("rij weigeren") if field.required else _("waarde weglaten")
            options = [Choice("", left, not kept), Choice(LEAVE_OUT, _("laat deze rij weg"), kept == LEAVE_OUT)]
            options += [Choice(each, word, each == kept) for each, word in becomes(field, found.schools)]
            lines.append(ValueLine(name, at, field.label, value, options))
    return lines


def becomes(field: TargetField, schools: Mapping[str, str]) -> list[tuple[str, str]]:
    """What a value of a column can become, with what that is called."""
    if field.names_school:
        return [(number, f"{name} ({number})") for number, name in schools.items()]
    return [(each, choice_words(each)) for each in field.choices]
