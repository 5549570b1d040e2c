"""Een overzicht schrijven: the question in SQL beside what the need opens, what it gives, and whether it fits.

There is no row on this page and no count of rows: who writes an overview sees no pupil by writing it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schakel.access.people import Person
from schakel.chain.elements import DataElement
from schakel.chain.needs import InformationNeed
from schakel.distribute import writing
from schakel.distribute.products import SHAPES, Product
from schakel.distribute.query import AnswerColumn
from schakel.distribute.sight import may_see
from schakel.distribute.writing import Opened, Receiver, Review, Version
from schakel.lib import clock
from schakel.lib.text import gettext as _
from schakel.lib.text import worded
from schakel.portal import figures
from schakel.portal.pages.asking import Choice, said_rhythm
from schakel.portal.pages.words import detail_words, element_names, question, said
from schakel.portal.parts import Head, Item, Link, Note

FORMATS = (
    "text", "integer", "decimal", "percent", "hours", "euro", "date", "week", "month", "time", "grade", "ratio",
    "figure", "period", "state",
)  # fmt: skip
_NUMBERS = {"INTEGER": "integer", "BIGINT": "integer", "DOUBLE": "decimal", "DECIMAL": "decimal", "DATE": "date"}


@dataclass(frozen=True)
class ColumnLine:
    """A column of the answer in the form: its names, how it is written, and what it is made of."""

    key: str
    nl: str
    en: str
    formats: Sequence[Choice]
    optional: bool
    hidden: bool
    made_of: str


@dataclass(frozen=True)
class Written:
    """What stands in the form. `columns` are descriptions as a kit has them."""

    nl: str = ""
    en: str = ""
    shape: str = "table"
    sql: str = ""
    sort: str = ""
    empty_nl: str = ""
    empty_en: str = ""
    columns: Sequence[Mapping[str, Any]] = ()

    @property
    def optional(self) -> frozenset[str]:
        """The columns that may be left out."""
        return frozenset(str(c["key"]) for c in self.columns if c.get("optional"))


@dataclass(frozen=True)
class Writing:
    """The page."""

    head: Head
    place: str
    back: str
    key: str
    before: str
    written: Written
    shapes: Sequence[Choice]
    review: Review | None
    lines: Sequence[ColumnLine]
    kept: Sequence[Mapping[str, Any]]
    verdict: Note | None
    beside: str
    tables: Sequence[Opened]
    receivers: Sequence[Receiver]
    rules: Sequence[Item]
    sees: Note
    versions: Sequence[tuple[str, str]]
    mistakes: Mapping[str, str] = field(default_factory=dict)


def of(product: Product) -> Written:
    """A product as it stands in the form."""
    empty = product.empty or {}
    return Written(
        product.nl, product.en, product.shape, product.sql, ", ".join(product.sort), str(empty.get("nl", "")),
        str(empty.get("en", "")), tuple(c for c in product.columns if isinstance(c, dict)),
    )  # fmt: skip


def page(
    person: Person, need: InformationNeed, product: Product | None, written: Written, before: str | None = None,
    mistakes: Mapping[str, str] | None = None,
) -> Writing:  # fmt: skip
    """The page with what was written so far; `before` is the fingerprint that the form was opened with."""
    mistakes = mistakes or {}
    review = writing.review(need, written.sql, written.optional) if written.sql.strip() else None
    return Writing(
        head=_head(need, product, mistakes),
        place=f"/behoeften/{need.key}/overzichten",
        back=f"/behoeften/{need.key}",
        key=product.key if product else "",
        before=before if before is not None else (writing.fingerprint(product) if product else ""),
        written=written,
        shapes=[Choice(shape, shape_word(shape), shape == written.shape) for shape in SHAPES],
        review=review,
        lines=[_line(column, written) for column in review.columns] if review else (),
        kept=left_out(written, review),
        verdict=_verdict(review),
        beside=_named(review.beside) if review else "",
        tables=writing.opened_by(need),
        receivers=writing.receivers(need),
        rules=_rules(need),
        sees=_sees(person, need, product),
        versions=[_version(each) for each in writing.versions(product)] if product else (),
        mistakes=mistakes,
    )


def shape_word(shape: str) -> str:
    """What kind of overview it is, in words."""
    return {
        "worklist": _("werklijst: wie vraagt vandaag om iets"),
        "table": _("tabel"),
        "trend": _("verloop in de tijd"),
        "score": _("score tegen een norm"),
        "roster": _("lijst voor een systeem"),
    }[shape]


def format_word(name: str) -> str:
    """How a column is written, in words."""
    return {
        "text": _("tekst"),
        "integer": _("heel getal"),
        "decimal": _("getal met decimalen"),
        "percent": _("percentage"),
        "hours": _("uren"),
        "euro": _("euro’s"),
        "date": _("dag"),
        "week": _("week"),
        "month": _("maand"),
        "time": _("tijdstip"),
        "grade": _("leerjaar"),
        "ratio": _("verhouding"),
        "figure": _("in de eenheid van de indicator"),
        "period": _("maand of schooljaar"),
        "state": _("woord uit een lijst"),
    }[name]


def described(columns: Sequence[AnswerColumn], said_before: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A description for each column of the answer: what was said about it, else its element's own name."""
    known = {str(each.get("key")): dict(each) for each in said_before}
    return [{**_proposed(column), **known.get(column.name, {})} for column in columns]


