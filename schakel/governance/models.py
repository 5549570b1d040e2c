"""The list of tables in this room, where Django looks for them."""

from schakel.governance.policies import Policy
from schakel.governance.retention import RetentionRule

__all__ = ["Policy", "RetentionRule"]
