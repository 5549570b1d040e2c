"""The demo board: a foundation of thirteen invented schools, written as files in the way source systems export them.

It answers the question "what would Schakel show us?" without a real pupil. It writes files only, never our own
tables, so that the demonstration travels the same road as real data. It may use the engine and the clock, nothing of
the register.
"""

from .board import Generated, generate
from .defects import Defect
from .key import ColumnFact, Key

__all__ = ["ColumnFact", "Defect", "Generated", "Key", "generate"]
