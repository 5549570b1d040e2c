"""Information objects and their data elements: how sensitive, why they may be used, where they come from."""

from django.db import models
from django.db.models import Q

from schakel.access.kept import Kept
from schakel.access.roles import Role
from schakel.chain.search import Searchable
from schakel.chain.systems import System
from schakel.lib.text import language

# Read from a source, written by the product itself, or a concept of the reference architecture without elements.
ORIGINS = [(origin, origin) for origin in ("source", "register", "reference")]
LEVELS = [(level, level) for level in ("laag", "midden", "hoog")]


class InformationObject(Kept):
    """A business object (a pupil, an absence): one table of the school model."""

    key = models.SlugField(max_length=64, unique=True)
    nl = models.CharField(max_length=120)
    en = models.CharField(max_length=120)
    origin = models.CharField(max_length=12, default="source", choices=ORIGINS)
    purpose = models.TextField(blank=True)
    purpose_en = models.TextField(blank=True)
    legal_basis = models.CharField(max_length=250, blank=True)
    owner_role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, blank=True, related_name="objects_owned")
    description = models.TextField(blank=True)
    source = models.CharField(max_length=300, blank=True)
    evidence = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.nl


def object_names() -> dict[str, str]:
    """What each information object is called, by its key; a table of the school model is called like its object."""
    found = InformationObject.objects.values_list("key", "nl", "en")
    return {key: en if language() == "en" and en else nl for key, nl, en in found}


class DataElement(Searchable):
    """One column of the school model. `key` is `table.column`; a need names it, or it is structural (law 1)."""

    key = models.CharField(max_length=130, unique=True)
    object = models.ForeignKey(InformationObject, on_delete=models.PROTECT, related_name="elements")
    nl = models.CharField(max_length=120)
    en = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    type = models.CharField(max_length=120)
    unit = models.CharField(max_length=120, blank=True)
    structural = models.BooleanField(default=False)
    personal = models.BooleanField(default=False)
    special = models.CharField(
        max_length=24,
        default="no",
        choices=[(s, s) for s in ("no", "sensitive", "art9_health", "art9_ethnic_origin")],
    )
    identifier = models.BooleanField(default=False)
    availability = models.CharField(max_length=8, choices=LEVELS, default="midden")
    integrity = models.CharField(max_length=8, choices=LEVELS, default="midden")
    confidentiality = models.CharField(max_length=8, choices=LEVELS, default="midden")
    retention = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["key"]
        constraints = [
            # Special data must be named by a need; they never come along by themselves.
            models.CheckConstraint(
                condition=~Q(structural=True, special__startswith="art9"), name="special_data_never_structural"
            ),
            models.CheckConstraint(condition=Q(special="no") | Q(personal=True), name="special_data_are_personal"),
        ]

    def __str__(self) -> str:
        return f"{self.nl} ({self.key})"

    def words_nl(self) -> tuple[str, ...]:
        """What it is found by: its name, what it says, and the object that it belongs to."""
        return (self.nl, self.nl, self.description, self.object.nl)

    def words_en(self) -> tuple[str, ...]:
        """What it is found by in English."""
        return (self.en, self.object.en)

    @property
    def needs_advice(self) -> bool:
        """Whether the privacy officer advises first: special data of AVG art. 9."""
        return self.special.startswith("art9")


class SourceOfRecord(Kept):
    """Which system is the one to believe about an element. More than one, or none, is a gap."""

    key = models.CharField(max_length=200, unique=True)  # element@system
    element = models.ForeignKey(DataElement, on_delete=models.CASCADE, related_name="sources_of_record")
    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="elements_of_record")

    class Meta:
        ordering = ["element", "system"]
        constraints = [models.UniqueConstraint(fields=["element", "system"], name="source_of_record_once")]