def left_out(written: Written, review: Review | None) -> list[Mapping[str, Any]]:
    """Columns that were described and are not in the answer now: all while it does not fit, else the optional ones."""
    if review is None or not review.fits:
        return list(written.columns)
    shown = {column.name for column in review.columns}
    return [each for each in written.columns if each.get("optional") and each["key"] not in shown]


def _proposed(column: AnswerColumn) -> dict[str, Any]:
    element = DataElement.objects.filter(key__in=column.elements).first() if len(column.elements) == 1 else None
    name = figures.capital(column.name.replace("_", " "))
    kind = _NUMBERS.get(element.type.upper().partition("(")[0], "text") if element else "text"
    format_ = "integer" if column.about_people or not column.elements else kind  # a count is made of no element
    return {"key": column.name, "nl": element.nl if element else name, "en": element.en if element else name,
            "format": format_}  # fmt: skip


def _line(column: AnswerColumn, written: Written) -> ColumnLine:
    spec = described([column], written.columns)[0]
    return ColumnLine(
        key=column.name,
        nl=str(spec.get("nl", "")),
        en=str(spec.get("en", "")),
        formats=[Choice(name, format_word(name), name == spec.get("format")) for name in FORMATS],
        optional=bool(spec.get("optional")),
        hidden=spec.get("show") is False,
        made_of=_named(sorted(column.elements)),
    )


def _named(keys: Sequence[str]) -> str:
    """Elements by their name in the register, with the name that SQL knows them by."""
    names = element_names(keys)
    return "; ".join(f"{name} ({key})" if name != key else key for key, name in names.items())


def _head(need: InformationNeed, product: Product | None, mistakes: Mapping[str, str]) -> Head:
    crumbs = [Link(_("Behoeften"), "/behoeften"), Link(need.number, f"/behoeften/{need.key}")]
    fresh = _("Wijzig ‘%(name)s’") % {"name": said(product)} if product else _("Schrijf een overzicht")
    return Head(_("Nog niet opgeslagen") if mistakes else fresh, lede=question(need), crumbs=crumbs)


def _verdict(review: Review | None) -> Note | None:
    if review is None:
        return None
    if review.fits:
        return Note(_("Dit past bij de behoefte. Bij elke levering wordt het opnieuw nagekeken."), "ok")
    where = _("Regel %(line)s.") % {"line": review.line} if review.line else ""
    return Note(f"{where} {review.refusal}".strip(), "bad", _("Dit zou geweigerd worden."))


def _rules(need: InformationNeed) -> list[Item]:
    """What a product cannot choose: it follows from the need."""
    change = Link(_("Wijzig behoefte"), f"/behoeften/{need.key}/wijzigen")
    return [
        Item(_("Niveau"), figures.capital(detail_words(need.level))),
        Item(_("Hoe vaak"), said_rhythm(worded(need, "rhythm"))),
        Item(_("Hoe vers"), worded(need, "freshness") or _("nog niet ingevuld"), change),
    ]


def _sees(person: Person, need: InformationNeed, product: Product | None) -> Note:
    """Whether the one who writes may open it: by the audience, never by writing it."""
    mine = [sight for sight in may_see(person, clock.today()) if sight.product.need_id == need.pk and sight.allowed]
    if product is not None and any(sight.product.pk == product.pk for sight in mine):
        text = _("U hoort bij de doelgroep: na opslaan opent u het zoals u het ontvangt.")
        return Note(text, link=Link(_("Open overzicht"), f"/overzichten/{product.key}"))
    if mine:
        return Note(_("U hoort bij de doelgroep: na opslaan opent u het zoals u het ontvangt."))
    text = _("U ziet hier geen rijen en geen aantallen: die zijn voor wie het ontvangt. Schrijven opent geen gegevens.")
    return Note(text)


def _version(version: Version) -> tuple[str, str]:
    words = {"number": version.number, "name": version.by, "moment": figures.moment(version.at)}
    return _("Versie %(number)s, %(moment)s, door %(name)s") % words, str(version.fields.get("sql", ""))
