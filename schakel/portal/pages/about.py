"""Three pages of words: how Schakel treats data, how it can be used by everyone, whom to ask."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from schakel.access.permissions import holders
from schakel.lib.text import gettext as _
from schakel.portal.parts import Door, Doors, Head


@dataclass(frozen=True)
class About:
    """A title, sentences under headings, and ways on."""

    head: Head
    sections: Sequence[tuple[str, Sequence[str]]]
    ways: Doors


def page(topic: str) -> About | None:
    """The page about a topic, or None."""
    maker = TOPICS.get(topic)
    return maker() if maker else None


def _ways() -> Doors:
    return Doors([Door(_("Naar uw voordeur"), _("Wat u vandaag nodig hebt."), "/")])


def _data() -> About:
    return About(
        Head(
            _("Alleen een goedgekeurde vraag laat gegevens bewegen"),
            lede=_("Zo gaat Schakel met gegevens om, in zes zinnen."),
        ),
        [
            (
                _("Wat Schakel bewaart"),
                [
                    _("Een kolom uit een bron komt alleen binnen als een goedgekeurde behoefte haar noemt."),
                    _("Wat niemand nodig heeft blijft buiten de deur. Het verslag noemt ze."),
                    _("Een burgerservicenummer wordt geweigerd, op naam en op inhoud."),
                ],
            ),
            (
                _("Wie wat ziet"),
                [
                    _("U ziet rijen die bij uw rol van vandaag horen. Een rol die gisteren eindigde opent niets."),
                    _("Aantallen onder de 5 mensen blijven verborgen, ook als ze uit totalen te rekenen waren."),
                    _("Elke levering en elke weigering staat in het logboek, en dat kan niemand wijzigen."),
                ],
            ),
        ],
        _ways(),
    )


def _access() -> About:
    return About(
        Head(
            _("Schakel is te gebruiken met toetsenbord, schermlezer en telefoon"),
            lede=_("Elke pagina wordt bij elke wijziging automatisch gecontroleerd op WCAG 2.2, niveau A en AA."),
        ),
        [
            (
                _("Wat u kunt verwachten"),
                [
                    _("Alles werkt met het toetsenbord, en u ziet steeds waar u bent."),
                    _("Kleur is nooit het enige teken: er staat altijd een vorm en een woord bij."),
                    _("Bij elke grafiek hoort een tabel met dezelfde cijfers."),
                    _("Er is een lichte en een donkere weergave; u kiest ze onderaan elke pagina."),
                ],
            ),
            (
                _("Wat nog niet is nagegaan"),
                [_("Een automatische controle vindt niet alles. Met een schermlezer is nog niet getest.")],
            ),
        ],
        _ways(),
    )


def _help() -> About:
    manager = ", ".join(p.name for p in holders("need.assess")) or _("de informatiemanager van uw bestuur")
    supply = ", ".join(p.name for p in holders("source.write") if p.name not in manager) or manager
    return About(
        Head(_("Deze mensen helpen u verder"), lede=_("Noem de pagina en het tijdstip, dan vinden zij het snel.")),
        [
            (
                _("U mist informatie of ziet te veel"),
                [_("Vraag het aan %(name)s, informatiemanager.") % {"name": manager}],
            ),
            (_("Een cijfer klopt niet of is oud"), [_("Meld het aan %(name)s, ict.") % {"name": supply}]),
            (
                _("U kunt niet aanmelden"),
                [
                    _("%(name)s stuurt u een link voor een nieuw wachtwoord, of begint uw tweede stap opnieuw.")
                    % {"name": manager}
                ],
            ),
        ],
        _ways(),
    )


TOPICS: dict[str, Callable[[], About]] = {"gegevens": _data, "toegankelijkheid": _access, "hulp": _help}
