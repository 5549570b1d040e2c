"""What was computed from the whole register, kept in this process until the trail says that something changed.

For questions that read thousands of rows and are asked often. What decides about data of people is never kept here.
"""

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from schakel.access.audit import FIRST, AuditHead, AuditLine
from schakel.access.kept import change_open

_T = TypeVar("_T")
_QUIET: set[str] = set()  # actions that leave a line and change nothing in the register


def changes_nothing(*actions: str) -> None:
    """Say that these actions only read: what was remembered stays true after them."""
    _QUIET.update(actions)


@dataclass
class _Kept(Generic[_T]):
    value: _T
    number: int
    hash: str
    also: tuple[Hashable, ...]


@dataclass
class Remembered(Generic[_T]):
    """The answer of `make`, made again when the register changed or when `also` (a day, a snapshot) differs."""

    make: Callable[..., _T]
    _kept: _Kept[_T] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, *also: Hashable) -> _T:
        """The value as the register stands now. Inside an open change it is made and not kept: it may be undone."""
        return self._recalled((), also)

    def answer(self, *question: Hashable) -> _T:
        """What `make` says to this question. The last question is remembered, no other."""
        return self._recalled(question, question)

    def _recalled(self, question: tuple[Hashable, ...], also: tuple[Hashable, ...]) -> _T:
        if change_open.get():
            return self.make(*question)
        with self._lock:
            head = AuditHead.objects.filter(pk=1).first() or AuditHead()
            kept = self._kept
            if kept is None or kept.also != also or _changed(kept, head):
                kept = _Kept(self.make(*question), head.number, head.hash, also)
            else:
                kept = _Kept(kept.value, head.number, head.hash, also)
            self._kept = kept
            return kept.value

    def forget(self) -> None:
        """Let go of what was kept."""
        self._kept = None


def _changed(kept: "_Kept[_T]", head: AuditHead) -> bool:
    """Whether the trail holds anything but reading after the point that was remembered."""
    if head.hash == kept.hash:
        return False
    if kept.hash != FIRST and not AuditLine.objects.filter(number=kept.number, hash=kept.hash).exists():
        return True
    news = AuditLine.objects.filter(number__gt=kept.number).exclude(action__in=_QUIET)
    return news.exclude(action__startswith="refused:").exists()
