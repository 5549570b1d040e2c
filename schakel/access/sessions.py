"""Where people are signed in now. Sessions end with the account, and when how someone signs in is set anew."""

from collections.abc import Iterator

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from schakel.access.people import Person


def of(person: Person) -> list[str]:
    """The keys of the sessions in which this person is signed in."""
    return [session.session_key for session in _of(person)]


def end(person: Person, *, but: str | None = None) -> int:
    """Sign a person out everywhere, except in the one session named. Returns how many sessions ended."""
    ended = [session for session in _of(person) if session.session_key != but]
    for session in ended:
        session.delete()
    return len(ended)


def forget_expired() -> None:
    """Remove what is left of sessions that are over: who was here stays no longer than needed."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def _of(person: Person) -> Iterator[Session]:
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(person.pk):
            yield session
