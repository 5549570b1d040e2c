"""The information need: the root record. An approved need is the only thing that can make data move.

Built as one sentence: as <role> I want to know <question> every <rhythm>, to decide <decision>, for <activity> that
serves <goal>. What it says is held in versions; what may happen because of it follows from its approval (approvals.py).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from schakel.access.kept import Kept, KeptQuerySet
from schakel.access.people import Person
from schakel.access.roles import Role
from schakel.chain.elements import DataElement
from schakel.chain.goals import Activity, Goal
from schakel.chain.search import Searchable
from schakel.lib import clock
from schakel.lib.identifiers import content_hash

STATES = ("asked", "assessed", "approved", "being_realised", "live", "under_review", "ended", "refused")
STATE_WORDS = {
    "asked": "Gevraagd",
    "assessed": "Beoordeeld",
    "approved": "Goedgekeurd",
    "being_realised": "In aanleg",
    "live": "In gebruik",
    "under_review": "In herziening",
    "ended": "Beëindigd",
    "refused": "Afgewezen",
}
# Only in these states can an approval make data move.
MOVING = ("approved", "being_realised", "live", "under_review")
SCOPES = ("self", "own_pupils", "own_groups", "own_school", "board")
DETAIL_LEVELS = ("person", "group", "school", "board")
# What a decision is about: a change in any of these voids the approval (law 7).
MATERIAL = (
    "question", "question_en", "decision", "decision_en", "rhythm", "rhythm_en", "level", "freshness", "freshness_en",
    "purpose", "purpose_en", "legal_basis", "art9_exception", "law", "retention", "retention_en", "expires_on",
)  # fmt: skip
# Everything a decision is about, in one canonical shape.
Content = dict[str, Any]
DECLINED = "declined"  # in a content, in place of the demand of an element
_SAID = ("key", *MATERIAL)
_ELEMENT = ("element__key", "demand", "declined", "reason", "reason_en")
_AUDIENCE = ("role__key", "scope")
# What a revision may touch. Who asked, the state and the decisions are never revised: they follow from steps.
REVISABLE = frozenset(
    (*MATERIAL, "role", "activity", "sector", "law_confirmed", "note", "today_how", "minutes_before", "minutes_now",
     "times_per_year", "people", "owner_role", "owner", "review_on", "review_months", "priority",
     "alternative")
)  # fmt: skip


class NeedQuerySet(KeptQuerySet["InformationNeed"]):
    """Questions about needs."""

    def moving(self, day: date | None = None) -> "NeedQuerySet":
        """Those in a state in which data may move, and not past their end (approval: see approvals.py)."""
        not_expired = Q(expires_on__isnull=True) | Q(expires_on__gte=day or clock.today())
        return self.filter(not_expired, state__in=MOVING)

    def whole(self) -> "NeedQuerySet":
        """With everything that its content is made of, in a fixed number of queries."""
        return self.select_related(
            "role", "activity__goal", "owner", "requester", "owner_role", "alternative"
        ).prefetch_related("elements__element", "audiences__role")

    def contents(self) -> dict[int, Content]:
        """What each says, by its pk: as its `content`, read as values and not as objects, a quarter of the work."""
        elements, audience = defaultdict[int, list[Any]](list), defaultdict[int, list[Any]](list)
        for need, *line in NeedElement.objects.filter(need__in=self).values_list("need_id", *_ELEMENT):
            elements[need].append(line)
        for need, *pair in NeedAudience.objects.filter(need__in=self).values_list("need_id", *_AUDIENCE):
            audience[need].append(pair)
        said = self.values("pk", *_SAID, role_key=F("role__key"), activity_key=F("activity__key"))
        return {each["pk"]: content_of(each, elements[each["pk"]], audience[each["pk"]]) for each in said}


class InformationNeed(Searchable):
    """One question, by a role, for an activity, with the elements it takes and the people it reaches."""

    key = models.SlugField(max_length=64, unique=True)
    sector = models.CharField(max_length=8, default="fo")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="needs")
    question = models.CharField(max_length=300)
    question_en = models.CharField(max_length=300, blank=True)
    decision = models.CharField(max_length=300)
    decision_en = models.CharField(max_length=300, blank=True)
    rhythm = models.CharField(max_length=120)
    rhythm_en = models.CharField(max_length=120, blank=True)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, null=True, blank=True, related_name="needs")
    # What an asker need not know yet; nobody approves a need in which one of these is empty (deciding.approve).
    level = models.CharField(max_length=8, blank=True, choices=[(level, level) for level in DETAIL_LEVELS])
    freshness = models.CharField(max_length=200, blank=True)
    freshness_en = models.CharField(max_length=200, blank=True)
    purpose = models.CharField(max_length=300, blank=True)
    purpose_en = models.CharField(max_length=300, blank=True)
    legal_basis = models.CharField(max_length=250, blank=True)
    art9_exception = models.CharField(max_length=250, blank=True)
    law = models.CharField(max_length=250, blank=True)
    law_confirmed = models.BooleanField(default=False)
    retention = models.CharField(max_length=250, blank=True)
    retention_en = models.CharField(max_length=250, blank=True)
    note = models.TextField(blank=True)
    today_how = models.CharField(max_length=300, blank=True)  # how the question is answered without Schakel
    minutes_before = models.PositiveIntegerField(null=True, blank=True)
    minutes_now = models.PositiveIntegerField(null=True, blank=True)
    times_per_year = models.PositiveIntegerField(null=True, blank=True)
    people = models.PositiveIntegerField(null=True, blank=True)
    owner_role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, blank=True, related_name="needs_owned")
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="needs_owned")
    requester = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="needs_asked")
    asked_at = models.DateTimeField(default=clock.now)
    review_on = models.DateField(null=True, blank=True)
    review_months = models.PositiveSmallIntegerField(default=12)
    expires_on = models.DateField(null=True, blank=True)
    priority = models.PositiveSmallIntegerField(default=2)
    state = models.CharField(max_length=16, choices=[(s, STATE_WORDS[s]) for s in STATES], default="asked")
    refusal_reason = models.TextField(blank=True)
    alternative = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="instead_of")

    objects: ClassVar[Any] = NeedQuerySet.as_manager()

    class Meta:
        ordering = ["priority", "key"]
        constraints = [
            models.CheckConstraint(condition=~Q(state="refused", refusal_reason=""), name="refusal_has_reason"),
        ]

    def __str__(self) -> str:
        return self.question

    def words_nl(self) -> tuple[str, ...]:
        """What it is found by: the question counts twice."""
        return (self.question, self.question, self.decision, self.purpose)

    def words_en(self) -> tuple[str, ...]:
        """What it is found by in English."""
        return (self.question_en, self.question_en, self.decision_en)

    @property
    def number(self) -> str:
        """How people name it in talk: B-0142."""
        return f"B-{self.pk:04d}"

    @property
    def goal(self) -> Goal | None:
        """The goal that it serves, by way of its activity."""
        return self.activity.goal if self.activity else None

    def content(self) -> Content:
        """Everything a decision is about, as it stands now."""
        activity = self.activity.key if self.activity else None
        said = {"role_key": self.role.key, "activity_key": activity, **{n: getattr(self, n) for n in _SAID}}
        elements = [(e.element.key, e.demand, e.declined, e.reason, e.reason_en) for e in self.elements.all()]
        return content_of(said, elements, self.audience_pairs())

    def fingerprint(self) -> str:
        """The hash of the content as it stands now."""
        return content_hash(self.content())

    def element_keys(self) -> frozenset[str]:
        """The data elements that it names and that were not declined."""
        return frozenset(line.element.key for line in self.elements.all() if not line.declined)

    def audience_pairs(self) -> frozenset[tuple[str, str]]:
        """Who may receive it: pairs of role key and scope."""
        return frozenset((line.role.key, line.scope) for line in self.audiences.all())


class NeedElement(Kept):
    """One element in a need, required or wished for, with its own reason. The owner may decline a wished-for one."""

    need = models.ForeignKey(InformationNeed, on_delete=models.CASCADE, related_name="elements")
    element = models.ForeignKey(DataElement, on_delete=models.PROTECT, related_name="needs")
    demand = models.CharField(max_length=8, choices=[("required", "nodig"), ("wished", "gewenst")])
    reason = models.CharField(max_length=250)
    reason_en = models.CharField(max_length=250, blank=True)
    declined = models.BooleanField(default=False)
    declined_reason = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ["demand", "element"]
        constraints = [
            models.UniqueConstraint(fields=["need", "element"], name="element_once_per_need"),
            models.CheckConstraint(condition=~Q(reason=""), name="element_has_reason"),
            models.CheckConstraint(condition=~Q(declined=True, demand="required"), name="required_is_not_declined"),
            models.CheckConstraint(condition=~Q(declined=True, declined_reason=""), name="declining_has_reason"),
        ]


class NeedAudience(Kept):
    """A role that receives it, and how far: self, own pupils, own groups, own school, the whole board."""

    need = models.ForeignKey(InformationNeed, on_delete=models.CASCADE, related_name="audiences")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="audiences")
    scope = models.CharField(max_length=12, choices=[(s, s) for s in SCOPES])

    class Meta:
        ordering = ["role", "scope"]
        constraints = [models.UniqueConstraint(fields=["need", "role", "scope"], name="audience_once_per_need")]


def content_of(
    said: Mapping[str, Any], elements: Iterable[Sequence[Any]], audience: Iterable[Sequence[str]]
) -> Content:
    """Everything a decision is about, in one canonical shape: what the approval's hash is taken over."""
    return {
        "key": said["key"],
        "role": said["role_key"],
        "activity": said["activity_key"],
        **{name: _text(said[name]) for name in MATERIAL},
        "elements": {
            key: [DECLINED if declined else demand, reason, reason_en]
            for key, demand, declined, reason, reason_en in sorted(elements, key=lambda line: str(line[0]))
        },
        "audience": sorted(f"{role}:{scope}" for role, scope in audience),
    }


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
