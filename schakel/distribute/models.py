"""The list of tables in this room, where Django looks for them."""

from schakel.distribute.delivery import Delivery
from schakel.distribute.products import Product

__all__ = ["Delivery", "Product"]
