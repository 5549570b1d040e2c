"""What each section of a kit may say: which fields must be there, which may, and of what kind they are."""

import re
from datetime import date
from typing import Any

from schakel.kits.mistakes import BadKit, bad
from schakel.lib.text import gettext as _

# Section -> the fields that must be there | the fields that may. In the order in which a kit is loaded.
_FIELDS = {
    "kit": ("id version language provider licence name", "languages description contains words requires takes"),
    "roles": ("key nl en side kind", ""),
    "retention": ("key nl trigger minimum maximum basis confirmed source", ""),
    "policies": ("key nl en owner_role", "adopted_on review_on"),
    "goals": ("key nl en owner_role", "level sector law law_confirmed parent"),
    "processes": ("key nl en", "parent description_nl source evidence"),
    "components": ("key nl en part_of", "description_nl source evidence"),
    "activities": ("key nl en goal owner_role", "process law law_confirmed"),
    "systems": ("key nl en component owner_role personal_data", "activities supplier"),
    "links": ("key from to standard frequency_nl owner_role", "frequency_en"),
    "sources": ("key nl en system layout pattern rhythm_nl expected_hours owner_role repairs_role", "rhythm_en"),
    "objects": (
        "key nl en owner_role record origin retention elements", "description_nl purpose_nl purpose_en legal_basis",
    ),
    "concepts": ("key nl en", "description_nl source evidence"),
    "indicators": (
        "key nl en definition_nl unit direction level goal elements source confirmed norms",
        "definition_en edge_cases_nl",
    ),
    "needs": (
        "key sector role question_nl question_en rhythm_nl decision_nl activity goal level required freshness_nl "
        "purpose_nl legal_basis audience today owner_role review_months priority retention_nl privacy_advice state",
        "rhythm_en decision_en wished freshness_en max_age_hours purpose_en retention_en art9_exception art9_confirmed "
        "law law_confirmed note_nl refusal_nl refusal_en instead",
    ),
    "products": ("key need title shape level sql columns sort chart finding empty", "signals"),
    "areas": ("key kind nl en content", "execution"),
    "consultations": ("key nl en level rhythm chair_role roles", ""),
    # Parts of a thing, checked where the thing is.
    "element": (
        "key nl en type description_nl structural personal special identifier biv", "unit record",
    ),
    "norm": ("key value nl en kind valid_from source confirmed", "upper sector size_from size_below"),
    "column": ("key nl en format", "words optional show empty_nl empty_en"),
    "today": ("minutes times_per_year people estimate how_nl how_en", ""),
    "letters": ("key A R", "C I"),
}  # fmt: skip
_PARTS = {"objects": ("elements", "element"), "indicators": ("norms", "norm"), "products": ("columns", "column")}
SECTIONS = tuple(
    name
    for name in _FIELDS
    if name not in ("kit", "today", "letters") and name not in {part for _, part in _PARTS.values()}
)
FILES = {
    **{
        name: {name}
        for name in ("roles", "retention", "policies", "goals", "indicators", "needs", "words", "consultations")
    },
    "responsibilities": {"areas"},
    "reference": {"processes", "components", "concepts"},
    "activities": {"processes", "activities"},
    "systems": {"systems", "links", "sources"},
    "elements": {"objects"},
    "products": {"products", "words"},
}
_KINDS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(
        ("confirmed", "law_confirmed", "art9_confirmed", "personal_data", "structural", "personal", "identifier",
         "optional", "show", "estimate"), (bool,)
    ),
    **dict.fromkeys(
        ("expected_hours", "review_months", "priority", "max_age_hours", "minutes", "times_per_year", "people"), (int,)
    ),
    **dict.fromkeys(
        ("elements", "norms", "columns", "sort", "finding", "audience", "activities", "contains", "languages",
         "requires", "takes", "roles", "R", "C", "I"), (list,)
    ),
    **dict.fromkeys(
        ("name", "title", "empty", "chart", "signals", "required", "wished", "today", "description", "content",
         "execution"), (dict,)
    ),
    **dict.fromkeys(("value", "upper", "size_from", "size_below"), (int, float)),
    **dict.fromkeys(("valid_from", "adopted_on", "review_on"), (date,)),
    "record": (str, type(None)),
}  # fmt: skip
_CHOICES = {
    "side": {"direction", "demand", "supply", "use"},
    "origin": {"source", "register"},
    "evidence": {"fora", "fora-derived", "proposed"},
    "special": {"none", "sensitive", "art9_health", "art9_ethnic_origin"},
    "direction": {"higher", "lower", "range", "context"},
    "state": {"asked", "refused"},
    "shape": {"worklist", "table", "trend", "score", "roster"},
    "privacy_advice": {"yes", "consider", "not_needed"},
}
_PATTERNS = {"key": re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"), "biv": re.compile(r"[lmh]{3}")}


def check(section: str, entry: dict[str, Any], file: str, line: int) -> None:
    """Raises BadKit for a field that is missing, unknown, or not of its kind."""
    must, may = (set(text.split()) for text in _FIELDS[section])
    known = must | may | (set(SECTIONS) if section == "kit" else set())
    for name in sorted(must - set(entry)):
        raise _bad(_("Bij '%(key)s' ontbreekt '%(name)s'."), entry, name, file, line)
    for name in sorted(set(entry) - known):
        raise _bad(_("Bij '%(key)s' staat '%(name)s'; dat veld bestaat niet."), entry, name, file, line)
    for name, value in entry.items():
        if not _fits(section, name, value):
            raise _bad(_("Bij '%(key)s' past de waarde van '%(name)s' niet."), entry, name, file, line)
    _check_parts(section, entry, file, line)


def _fits(section: str, name: str, value: Any) -> bool:
    if section == "kit" and name in SECTIONS:
        return isinstance(value, list)
    if section == "kit" and name == "words":
        return isinstance(value, dict)
    kinds = _KINDS.get(name, (str,))
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        return False
    if name in _PATTERNS:
        return _PATTERNS[name].fullmatch(str(value)) is not None
    return name not in _CHOICES or value in _CHOICES[name]


def _texts(value: dict[str, Any] | list[Any]) -> bool:
    """Whether a list holds texts, or a mapping gives each name a text, or one in Dutch and one in English."""
    return all(map(_text, value.values()) if isinstance(value, dict) else (isinstance(each, str) for each in value))


def _text(value: object) -> bool:
    if isinstance(value, dict):
        return set(value) == {"nl", "en"} and all(isinstance(each, str) for each in value.values())
    return isinstance(value, str)


def _check_parts(section: str, entry: dict[str, Any], file: str, line: int) -> None:
    if section == "needs":
        check("today", {**entry["today"]}, file, getattr(entry["today"], "line", line))
        for name in ("required", "wished", "audience"):
            if not _texts(entry.get(name, [])):
                raise _bad(_("Bij '%(key)s' past de waarde van '%(name)s' niet."), entry, name, file, line)
    if section == "areas":
        for name in ("content", "execution"):
            if name in entry:
                check("letters", {"key": entry["key"], **entry[name]}, file, getattr(entry[name], "line", line))
    if section == "consultations" and not _texts(entry["roles"]):
        raise _bad(_("Bij '%(key)s' past de waarde van '%(name)s' niet."), entry, "roles", file, line)
    if section in _PARTS:
        name, part = _PARTS[section]
        for each in entry[name]:
            if not isinstance(each, dict):
                raise _bad(_("Bij '%(key)s' past de waarde van '%(name)s' niet."), entry, name, file, line)
            check(part, each, file, getattr(each, "line", line))


def _bad(message: str, entry: dict[str, Any], name: str, file: str, line: int) -> BadKit:
    return bad(message % {"key": entry.get("key", entry.get("id", "?")), "name": name}, file, line)
