"""The list of tables in this room, where Django looks for them."""

from schakel.access.audit import AuditHead, AuditLine
from schakel.access.delegations import Delegation
from schakel.access.people import Person
from schakel.access.roles import Role, RoleAssignment

__all__ = ["AuditHead", "AuditLine", "Delegation", "Person", "Role", "RoleAssignment"]
