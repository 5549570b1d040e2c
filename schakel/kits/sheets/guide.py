"""The page in a workbook that tells how to edit it and bring it back."""

from collections.abc import Iterator, Sequence

from schakel.kits.exchange.words import titles
from schakel.kits.sheets.layouts import Sheet
from schakel.lib.text import gettext as _
from schakel.lib.text import language


def title() -> str:
    """What the page is called."""
    return _("Uitleg")


def lists_title() -> str:
    """What the sheet with the lists is called."""
    return _("Lijsten")


def noun_title(noun: str) -> str:
    """What a noun is called."""
    return titles()[noun]


def lines(sheets: Sequence[Sheet], left_out: Sequence[Sheet]) -> Iterator[tuple[str, str]]:
    """Terms with their words; a term without words is a heading."""
    yield _("Zo werkt dit bestand"), ""
    yield from _steps()
    yield _("De bladen"), ""
    for sheet in sheets:
        yield sheet.title(language()), ", ".join(column.header(language()) for column in sheet.columns)
    for sheet in left_out:
        yield sheet.title(language()), _("Niet in dit bestand: dit blad is alleen voor wie mensen beheert.")


def _steps() -> Iterator[tuple[str, str]]:
    yield (
        _("Wijzigen"),
        _("Wijzig een cel, bewaar het bestand en lees het in bij Uitwisselen. U ziet eerst elk verschil."),
    )
    yield _("Toevoegen"), _("Zet een nieuwe rij onderaan, met een nieuwe sleutel zonder spaties.")
    yield _("Weghalen"), _("Een rij die u weghaalt blijft in het register staan. Lege cellen maken een veld leeg.")
    yield (
        _("Regels van een behoefte"),
        _("Vul bij Vervalt ja in om een gegeven of een ontvanger van een behoefte af te halen."),
    )
    yield (
        _("Sleutels"),
        _("De sleutel zegt om welk ding het gaat. Wijzig haar niet. Bij een verwijzing mag ook de naam staan."),
    )
    yield (
        _("Apostrof vooraan"),
        _(
            "Een tekst die begint met =, +, - of @ krijgt een apostrof, zodat niets als formule wordt uitgevoerd. "
            "Bij het inlezen gaat die weer weg."
        ),
    )
    yield (
        _("Goedkeuring"),
        _("Wijzigt u iets waarover besloten is, dan vervalt de goedkeuring van die behoefte bij het overnemen."),
    )
    yield _("Alles of niets"), _("Past één regel niet, dan wordt er niets overgenomen en staat erbij wat u kunt doen.")
