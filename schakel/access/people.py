"""People who can sign in. What they may see of other people's data follows from needs, never from this table."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models

from schakel.access.kept import Kept, KeptQuerySet
from schakel.lib.text import gettext as _

LONGEST_NAME = 200


class PersonManager(BaseUserManager["Person"].from_queryset(KeptQuerySet)):  # type: ignore[misc]
    """Finds people by their work address."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """The person with this address, whatever the case of its letters."""
        found: Person = self.get(email__iexact=username)
        return found


class Person(Kept, AbstractBaseUser):
    """Someone with an account: the work address that also stands in the roster, a name, a language."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=LONGEST_NAME)
    language = models.CharField(max_length=2, default="nl", choices=[("nl", "Nederlands"), ("en", "English")])
    is_active = models.BooleanField(default=True)
    last_login = None  # who looked when is in the audit trail, for a reason; not here

    objects: ClassVar[PersonManager] = PersonManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """How the audit trail names this person: the number, not the address."""
        return str(self.pk)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As any kept row; only the rehash of a password at sign-in needs no change around it."""
        if self.pk and list(kwargs.get("update_fields") or []) == ["password"]:
            models.Model.save(self, *args, **kwargs)
            return
        super().save(*args, **kwargs)


def new_person(email: str, name: str, *, language: str = "nl") -> Person:
    """Someone who is not in the register yet, not saved. Raises ValidationError with a sentence for what cannot be."""
    address, called = email.strip().lower(), name.strip()
    try:
        Person._meta.get_field("email").clean(address, None)
    except ValidationError:
        raise ValidationError(_("'%(email)s' is geen e-mailadres.") % {"email": email}, code="email") from None
    if not 0 < len(called) <= LONGEST_NAME:
        text = _("Schrijf de naam van deze persoon erbij, in hoogstens 200 tekens.")
        raise ValidationError(text, code="name")
    if Person.objects.filter(email__iexact=address).exists():
        text = _("Er is al iemand met het adres '%(email)s'.") % {"email": address}
        raise ValidationError(text, code="exists")
    return Person(email=address, name=called, language=language)
