"""The needs in force, remembered in this process until something in the register changes.

For lists only. A delivery reads its own need afresh, and hashes its content again.
"""

from datetime import date

from schakel.access.remembered import Remembered, changes_nothing
from schakel.chain.approvals import InForce, in_force

# What happens to products without changing anything in the register.
DELIVERED = "product.deliver"
REFUSED = "product.refuse"
changes_nothing(DELIVERED, REFUSED)


def moving_needs(day: date) -> list[InForce]:
    """The needs in force on a day, each with its approval."""
    return _needs.answer(day)


_needs = Remembered(in_force)
