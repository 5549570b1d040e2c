"""The list of tables in this room, where Django looks for them."""

from schakel.collect.alerts import Alert
from schakel.collect.cases import Case, CaseCount
from schakel.collect.chosen_answers import ChosenAnswer
from schakel.collect.connections import Connection
from schakel.collect.holidays import FreeDay
from schakel.collect.low_counts import LowCount
from schakel.collect.match_decisions import MatchDecision
from schakel.collect.runs import Run
from schakel.collect.source_mappings import SourceMapping
from schakel.collect.sources import Source

__all__ = [
    "Alert",
    "Case",
    "CaseCount",
    "ChosenAnswer",
    "Connection",
    "FreeDay",
    "LowCount",
    "MatchDecision",
    "Run",
    "Source",
    "SourceMapping",
]
