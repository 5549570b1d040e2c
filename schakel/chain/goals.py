"""What the board wants to reach, and the work that serves it: goals, processes, activities."""

from django.db import models

from schakel.access.kept import Kept
from schakel.access.roles import Role
from schakel.chain.search import Searchable


class Goal(Searchable):
    """A goal of the board or a school, with who answers for it and the period it holds."""

    key = models.SlugField(max_length=64, unique=True)
    nl = models.CharField(max_length=250)
    en = models.CharField(max_length=250, blank=True)
    level = models.CharField(max_length=8, default="board", choices=[("board", "bestuur"), ("school", "school")])
    sector = models.CharField(max_length=16, blank=True)
    owner_role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, blank=True, related_name="goals")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    period_start = models.DateField(null=True, blank=True)
    period_end = models.DateField(null=True, blank=True)
    law = models.CharField(max_length=250, blank=True)
    law_confirmed = models.BooleanField(default=False)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.nl

    def words_nl(self) -> tuple[str, ...]:
        """What it is found by."""
        return (self.nl,)

    def words_en(self) -> tuple[str, ...]:
        """What it is found by in English."""
        return (self.en,)


class Process(Kept):
    """A business function or process of the school, as the sector's reference architecture names it."""

    key = models.CharField(max_length=120, unique=True)
    nl = models.CharField(max_length=200)
    en = models.CharField(max_length=200, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    description = models.TextField(blank=True)
    source = models.CharField(max_length=300, blank=True)
    evidence = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.nl


class Activity(Searchable):
    """Who does what, for which goal, in which process, under which law."""

    key = models.SlugField(max_length=64, unique=True)
    nl = models.CharField(max_length=250)
    en = models.CharField(max_length=250, blank=True)
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, null=True, blank=True, related_name="activities")
    process = models.ForeignKey(Process, on_delete=models.PROTECT, null=True, blank=True, related_name="activities")
    owner_role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, blank=True, related_name="activities")
    law = models.CharField(max_length=250, blank=True)
    law_confirmed = models.BooleanField(default=False)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.nl

    def words_nl(self) -> tuple[str, ...]:
        """What it is found by."""
        return (self.nl,)

    def words_en(self) -> tuple[str, ...]:
        """What it is found by in English."""
        return (self.en,)
