"""Why someone sees a product: the need behind it and its ground, where the figures come from, who else sees it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from schakel.access.roles import Role
from schakel.chain.goals import Goal
from schakel.chain.needs import InformationNeed
from schakel.collect.sources import Source
from schakel.distribute.held import role_words, said, scope_words
from schakel.distribute.named_figures import ANY
from schakel.distribute.standing import Standing
from schakel.lib import clock
from schakel.lib.text import gettext as _
from schakel.lib.text import language, worded
from schakel.steer.values import TABLE as FIGURES


@dataclass(frozen=True)
class SourceFact:
    """A source that the product rests on: when it was read, how much of it came through, who repairs it."""

    key: str
    name: str
    system: str
    landed_at: datetime | None
    rows: int | None
    quarantined: int | None
    repairs: str

    @property
    def complete(self) -> float | None:
        """The part of the rows that was usable, 0 to 1; None when that is not known."""
        if self.rows is None or self.quarantined is None or not self.rows + self.quarantined:
            return None
        return self.rows / (self.rows + self.quarantined)


@dataclass(frozen=True)
class Why:
    """The facts for the panel *Why do I see this?* (law 10)."""

    need: str
    number: str
    question: str
    purpose: str
    legal_basis: str
    art9_exception: str
    goal: str
    standings: tuple[str, ...]
    since: date | None
    until: date | None
    others: tuple[str, ...]
    snapshot_at: datetime | None
    freshness: str
    sources: tuple[SourceFact, ...]
    approved_by: str
    approved_on: date | None
    review_on: date | None
    review_due: bool
    left_out: tuple[str, ...]

    @property
    def whom_to_tell(self) -> tuple[str, ...]:
        """The roles that repair the sources, without repetition."""
        return tuple(dict.fromkeys(fact.repairs for fact in self.sources if fact.repairs))


def audience_words(need: InformationNeed, names: Mapping[str, str]) -> tuple[str, ...]:
    """Who receives it, in words: each role and how far it reaches."""
    pairs = sorted(need.audience_pairs())
    return tuple(_("%(role)s %(scope)s") % {"role": names.get(r, r), "scope": scope_words(scope)} for r, scope in pairs)


def why(
    need: InformationNeed,
    approval: Any,
    standings: tuple[Standing, ...],
    manifest: Mapping[str, Any],
    day: date,
    left_out: tuple[str, ...] = (),
    figures: Collection[str] = ANY,
) -> Why:
    """The facts about one delivery; `manifest` is that of its snapshot, `figures` the indicators that it can be of."""
    names = role_words()
    finished = manifest.get("finished")
    until = (
        None if any(s.until is None for s in standings) else max((s.until for s in standings if s.until), default=None)
    )
    return Why(
        need=need.key,
        number=need.number,
        question=worded(need, "question"),
        purpose=worded(need, "purpose"),
        legal_basis=need.legal_basis,
        art9_exception=need.art9_exception,
        goal=_named(need.goal) if need.goal else "",
        standings=tuple(said(standing, names) for standing in standings),
        since=min((s.since for s in standings if s.since), default=None),
        until=until,
        others=audience_words(need, names),
        snapshot_at=datetime.fromisoformat(finished) if finished else None,
        freshness=worded(need, "freshness"),
        sources=tuple(_source_facts(manifest, need.element_keys(), figures)),
        approved_by=approval.approver.name,
        approved_on=clock.day_of(approval.at),
        review_on=need.review_on,
        review_due=bool(need.review_on and need.review_on < day),
        left_out=left_out,
    )


def behind(manifest: Mapping[str, Any], elements: Iterable[str], figures: Collection[str] = ANY) -> set[str]:
    """The keys of the sources of the tables that are named; none when the manifest does not tell which.

    A figure comes from what it is computed from: the tables of each indicator that was, or of these `figures` alone.
    """
    tables = _tables(elements)
    if FIGURES in tables:
        computed = [told for key, told in manifest.get("indicators", {}).items() if not figures or key in figures]
        tables |= _tables(element for told in computed for element in told.get("elements", ()))
    return {source for table in tables for source in _fed_by(manifest.get("tables", {}), table)}


def rests_on_figures(elements: Iterable[str]) -> bool:
    """Whether figures of indicators are among these elements."""
    return FIGURES in _tables(elements)


def _source_facts(manifest: Mapping[str, Any], elements: frozenset[str], figures: Collection[str]) -> list[SourceFact]:
    """The sources of what the need names; all of them when the manifest does not tell which."""
    known = {s.key: s for s in Source.objects.select_related("system", "repairs_role")}
    named = behind(manifest, elements, figures)
    found = [item for item in manifest.get("sources", ()) if not named or item.get("source") in named]
    return [_fact(item, known.get(str(item.get("source")))) for item in found]


def _tables(elements: Iterable[str]) -> set[str]:
    return {element.partition(".")[0] for element in elements}


def feeding(manifest: Mapping[str, Any], elements: frozenset[str]) -> list[Source]:
    """The sources that feed the tables of these elements; none when the manifest does not tell which."""
    tables = manifest.get("tables", {})
    keys = [source for name in sorted(_tables(elements)) for source in _fed_by(tables, name)]
    known = {s.key: s for s in Source.objects.filter(key__in=keys).select_related("repairs_role")}
    return [known[key] for key in dict.fromkeys(keys) if key in known]


def _fed_by(tables: Mapping[str, Any], name: str) -> list[str]:
    return [str(key) for key in tables.get(name, {}).get("sources", ())]


def _named(goal: Goal) -> str:
    return goal.en if language() == "en" and goal.en else goal.nl


def _fact(item: Mapping[str, Any], source: Source | None) -> SourceFact:
    landed = item.get("landed_at")
    role: Role | None = source.repairs_role if source else None
    return SourceFact(
        key=str(item.get("source", "")),
        name=worded(source, "name") if source else str(item.get("source", "")),
        system=worded(source.system, "name") if source else "",
        landed_at=datetime.fromisoformat(landed) if landed else None,
        rows=_count(item.get("rows")),
        quarantined=_both(item),
        repairs=(role.en if language() == "en" else role.nl) if role else "",
    )


def _count(value: Any) -> int | None:
    """A number of rows, whether said for the whole or per file."""
    if isinstance(value, Mapping):
        return sum(int(each) for each in value.values())
    return None if value is None else int(value)


def _both(item: Mapping[str, Any]) -> int | None:
    """The rows that wait for repair: those of the last delivery, and of earlier ones that still stand."""
    last = _count(item.get("quarantined"))
    return None if last is None else last + (_count(item.get("quarantined_stayed")) or 0)
