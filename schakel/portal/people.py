"""Helping people who cannot sign in: what the buttons on a person's page do."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from schakel.access import passwords, second_factor
from schakel.access.people import Person
from schakel.access.register import close_account
from schakel.lib.text import gettext as _
from schakel.portal.guard import needs
from schakel.portal.pages import people
from schakel.portal.views import who


def _person(number: int) -> Person:
    person: Person | None = Person.objects.filter(pk=number).first()
    if person is None:
        raise Http404
    return person


@needs("person.write")
@require_safe
def all_people(request: HttpRequest) -> HttpResponse:
    """Everyone with an account."""
    return render(request, "schakel/people.html", {"page": people.page(request.GET.dict())})


@needs("person.write")
@require_safe
def one_person(request: HttpRequest, number: int) -> HttpResponse:
    """One person."""
    return render(request, "schakel/person.html", {"page": people.one(who(request), number)})


@needs("person.write")
@require_POST
def make_link(request: HttpRequest, number: int) -> HttpResponse:
    """A link to choose a new password with, shown this once."""
    link = passwords.send_link(who(request), _person(number))
    words = people.link_words(link, request.build_absolute_uri("/").rstrip("/"))
    return render(request, "schakel/person.html", {"page": people.one(who(request), number, words)})


@needs("person.write")
@require_POST
def reset_second_step(request: HttpRequest, number: int) -> HttpResponse:
    """Someone lost phone and codes, and sets up a second step anew."""
    person = _person(number)
    second_factor.reset(who(request), person)
    text = _("%(name)s is overal afgemeld en stelt bij het aanmelden een nieuwe tweede stap in.")
    messages.success(request, text % {"name": person.name})
    return redirect("person", number)


@needs("person.write")
@require_POST
def close(request: HttpRequest, number: int) -> HttpResponse:
    """Someone left."""
    person = _person(number)
    close_account(who(request), person)
    messages.success(request, _("Het account van %(name)s is afgesloten.") % {"name": person.name})
    return redirect("person", number)
