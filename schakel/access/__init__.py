"""Who is here and what may they change? Accounts, roles, permissions with their reason, the audit trail.

May use: engine, lib.
"""
