"""The list of tables in this room, where Django looks for them."""

from schakel.distribute.delivery import Delivery
from schakel.distribute.products import Product
from schakel.distribute.wrong_data import WrongData, WrongDataText

__all__ = ["Delivery", "Product", "WrongData", "WrongDataText"]
