"""Versions of a need and the decisions on them: four eyes, bound to the exact content (law 7)."""

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import F, Q

from schakel.access.asked import once
from schakel.access.kept import Kept
from schakel.access.people import Person
from schakel.chain.needs import DECLINED, InformationNeed
from schakel.lib import clock
from schakel.lib.identifiers import content_hash


class NeedVersion(Kept):
    """What a need said at one moment, whole, so that it can be read as it was."""

    need = models.ForeignKey(InformationNeed, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["need", "number"]
        constraints = [models.UniqueConstraint(fields=["need", "number"], name="version_once_per_need")]


class Approval(Kept):
    """A decision on one version. The database refuses an approver who asked for it or wrote it."""

    need = models.ForeignKey(InformationNeed, on_delete=models.PROTECT, related_name="approvals")
    version = models.ForeignKey(NeedVersion, on_delete=models.PROTECT, related_name="approvals")
    content_hash = models.CharField(max_length=64)
    requester = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    writer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    approver = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="approvals")
    on_behalf_of = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    note = models.TextField(blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(condition=~Q(approver=F("requester")) & ~Q(approver=F("writer")), name="four_eyes"),
            # Nobody approves their own question through a stand-in.
            models.CheckConstraint(
                condition=Q(on_behalf_of__isnull=True)
                | (~Q(on_behalf_of=F("requester")) & ~Q(on_behalf_of=F("writer"))),
                name="four_eyes_behind_a_stand_in",
            ),
            models.UniqueConstraint(fields=["need"], condition=Q(voided_at__isnull=True), name="one_standing_approval"),
        ]


class Advice(Kept):
    """What the privacy officer said about one version, before the decision."""

    need = models.ForeignKey(InformationNeed, on_delete=models.CASCADE, related_name="advices")
    content_hash = models.CharField(max_length=64)
    adviser = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    positive = models.BooleanField()
    text = models.TextField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-at"]


@dataclass(frozen=True)
class InForce:
    """A need that may make data move today, with the approval that says so."""

    need: InformationNeed
    approval: Approval


def standing_approval(need: InformationNeed, fingerprint: str | None = None) -> Approval | None:
    """The approval that holds for the content exactly as it stands now, or None."""
    approval = need.approvals.filter(voided_at__isnull=True).select_related("approver").first()
    return approval if approval and approval.content_hash == (fingerprint or need.fingerprint()) else None


def in_force(day: date | None = None) -> list[InForce]:
    """All needs that may make data move on a day.

    The content is hashed again here: a row that was changed behind our back opens nothing.
    """
    moment = day or clock.today()
    return list(once(("in force", moment), lambda: _in_force(moment)))


def _in_force(day: date) -> list[InForce]:
    approvals = {a.need_id: a for a in Approval.objects.filter(voided_at__isnull=True).select_related("approver")}
    needs = InformationNeed.objects.moving(day).filter(pk__in=approvals).whole()
    found = ((need, approvals.get(need.pk)) for need in needs)
    return [InForce(need, a) for need, a in found if a is not None and a.content_hash == need.fingerprint()]


def needed_elements(day: date | None = None) -> frozenset[str]:
    """Law 1: the data elements that an approved need names today. Nothing else may enter storage.

    Those of the needs that `in_force` gives, hashed again as there.
    """
    moment = day or clock.today()
    return once(("needed elements", moment), lambda: _needed_elements(moment))


def _needed_elements(day: date) -> frozenset[str]:
    approved = dict(Approval.objects.filter(voided_at__isnull=True).values_list("need_id", "content_hash"))
    contents = InformationNeed.objects.moving(day).filter(pk__in=approved).contents()
    held = (content for need, content in contents.items() if content_hash(content) == approved[need])
    return frozenset(key for content in held for key, line in content["elements"].items() if line[0] != DECLINED)
