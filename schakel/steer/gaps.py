"""Gaps in steering: goals that nobody can see move, and norms that nobody can point to."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as lazy

from schakel.chain.gaps import Thing, owned, rule
from schakel.chain.goals import Goal
from schakel.steer.norms import Indicator, Norm, norms_in_data


@rule(
    "goal-without-indicator",
    "middle",
    lazy("Doel zonder indicator"),
    lazy("Kies een indicator"),
    lazy("Niemand kan zien of dit doel dichterbij komt."),
    "indicator.write",
)
def goals_without_indicator() -> Iterator[Thing]:
    """Nobody can see whether the goal comes nearer."""
    for goal in Goal.objects.filter(indicators__isnull=True).select_related("owner_role"):
        yield Thing(goal.noun(), goal.key, str(goal), **owned(goal))


@rule(
    "indicator-without-norm",
    "low",
    lazy("Indicator zonder norm"),
    lazy("Kies een norm"),
    lazy("Een cijfer waarvan niemand zei wat goed genoeg is."),
    "norm.write",
)
def indicators_without_norm() -> Iterator[Thing]:
    """A figure of which nobody said what is good enough; context indicators need none, nor those with a norm read."""
    bare = Indicator.objects.filter(norms__isnull=True).exclude(direction="context").exclude(key__in=norms_in_data())
    for indicator in bare.select_related("goal__owner_role"):
        yield Thing(indicator.noun(), indicator.key, str(indicator), **owned(indicator.goal))


@rule(
    "norm-without-evidence",
    "low",
    lazy("Norm zonder bevestigde bron"),
    lazy("Bevestig de bron"),
    lazy("Niemand heeft de bron van deze norm nagelezen. Stuur er nog niet op."),
    "norm.write",
)
def norms_without_evidence() -> Iterable[Thing]:
    """A norm of law, signal or benchmark whose source nobody confirmed; an own ambition needs no other source."""
    loose = Norm.objects.filter(confirmed=False).exclude(kind="own").select_related("indicator")
    return [Thing("norm", norm.key, f"{norm.indicator}: {norm}") for norm in loose]
