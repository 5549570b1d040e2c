"""The first person of a new board: the one who may then let in the others."""

from schakel.access.changes import founding
from schakel.access.people import Person
from schakel.access.roles import Role, RoleAssignment
from schakel.lib import clock


def found(email: str, name: str, *, password: str | None = None) -> Person:
    """Make the first account, with the role information manager. Refused when the register already has people.

    Raises ValidationError for an address or a name that does not fit.
    """
    with founding() as log:
        person = Person(email=email.lower(), name=name)
        person.set_password(password)
        person.full_clean(exclude=["password"])
        person.save()
        role = Role(key="information_manager", nl="informatiemanager", en="information manager", side="demand")
        role.save()
        RoleAssignment(person=person, role=role, start=clock.today()).save()
        log.about(person)
    return person
