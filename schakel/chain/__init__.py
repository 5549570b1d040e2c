"""What is needed, by whom, for which goal? The vocabulary of the product and the register of the chain.

Organisations, goals, activities, information needs, elements, systems and links. May use: access and below.
"""
