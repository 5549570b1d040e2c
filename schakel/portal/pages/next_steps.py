"""Who moves next at a need, and how: a verb for whoever may do it, and for everybody else what is being waited for."""

from collections.abc import Mapping
from dataclasses import dataclass

from schakel.access.people import Person
from schakel.access.permissions import Decision, decide
from schakel.chain.needs import InformationNeed
from schakel.lib.text import gettext as _
from schakel.portal import figures

_ASKED = ("need.assess", "need.approve", "need.go_live", "need.review")


@dataclass(frozen=True)
class Mover:
    """A person with what they may do at needs: asked once, for every row of a table."""

    person: Person
    may: Mapping[str, Decision]

    def next_step(self, need: InformationNeed) -> str:
        """Who moves next, in the words of this person."""
        if need.state == "live" and need.review_on:
            return _("Herzien op %(day)s") % {"day": figures.day(need.review_on)}
        todo, waiting = _words()[need.state]
        return todo if self.moves(need) else waiting

    def moves(self, need: InformationNeed) -> bool:
        """Whether the next step is for this person."""
        if need.state == "assessed":
            return self.decides(need)
        if need.state == "refused":
            return need.requester_id == self.person.pk
        permission = {
            "asked": "need.assess", "approved": "need.go_live", "being_realised": "need.go_live",
            "under_review": "need.review",
        }.get(need.state)  # fmt: skip
        return permission is not None and self.may[permission].allowed

    def decides(self, need: InformationNeed) -> bool:
        """Whether this person may decide: not about what they asked or wrote, nor for people who all did."""
        found, wrote = self.may["need.approve"], (need.requester_id, writer_of(need))
        givers = found.in_place_of
        others = not givers or any(giver.pk not in wrote for giver in givers)
        return found.allowed and self.person.pk not in wrote and others


def mover(person: Person) -> Mover:
    """Someone who reads a list of needs."""
    return Mover(person, {permission: decide(person, permission) for permission in _ASKED})


def writer_of(need: InformationNeed) -> int | None:
    """Who wrote the text as it stands: as it was read along with a list, else looked up."""
    if hasattr(need, "writer"):
        found: int | None = need.writer
        return found
    if need.pk is None:
        return None
    last: int | None = need.versions.order_by("-number").values_list("written_by", flat=True).first()
    return last


def _words() -> dict[str, tuple[str, str]]:
    """For each state: what to do, and what everybody else reads."""
    return {
        "asked": (_("Beoordeel de vraag"), _("Wacht op beoordeling")),
        "assessed": (_("Keur goed of wijs af"), _("Wacht op een besluit")),
        "approved": (_("Zet in gebruik"), _("Ict zet in gebruik")),
        "being_realised": (_("Zet in gebruik"), _("Ict zet in gebruik")),
        "live": (_("Loopt"), _("Loopt")),
        "under_review": (_("Houd, wijzig of beëindig"), _("Wordt herzien, loopt intussen door")),
        "ended": (_("Klaar"), _("Klaar")),
        "refused": (_("Lees de reden"), _("De vrager leest de reden")),
    }
