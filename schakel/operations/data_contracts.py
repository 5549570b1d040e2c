"""The contract of a source out and in: as an ODCS document, and what such a document would change."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from schakel.access.people import Person
from schakel.chain.approvals import needed_elements
from schakel.chain.elements import DataElement
from schakel.collect.contracts import Choice
from schakel.collect.odcs import reading, text, writing
from schakel.collect.odcs.agreed import Contract, Difference, differences, in_effect
from schakel.collect.sources import Source
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _
from schakel.operations import agreements

Place = tuple[str, str]


@dataclass(frozen=True)
class Compared:
    """A document held against our contract: what differs, and whether all of that can be taken over."""

    differences: tuple[Difference, ...]

    @property
    def choices(self) -> list[Choice]:
        """The answers that would be chosen."""
        return [each.choice for each in self.differences if each.choice]

    @property
    def refused(self) -> list[Difference]:
        """What cannot be taken over; while there is any of it, nothing is."""
        return [each for each in self.differences if not each.choice]


def contract_of(source: Source) -> Contract:
    """The effective contract of a source."""
    layout = in_effect(agreements.layout_of(source), agreements.choices_of(source))
    there = {(name, column) for name, file in layout.files.items() for column in file.names}
    return Contract(
        source=source.key,
        name=source.name,
        layout=layout,
        system=source.system.name,
        hours=source.expected_hours,
        rhythm=source.rhythm,
        owner=source.owner_role.key if source.owner_role else "",
        repairs=source.repairs_role.key if source.repairs_role else "",
        read=frozenset(set(agreements.needed_columns(layout.name)) & there),
        classes={place: word for place, word in _classes(layout.name).items() if place in there},
    )


def exported(source: Source) -> str:
    """The contract as YAML that fits the published schema."""
    document = writing.document(contract_of(source))
    text.held(document, source.key)
    return text.written(document)


def compared(source: Source, content: bytes, name: str = "") -> Compared:
    """A dry run: everything in which a document differs from ours. Raises Unreadable for what is no such document."""
    theirs = reading.contract(text.read(content, name))
    return Compared(tuple(differences(contract_of(source), theirs)))


def take(actor: Person, source: Source, content: bytes, reason: str, data: Path) -> Compared:
    """Take over every difference, or nothing. Raises Refused when one of them cannot be taken over."""
    found = compared(source, content)
    if found.refused:
        first = found.refused[0]
        words = {"where": first.place or source.key, "what": first.what}
        sentence = _("Er is niets overgenomen: bij %(where)s verschilt %(what)s, en dat legt een contract niet vast.")
        hint = _("Wijzig dat in de indeling, bij de bron of bij de behoefte.")
        raise Refused(sentence % words, code="contract", where=first.place, hint=hint)
    if found.choices:
        agreements.choose(actor, source, found.choices, reason, data)
    return found


def _classes(layout: str) -> dict[Place, str]:
    """How confidential each column is that is read: as the strictest element that it alone brings."""
    elements = list(DataElement.objects.filter(key__in=agreements.known(needed_elements())))
    shared = _shared(layout, [each.key for each in elements])
    found: dict[Place, str] = {}
    for each in sorted(elements, key=_strict):
        own = agreements.columns_of([each.key], layout) - shared.get(each.key.partition(".")[0], frozenset())
        found |= {place: _class(each) for place in own}
    return {place: word for place, word in found.items() if word}


def _shared(layout: str, keys: Iterable[str]) -> dict[str, frozenset[Place]]:
    """Per table of the school model the columns that come along with each of its elements: the key, the dates."""
    found: dict[str, frozenset[Place]] = {}
    for key in keys:
        table, columns = key.partition(".")[0], agreements.columns_of([key], layout)
        found[table] = found[table] & columns if table in found else columns
    return found


def _class(element: DataElement) -> str:
    if element.special != "no":
        return "special"
    return "personal" if element.personal else ""


def _strict(element: DataElement) -> int:
    return ("", "personal", "special").index(_class(element))
