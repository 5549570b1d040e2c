"""Who may change what in the register. One table decides, and each answer carries its reason.

What a person may see of data about people is not decided here: that follows from approved needs (laws 2 to 4).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from schakel.access.asked import once
from schakel.access.delegations import Delegation
from schakel.access.people import Person
from schakel.access.roles import Role, RoleAssignment, keys_held, roles_held
from schakel.lib import clock
from schakel.lib.text import gettext as _

EVERYONE = frozenset({"*"})
_MANAGE = frozenset({"information_manager"})
_SUPPLY = frozenset({"ict_manager", "functional_admin", "information_manager"})

PERMISSIONS: dict[str, frozenset[str]] = {
    "need.ask": EVERYONE,
    "draft.write": EVERYONE,  # a question of one's own that was not sent yet
    "need.assess": _MANAGE,
    "need.revise": _MANAGE,
    "need.advise": frozenset({"privacy_officer", "dpo"}),
    "need.approve": frozenset({"board_member", "information_manager"}),
    "need.refuse": frozenset({"board_member", "information_manager"}),
    "need.decline_element": _MANAGE | {"data_owner"},
    "need.realise": _SUPPLY,
    "need.go_live": _SUPPLY,
    "need.review": _MANAGE,
    "need.review_due": frozenset(),  # only the schedule: the day of review is reached
    "need.end": frozenset({"board_member", "information_manager"}),
    "change.write": _SUPPLY,
    "person.remind": frozenset(),  # only the schedule
    "change.see": frozenset(),  # only the schedule: that something is done is seen, not said
    "gap.accept": _MANAGE | {"board_member"},
    "responsibility.write": _MANAGE | {"board_member"},
    "consultation.write": _MANAGE | {"board_member", "ict_manager"},
    "delegation.give": EVERYONE,
    "time.correct": EVERYONE,
    "policy.write": _MANAGE | {"board_member", "privacy_officer"},
    "goal.write": frozenset({"board_member", "information_manager"}),
    "activity.write": _MANAGE,
    "element.write": _MANAGE,
    "organisation.write": _MANAGE,
    "system.write": _SUPPLY,
    "link.write": _SUPPLY,
    "source.write": _SUPPLY,
    "contract.write": _SUPPLY,  # what is done with a surprise; that a low count or another school is right
    "source.collect": _SUPPLY,
    "source.watch": frozenset(),  # only the schedule: that a promise is in danger is seen, not said
    "credentials.renew": _SUPPLY,
    "source.read": _SUPPLY | {"board_member", "privacy_officer", "dpo"},
    "quarantine.read": frozenset({"functional_admin", "school_admin"}),
    "match.read": _SUPPLY | {"board_member", "privacy_officer", "dpo", "school_admin"},  # people by their school
    "match.decide": _SUPPLY | {"school_admin"},  # about people only those of one's own school
    "match.erase": frozenset(),  # only the schedule
    "finding.read": EVERYONE,  # what one repairs; who keeps the sources sees all
    "finding.handle": EVERYONE,  # who repairs it, and who keeps the sources: asked where it happens
    "finding.accept": _SUPPLY | {"board_member"},
    "finding.follow": _SUPPLY,  # with a reading: what is new, gone or back
    "repair_list.read": EVERYONE,  # rows: which ones is asked where they are read
    "snapshot.publish": _SUPPLY,
    "indicator.write": _MANAGE,
    "norm.write": _MANAGE | {"board_member"},
    "product.write": _SUPPLY,  # within what the need names; whoever writes sees no row
    "wrong_data.report": EVERYONE,  # about what one may see oneself
    "wrong_data.handle": EVERYONE,  # who repairs it is asked where it happens: the addressed role, for that school
    "wrong_data.erase": frozenset(),  # only the schedule
    "draft.erase": frozenset(),  # only the schedule
    "role.write": _MANAGE,
    "role.assign": _MANAGE,
    "person.write": _MANAGE,
    "account.write": EVERYONE,  # one's own password and second factor
    "retention.write": _MANAGE | {"privacy_officer"},
    "kit.load": _MANAGE,
    "exchange.import": EVERYONE,  # a file asks nothing by itself: each row asks its own permission
    "audit.read": frozenset({"board_member", "information_manager", "privacy_officer", "dpo", "security_officer"}),
    "gap.read": EVERYONE,
    "chain.read": EVERYONE,
}
# What the scheduled process does by itself, without a person behind it.
BY_ITSELF = frozenset(
    (
        "source.collect",
        "finding.follow",
        "source.watch",
        "snapshot.publish",
        "change.see",
        "person.remind",
        "need.review_due",
        "wrong_data.erase",
        "draft.erase",
        "match.erase",
    )
)
# What a person may hand to a stand-in for a while: judging and deciding, never running the supply side.
DELEGABLE = ("need.assess", "need.advise", "need.approve", "need.refuse", "need.review", "need.end")


@dataclass(frozen=True)
class Decision:
    """Whether it is allowed, the one reason that decides, the roles that can, and for whom a stand-in acts."""

    allowed: bool
    say: Callable[[], str] = field(compare=False)  # it names roles, which few who ask want to know
    who_can: tuple[str, ...] = ()
    in_place_of: tuple[Person, ...] = ()

    @property
    def reason(self) -> str:
        """The one reason that decides, in the language of this moment."""
        return self.say()


def decide(actor: Person | None, permission: str, day: date | None = None) -> Decision:
    """May this person do this today? `None` is the scheduled process. An unknown permission is a defect: KeyError."""
    roles = PERMISSIONS[permission]
    if actor is None:
        return Decision(
            permission in BY_ITSELF,
            lambda: _("Schakel doet dit zelf, op het ingestelde tijdstip of op verzoek."),
            tuple(sorted(roles)),
        )
    if not actor.is_active:
        return Decision(False, lambda: _("Dit account is afgesloten."), tuple(sorted(roles)))
    if roles == EVERYONE:
        return Decision(True, lambda: _("Iedereen met een account mag dit."))
    held = [role for key, role in sorted(roles_held(actor, day).items()) if key in roles]
    if held:
        return Decision(True, lambda: _("U bent %(role)s.") % {"role": ", ".join(map(str, held))})
    givers = tuple(stood_in_for(actor, permission, day))
    if givers:
        names = ", ".join(giver.name for giver in givers)
        return Decision(True, lambda: _("U vervangt %(names)s.") % {"names": names}, in_place_of=givers)
    text = _("Dit mag alleen: %(roles)s.")
    return Decision(False, lambda: text % {"roles": _role_names(roles)}, tuple(sorted(roles)))


def stood_in_for(actor: Person, permission: str, day: date | None = None) -> list[Person]:
    """Those who handed this permission to a person and hold it themselves today, by role: it is not passed on."""
    if permission not in DELEGABLE:
        return []
    standing = Delegation.objects.on(day).filter(taker=actor, permission=permission).select_related("giver")
    return [d.giver for d in standing if keys_held(d.giver, day) & PERMISSIONS[permission]]


def holders(permission: str, day: date | None = None) -> list[Person]:
    """The people who may do this today, by role or as a stand-in: whom to ask."""
    moment = day or clock.today()
    return list(once(("holders", permission, moment), lambda: _holders(permission, moment)))


def _holders(permission: str, day: date) -> list[Person]:
    assignments = RoleAssignment.objects.on(day).filter(role__key__in=PERMISSIONS[permission])
    own = Person.objects.filter(is_active=True, pk__in=assignments.order_by().values("person"))
    if permission not in DELEGABLE:
        return list(own)
    standing = Delegation.objects.on(day).filter(permission=permission, giver__in=own)
    return list(Person.objects.filter(Q(pk__in=own) | Q(delegations_taken__in=standing)).distinct())


def _role_names(keys: frozenset[str]) -> str:
    names = {role.key: str(role) for role in Role.objects.filter(key__in=keys)}
    return ", ".join(names.get(key, key) for key in sorted(keys))
