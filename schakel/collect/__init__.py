"""What arrived, was it right, and what may come in? Layouts, checks, the door, landing, quarantine, runs.

The checks are plain Python and DuckDB; only sources.py and runs.py keep records in the register.
"""
