"""A gap at the source: something is wrong, everybody may see it, and nobody looks."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext_lazy as lazy

from schakel.chain.gaps import Thing, rule
from schakel.collect.cases import UNSEEN, Case
from schakel.lib import clock

PATIENCE = timedelta(days=14)  # two Mondays


@rule(
    "finding-nobody-takes-up",
    "middle",
    lazy("Bevinding die niemand oppakt"),
    lazy("Geef haar door"),
    lazy("Al twee weken staat er iets fout in een bron en heeft niemand ernaar gekeken. Wie erop rust weet het niet."),
    "finding.accept",
    lasting=False,
)
def findings_nobody_takes_up() -> Iterator[Thing]:
    """An error that was there for two weeks and that nobody has seen, handed over or accepted."""
    before = clock.now() - PATIENCE
    unseen = Case.objects.open().filter(severity="error", state__in=UNSEEN, open_since__lt=before)
    for case in unseen.select_related("source__owner_role"):
        role = case.source.owner_role
        name, key = (str(role), role.key) if role else ("", "")
        yield Thing(
            case.noun(), case.key, f"{case.number} {case.source.name}", owner=name, detail=case.sentence, role=key
        )
