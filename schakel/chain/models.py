"""The list of tables in this room, where Django looks for them."""

from schakel.chain.approvals import Advice, Approval, NeedVersion
from schakel.chain.elements import DataElement, InformationObject, SourceOfRecord
from schakel.chain.goals import Activity, Goal, Process
from schakel.chain.needs import InformationNeed, NeedAudience, NeedElement
from schakel.chain.organisations import Organisation
from schakel.chain.systems import Link, System

__all__ = [
    "Activity",
    "Advice",
    "Approval",
    "DataElement",
    "Goal",
    "InformationNeed",
    "InformationObject",
    "Link",
    "NeedAudience",
    "NeedElement",
    "NeedVersion",
    "Organisation",
    "Process",
    "SourceOfRecord",
    "System",
]
