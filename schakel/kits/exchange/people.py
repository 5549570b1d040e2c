"""People and the roles that they hold. Only who may write people reads or writes them by file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from schakel.access.people import Person
from schakel.access.register import add_person, assign, change_person, close_account, end_assignment
from schakel.access.roles import RoleAssignment
from schakel.kits.exchange.columns import Column, of_model, said
from schakel.kits.exchange.nouns import Fields, Finder, Known, Noun, Remarks
from schakel.lib.errors import Unknown
from schakel.lib.text import gettext as _

BETWEEN = "|"


@dataclass(frozen=True)
class People(Noun):
    """Accounts by work address."""

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The address is the key."""
        key = said(self.key, "key", "email", required=True, longest=254)
        active = said(self.key, "active", "yes", default=True)
        return (key, *(of_model(self.key, Person, name) for name in ("name", "language")), active)

    def things(self) -> Iterable[Any]:
        """All accounts, closed ones too."""
        return Person.objects.order_by("email")  # type: ignore[no-any-return]

    def key_of(self, thing: Any) -> str:
        """The address."""
        return str(thing.email)

    def standing(self, thing: Any) -> Fields:
        """Name, language, and whether the account is open."""
        return {"name": thing.name, "language": thing.language, "active": thing.is_active}

    def find(self, key: str) -> Any:
        """The person with this address."""
        found = Person.objects.filter(email__iexact=key).first()
        if found is None:
            raise Unknown(_("Er is niemand met het adres '%(name)s'.") % {"name": key})
        return found

    def remarks(self, said_now: Fields, standing: Fields | None, known: Known) -> Remarks:
        """An account that was closed stays closed."""
        if standing is not None and said_now.get("active") and not standing["active"]:
            reason = _("Dit account is gesloten en gaat niet via een bestand weer open.")
            yield "active", reason, _("Vul hier nee in.")
        if standing is None and said_now.get("active") is False:
            yield "active", _("Een nieuw account is open."), _("Vul hier ja in, of haal de rij weg.")

    def write(self, actor: Person, key: str, changed: Fields, standing: Fields | None, find: Finder) -> None:
        """Let someone in, change what they are called, or close the account."""
        if standing is None:
            add_person(actor, key, changed["name"], language=changed.get("language", "nl"))
            return
        person = self.find(key)
        change_person(actor, person, **{name: value for name, value in changed.items() if name != "active"})
        if changed.get("active") is False:
            close_account(actor, person)


@dataclass(frozen=True)
class Assignments(Noun):
    """Who holds which role where, from when to when. Only the last day of a standing one can change."""

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Person, role, place and first day together are the key."""
        names = {"person": "people", "role": "roles", "organisation_key": "", "start": "", "end": ""}
        return tuple(of_model(self.key, RoleAssignment, name, to) for name, to in names.items())

    def things(self) -> Iterable[Any]:
        """All of them, ended ones too."""
        return RoleAssignment.objects.select_related("person", "role").order_by("person__email", "role__key", "start")

    def key_of(self, thing: Any) -> str:
        """Who, as what, where, from when."""
        return self.key_from(self.standing(thing))

    def key_from(self, fields: Fields) -> str:
        """The same, from a row."""
        where = fields.get("organisation_key", "")
        return BETWEEN.join((fields["person"], fields["role"], where, fields["start"].isoformat()))

    def standing(self, thing: Any) -> Fields:
        """With its parts of the key as fields."""
        return {
            "person": thing.person.email, "role": thing.role.key, "organisation_key": thing.organisation_key,
            "start": thing.start, "end": thing.end,
        }  # fmt: skip

    def find(self, key: str) -> Any:
        """The assignment that this key names."""
        found = {self.key_of(each): each for each in self.things()}
        return found[key]

    def remarks(self, said_now: Fields, standing: Fields | None, known: Known) -> Remarks:
        """The last day lies not before the first, and the place exists."""
        if said_now.get("end") and said_now.get("start") and said_now["end"] < said_now["start"]:
            reason = _("De laatste dag ligt voor de eerste dag.")
            yield "end", reason, _("Verbeter een van beide dagen.")
        where = said_now.get("organisation_key")
        if where and where not in known("organisations"):
            reason = _("Er is geen organisatie met deze sleutel.")
            yield "organisation_key", reason, _("Laat de cel leeg voor het hele bestuur.")
        if standing is not None and said_now.get("end") is None and standing["end"] is not None:
            reason = _("Een aanstelling die eindigt loopt niet via een bestand weer door.")
            yield "end", reason, _("Voeg een nieuwe rij toe met een latere eerste dag.")

    def permissions(self, changed: Mapping[str, Any], *, new: bool) -> tuple[str, ...]:
        """Giving and ending roles is one permission."""
        return (self.permission,)

    def write(self, actor: Person, key: str, changed: Fields, standing: Fields | None, find: Finder) -> None:
        """Give the role, or let it end."""
        if standing is not None:
            end_assignment(actor, self.find(key), changed["end"])
            return
        assign(
            actor, find("people", changed["person"]), find("roles", changed["role"]), changed["start"],
            organisation_key=changed.get("organisation_key", ""), end=changed.get("end"),
        )  # fmt: skip


PEOPLE = People("people", Person, "person.write", (), read="person.write", named_by=())
ASSIGNMENTS = Assignments("assignments", RoleAssignment, "role.assign", (), read="person.write", named_by=())
