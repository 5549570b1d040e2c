"""The second step of signing in: an app with codes, and recovery codes. Kept encrypted by allauth's own tables.

Who lost it is helped by someone else: the information manager, never the person alone.
"""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from schakel.access import sessions
from schakel.access.changes import change
from schakel.access.people import Person
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _

ISSUER = "Schakel"  # the name under which the app on a phone files the code


class Secrets(DefaultMFAAdapter):  # type: ignore[misc]
    """What allauth asks about second factors: how secrets are kept, and what is said when a code is wrong."""

    @property
    def error_messages(self) -> dict[str, str]:
        """The sentences, in the language of this moment."""
        return {
            **DefaultMFAAdapter.error_messages,
            "incorrect_code": _("Deze code klopt niet of is al gebruikt. Wacht op de volgende code in de app."),
        }

    def get_totp_issuer(self) -> str:
        """The name in the app on the phone."""
        return ISSUER

    def encrypt(self, text: str) -> str:
        """As it may lie in the database."""
        return _key().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again. Refused when the secret of this installation is another one than it was made with."""
        try:
            return _key().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            text = _("De geheime sleutel van deze installatie is veranderd; uw code is niet meer na te gaan.")
            raise Refused(text, code="key", who_can=("information_manager",)) from None


def _key() -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"schakel second factor").derive(settings.SECRET_KEY.encode())
    return Fernet(urlsafe_b64encode(derived))


@dataclass(frozen=True)
class State:
    """Since when a person has a second factor (None: not set up), and how many recovery codes are left."""

    since: datetime | None = None
    codes_left: int = 0


def state_of(person: Person) -> State:
    """How it stands with someone's second factor."""
    found = {a.type: a for a in Authenticator.objects.filter(user=person)}
    app, codes = found.get(Authenticator.Type.TOTP), found.get(Authenticator.Type.RECOVERY_CODES)
    if app is None:
        return State()
    return State(app.created_at, len(RecoveryCodes(codes).get_unused_codes()) if codes else 0)


def is_set(person: Person) -> bool:
    """Whether this person has an app with codes."""
    return bool(Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists())


def holders() -> frozenset[int]:
    """The numbers of everyone who has one."""
    return frozenset(Authenticator.objects.filter(type=Authenticator.Type.TOTP).values_list("user_id", flat=True))


def new_secret() -> str:
    """A fresh secret to share with the app on a phone."""
    return str(generate_totp_secret())


def set_up(person: Person, secret: str, *, session: str | None = None) -> Authenticator:
    """From now on codes of this secret count, with fresh recovery codes; an earlier phone counts no more.

    Every other session than this one ends.
    """
    with change(person, "account.write", person, second_factor="set"):
        Authenticator.objects.filter(user=person).delete()
        app = TOTP.activate(person, secret).instance
        RecoveryCodes.activate(person)
        sessions.end(person, but=session)
    return app


def recovery_codes(person: Person) -> list[str]:
    """The recovery codes that are left. Only for the one time that they are shown."""
    kept = Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES).first()
    return list(RecoveryCodes(kept).get_unused_codes()) if kept else []


def renew_recovery_codes(person: Person) -> None:
    """Ten new recovery codes; the old ones count no more."""
    with change(person, "account.write", person, recovery_codes="new"):
        Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES).delete()
        RecoveryCodes.activate(person)


def reset(actor: Person, person: Person) -> None:
    """Help someone who lost the phone and the codes, or whose school account was replaced: all of it is set up anew.

    Never for oneself: a stolen session may not take the second factor away.
    """
    if actor.pk == person.pk:
        text = _("Uw eigen tweede stap haalt u niet zelf weg. Vraag het een andere informatiemanager.")
        raise Refused(text, code="oneself")
    with change(actor, "person.write", person, second_factor="reset"):
        Authenticator.objects.filter(user=person).delete()
        SocialAccount.objects.filter(user=person).delete()
        sessions.end(person)
