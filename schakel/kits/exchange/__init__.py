"""What goes out of the register and comes in again by file: the nouns with their fields, differences, all or nothing.

A spreadsheet and a model of the landscape are two ways of writing offers; both are looked at and taken in.
"""
