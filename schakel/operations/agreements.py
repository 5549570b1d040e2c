"""What is agreed about a source: its layout with the answers in effect, for readings, pages and the data contract."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from schakel.access.people import Person
from schakel.chain.approvals import in_force
from schakel.collect import chosen_answers, contracts, low_counts, reports
from schakel.collect.connectors import known_layout
from schakel.collect.contracts import Choice, Term
from schakel.collect.counts import Confirmed
from schakel.collect.layouts import Layout
from schakel.collect.packages import Package
from schakel.collect.shelves import Shelf
from schakel.collect.source_mappings import in_force as mapping_of
from schakel.collect.sources import Source
from schakel.connectors.mapped_layout import declared
from schakel.lib.errors import Unknown
from schakel.process import mappings
from schakel.process.model import school_model

Needed = dict[tuple[str, str], list[str]]  # (file, column) -> the keys of the needs that name it


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
    """The low counts, and the school, that somebody said are right since what stands now landed."""
    standing = Shelf(data, source.key).current()
    return low_counts.confirmed(source, standing["landed_at"] if standing else "")


def choose(actor: Person, source: Source, choices: list[Choice], reason: str, data: Path) -> None:
    """Choose answers, and leave a copy for `schakel check`. Raises Refused or SchakelError; then nothing changed."""
    chosen_answers.choose(actor, source, layout_of(source), choices, reason)
    contracts.keep_copy(data, source.key, source.layout, source.pattern, choices_of(source))


def needed_columns(layout: str) -> Needed:
    """Which columns of a layout are read, each with the keys of the approved needs that name it."""
    found: Needed = {}
    for each in in_force():
        for place in columns_of(known(each.need.element_keys()), layout):
            found.setdefault(place, []).append(each.need.key)
    return found


def known(elements: Iterable[str]) -> frozenset[str]:
    """Of these elements the ones that the school model has."""
    return frozenset(elements) & {c.element for table in school_model().values() for c in table.columns.values()}


def columns_of(elements: Iterable[str], layout: str) -> frozenset[tuple[str, str]]:
    """The columns (file, column) of a layout that are read for these elements."""
    return _columns(frozenset(elements)).get(layout, frozenset())


@cache
def _columns(elements: frozenset[str]) -> dict[str, frozenset[tuple[str, str]]]:
    found = mappings.columns_for(elements).items()
    return {layout: frozenset((file, c) for file, columns in files.items() for c in columns) for layout, files in found}


@dataclass(frozen=True)
class Preview:
    """What the last delivery had in one place: how many values broke the rules of a term, in how many rows, when."""

    values: int
    rows: int
    on: datetime


def preview(source: Source, term: Term, data: Path) -> Preview | None:
    """What another answer would have done to the last delivery; None where there is none, or it cannot tell."""
    run = source.runs.finished().exclude(folder="").first()
    if run is None:
        return None
    try:
        label = reports.landing_told(data / run.folder).get("labels", {}).get(term.file)
        found = reports.check_report(data / run.folder).findings
    except Unknown:
        return None
    if label is None:
        return None
    rows = [f.row for f in found if (f.file, f.column) == (label, term.header) and f.rule in term.rules]
    return Preview(len(rows), len(set(rows)), run.started_at)
