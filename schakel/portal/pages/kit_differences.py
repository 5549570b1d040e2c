"""Where a kit and the register differ, in words: who changed what, and both texts beside each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from schakel.kits.contents import Item
from schakel.kits.difference import Change
from schakel.lib.text import gettext as _
from schakel.portal import tables
from schakel.portal.pages.kits import named, section_word
from schakel.portal.pages.words import scope_words
from schakel.portal.parts import Diff, DiffRow
from schakel.portal.tables import Column, Row, Shown, Table

SHOWN = 60  # fields in one table of differences; the rest is a page further
NOTHING: tuple[Any, ...] = (None, "", [])


@dataclass(frozen=True)
class Apart:
    """Differences with one cause: what the kit would change, what the board did, or both.

    `name` is under what the choices go to the next page: as a part to load, or as something to take over.
    """

    heading: str
    line: str
    table: Shown
    name: str
    choices: Sequence[tuple[str, str]]


def apart(changes: Sequence[Change]) -> list[Apart]:
    """Where kit and register differ, by who changed it since the kit brought it."""
    kept = [change for change in changes if change.kind == "kept"]
    parts = (
        (
            _("Gewijzigd door het pakket"),
            _("Uw bestuur wijzigde hier niets. Schakel neemt het over als u dit deel laadt."),
            "deel",
            [change for change in changes if change.kind == "changed"],
        ),
        (
            _("Gewijzigd door het pakket, maar van u"),
            _("Hier besloot uw bestuur al over. Het blijft staan, tot u kiest om het over te nemen."),
            "neem",
            [change for change in kept if change.by == "kit"],
        ),
        (
            _("Gewijzigd door allebei"),
            _("Het pakket en uw bestuur gingen elk een kant op. Wat van u is blijft staan, tot u iets overneemt."),
            "neem",
            [change for change in kept if change.by == "both"],
        ),
        (
            _("Gewijzigd door uw bestuur"),
            _("Dit blijft zoals u het maakte."),
            "",
            [change for change in kept if change.by == "board"],
        ),
    )
    return [
        Apart(heading, line, _beside(heading, found, f"v{place}"), name, _takes(name, found))
        for place, (heading, line, name, found) in enumerate(parts)
        if found
    ]


def _takes(name: str, changes: Iterable[Change]) -> list[tuple[str, str]]:
    """What can be ticked: whole parts to load, or single things to take over."""
    if not name:
        return []
    return list({(":".join(c.part) if name == "deel" else c.name): called(c) for c in changes}.items())


def _beside(caption: str, changes: Iterable[Change], key: str) -> Shown:
    """The two texts beside each other, without saying that the one becomes the other."""
    columns = [
        Column("what", _("Onderdeel")),
        Column("here", _("In uw register"), sorts=False, wide=True),
        Column("there", _("In het pakket"), sorts=False, wide=True),
    ]
    rows = [
        Row(
            {
                "what": tables.words(called(change), note=field_word(field.field)),
                "here": tables.words(shown(field.was)),
                "there": tables.words(shown(field.becomes)),
            }
        )
        for change in changes
        for field in change.fields
    ]
    return tables.shown(Table(caption, columns, rows, key=key, size=SHOWN))


def called(change: Change) -> str:
    """What a change is about, in words."""
    source = change.source
    item = source if isinstance(source, Item) else source.item if source else None
    return f"{section_word(change.section)}: {named(item) if item else change.key}"


def differences(changes: Sequence[Change]) -> Diff:
    """The fields in which things differ, beside each other."""
    rows = [
        DiffRow(
            f"{called(change)} · {field_word(field.field)}",
            gone=[shown(field.was)] if field.was not in NOTHING else [],
            new=[shown(field.becomes)] if field.becomes not in NOTHING else [],
            replaced=field.was not in NOTHING and field.becomes not in NOTHING,
        )
        for change in changes
        for field in change.fields
    ]
    return Diff(_("In uw register"), _("In het pakket"), rows[:SHOWN])


def shown(value: Any) -> str:
    """A value as someone reads it: no lists with brackets, no endless text."""
    if value in NOTHING:
        return _("niets")
    if isinstance(value, bool):
        return _("ja") if value else _("nee")
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    text = str(value)
    return text if len(text) <= 300 else f"{text[:300]} …"  # noqa: PLR2004 -- enough to see what differs


def field_word(field: str) -> str:
    """What a field is called on a page; a name of the register where nobody gave it a word."""
    kind, _space, rest = field.partition(" ")
    if kind == "element":
        return _("gegeven %(name)s") % {"name": rest}
    if kind == "audience":
        role, _colon, scope = rest.partition(":")
        return _("ontvanger %(role)s, %(scope)s") % {"role": role, "scope": scope_words(scope)}
    if kind in ("content", "execution"):
        aspect = _("inhoud") if kind == "content" else _("uitvoering")
        return f"{aspect}, {rest}"
    name, english = (field[:-3], True) if field.endswith("_en") else (field, field == "en")
    word = _field_words().get("nl" if field == "en" else name, name)
    return _("%(word)s (Engels)") % {"word": word} if english else word


def _field_words() -> dict[str, str]:
    return {
        "nl": _("naam"),
        "name": _("naam"),
        "question": _("vraag"),
        "decision": _("besluit"),
        "rhythm": _("hoe vaak"),
        "freshness": _("hoe vers"),
        "purpose": _("waarvoor"),
        "legal_basis": _("grondslag"),
        "retention": _("hoe lang bewaren"),
        "role": _("rol"),
        "roles": _("rollen"),
        "owner_role": _("eigenaar"),
        "chair_role": _("voorzitter"),
        "activity": _("activiteit"),
        "goal": _("doel"),
        "note": _("toelichting"),
        "description": _("omschrijving"),
        "law": _("wet"),
        "law_confirmed": _("wet nagelezen"),
        "review_months": _("maanden tot herziening"),
        "refusal_reason": _("reden van afwijzing"),
        "alternative": _("wat wel kan"),
    }
