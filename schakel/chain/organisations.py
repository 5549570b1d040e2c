"""The board, its schools and their sites, as the register knows them."""

from django.db import models

from schakel.access.kept import Kept


class Organisation(Kept):
    """A board or a school. `key` is the key of the source (OneRoster orgs.sourcedId) where there is one."""

    key = models.CharField(max_length=255, unique=True)
    name = models.CharField(max_length=200)
    level = models.CharField(max_length=8, choices=[("board", "bestuur"), ("school", "school")])
    sector = models.CharField(max_length=2, blank=True, choices=[("po", "po"), ("vo", "vo"), ("so", "so")])
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    board_number = models.CharField(max_length=5, blank=True)
    brin = models.CharField(max_length=4, blank=True)
    site_number = models.CharField(max_length=2, blank=True)
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["level", "name"]

    def __str__(self) -> str:
        return self.name
