"""Choosing a password: the first one by a link, a new one on one's own page."""

from typing import Any

from allauth.decorators import rate_limit
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from schakel.access import passwords
from schakel.access.passwords import Link
from schakel.access.people import Person
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _
from schakel.portal import answers
from schakel.portal.guard import public, signed_in
from schakel.portal.pages import password
from schakel.portal.views import who

LINK = "password.link"  # in the session, so that the token leaves the address at once


class Choose(forms.Form):
    """A new password, twice."""

    new = forms.CharField(strip=False)
    again = forms.CharField(strip=False)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)

    def clean_new(self) -> str:
        """Strong enough, or the sentences why not."""
        chosen: str = self.cleaned_data["new"]
        weak = passwords.weaknesses(chosen, self.person)
        if weak:
            raise forms.ValidationError(" ".join(weak))
        return chosen

    def clean_again(self) -> str:
        """The same twice."""
        again: str = self.cleaned_data["again"]
        if self.cleaned_data.get("new", again) != again:
            raise forms.ValidationError(_("Dit is niet hetzelfde als hierboven."))
        return again


class Change(Choose):
    """A new password, by who knows the present one."""

    present = forms.CharField(strip=False)

    def clean_present(self) -> str:
        """The present password."""
        present: str = self.cleaned_data["present"]
        if not self.person.check_password(present):
            raise forms.ValidationError(_("Dit is niet uw huidige wachtwoord."))
        return present


@public
@require_safe
def arrive(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Come in by a link that works once; it leaves the address bar at once."""
    if Link(uid, token).person() is None:
        return answers.old_link(request)
    request.session[LINK] = [uid, token]
    return redirect("welcome")


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Choose a password by the link, and then sign in with it."""
    kept = request.session.get(LINK)
    person = Link(*kept).person() if kept else None
    if person is None:
        return answers.old_link(request)
    form = Choose(request.POST or None, person=person)
    if not form.is_valid():
        return render(request, "schakel/gate_form.html", {"page": password.first(person, form)})
    passwords.choose(person, form.cleaned_data["new"], how="chosen by link")
    logout(request)
    messages.success(request, _("Uw wachtwoord is bewaard. Meld u er nu mee aan."))
    return redirect(settings.LOGIN_URL)


@signed_in
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit(action="change_password")  # type: ignore[untyped-decorator]
def change(request: HttpRequest) -> HttpResponse:
    """Change one's own password; other devices are signed out."""
    person = who(request)
    if not person.has_usable_password():
        raise Refused(_("U meldt u hier niet met een wachtwoord aan, dus er is niets te wijzigen."), code="state")
    form = Change(request.POST or None, person=person)
    if not form.is_valid():
        return render(request, "schakel/gate_form.html", {"page": password.change(person, form)})
    passwords.choose(person, form.cleaned_data["new"], how="changed", session=request.session.session_key)
    update_session_auth_hash(request, person)
    messages.success(request, _("Uw wachtwoord is gewijzigd. Op andere apparaten bent u afgemeld."))
    return redirect("my-sign-in")
