"""What people decided about who is whom over sources. Every decision stays as it is; the last one about a pair counts.

Only the keys that the sources use themselves are kept, never a name or a date of birth. Once a source no longer names
one of the two, the keys are of no use: after a term all that was decided about that pair is erased.
"""

from collections.abc import Collection
from datetime import timedelta

from django.db import models

from schakel.access.changes import change
from schakel.access.kept import Kept
from schakel.access.people import Person
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _

SAME, DIFFERENT, OPEN = "same", "different", "open"
REASON_LENGTH = 250
# As long as a pupil file is kept after the pupil left (AVG; the database holds rows that long itself: migration 0010).
TERM = timedelta(days=730)


class MatchDecision(Kept):
    """One decision about one pair: the same, not the same, or open again. The database keeps it as it is, for TERM."""

    kind = models.CharField(max_length=16)  # pupil, staff or organisation
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    their_key = models.CharField(max_length=255)
    roster = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    our_key = models.CharField(max_length=255)
    verdict = models.CharField(max_length=12, choices=[(word, word) for word in (SAME, DIFFERENT, OPEN)])
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "source"], name="match_by_kind_and_source")]

    @property
    def pair(self) -> tuple[str, str]:
        """The two keys that it is about: theirs, and that of the roster."""
        return self.their_key, self.our_key


def last_words(kind: str = "", source: str = "") -> list[MatchDecision]:
    """The decision that counts about each pair, the newest first; of one kind and source, or of all."""
    every = MatchDecision.objects.select_related("source", "roster", "decided_by")
    chosen = every.filter(kind=kind, source__key=source) if kind else every
    found: dict[tuple[str, str, str, str], MatchDecision] = {}
    for decision in chosen:
        found.setdefault((decision.kind, decision.source.key, *decision.pair), decision)
    return list(found.values())


def write(
    actor: Person, kind: str, source: Source, roster: Source, pair: tuple[str, str], verdict: str, reason: str = ""
) -> MatchDecision:
    """Keep one decision with its line in the audit trail; what it says of whom stays out of that line."""
    if verdict not in (SAME, DIFFERENT, OPEN):
        raise Refused(_("Kies: zelfde, niet dezelfde, of terug."), code="verdict")
    with change(actor, "match.decide", kind=kind, source=source.key, verdict=verdict) as log:
        made = MatchDecision(
            kind=kind, source=source, their_key=pair[0], roster=roster, our_key=pair[1], verdict=verdict,
            reason=reason.strip()[:REASON_LENGTH], decided_by=actor,
        )  # fmt: skip
        made.save()
        log.kind, log.key = made.noun(), str(made.pk)
    return made


def old() -> dict[tuple[str, str], set[tuple[str, str]]]:
    """The pairs about which nothing was decided within the term, by kind and source."""
    recent = clock.now() - TERM
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for word in last_words():
        if word.decided_at < recent:
            found.setdefault((word.kind, word.source.key), set()).add(word.pair)
    return found


def erase(kind: str, source: str, pairs: Collection[tuple[str, str]]) -> int:
    """Erase all that was decided about these pairs; how many decisions. For the schedule."""
    every = MatchDecision.objects.filter(kind=kind, source__key=source)
    going = sorted(decision.pk for decision in every if decision.pair in pairs)
    if going:
        with change(None, "match.erase", source=source, decisions=going) as log:
            MatchDecision.objects.filter(pk__in=going).delete()
            log.kind, log.key = "source", source
    return len(going)
