"""Interfaces for systems, on the same functions as the pages."""
