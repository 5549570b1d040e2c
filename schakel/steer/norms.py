"""Indicators as the register knows them, tied to goals, with dated norms. Computing is in indicators.py."""

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from django.db import models

from schakel.access.kept import Kept
from schakel.chain.goals import Goal
from schakel.lib import clock
from schakel.steer import judging

DEFINITIONS = Path(__file__).with_name("definitions") / "definitions.csv"


class Indicator(Kept):
    """A figure that tells whether a goal is reached. `key` is also the name of its SQL definition."""

    key = models.SlugField(max_length=64, unique=True)
    nl = models.CharField(max_length=200)
    en = models.CharField(max_length=200)
    definition = models.TextField()
    unit = models.CharField(max_length=60)
    direction = models.CharField(max_length=8, choices=[(d, d) for d in ("higher", "lower", "range", "context")])
    level = models.CharField(max_length=8, choices=[(level, level) for level in ("group", "school", "board")])
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, null=True, blank=True, related_name="indicators")
    edge_cases = models.TextField(blank=True)
    source = models.CharField(max_length=300, blank=True)
    confirmed = models.BooleanField(default=False)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.nl

    def norm_on(self, day: date | None = None) -> "Norm | None":
        """The norm for every sector and size that holds on a day; of several bands, that of the largest."""
        until = day or clock.today()
        standing = [n for n in self.norms.all() if n.valid_from <= until and not n.sector and n.size_below is None]
        return max(standing, key=lambda norm: norm.valid_from, default=None)

    def norm_of(self, value: float, day: date | None = None) -> "Norm | None":
        """The norm of this very height that holds on a day, for whatever sector or size; None: there is none."""
        until = day or clock.today()
        standing = [n for n in self.norms.all() if n.valid_from <= until and float(n.value) == value]
        return max(standing, key=lambda norm: norm.valid_from, default=None)


class Norm(Kept):
    """What is good enough, from which day, according to whom. Own ambition and law are told apart by `kind`."""

    key = models.CharField(max_length=120, unique=True)
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="norms")
    value = models.DecimalField(max_digits=14, decimal_places=4)
    upper = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)  # of a range
    sector = models.CharField(max_length=2, blank=True)  # empty: for every sector
    size_from = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)  # for a band of sizes only,
    size_below = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)  # such as total income
    nl = models.CharField(max_length=120)
    en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=12, choices=[(k, k) for k in ("law", "signal", "benchmark", "own")])
    valid_from = models.DateField()
    source = models.CharField(max_length=300)
    confirmed = models.BooleanField(default=False)

    class Meta:
        ordering = ["indicator", "-valid_from"]

    def __str__(self) -> str:
        return self.nl


def by_indicator() -> dict[str, tuple[judging.Norm, ...]]:
    """All norms of the register as the judging of figures takes them, by the key of their indicator."""
    found: dict[str, list[judging.Norm]] = {}
    for norm in Norm.objects.select_related("indicator"):
        found.setdefault(norm.indicator.key, []).append(
            judging.Norm(
                norm.value, norm.valid_from, norm.source, norm.kind, norm.upper, norm.sector or None,
                norm.size_from, norm.size_below, norm.confirmed,
            )
        )  # fmt: skip
    return {key: tuple(norms) for key, norms in found.items()}


@cache
def norms_in_data() -> Mapping[str, str]:
    """The indicators of which the data give each school its own norm, each with the data element that holds it."""
    with DEFINITIONS.open(encoding="utf-8", newline="") as stream:
        return {row["key"]: row["norm"] for row in csv.DictReader(stream) if row["norm"]}
