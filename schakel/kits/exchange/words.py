"""What the nouns, their fields and their coded values are called in a file, in the language of the moment."""

from collections.abc import Callable, Mapping

from schakel.lib.text import gettext as _
from schakel.lib.text import spoken

LANGUAGES = ("nl", "en")
Said = tuple[str, str]  # in Dutch and in English


def both(make: Callable[[], Mapping[str, str]]) -> dict[str, Said]:
    """Words by key, in both languages."""
    found = []
    for language in LANGUAGES:
        with spoken(language):
            found.append(make())
    return {key: (found[0][key], found[1][key]) for key in found[0]}


def titles() -> dict[str, str]:
    """The nouns, as a sheet or a heading is called."""
    return {
        "organisations": _("Organisaties"),
        "roles": _("Rollen"),
        "people": _("Mensen"),
        "assignments": _("Aanstellingen"),
        "goals": _("Doelen"),
        "processes": _("Processen"),
        "activities": _("Activiteiten"),
        "components": _("Referentiecomponenten"),
        "systems": _("Applicaties"),
        "links": _("Koppelingen"),
        "sources": _("Bronnen"),
        "objects": _("Informatieobjecten"),
        "elements": _("Gegevens"),
        "areas": _("Taakgebieden"),
        "policies": _("Beleid"),
        "needs": _("Behoeften"),
        "need_elements": _("Gegevens per behoefte"),
        "need_audience": _("Doelgroep per behoefte"),
        "indicators": _("Indicatoren"),
        "norms": _("Normen"),
        "products": _("Overzichten"),
        "responsibilities": _("Verantwoordelijkheden"),
    }


def headers(noun: str) -> dict[str, str]:
    """The fields of one noun; what several nouns share is said once."""
    own: dict[str, Callable[[], dict[str, str]]] = {
        "activities": lambda: {"nl": _("Activiteit")},
        "areas": lambda: {"nl": _("Taakgebied"), "kind": _("Groep")},
        "assignments": lambda: {"organisation_key": _("Waar (sleutel van de organisatie)")},
        "components": lambda: {"nl": _("Referentiecomponent")},
        "elements": _elements,
        "goals": lambda: {"nl": _("Doel")},
        "links": _links,
        "needs": _needs,
        "need_elements": _needs,
        "need_audience": _needs,
        "objects": lambda: {"nl": _("Informatieobject")},
        "people": lambda: {"key": _("E-mail"), "name": _("Naam"), "language": _("Taal")},
        "processes": lambda: {"nl": _("Proces")},
        "responsibilities": lambda: {"thing_key": _("Sleutel van het onderwerp"), "role": _("Rol")},
        "roles": lambda: {"nl": _("Rol")},
        "systems": _systems,
    }
    return {**_shared(), **own.get(noun, dict)()}


def _shared() -> dict[str, str]:
    return {
        "key": _("Sleutel"),
        "nl": _("Naam"),
        "en": _("Naam (Engels)"),
        "name": _("Naam"),
        "name_en": _("Naam (Engels)"),
        "level": _("Niveau"),
        "sector": _("Sector"),
        "owner_role": _("Eigenaar (rol)"),
        "owner": _("Eigenaar (e-mail)"),
        "parent": _("Onderdeel van"),
        "period_start": _("Geldt vanaf"),
        "period_end": _("Geldt tot en met"),
        "law": _("Wet"),
        "law_confirmed": _("Wet nagekeken"),
        "goal": _("Dient doel"),
        "process": _("In proces"),
        "description": _("Beschrijving"),
        "source": _("Herkomst"),
        "evidence": _("Bewijs"),
        "part_of": _("Domein"),
        "side": _("Kant"),
        "holder": _("Wie houdt de rol"),
        "active": _("Actief"),
        "person": _("Persoon (e-mail)"),
        "role": _("Rol"),
        "start": _("Vanaf"),
        "end": _("Tot en met"),
        "thing_kind": _("Soort onderwerp"),
        "thing_key": _("Onderwerp"),
        "aspect": _("Inhoud of uitvoering"),
        "letters": _("Letters (R, A, C, I)"),
        "purpose": _("Doel van het gebruik"),
        "purpose_en": _("Doel van het gebruik (Engels)"),
        "legal_basis": _("Grondslag"),
        "origin": _("Waar het vandaan komt"),
        "gone": _("Vervalt"),
    }


def _needs() -> dict[str, str]:
    return {
        "role": _("Als (rol)"),
        "question": _("Wil ik weten"),
        "question_en": _("Wil ik weten (Engels)"),
        "rhythm": _("Hoe vaak"),
        "rhythm_en": _("Hoe vaak (Engels)"),
        "decision": _("Om te besluiten"),
        "decision_en": _("Om te besluiten (Engels)"),
        "activity": _("Voor activiteit"),
        "freshness": _("Hoe vers"),
        "freshness_en": _("Hoe vers (Engels)"),
        "art9_exception": _("Uitzondering bijzondere gegevens"),
        "retention": _("Bewaren"),
        "retention_en": _("Bewaren (Engels)"),
        "expires_on": _("Vervalt op"),
        "note": _("Opmerking"),
        "today_how": _("Hoe gaat het nu"),
        "minutes_before": _("Minuten per keer, nu zonder Schakel"),
        "minutes_now": _("Minuten per keer, met Schakel"),
        "times_per_year": _("Keren per jaar"),
        "people": _("Aantal mensen"),
        "review_on": _("Herzien op"),
        "review_months": _("Herzien om de zoveel maanden"),
        "priority": _("Voorrang"),
        "alternative": _("In plaats daarvan"),
        "state": _("Stand (alleen lezen)"),
        "need": _("Behoefte"),
        "element": _("Gegeven"),
        "demand": _("Nodig of gewenst"),
        "reason": _("Waarom"),
        "reason_en": _("Waarom (Engels)"),
        "declined_reason": _("Weggelaten, omdat"),
        "receiver": _("Wie het ziet (rol)"),
        "scope": _("Hoe ver"),
    }


def _elements() -> dict[str, str]:
    return {
        "nl": _("Gegeven"),
        "object": _("Informatieobject"),
        "type": _("Soort waarde"),
        "unit": _("Eenheid"),
        "structural": _("Hoort bij het geraamte"),
        "personal": _("Persoonsgegeven"),
        "special": _("Bijzonder of gevoelig"),
        "identifier": _("Herkent een persoon"),
        "availability": _("Beschikbaarheid"),
        "integrity": _("Integriteit"),
        "confidentiality": _("Vertrouwelijkheid"),
        "retention": _("Bewaartermijn"),
        "record": _("Leidende bron (applicatie)"),
    }


def _systems() -> dict[str, str]:
    return {
        "name": _("Applicatie"),
        "component": _("Referentiecomponent"),
        "supplier": _("Leverancier"),
        "personal_data": _("Persoonsgegevens"),
        "agreement_until": _("Verwerkersovereenkomst tot"),
        "contract_until": _("Contract tot"),
        "cost_per_year": _("Kosten per jaar (euro)"),
        "lifecycle": _("Levensloop"),
    }


def _links() -> dict[str, str]:
    return {
        "from_system": _("Van applicatie"),
        "to_system": _("Naar applicatie"),
        "standard": _("Standaard"),
        "frequency": _("Hoe vaak"),
        "secret_expires_on": _("Wachtwoord of certificaat tot"),
        "state": _("Toestand"),
    }
