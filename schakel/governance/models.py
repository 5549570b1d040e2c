"""The list of tables in this room, where Django looks for them."""

from schakel.governance.retention import RetentionRule

__all__ = ["RetentionRule"]
