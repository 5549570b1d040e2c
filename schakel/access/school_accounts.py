"""The board's own accounts: which person of the register an account of the board's sign-in service stands for.

The work address that the service vouches for decides. The first time, the account itself is remembered, so that an
address that is given to someone else later opens nothing.
"""

from allauth.socialaccount.models import SocialAccount

from schakel.access.changes import change
from schakel.access.people import Person
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _


def recognise(issuer: str, subject: str, email: str, *, verified: bool) -> Person:
    """The active person behind an account of the service, linked from now on.

    Raises Refused: `unverified`, `unknown`, `closed`, or `other` (another account belongs to this person).
    """
    if not email or not verified:
        text = _("De dienst van uw bestuur zegt niet dat uw e-mailadres is nagegaan. Dan laat Schakel u niet binnen.")
        raise Refused(text, code="unverified")
    address = email.strip().lower()
    person = Person.objects.filter(email=address).first()
    if person is None:
        text = _("Uw schoolaccount klopt, maar niemand met het adres %(email)s heeft een account in Schakel.")
        raise Refused(text % {"email": address}, code="unknown")
    if not person.is_active:
        raise Refused(_("Dit account is afgesloten."), code="closed")
    _link(person, issuer, subject)
    found: Person = person
    return found


def _link(person: Person, issuer: str, subject: str) -> None:
    linked = SocialAccount.objects.filter(provider=issuer)
    theirs, ours = linked.filter(uid=subject).first(), linked.filter(user=person).first()
    if (theirs or ours) is None:
        with change(person, "account.write", person, school_account="linked"):
            SocialAccount.objects.create(user=person, provider=issuer, uid=subject)
    elif theirs is None or theirs.user_id != person.pk:
        text = _("Bij dit adres hoort in Schakel een ander schoolaccount. Misschien is het adres opnieuw uitgegeven.")
        raise Refused(text, code="other")
