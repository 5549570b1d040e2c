"""The analytic engine: DuckDB, checking and rewriting of SQL, tables written out as files, charts.

Plain Python: no Django, no register, no people.
"""
