"""What is agreed about a source: its layout with the answers in effect, for readings, pages and the data contract."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from schakel.access.people import Person
from schakel.chain.approvals import in_force
from schakel.collect import chosen_answers, contracts, low_counts
from schakel.collect.connectors import known_layout
from schakel.collect.contracts import Choice
from schakel.collect.counts import Confirmed
from schakel.collect.layouts import Layout
from schakel.collect.packages import Package
from schakel.collect.shelves import Shelf
from schakel.collect.source_mappings import in_force as mapping_of
from schakel.collect.sources import Source
from schakel.connectors.mapped_layout import declared
from schakel.process import mappings
from schakel.process.model import school_model

Needed = dict[tuple[str, str], list[str]]  # (file, column) -> the questions of the needs that name it


def layout_of(source: Source) -> Layout:
    """What a source should deliver, before anything was chosen. Raises Unknown for a layout that is not there."""
    own = mapping_of(source)
    if own is not None:
        return declared(own.declaration).layout
    last = source.runs.finished().exclude(layout_version="").first()
    return known_layout(source.layout, last.layout_version if last else "")


def choices_of(source: Source) -> list[Choice]:
    """The answers that this board chose for a source."""
    return [each.choice for each in chosen_answers.in_effect(source).values()]


def agreed(source: Source, package: Package) -> Package:
    """A package, to be read with the answers in effect."""
    return replace(package, layout=contracts.agreed(package.layout, choices_of(source)))


def confirmed(source: Source, data: Path) -> Confirmed:
    """The low counts that somebody said are right since what stands now landed."""
    standing = Shelf(data, source.key).current()
    return low_counts.confirmed(source, standing["landed_at"] if standing else "")


def choose(actor: Person, source: Source, choices: list[Choice], reason: str, data: Path) -> None:
    """Choose answers, and leave a copy for `schakel check`. Raises Refused or SchakelError; then nothing changed."""
    chosen_answers.choose(actor, source, layout_of(source), choices, reason)
    contracts.keep_copy(data, source.key, source.layout, source.pattern, choices_of(source))


def needed_columns(layout: str) -> Needed:
    """Which columns of a layout are read, each with the questions of the approved needs that name it."""
    known = {column.element for table in school_model().values() for column in table.columns.values()}
    found: Needed = {}
    for each in in_force():
        elements = frozenset(each.need.element_keys()) & known
        for file, columns in _columns(elements).get(layout, {}).items():
            for column in columns:
                found.setdefault((file, column), []).append(each.need.key)
    return found


@cache
def _columns(elements: frozenset[str]) -> dict[str, dict[str, frozenset[str]]]:
    return mappings.columns_for(elements)
