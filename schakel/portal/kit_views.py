"""The pages and the button of the kits: looking is for everyone, loading for who may."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from schakel.kits.loading import Loaded, load
from schakel.kits.mistakes import BadKit
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.portal import figures
from schakel.portal.guard import needs
from schakel.portal.pages import kit as one_kit
from schakel.portal.pages import kit_choice, kits
from schakel.portal.views import who


@needs("chain.read")
def kits_page(request: HttpRequest) -> HttpResponse:
    """All kits."""
    return render(request, "schakel/kits.html", {"page": kits.page()})


@needs("chain.read")
def kit_page(request: HttpRequest, key: str) -> HttpResponse:
    """One kit."""
    return render(request, "schakel/kit.html", {"page": one_kit.page(who(request), key, request.GET.dict())})


@needs("chain.read")
def choice_page(request: HttpRequest, key: str) -> HttpResponse:
    """What the chosen parts would bring."""
    page = kit_choice.page(who(request), key, request.GET.getlist("deel"), request.GET.getlist("neem"))
    return render(request, "schakel/kit_choice.html", {"page": page})


@needs("kit.load")
@require_POST
def load_parts(request: HttpRequest, key: str) -> HttpResponse:
    """Load what was chosen, all or nothing."""
    try:
        loaded = load(
            who(request), one_kit.of(key), only=request.POST.getlist("deel"), over=request.POST.getlist("neem")
        )
    except BadKit as error:
        messages.error(request, str(error))
        return redirect(f"/startpakketten/{key}")
    messages.success(request, _done(loaded))
    return redirect(f"/startpakketten/{key}")


def _done(loaded: Loaded) -> str:
    count = len({change.part for change in (*loaded.added, *loaded.changed, *loaded.taken_over)})
    if not count:
        return _("Alles stond er al. Er is niets gewijzigd.")
    text = ngettext(
        "%(count)s ding staat nu in uw register. Behoeften wachten op beoordeling.",
        "%(count)s dingen staan nu in uw register. Behoeften wachten op beoordeling.",
        count,
    )
    return figures.capital(text % {"count": figures.counted(count)})
