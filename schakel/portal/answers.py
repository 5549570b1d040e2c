"""Answers other than the page that was asked for: a refusal, nothing found, something broken. Always with a way on."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

from schakel.access import passwords
from schakel.access.asked import looking
from schakel.lib.errors import Refused, Unknown
from schakel.lib.text import gettext as _
from schakel.portal.pages import refusals
from schakel.portal.uploads import TooLarge


@looking()  # whatever was refused changed nothing, and this page only tells
def refused(request: HttpRequest, refusal: Refused, permission: str = "") -> HttpResponse:
    """The page *Waarom zie ik dit niet?*, with the checks, who does see it and three ways out."""
    person = request.user if getattr(request, "user", None) and request.user.is_authenticated else None
    page = refusals.page(person, refusal, permission)
    return render(request, "schakel/refusal.html", {"page": page}, status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Nothing at this address, or nothing this person may know of: the same words for both."""
    line = exception.message if isinstance(exception, Unknown) else _("Het adres klopt niet, of de pagina is verhuisd.")
    page = refusals.plain(_("Deze pagina bestaat niet"), line)
    return render(request, "schakel/plain.html", {"page": page}, status=HTTPStatus.NOT_FOUND)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Something in the request made no sense, or there was too much of it."""
    if isinstance(exception, TooLarge):
        line = _("Er is niets gewijzigd. Ga terug en kies een kleiner bestand.")
        page = refusals.plain(str(exception), line)
        return render(request, "schakel/plain.html", {"page": page}, status=HTTPStatus.BAD_REQUEST)
    page = refusals.plain(
        _("Deze vraag kon Schakel niet lezen"), _("Er is niets gewijzigd. Ga terug en probeer het opnieuw.")
    )
    return render(request, "schakel/plain.html", {"page": page}, status=HTTPStatus.BAD_REQUEST)


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A refusal that did not come from our own rooms."""
    return refused(request, Refused(_("Deze handeling is niet toegestaan."), code="denied"))


def broken(request: HttpRequest) -> HttpResponse:
    """Something went wrong on our side. Stands on its own: no database, no context processors."""
    return HttpResponse(get_template("schakel/500.html").render({}), status=HTTPStatus.INTERNAL_SERVER_ERROR)


def expired_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: too old, or sent from elsewhere (CSRF)."""
    page = refusals.plain(
        _("Niet opgeslagen: deze pagina was te lang open"),
        _(
            "Schakel kon niet nagaan of u dit zelf verstuurde. Er is niets gewijzigd. "
            "Laad de pagina opnieuw en probeer het nog eens."
        ),
    )
    return render(request, "schakel/plain.html", {"page": page}, status=HTTPStatus.FORBIDDEN)


def too_many(request: HttpRequest) -> HttpResponse:
    """Too many attempts in a short time."""
    page = refusals.plain(
        _("Te veel pogingen in korte tijd"), _("Er is niets gewijzigd. Wacht vijf minuten en probeer het opnieuw.")
    )
    return render(request, "schakel/plain.html", {"page": page}, status=HTTPStatus.TOO_MANY_REQUESTS)


def closed_account(request: HttpRequest, refusal: Refused | None = None) -> HttpResponse:
    """Someone gave a right password, or came from the board's own service, but the account was closed."""
    text = _("Dit account is afgesloten. Klopt dat niet, vraag het dan aan %(name)s.")
    return _at_the_gate(request, _("U kunt niet meer aanmelden"), text % {"name": refusals.named("person.write")})


def not_let_in(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The board's service knows this person, the register does not (or not so)."""
    help_ = _("Vraag het aan %(name)s: die kan u toegang geven of dit herstellen.")
    line = f"{refusal.message} {help_ % {'name': refusals.named('person.write')}}"
    known = {"unknown": _("U bent hier nog niet bekend")}
    return _at_the_gate(request, known.get(refusal.code, _("Aanmelden met uw schoolaccount kan nu niet")), line)


def failed_sign_in(request: HttpRequest) -> HttpResponse:
    """Going to the board's service and back did not come to an end."""
    text = _(
        "De dienst van uw bestuur gaf geen goed antwoord, of u deed er te lang over. Er is niets gewijzigd. "
        "Lukt het na een tweede keer niet, waarschuw dan de ICT-manager van uw bestuur."
    )
    return _at_the_gate(request, _("Aanmelden met uw schoolaccount lukte niet"), text)


def old_link(request: HttpRequest) -> HttpResponse:
    """A link to choose a password that was used, is too old, or was copied in part."""
    text = _(
        "De link is al gebruikt, is ouder dan %(days)s dagen of is niet heel overgenomen. "
        "Vraag een nieuwe aan %(name)s."
    )
    words = {"days": passwords.days_valid(), "name": refusals.named("person.write")}
    return _at_the_gate(request, _("Deze link werkt niet meer"), text % words)


def _at_the_gate(request: HttpRequest, title: str, line: str) -> HttpResponse:
    page = refusals.at_the_gate(title, line)
    return render(request, "schakel/plain.html", {"page": page}, status=HTTPStatus.FORBIDDEN)
