"""The analytic engine: DuckDB, checking and rewriting of SQL, tables written out as files.

Plain Python: no Django, no register, no people.
"""
