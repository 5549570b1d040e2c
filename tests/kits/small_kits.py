"""Small kits for tests, written to a folder: everything that one need takes, and nothing more."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

KIT: dict[str, Any] = {
    "id": "small", "version": "1.0.0", "language": "nl", "provider": "Test", "licence": "EUPL-1.2",
    "name": {"nl": "Klein pakket", "en": "Small kit"},
    "roles": [
        {"key": "teacher", "nl": "leraar", "en": "teacher", "side": "use", "kind": "person"},
        {"key": "timetabler", "nl": "roostermaker", "en": "timetabler", "side": "use", "kind": "person"},
    ],
    "goals": [{"key": "G1", "nl": "Op tijd beginnen", "en": "Start in time", "owner_role": "teacher"}],
    "processes": [{"key": "roosteren", "nl": "Roosteren", "en": "Timetabling"}],
    "activities": [
        {"key": "A1", "nl": "Lessen geven", "en": "Teach", "goal": "G1", "owner_role": "teacher",
         "process": "roosteren"}
    ],
    "systems": [
        {"key": "timetable", "nl": "Rooster", "en": "Timetable", "component": "Roostersysteem",
         "owner_role": "timetabler", "personal_data": True}
    ],
    "objects": [
        {"key": "slot", "nl": "Les", "en": "Lesson", "owner_role": "timetabler", "record": "timetable",
         "origin": "source", "retention": "none", "elements": [
             {"key": "start_time", "nl": "Begintijd", "en": "Start", "type": "time", "description_nl": "Begin.",
              "structural": False, "personal": False, "special": "none", "identifier": False, "biv": "lml"},
             {"key": "room", "nl": "Lokaal", "en": "Room", "type": "text", "description_nl": "Waar.",
              "structural": False, "personal": False, "special": "none", "identifier": False, "biv": "lml"},
         ]}
    ],
    "needs": [
        {"key": "my_day", "sector": "fo", "role": "teacher", "question_nl": "Waar moet ik zijn?",
         "question_en": "Where must I be?", "rhythm_nl": "elke dag", "decision_nl": "Gaan.", "activity": "A1",
         "goal": "G1", "level": "person", "required": {"slot.start_time": "weten wanneer"},
         "wished": {"slot.room": "weten waar"}, "freshness_nl": "elke dag", "purpose_nl": "Lesgeven.",
         "legal_basis": "AVG art. 6 lid 1e", "audience": ["teacher:self"],
         "today": {"minutes": 2, "times_per_year": 190, "people": 30, "estimate": True, "how_nl": "op papier",
                   "how_en": "on paper"},
         "owner_role": "timetabler", "review_months": 12, "priority": 2, "retention_nl": "een jaar",
         "privacy_advice": "not_needed", "state": "asked"}
    ],
}  # fmt: skip


def small() -> dict[str, Any]:
    """A fresh copy, to change at will."""
    return deepcopy(KIT)


def write(folder: Path, content: dict[str, Any], name: str = "kit.yaml") -> Path:
    """Write a kit as one file."""
    path = folder / name
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path
