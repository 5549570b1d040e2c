"""The landscape as an ArchiMate model in the exchange format of The Open Group, out and in.

Source of the format: ArchiMate Model Exchange File Format 3.1 (standard C19C); of the relationships that are allowed:
ArchiMate 3.2 (standard C226), appendix B. The mapping is described in docs/reference/archimate.md.
"""
