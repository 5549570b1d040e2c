"""Mijn aanmelding: seeing how one signs in, and signing out elsewhere."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from schakel.access import sessions
from schakel.lib.text import gettext as _
from schakel.portal import proof
from schakel.portal.guard import signed_in
from schakel.portal.pages import own_account
from schakel.portal.pages.own_account import How
from schakel.portal.views import who


@signed_in
@require_safe
def my_sign_in(request: HttpRequest) -> HttpResponse:
    """How the person who asks signs in."""
    return render(request, "schakel/own_account.html", {"page": own_account.page(who(request), _how(request))})


@signed_in
@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """End every other session of the person who asks."""
    sessions.end(who(request), but=request.session.session_key)
    messages.success(request, _("U bent op alle andere apparaten afgemeld."))
    return redirect("my-sign-in")


def _how(request: HttpRequest) -> How:
    proved = proof.methods(request, who(request))
    if "socialaccount" in proved:
        return "school"
    return "demo" if settings.SCHAKEL_DEMO and not proved else "local"
