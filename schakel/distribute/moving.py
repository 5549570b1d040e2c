"""The needs in force, remembered in this process until something in the register changes.

For lists only. A delivery reads its own need afresh, and hashes its content again.
"""

from dataclasses import dataclass, field
from datetime import date

from schakel.access.audit import FIRST, AuditHead, AuditLine
from schakel.chain.approvals import InForce, in_force

# What happens to products without changing anything in the register.
DELIVERED = "product.deliver"
REFUSED = "product.refuse"


@dataclass
class _Memory:
    """Up to which line of the trail was looked, and what was in force on which day at that point."""

    number: int = 0
    hash: str = FIRST
    day: date | None = None
    needs: list[InForce] = field(default_factory=list)


_memory = _Memory()


def moving_needs(day: date) -> list[InForce]:
    """The needs in force on a day, each with its approval."""
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    if _memory.day != day or _changed_since(head):
        _memory.needs = in_force(day)
    _memory.number, _memory.hash, _memory.day = head.number, head.hash, day
    return _memory.needs


def _changed_since(head: AuditHead) -> bool:
    """Whether the trail now holds anything but deliveries after the point that was remembered."""
    if head.hash == _memory.hash:
        return False
    known = AuditLine.objects.filter(number=_memory.number, hash=_memory.hash).exists()
    news = AuditLine.objects.filter(number__gt=_memory.number).exclude(action__in=(DELIVERED, REFUSED))
    return not known or news.exists()
