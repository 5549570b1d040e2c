"""Passwords: what makes one strong enough, who changes it, and the link by which a person chooses the first one."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from schakel.access import sessions
from schakel.access.changes import change
from schakel.access.people import Person
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _


class _Tokens(PasswordResetTokenGenerator):
    """A token holds while the password is still the old one: it works once."""

    key_salt = "schakel.access.passwords"


_tokens = _Tokens()


@dataclass(frozen=True)
class Link:
    """The two parts of an address by which one person chooses a password, once."""

    uid: str
    token: str

    @classmethod
    def to(cls, person: Person) -> "Link":
        """A link for this person. Only for code that records that it was made."""
        return cls(urlsafe_base64_encode(force_bytes(person.pk)), _tokens.make_token(person))

    def person(self) -> Person | None:
        """Whose link this is, as long as it works: not used, not too old, and the account is open."""
        try:
            number = int(urlsafe_base64_decode(self.uid))
        except ValueError:
            return None
        person: Person | None = Person.objects.filter(pk=number, is_active=True).first()
        return person if person is not None and _tokens.check_token(person, self.token) else None


def days_valid() -> int:
    """How many days a link works."""
    return int(settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60))


def weaknesses(password: str, person: Person | None = None) -> list[str]:
    """Why a password is not strong enough, each as a sentence; empty when it is."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        said = {
            "password_too_short": _("Kies ten minste 12 tekens. Een korte zin is makkelijk te onthouden."),
            "password_too_common": _("Dit wachtwoord gebruiken veel mensen. Kies een ander."),
            "password_too_similar": _("Dit wachtwoord lijkt te veel op uw naam of e-mailadres."),
        }
        return [said.get(str(each.code), "; ".join(each.messages)) for each in error.error_list]
    return []


def send_link(actor: Person, person: Person) -> Link:
    """Let someone else choose a new password: a link that works once. The old password works until then."""
    if actor.pk == person.pk:
        raise Refused(_("Uw eigen wachtwoord wijzigt u zelf, op ‘Mijn aanmelding’."), code="oneself")
    with change(actor, "person.write", person, password="link"):  # noqa: S106 - a word for the log, not a password
        if not person.is_active:
            raise Refused(_("Dit account is afgesloten."), code="state")
        return Link.to(person)


def choose(person: Person, password: str, *, how: str, session: str | None = None) -> None:
    """A person's own new password; every other session than this one ends. `how` stands in the log."""
    with change(person, "account.write", person, password=how):
        person.set_password(password)
        person.save()
        sessions.end(person, but=session)
