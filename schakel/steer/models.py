"""The list of tables in this room, where Django looks for them."""

from schakel.steer.norms import Indicator, Norm

__all__ = ["Indicator", "Norm"]
