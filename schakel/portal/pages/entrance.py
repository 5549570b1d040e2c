"""The sign-in page: what Schakel is, told as one chain."""

from dataclasses import dataclass

from schakel.lib.text import gettext as _
from schakel.portal.parts import Chain, Station


@dataclass(frozen=True)
class Entrance:
    """The page before anyone is known."""

    chain: Chain


def page() -> Entrance:
    """An example of the chain, from goal to person."""
    stations = (
        (_("Doel"), _("Iedere leerling is op school")),
        (_("Activiteit"), _("Verzuim begeleiden")),
        (_("Behoefte"), _("Wie nadert de 16 uur?")),
        (_("Gegevens"), _("Lesuren verzuim, en meer niet")),
        (_("Bron"), _("Leerlingadministratie")),
        (_("Voorziening"), _("Overzicht ‘Verzuim per week’")),
        (_("Persoon"), _("De mentor, alleen voor de eigen klas")),
    )
    return Entrance(Chain([Station(*pair) for pair in stations], down=True, label=_("Voorbeeld van de keten")))
