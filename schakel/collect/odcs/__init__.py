"""The contract of a source as a data contract that others can read: Open Data Contract Standard (ODCS) v3.2.0.

Source: bitol-io, Open Data Contract Standard, version 3.2.0; its JSON schema lies in `schema/`. Nothing of this room is
imported when a file is checked.
"""
