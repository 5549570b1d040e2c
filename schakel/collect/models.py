"""The list of tables in this room, where Django looks for them."""

from schakel.collect.connections import Connection
from schakel.collect.match_decisions import MatchDecision
from schakel.collect.runs import Run
from schakel.collect.source_mappings import SourceMapping
from schakel.collect.sources import Source

__all__ = ["Connection", "MatchDecision", "Run", "Source", "SourceMapping"]
