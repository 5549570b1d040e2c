"""The ten stock people of the demo board, with fixed access; every test knows them too.

Six also stand in the roster that the demo's pupil administration exports; three hold their role only in the register;
the outsider holds none anywhere.
"""

from dataclasses import dataclass
from datetime import date

from schakel.access.founding import found
from schakel.access.people import Person
from schakel.access.register import add_person, assign, put
from schakel.access.roles import Role
from schakel.lib import clock

DOMAIN = "oeverscholen.example"
FOUNDATION = "Stichting Oeverscholen"


@dataclass(frozen=True)
class Stock:
    """One stock person: how tests name them, and which role they hold in the register (empty: none)."""

    key: str
    email: str
    name: str
    register_role: str = ""
    what: str = ""


STOCK = (
    Stock("board_member", f"marijke.terpstra@{DOMAIN}", "Marijke Terpstra", "board_member", "bestuurder"),
    Stock(
        "information_manager", f"youssef.haddou@{DOMAIN}", "Youssef Haddou", "information_manager", "informatiemanager"
    ),
    Stock("ict_manager", f"daan.verhoeven@{DOMAIN}", "Daan Verhoeven", "ict_manager", "ICT-manager"),
    Stock("privacy_officer", f"ineke.postma@{DOMAIN}", "Ineke Postma", "privacy_officer", "privacy officer"),
    Stock("school_leader", f"karin.de.boer@{DOMAIN}", "Karin de Boer", "", "schoolleider van De Meerpaal"),
    Stock("teacher", f"tom.bakker@{DOMAIN}", "Tom Bakker", "", "leraar van groep 6a, De Meerpaal"),
    Stock("mentor", f"sanne.de.wit@{DOMAIN}", "Sanne de Wit", "", "mentor van H3a, Veldlyceum"),
    Stock("care_coordinator", f"fatma.yilmaz@{DOMAIN}", "Fatma Yılmaz", "", "zorgcoördinator, Veldlyceum"),
    Stock(
        "school_admin", f"henk.nijland@{DOMAIN}", "Henk Nijland", "school_admin", "leerlingadministratie, Veldlyceum"
    ),
    Stock("outsider", f"olivier.smit@{DOMAIN}", "Olivier Smit", "", "heeft geen rol"),
)
# The roles that the register needs before a kit brings the rest.
FIRST_ROLES = {
    "board_member": ("bestuurder", "executive board member", "direction"),
    "information_manager": ("informatiemanager", "information manager", "demand"),
    "ict_manager": ("ICT-manager", "ICT manager", "supply"),
    "privacy_officer": ("privacy officer", "privacy officer", "demand"),
    "school_admin": ("leerlingadministratie", "school administration", "use"),
}


def by_key(key: str) -> Stock:
    """The stock person that tests call by this name."""
    return next(stock for stock in STOCK if stock.key == key)


def bring_in(start: date | None = None) -> dict[str, Person]:
    """Found the board with its information manager, who lets in the others and gives them their roles."""
    start = start or clock.school_year_start(clock.today())
    manager = by_key("information_manager")
    founder = found(manager.email, manager.name)
    people = {manager.key: founder}
    for key, (nl, en, side) in FIRST_ROLES.items():
        put(founder, "role.write", Role, key, nl=nl, en=en, side=side)
    for stock in STOCK:
        if stock.key not in people:
            people[stock.key] = add_person(founder, stock.email, stock.name)
        if stock.register_role and stock is not manager:
            assign(founder, people[stock.key], Role.objects.get(key=stock.register_role), start)
    return people
