"""A few areas of the work with their responsibilities, sound in every respect, to plant one fault in each."""

from schakel.access.people import Person
from schakel.access.register import put
from schakel.access.roles import Role
from schakel.chain.dividing import give
from schakel.chain.responsibilities import Area
from tests.written_once import written_once

# area, kind, name -> aspect -> letter -> roles
AREAS = {
    ("need_approve", "need", "Behoefte: goedkeuren"): {
        "content": {"R": ["data_owner"], "A": ["board_member"], "C": ["privacy_officer"]},
        "execution": {"R": ["information_manager"], "A": ["data_owner"], "I": ["ict_manager"]},
    },
    ("need_assess", "need", "Behoefte: beoordelen"): {
        "content": {"R": ["information_manager"], "A": ["process_owner"], "C": ["ict_manager"]},
        "execution": {"R": ["functional_admin", "ict_manager"], "A": ["information_manager"]},
    },
    ("system_run", "system", "Applicatie beheren"): {
        "content": {"R": ["process_owner"], "A": ["board_member"], "I": ["teacher"]},
        "execution": {"R": ["functional_admin"], "A": ["process_owner"], "C": ["ict_manager"]},
    },
    ("goal", "governance", "Doel met indicator en norm"): {"content": {"R": ["board_member"], "A": ["board"]}},
}
ROLES = {
    "board": ("bestuur", "direction", "body"),
    "data_owner": ("gegevenseigenaar", "demand", "person"),
    "process_owner": ("proceseigenaar", "demand", "person"),
    "functional_admin": ("functioneel beheerder", "supply", "person"),
    "teacher": ("leraar", "use", "person"),
    "dpo": ("functionaris gegevensbescherming", "direction", "person"),
    "security_officer": ("security officer", "demand", "person"),
}


def role(key: str) -> Role:
    return Role.objects.get(key=key)


@written_once
def divide(manager: Person) -> None:
    """Bring in the areas and who answers for them."""
    for key, (nl, side, holder) in ROLES.items():
        if not Role.objects.filter(key=key).exists():
            put(manager, "role.write", Role, key, nl=nl, en=nl, side=side, holder=holder)
    for (key, kind, nl), sides in AREAS.items():
        area, _changed = put(manager, "responsibility.write", Area, key, kind=kind, nl=nl)
        for aspect, letters in sides.items():
            for letter, roles in letters.items():
                for each in roles:
                    give(manager, role(each), area, aspect, letter)


def area(key: str) -> Area:
    return Area.objects.get(key=key)
