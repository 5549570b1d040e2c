"""Answers that a board chose itself for its sources, in place of those of the layout: by whom, when and why.

The last one counts; an empty one gives the place back to the layout. The earlier ones stay as history.
"""

from collections.abc import Iterable, Sequence

from django.db import models

from schakel.access.changes import change
from schakel.access.kept import Kept
from schakel.access.people import Person
from schakel.collect.contracts import Choice, terms
from schakel.collect.layouts import Layout
from schakel.collect.rules import ANSWERS
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.lib.errors import Refused, SchakelError
from schakel.lib.text import gettext as _

PERMISSION = "contract.write"
LONGEST = 500  # signs of a reason
Place = tuple[str, str, str]


class ChosenAnswer(Kept):
    """One choice. `rule` is wrong, missing, or the name of a rule over several columns."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="chosen_answers")
    file = models.CharField(max_length=120)
    column = models.CharField(max_length=200)
    rule = models.CharField(max_length=64)
    answer = models.CharField(max_length=12, blank=True)
    reason = models.CharField(max_length=LONGEST)
    chosen_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["source", "-chosen_at", "-pk"]

    @property
    def key(self) -> str:
        """How the audit trail names it."""
        return f"{self.source.key}.{self.file}.{self.column}"

    @property
    def choice(self) -> Choice:
        """In plain values."""
        return Choice(self.file, self.column, self.rule, self.answer)


def in_effect(source: Source) -> dict[Place, ChosenAnswer]:
    """The choice that counts in each place; without the places that were given back."""
    found: dict[Place, ChosenAnswer] = {}
    for each in source.chosen_answers.select_related("chosen_by").order_by("chosen_at", "pk"):
        found[each.choice.place] = each
    return {place: each for place, each in found.items() if each.answer}


def choose(actor: Person, source: Source, layout: Layout, choices: Iterable[Choice], reason: str) -> list[ChosenAnswer]:
    """Answer otherwise from the next reading on; all of these or none.

    Raises Refused for an answer that the layout or the law does not leave open, SchakelError without a reason.
    """
    wanted = list(choices)
    _well_given(layout, wanted, reason)
    told = [[c.file, c.column, c.rule, c.answer] for c in wanted]
    with change(actor, PERMISSION, source, answers=told, why=reason):
        made = [ChosenAnswer(source=source, file=c.file, column=c.column, rule=c.rule, answer=c.answer, reason=reason,
                             chosen_by=actor) for c in wanted]  # fmt: skip
        for each in made:
            each.save()
    return made


def _well_given(layout: Layout, choices: Sequence[Choice], reason: str) -> None:
    if not reason.strip() or len(reason) > LONGEST:
        raise SchakelError(_("Zeg in ten hoogste 500 tekens waarom."), code="reason")
    open_ = {term.place: term.possible for term in terms(layout)}
    for each in choices:
        where = f"{each.file}.{each.column}"
        if each.place not in open_:
            text = _("Hier is niets te kiezen: de wet of de indeling ligt vast, of de kolom bestaat niet.")
            raise Refused(text, code="fixed", where=where)
        if each.answer and (each.answer not in ANSWERS or each.answer not in open_[each.place]):
            raise Refused(_("Dit antwoord kan hier niet."), code="answer", where=where)
