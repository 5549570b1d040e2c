"""The list of tables in this room, where Django looks for them."""

from schakel.chain.approvals import Advice, Approval, NeedVersion
from schakel.chain.consultation import Consultation, ConsultationRole, Meeting, Resolution
from schakel.chain.elements import DataElement, InformationObject, SourceOfRecord
from schakel.chain.gap_history import GapAcceptance, GapSighting
from schakel.chain.goals import Activity, Goal, Process
from schakel.chain.model_identifiers import ModelIdentifier
from schakel.chain.needs import InformationNeed, NeedAudience, NeedElement
from schakel.chain.organisations import Organisation
from schakel.chain.realising import Change, ChangeDependency
from schakel.chain.responsibilities import Area, Responsibility
from schakel.chain.search import SearchEntry
from schakel.chain.systems import Link, ReferenceComponent, System
from schakel.chain.time_returned import TimeCorrection
from schakel.chain.unsent import UnsentQuestion

__all__ = [
    "Activity",
    "Advice",
    "Approval",
    "Area",
    "Change",
    "ChangeDependency",
    "Consultation",
    "ConsultationRole",
    "DataElement",
    "GapAcceptance",
    "GapSighting",
    "Goal",
    "InformationNeed",
    "InformationObject",
    "Link",
    "Meeting",
    "ModelIdentifier",
    "NeedAudience",
    "NeedElement",
    "NeedVersion",
    "Organisation",
    "Process",
    "ReferenceComponent",
    "Resolution",
    "Responsibility",
    "SearchEntry",
    "SourceOfRecord",
    "System",
    "TimeCorrection",
    "UnsentQuestion",
]
