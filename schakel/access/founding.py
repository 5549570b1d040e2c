"""The first person of a new board: the one who may then let in the others."""

from schakel.access.changes import founding
from schakel.access.passwords import Link
from schakel.access.people import Person, new_person
from schakel.access.roles import Role, RoleAssignment
from schakel.lib import clock
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _


def found(email: str, name: str, *, password: str | None = None) -> Person:
    """Make the first account, with the role information manager. Refused when the register already has people.

    Raises ValidationError for an address or a name that does not fit.
    """
    with founding() as log:
        person = new_person(email, name)
        person.set_password(password)
        person.full_clean(exclude=["password"])
        person.save()
        role = Role(key="information_manager", nl="informatiemanager", en="information manager", side="demand")
        role.save()
        RoleAssignment(person=person, role=role, start=clock.today()).save()
        log.about(person)
    return person


def first_link(person: Person) -> Link:
    """The link by which the founder chooses a password. Only while the founder is alone and has none yet."""
    if person.has_usable_password() or Person.objects.count() != 1:
        text = _("De eerste gebruiker kan dit niet alleen. Laat een tweede informatiemanager toe; die maakt een link.")
        raise Refused(text, code="permission")
    return Link.to(person)
