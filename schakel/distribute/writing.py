"""Writing a product at an approved need: what the need opens, whether a question fits, and the versions that were.

Nothing is run here. What may be shown before a product is delivered are columns and elements, never rows or counts of
rows: whoever writes a product sees no data about people by writing it (law 2). Who belongs to the audience opens it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from schakel.access import audit
from schakel.access.people import Person
from schakel.chain.approvals import standing_approval
from schakel.chain.needs import MOVING, InformationNeed
from schakel.distribute.held import role_words, scope_words
from schakel.distribute.permitted import permitted
from schakel.distribute.products import Product, write_product
from schakel.distribute.query import AnswerColumn, judge, resolved
from schakel.distribute.sight import who_sees
from schakel.lib import clock
from schakel.lib.errors import Refused
from schakel.lib.identifiers import content_hash
from schakel.lib.text import gettext as _
from schakel.process.model import school_model

WRITTEN = ("nl", "en", "shape", "sql", "columns", "sort", "empty")  # what the page writes; the rest stays as it was


@dataclass(frozen=True)
class Review:
    """What can be said about a question before it is saved: that it fits, or the sentence and the line why not.

    `beside` are elements that are used without being shown: to filter, join, group or sort. They count (law 3).
    """

    columns: tuple[AnswerColumn, ...] = ()
    beside: tuple[str, ...] = ()
    refusal: str = ""
    line: int | None = None

    @property
    def fits(self) -> bool:
        """Whether it would be delivered."""
        return not self.refusal


@dataclass(frozen=True)
class Opened:
    """One table that the need opens: the columns it names, and those that come along because they name nobody."""

    table: str
    named: tuple[str, ...]
    along: tuple[str, ...]


@dataclass(frozen=True)
class Receiver:
    """A role of the audience: how far it sees, and how many people hold it today."""

    role: str
    scope: str
    people: int


@dataclass(frozen=True)
class Version:
    """A product as it was written once: when, by whom, with which words."""

    number: int
    at: datetime
    by: str
    fields: Mapping[str, Any] = field(default_factory=dict)


def require_approved(need: InformationNeed) -> None:
    """Raises Refused while no approval holds: what is not approved moves no data, so there is nothing to deliver."""
    if need.state not in MOVING or standing_approval(need) is None:
        raise Refused(
            _("Een overzicht schrijft u bij een goedgekeurde behoefte. Voor deze is er nu geen geldig besluit."),
            code="not_approved", where=need.number, who_can=("board_member", "information_manager"),
        )  # fmt: skip


def review(need: InformationNeed, sql: str, optional: frozenset[str] = frozenset()) -> Review:
    """Hold a question against its need, in the same way as at each delivery."""
    terms: dict[str, Any] = {"level": need.level, "optional": optional}
    try:
        columns = resolved(sql, need.element_keys(), **terms)
        used = judge(sql, need.element_keys(), **terms)
    except Refused as refusal:
        return Review(refusal=str(refusal), line=line_of(sql, refusal))
    shown = frozenset(element for column in columns for element in column.elements)
    return Review(columns, tuple(sorted(used - shown)))


def line_of(sql: str, refusal: Refused) -> int | None:
    """The line that a refusal is about, when its fragment or an element that it names stands in the text."""
    fragment = refusal.where.strip("«»…")
    named = re.findall(r"\b[a-z_]+\.([a-z_0-9]+)", refusal.message) if refusal.code == "element" else []
    quoted = re.findall(r"'([\w.]{2,130})'", refusal.message)
    for words in filter(None, (fragment, *named, *quoted)):
        pattern = r"[\s\"]*".join(re.escape(part) for part in re.findall(r"\w+|[^\w\s\"]", words))
        found = re.search(pattern, sql, re.IGNORECASE) if pattern else None
        if found:
            return sql.count("\n", 0, found.start()) + 1
    told = re.search(r"regel (\d+)", refusal.message)
    return int(told[1]) if told else None


def opened_by(need: InformationNeed) -> list[Opened]:
    """The tables and columns that a product of this need may use; the tables that it names first."""
    named = need.element_keys()
    tables: dict[str, list[str]] = {}
    for element in sorted(permitted(named)):
        table, _dot, column = element.partition(".")
        tables.setdefault(table, []).append(column)
    found = [
        Opened(
            table,
            tuple(c for c in columns if f"{table}.{c}" in named),
            tuple(c for c in columns if f"{table}.{c}" not in named),
        )
        for table, columns in tables.items()
    ]
    return sorted(found, key=lambda each: (not each.named, list(school_model()).index(each.table)))


def receivers(need: InformationNeed) -> list[Receiver]:
    """Who would receive it: the audience of the need, with the number of people who hold each role today."""
    counted = Counter((seer.role, seer.scope) for seer in who_sees(Product(need=need), clock.today()))
    names = role_words()
    pairs = [(names.get(role, role), scope_words(scope)) for role, scope in sorted(need.audience_pairs())]
    return [Receiver(role, scope, counted[role, scope]) for role, scope in pairs]


def fingerprint(product: Product) -> str:
    """The hash of what the page writes, as it stands: whoever saves over something else is told."""
    return content_hash({name: getattr(product, name) for name in WRITTEN})


def save(actor: Person, need: InformationNeed, key: str, before: str, **fields: Any) -> Product:
    """Write a product at an approved need, by the same function as a kit does.

    `before` is the fingerprint it was opened with, empty for a new one. Raises Refused when the need has no approval,
    when the product belongs to another need or changed meanwhile; ValidationError, with the reason under `sql`, when it
    does not fit: then what was live stays live.
    """
    require_approved(need)
    standing = Product.objects.filter(key=key).first()
    if standing is not None and standing.need_id != need.pk:
        raise Refused(_("Dit overzicht hoort bij een andere behoefte."), code="need")
    if before != (fingerprint(standing) if standing else ""):
        text = _("Niet opgeslagen. Iemand anders heeft dit overzicht intussen gewijzigd. Vergelijk en bewaar opnieuw.")
        raise Refused(text, code="stale")
    return write_product(actor, key, need=need, **fields)


def versions(product: Product) -> list[Version]:
    """Every version of a product, the newest first, as the trail kept them: what a page or a kit wrote."""
    lines = reversed(list(audit.history(product.noun(), product.key).filter(action="product.write")))
    found: list[Version] = []
    said: dict[str, Any] = {}
    for line in lines:
        said = {**said, **_became(line.facts.get("changed", {}))}
        found.append(Version(len(found) + 1, line.at, line.actor.name if line.actor else "Schakel", said))
    return found[::-1]


def _became(changed: Mapping[str, Any]) -> dict[str, Any]:
    return {name: pair[1] for name, pair in changed.items() if isinstance(pair, list) and len(pair) == 2}  # noqa: PLR2004


def missing_from(columns: Iterable[str], sort: Iterable[str]) -> list[str]:
    """The names to sort by that the answer does not have."""
    known = set(columns)
    return [name for name in sort if name.removeprefix("-") not in known]
