"""Who is whom over sources: what a person may see of it, what they decide, and what a publication does with that.

Names are shown only of people at the schools where someone has the administration today (law 4). A school itself is no
person: about schools everyone decides who may.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from schakel.access.changes import allowed, change
from schakel.access.people import Person
from schakel.access.remembered import Remembered, changes_nothing
from schakel.collect import match_decisions
from schakel.collect.match_decisions import OPEN, SAME, MatchDecision
from schakel.collect.sources import Source
from schakel.distribute.entitlement import current_snapshot
from schakel.distribute.held import held_by
from schakel.distribute.query import opened
from schakel.distribute.standing import VALID
from schakel.lib import clock
from schakel.lib.errors import Refused, Unknown
from schakel.lib.text import gettext as _
from schakel.operations import flow, matched
from schakel.process import matching, snapshots
from schakel.process.matching import Candidate, Matching, Pairing
from schakel.process.namings import KINDS
from schakel.process.snapshots import Snapshot

ADMINISTRATION = frozenset({"school_admin", "functional_admin"})
changes_nothing("match.read")
# Where the school model says at which school someone is today.
_AT = {"pupil": ("enrolment", "pupil_id"), "staff": ("staff_role", "staff_id")}


@dataclass(frozen=True)
class View:
    """One pairing as one person may see it. `people`: it is about people, and the lists hold only those of own schools.

    `sees_people`: whether there are any of those.
    """

    pairing: Pairing
    source: Source
    people: bool
    sees_people: bool
    likely: list[Candidate]
    conflicts: list[Candidate]
    doubted: list[Candidate]
    decided: list[tuple[MatchDecision, Candidate]]

    @property
    def rows(self) -> int:
        """How many pairs are shown."""
        return len(self.likely) + len(self.conflicts) + len(self.doubted) + len(self.decided)


def pairings(actor: Person) -> list[Pairing]:
    """Every source that names people or schools, with its counts; the one with the most to decide first."""
    allowed(actor, "match.read")
    return _pairings.get(clock.today(), tuple(item.folder for item in flow.standing_landings()))


def _compare() -> list[Pairing]:
    found = []
    for kind, source in matching.pairs(flow.standing_landings()):
        with _open(kind, source) as each:
            found.append(each.pairing())
    return sorted(found, key=lambda p: (-p.conflicts, -p.probable, -p.unmatched, p.source, p.kind))


_pairings = Remembered(_compare)  # seconds of comparing, and only counts


def view(actor: Person, kind: str, source: str) -> View:
    """One pairing with its lists. Looking at people leaves a line in the log. Raises Unknown for what is not there."""
    allowed(actor, "match.read")
    only = own_people(actor, kind)
    with _open(kind, source) as each:
        shown = View(
            each.pairing(),
            Source.objects.get(key=source),
            only is not None,
            bool(only),
            each.candidates(only),
            each.conflicts(only),
            each.doubted(only),
            _decided(each, only),
        )
    if shown.people and shown.rows:
        with change(actor, "match.read", shown.source, kind=kind, rows=shown.rows):
            pass
    return shown


def decide(
    actor: Person, kind: str, source: str, pair: tuple[str, str], verdict: str, reason: str = ""
) -> MatchDecision:
    """Decide about one pair that is proposed, doubted or decided; the next publication follows it.

    Raises Unknown for any other pair and for people of another school, and Refused for a second partner.
    """
    allowed(actor, "match.decide")
    only = own_people(actor, kind)
    with _open(kind, source) as each:
        listed = [*each.candidates(only), *each.conflicts(only), *each.doubted(only), *each.judged(only)]
        item = next((item for item in listed if _pair(item) == pair), None)
        if item is None:
            text = _("Dit paar ligt hier niet (meer) voor, of hoort bij een andere school. Open de bladzijde opnieuw.")
            raise Unknown(text, code="unknown")
        if verdict == SAME and each.taken(*pair):
            text = _("Een van deze twee hoort al bij een ander. Zeg eerst van dat andere paar dat het niet klopt.")
            raise Refused(text, code="taken")
    theirs, ours = (Source.objects.get(key=key) for key in (source, item.our_source))
    return match_decisions.write(actor, kind, theirs, ours, pair, verdict, reason)


def history(actor: Person, kind: str, source: str) -> list[MatchDecision]:
    """Every decision about one pairing, the newest first, without keys or names being told."""
    allowed(actor, "match.read")
    found = MatchDecision.objects.filter(kind=kind, source__key=source)
    return list(found.select_related("decided_by", "source", "roster"))


def erase() -> int:
    """Erase old decisions about who is not named any more; returns how many. For the schedule."""
    erased = 0
    for (kind, source), pairs in match_decisions.old().items():
        erased += match_decisions.erase(kind, source, pairs - _there(kind, source, pairs))
    return erased


def _there(kind: str, source: str, pairs: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    try:
        with _open(kind, source) as each:
            return each.there(pairs)
    except Unknown:  # the source names nobody any more
        return frozenset()


def own_people(actor: Person, kind: str) -> frozenset[str] | None:
    """The keys of the people at the schools whose administration someone has today; None where no person is meant."""
    if kind not in _AT:
        return None
    snapshot = current_snapshot()
    if snapshot is None or not snapshot.available or _AT[kind][0] not in snapshot.manifest["tables"]:
        return frozenset()
    held = held_by(actor, opened(snapshot.model), clock.today())
    sites = sorted({each.site_id for each in held if each.role in ADMINISTRATION and each.site_id})
    return _people_at(snapshot, kind, sites)


def _people_at(snapshot: Snapshot, kind: str, sites: list[str]) -> frozenset[str]:
    table, key = _AT[kind]
    sql = f"SELECT DISTINCT {key} FROM {table} WHERE list_contains($sites, site_id) AND {VALID}"
    rows = opened(snapshot.model).cursor.execute(sql, {"sites": sites, "day": clock.today()}).fetchall()
    return frozenset(str(row[0]) for row in rows)


@contextmanager
def _open(kind: str, source: str) -> Iterator[Matching]:
    """One source against the roster, with what was decided up to now."""
    landed = flow.standing_landings()
    known = next((k for k in KINDS if k == kind and (k, source) in matching.pairs(landed)), None)
    if known is None:
        raise Unknown(_("Deze bron noemt hier niemand, of is nog niet gelezen."), code="unknown")
    keys = snapshots.keys_of(flow.data_folder(), landed)
    with matching.matching(landed, flow.collectable(), known, source, matched.verdicts(kind, source), keys) as found:
        yield found


def _decided(each: Matching, only: frozenset[str] | None) -> list[tuple[MatchDecision, Candidate]]:
    there = {_pair(item): item for item in each.judged(only)}
    words = match_decisions.last_words(each.kind, each.source)
    return [(word, there[word.pair]) for word in words if word.verdict != OPEN and word.pair in there]


def _pair(item: Candidate) -> tuple[str, str]:
    return item.their_key, item.our_key
