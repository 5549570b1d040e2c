"""What is delivered once a year about the tiny board of boards.py."""

from datetime import date
from pathlib import Path
from typing import Any

from tests.process.landed import LandedHere, land


def yearly(data: Path) -> list[LandedHere]:
    """Figures of sites, published results, levels and exams; a line of each is of a site or pupil elsewhere."""
    return [
        land(
            data,
            "vestigingscijfers",
            "vestigingscijfers",
            {
                "site_year": [
                    _figures("16AH00", 28.4, 49.6),
                    _figures("20XY01", None, None),
                    _figures("01AA00", 31.0, 45.0),
                ]
            },
        ),
        land(
            data,
            "inspectiewaarden",
            "inspectiewaarden",
            {
                "inspection_value": [
                    _published("20XY01", "havo", "R1", -4.7, -14.9),
                    _published("20XY01", "havo", "R4", 6.4, None),
                    _published("01AA00", "havo", "R4", 6.1, 6.2),
                ]
            },
        ),
        land(
            data,
            "referentieniveaus",
            "referentieniveaus",
            {
                "reference_level": [
                    _level("001", "reading", "1s_2f"),
                    _level("001", "arithmetic", None),
                    _level("002", "reading", None, exempt="exempt"),
                    _level("999", "reading", "below_1f"),
                ]
            },
        ),
        *_exams(data),
    ]


def _exams(data: Path) -> list[LandedHere]:
    """Both files of DUO: who passed, and the marks."""
    return [
        land(
            data,
            "examens",
            "duo_examens_vo",
            {
                "exam": [
                    _exam("20XY01", "HAVO - N&T", "31", "29"),
                    _exam("20XY01", "HAVO - C&M", "6", "<5"),
                    _exam("01AA00", "HAVO - C&M", "40", "30"),
                ]
            },
        ),
        land(
            data,
            "examencijfers",
            "duo_examencijfers_vo",
            {
                "mark": [
                    _mark("20XY01", "N&T", "31", "6,5", "6,3"),
                    _mark("20XY01", "C&M", "<5", "-", "-"),
                    _mark("01AA00", "C&M", "40", "6,6", "6,2"),
                ]
            },
        ),
    ]


def _figures(site: str, weighting: float | None, signal: float | None) -> dict[str, Any]:
    return {
        "site_identifier": site,
        "school_year": "2026-2027",
        "school_weighting": weighting,
        "disadvantage_score": weighting,
        "signal_value_1s2f": signal,
    }


def _published(site: str, department: str, code: str, value: float, norm: float | None) -> dict[str, Any]:
    return {
        "site_identifier": site,
        "education_type": department,
        "code": code,
        "period": "2023-2026",
        "value": value,
        "norm": norm,
    }


def _level(number: str, domain: str, level: str | None, exempt: str = "not_exempt") -> dict[str, Any]:
    return {
        "pupil_number": number,
        "school_year": "2026-2027",
        "domain": domain,
        "level_reached": level,
        "exempt": exempt,
    }


def _mark(site: str, department: str, candidates: str, school_exam: str, central_exam: str) -> dict[str, Any]:
    return {
        "brin": site[:4],
        "site_code": site,
        "education": "HAVO",
        "department": department,
        "year_begins": date(2025, 8, 1),
        "candidates": candidates,
        "school_exam": school_exam,
        "central_exam": central_exam,
    }


def _exam(site: str, programme: str, candidates: str, passed: str) -> dict[str, Any]:
    return {
        "brin": site[:4],
        "site_code": site,
        "education": "HAVO",
        "programme": programme,
        "year_begins": date(2025, 8, 1),
        "candidates": candidates,
        "passed": passed,
    }
