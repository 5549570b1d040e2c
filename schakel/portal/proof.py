"""Whether this session has proved who it is. A password alone does not: it takes a second step, or the board's account.

Until then the person is nobody to every page, except to those by which the second step is set up.
"""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from schakel.access.people import Person

ENOUGH = frozenset({"mfa", "socialaccount"})


def methods(request: HttpRequest, person: Person) -> frozenset[str]:
    """How this person proved who they are in this session: `password`, `mfa`, `socialaccount`."""
    return frozenset(record["method"] for record in get_authentication_records(request, person))


def set_aside(request: HttpRequest) -> None:
    """Make a person who has not proved enough nobody for this request; `waiting` still knows who it is."""
    person = request.user
    request.half_way = None  # type: ignore[attr-defined]
    if not isinstance(person, Person) or settings.SCHAKEL_DEMO or methods(request, person) & ENOUGH:
        return
    request.half_way, request.user = person, AnonymousUser()  # type: ignore[attr-defined]


def waiting(request: HttpRequest) -> Person | None:
    """The person in this session who still has to set up a second step."""
    found: Person | None = getattr(request, "half_way", None)
    return found


def complete(request: HttpRequest, app: Authenticator) -> None:
    """The second step was just set up in this session, so it is proved. The session gets a new key."""
    post_authentication(request, app)
    request.session.cycle_key()
