"""Rows that can only be written inside a recorded change: history is declared on the write, not at each call."""

from collections.abc import Hashable
from contextvars import ContextVar
from typing import Any, ClassVar, TypeVar

from django.db import models

from schakel.lib.errors import SchakelError

_M = TypeVar("_M", bound=models.Model)
change_open: ContextVar[bool] = ContextVar("change_open", default=False)
told_before: ContextVar[dict[Hashable, Any] | None] = ContextVar("told_before", default=None)  # see asked.py


class UnrecordedWrite(SchakelError):
    """A write outside `change(...)`: a defect in the program, never something a person did."""


def require_change(what: str) -> None:
    """Refuse a write that would leave no line in the audit trail; what was told before it may not be so after it."""
    if not change_open.get():
        raise UnrecordedWrite(f"'{what}' is written outside a recorded change", code="unrecorded")
    (told_before.get() or {}).clear()


class KeptQuerySet(models.QuerySet[_M]):
    """A query set whose bulk writes are refused outside a change too."""

    def update(self, **kwargs: Any) -> int:
        require_change(self.model.__name__)
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        require_change(self.model.__name__)
        return super().delete()

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[_M]:
        require_change(self.model.__name__)
        return super().bulk_create(*args, **kwargs)

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        require_change(self.model.__name__)
        return super().bulk_update(*args, **kwargs)


class Kept(models.Model):
    """A table of the register."""

    objects: ClassVar[Any] = KeptQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"  # what related managers write through (`goal.activities.add(...)`)

    def save(self, *args: Any, **kwargs: Any) -> None:
        require_change(type(self).__name__)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        require_change(type(self).__name__)
        return super().delete(*args, **kwargs)

    @classmethod
    def noun(cls) -> str:
        """The noun under which the audit trail and the gap lists know this table."""
        return cls._meta.model_name or cls.__name__.lower()
