"""Subjects and how many lessons a week a home group has of each."""

NAMES = {
    "groep": "Groepsonderwijs", "mentor": "Mentoruur",
    "le": "Begrijpend lezen", "ta": "Taalverzorging", "re": "Rekenen-wiskunde",
    "ne": "Nederlands", "en": "Engels", "wi": "Wiskunde", "fa": "Frans", "du": "Duits", "ak": "Aardrijkskunde",
    "gs": "Geschiedenis", "bi": "Biologie", "na": "Natuurkunde", "sk": "Scheikunde", "ec": "Economie",
    "bv": "Beeldende vorming", "ma": "Maatschappijleer", "lo": "Lichamelijke opvoeding",
}  # fmt: skip
PRIMARY = ("le", "ta", "re")
FIRST_TESTED_GRADE = 3

_LOWER = {"ne": 4, "en": 3, "wi": 4, "fa": 3, "ak": 2, "gs": 2, "bi": 2, "na": 2, "bv": 2, "lo": 2}
_THIRD = {"ne": 3, "en": 3, "wi": 3, "fa": 3, "du": 3, "ak": 2, "gs": 2, "ec": 2, "na": 2, "bi": 2, "lo": 2}
_UPPER = {"ne": 3, "en": 3, "wi": 4, "ec": 3, "gs": 3, "bi": 3, "na": 3, "sk": 3, "du": 3, "lo": 2}
_VMBO = {"ne": 4, "en": 4, "wi": 4, "du": 3, "bi": 4, "ec": 4, "ma": 2, "lo": 2}


def lessons(track: str, grade: int) -> dict[str, int]:
    """Lessons a week per subject of a secondary home group; empty in primary and special schools."""
    if track in ("po", "so"):
        return {}
    if grade <= 2:  # noqa: PLR2004
        return _LOWER
    if track in ("K", "T"):
        return _VMBO
    return _THIRD if grade == 3 else _UPPER  # noqa: PLR2004


def taught(track: str, grades: list[int]) -> list[str]:
    """Subjects with a teaching group of their own; in primary schools from the grade in which tests begin."""
    if track in ("po", "so"):
        return list(PRIMARY) if max(grades) >= FIRST_TESTED_GRADE else []
    return list(lessons(track, grades[0]))
