"""Questions that someone began and did not send: kept for that person alone. An unsent question is no need.

It stands in a table of its own, so that no list, count, gap or search of the register can take it for a need. What is
written in it never stands in the audit trail: only that it was kept, thrown away or erased. What nobody goes on with is
erased after a term: a question may name a pupil, and nobody looks after it.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models

from schakel.access.changes import change
from schakel.access.kept import Kept
from schakel.access.people import Person
from schakel.lib import clock
from schakel.lib.errors import Refused, Unknown
from schakel.lib.text import gettext as _

TERM = timedelta(days=90)  # after it was last kept: a holiday and a busy period, not a school year
MOST = 20  # of one person: who has more begun questions is helped by sending or throwing away


class UnsentQuestion(Kept):
    """What one person has written so far. `content` is the form as it was filled in; only its writer reads it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="unsent_questions")
    content = models.JSONField(default=dict)
    kept_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-kept_at", "-pk"]

    @property
    def key(self) -> str:
        """How the audit trail names it: by number, never by its words."""
        return str(self.pk)

    @property
    def until(self) -> date:
        """The last day that it is kept, when its writer does not go on with it."""
        return clock.day_of(self.kept_at) + TERM


def own(person: Person) -> list[UnsentQuestion]:
    """What this person began and did not send, the last first."""
    return list(UnsentQuestion.objects.filter(person=person))


def one(person: Person, number: int) -> UnsentQuestion:
    """One of a person's own. Unknown for a number that is not theirs, as for one that does not exist."""
    found: UnsentQuestion | None = UnsentQuestion.objects.filter(person=person, pk=number).first()
    if found is None:
        text = _("Er is geen bewaarde vraag van u met dit nummer. Misschien is zij al ingestuurd of weggegooid.")
        raise Unknown(text, code="unknown")
    return found


def keep(actor: Person, content: Mapping[str, Any], number: int | None = None) -> UnsentQuestion:
    """Keep what someone wrote: as a new one, or over their own with this number."""
    question = UnsentQuestion(person=actor) if number is None else one(actor, number)
    if number is None and UnsentQuestion.objects.filter(person=actor).count() >= MOST:
        text = _("U hebt al %(most)s vragen bewaard. Stuur er een in of gooi er een weg; wat u schreef staat er nog.")
        raise Refused(text % {"most": MOST}, code="most")
    with change(actor, "draft.write") as log:
        question.content, question.kept_at = dict(content), clock.now()
        question.full_clean()
        question.save()
        log.about(question)
    return question


def throw_away(actor: Person, number: int, *, sent: bool = False) -> None:
    """Let go of one's own; `sent` says that it became a question."""
    question = one(actor, number)
    with change(actor, "draft.write", question, **({"sent": True} if sent else {"thrown_away": True})):
        question.delete()


def erase() -> int:
    """Erase what nobody went on with for longer than the term; returns how many. For the schedule."""
    first = datetime.combine(clock.today() - TERM, time.min, clock.AMSTERDAM)
    old = UnsentQuestion.objects.filter(kept_at__lt=first)
    numbers = list(old.values_list("pk", flat=True))
    if numbers:
        with change(None, "draft.erase", questions=numbers):
            UnsentQuestion.objects.filter(pk__in=numbers).delete()
    return len(numbers)
