"""Spreadsheets both ways: the register as sheets that people edit, and sheets as offers to the register."""
