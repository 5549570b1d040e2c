"""Reporting wrong data, and saying how it stands: the pages and their buttons."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from schakel.distribute import wrong_data
from schakel.lib.text import gettext as _
from schakel.portal.asking import UNFINISHED
from schakel.portal.guard import needs
from schakel.portal.pages import wrong_data as pages
from schakel.portal.steps import written
from schakel.portal.views import who

WORDS = ("fout", "goed", "tekst", "reden")  # fields that may hold personal data: never in an error report


@needs("wrong_data.report")
@require_GET
def report_page(request: HttpRequest, key: str) -> HttpResponse:
    """The form about one overview, for who may have it."""
    product, _found = wrong_data.may_report(who(request), key)
    return render(request, "schakel/wrong_data_form.html", {"page": pages.form(product)})


@needs("wrong_data.report")
@require_POST
@sensitive_post_parameters(*WORDS)
def report(request: HttpRequest, key: str) -> HttpResponse:
    """Send it. What is missing is named, and what was written stays."""
    values = {name: request.POST.get(name, "").strip()[: wrong_data.LONGEST] for name in ("kolom", "fout", "goed")}
    if not values["fout"]:
        product, _found = wrong_data.may_report(who(request), key)
        page = pages.form(product, values, {"fout": _("Schrijf wat er niet klopt.")})
        return render(request, "schakel/wrong_data_form.html", {"page": page}, status=UNFINISHED)
    item = wrong_data.report(who(request), key, values["kolom"], values["fout"], values["goed"])
    sent = _("Gemeld als %(number)s. Hier leest u hoe het ermee staat.")
    messages.success(request, sent % {"number": item.number})
    return redirect(f"/meldingen/{item.pk}")


@needs("wrong_data.report")
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """What is for this person to repair, and what they reported."""
    return render(request, "schakel/wrong_data_list.html", {"page": pages.listed(who(request))})


@needs("wrong_data.report")
@require_GET
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One report, for its reporter and for who repairs it."""
    return render(request, "schakel/wrong_data.html", {"page": pages.page(who(request), number)})


@needs("wrong_data.handle")
@require_POST
def take_up(request: HttpRequest, number: int) -> HttpResponse:
    """It is being repaired."""
    wrong_data.take_up(who(request), number)
    return _done(request, number, _("Opgepakt. De melder ziet dat u ermee bezig bent."))


@needs("wrong_data.handle")
@require_POST
@sensitive_post_parameters(*WORDS)
def repaired(request: HttpRequest, number: int) -> HttpResponse:
    """It was repaired at the source."""
    wrong_data.repaired(who(request), number, request.POST.get("tekst", "").strip())
    return _done(request, number, _("Hersteld gemeld. Na de volgende keer lezen staat het goed."))


@needs("wrong_data.handle")
@require_POST
@sensitive_post_parameters(*WORDS)
def decline(request: HttpRequest, number: int) -> HttpResponse:
    """It is not repaired, with the reason."""
    wrong_data.decline(who(request), number, written(request, "reden"))
    return _done(request, number, _("De melder leest uw reden."))


def _done(request: HttpRequest, number: int, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect(f"/meldingen/{number}")
