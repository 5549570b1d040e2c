"""Schakel: the information-management platform of a Dutch school board.

One chain, made executable: goal, activity, information need, data, source, product, person.
An approved information need is the only thing that can make data move.
"""

__version__ = "0.1.0"
