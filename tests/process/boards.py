"""A tiny board as it lies in the landing: two schools, five pupils, three teachers, a few rows of every layout."""

from datetime import date
from pathlib import Path
from typing import Any

from tests.process.landed import LandedHere, land
from tests.process.parquet_rows import Rows
from tests.process.yearly import yearly

__all__ = ["LandedHere", "land"]

FIRST, LAST = date(2026, 8, 1), date(2027, 8, 1)


def roster() -> dict[str, Rows]:
    """OneRoster 1.2 for the school year 2026-2027."""
    return {
        "orgs": [
            {"sourcedId": "b1", "type": "district", "name": "Oeverscholen", "identifier": "41288"},
            _school("s1", "De Meerpaal", "16AH00", "po"),
            _school("s2", "Veldlyceum", "20XY01", "vo"),
        ],
        "academicSessions": [
            _session("y26", "schoolYear", "2026-2027", FIRST, LAST),
            _session("p1", "term", "Periode 1", FIRST, date(2027, 2, 1)),
        ],
        "users": [
            _user("u1", "001", "Noor", "Bos", "8"),
            _user("u2", "002", "Sem", "Vos", "8"),
            _user("u3", "003", "Lot", "Mol", "3"),
            _user("u4", "004", "Jip", "Uil", "13"),
            _user("u5", "005", "Pim", "Das", "13"),
            _user("t1", "P1", "Tom", "Bakker", None),
            _user("t2", "P2", "Sanne", "Wit", None),
            _user("t3", "P3", "Karin", "Boer", None),
            _user("ouder", None, "Els", "Bos", None),
        ],
        "roles": [
            _role("r1", "u1", "student", "s1"),
            _role("r2", "u2", "student", "s1"),
            _role("r3", "u3", "student", "s1", begin=date(2026, 10, 5)),
            _role("r4", "u4", "student", "s2"),
            _role("r5", "u5", "student", "s2", end=date(2027, 1, 1)),
            _role("r6", "t1", "teacher", "s1", begin=FIRST),
            _role("r7", "t2", "ext:mentor", "s2", begin=FIRST),
            _role("r8", "t3", "districtAdministrator", "b1", begin=FIRST),
            _role("r9", "ouder", "parent", "s1"),
        ],
        "demographics": [{"sourcedId": "u1", "birthDate": date(2015, 3, 1), "sex": "female"}],
        "courses": [
            {"sourcedId": "k1", "title": "Groep 8", "subjects": None, "subjectCodes": None},
            {"sourcedId": "k2", "title": "Wiskunde havo 3", "subjects": "Wiskunde", "subjectCodes": "wi"},
        ],
        "classes": [
            _class("c1", "Groep 8", "homeroom", "s1", "k1", "8", "8a", "y26"),
            _class("c2", "H3a", "homeroom", "s2", "k1", "13", "H3a", "y26"),
            _class("c3", "H3a wiskunde", "scheduled", "s2", "k2", "13", "H3a-wi", "p1"),
        ],
        "enrollments": [
            _enrolled("e1", "c1", "s1", "u1", "student"),
            _enrolled("e2", "c1", "s1", "u2", "student", begin=date(2026, 9, 1), end=date(2026, 12, 1)),
            _enrolled("e3", "c3", "s2", "u4", "student"),
            _enrolled("e4", "c1", "s1", "t1", "teacher"),
            _enrolled("e5", "c2", "s2", "t2", "ext:mentor"),
        ],
    }


def with_more_pupils(names: dict[str, str]) -> dict[str, Rows]:
    """The roster with these pupils too, by key the first name."""
    files = roster()
    pupil, role_ = files["users"][0], files["roles"][0]
    files["users"] += [{**pupil, "sourcedId": k, "givenName": name, "identifier": f"7{k}"} for k, name in names.items()]
    files["roles"] += [{**role_, "sourcedId": f"r{key}", "userSourcedId": key} for key in names]
    return files


def absence() -> Rows:
    """Absence of three pupils; the last number is nobody's."""
    return [
        _absent("001", "16AH00", date(2026, 11, 2), None, "unauthorised", 5.5, None),
        _absent("001", "16AH00", date(2026, 11, 2), None, "late", None, None, 10),
        _absent("004", "20XY01", date(2026, 11, 3), 2, "unauthorised", 0.83, 1.0),
        _absent("1", "16AH00", date(2026, 11, 3), None, "authorised", 5.5, None),
    ]


def board(data: Path, **more: Rows) -> list[LandedHere]:
    """The roster and the absence, landed."""
    return [
        land(data, "las", "oneroster", {**roster(), **more}, rows={"users": 9}, quarantined=1),
        land(data, "verzuim", "verzuim", {"absence": absence()}),
    ]


def gradebook() -> dict[str, Rows]:
    """Two tests with results; one pupil was exempt."""
    day = date(2026, 11, 10)
    return {
        "categories": [{"sourcedId": "g1", "title": "Volgtoets"}, {"sourcedId": "g2", "title": "Schoolexamen"}],
        "lineItems": [
            {"sourcedId": "l1", "title": "Rekenen M8", "classSourcedId": "c1", "categorySourcedId": "g1"},
            {"sourcedId": "l2", "title": "SE wiskunde", "classSourcedId": "c3", "categorySourcedId": "g2"},
        ],
        "results": [
            _result("x1", "l1", "u1", "fully graded", 212.0, day, "II"),
            _result("x2", "l1", "u2", "exempt", 0.0, day, "V"),
            _result("x3", "l2", "u4", "fully graded", 6.4, day, None),
        ],
    }


def everything(data: Path) -> list[LandedHere]:
    """Every layout of the demo, a few rows each."""
    return [
        land(data, "las", "oneroster", {**roster(), **gradebook()}),
        land(data, "verzuim", "verzuim", {"absence": absence()}),
        land(
            data,
            "meldingen",
            "meldingen",
            {
                "absence_report": [
                    {
                        "pupil_number": "004",
                        "kind": "first16",
                        "reported_on": date(2026, 11, 9),
                        "period_end": date(2026, 11, 6),
                    },
                ]
            },
        ),
        land(data, "rooster", "rooster", {"slot": [lesson("les1", "H3a-wi", "P2"), lesson("les2", "weg", None)]}),
        land(
            data,
            "vakanties",
            "vakanties",
            {
                "holiday": [
                    {
                        "site_identifier": site,
                        "holiday_region": "noord",
                        "name": "Herfst",
                        "start_date": date(2026, 10, 17),
                        "end_date": date(2026, 10, 25),
                    }
                    for site in ("16AH00", "20XY01")
                ]
            },
        ),
        land(
            data,
            "adviezen",
            "adviezen",
            {
                "school_advice": [
                    {
                        "pupil_number": "001",
                        "school_year": "2026-2027",
                        "provisional": "havo",
                        "provisional_on": date(2027, 1, 20),
                        "test_advice": "havo/vwo",
                        "final": "havo/vwo",
                        "final_on": date(2027, 3, 20),
                        "motivation": "gegroeid",
                    },
                ]
            },
        ),
        land(
            data,
            "personeel",
            "personeel",
            {
                "staff_contract": [
                    _contract("d1", "P1", "16AH00"),
                    _contract("d2", "P3", "41288"),
                    _contract("d3", "P99", "16AH00"),
                ],
                "sick_leave": [
                    {
                        "spell": "z1",
                        "staff_number": "P1",
                        "kind": "sick",
                        "sick_percentage": 50.0,
                        "start_date": date(2026, 11, 2),
                        "end_date": date(2026, 11, 9),
                    },
                ],
                "staff_budget": [
                    {
                        "site_identifier": "16AH00",
                        "year": 2026,
                        "function_group": "teaching",
                        "budget_fte": 1.0,
                        "vacant_fte": 0.2,
                    }
                ],
            },
        ),
        land(
            data,
            "financien",
            "financien",
            {
                "finance_year": [
                    {
                        "organisation_identifier": "41288",
                        "year": 2025,
                        "kind": "actual",
                        **dict.fromkeys(AMOUNTS, 1_000_000.5),
                    },
                    {"organisation_identifier": "16AH00", "year": 2025, "kind": "actual", "total_income": 500_000.0},
                ]
            },
        ),
        *yearly(data),
    ]


AMOUNTS = (
    "total_income",
    "staff_cost",
    "housing_cost",
    "total_cost",
    "result",
    "equity",
    "public_equity",
    "provisions",
    "balance_total",
    "current_assets",
    "current_liabilities",
    "liquid_assets",
    "buildings_purchase_value",
    "other_tangible_book_value",
)


def _result(key: str, test: str, pupil: str, status: str, score: float, day: date, text: str | None) -> dict[str, Any]:
    return {
        "sourcedId": key,
        "lineItemSourcedId": test,
        "studentSourcedId": pupil,
        "scoreStatus": status,
        "score": score,
        "scoreDate": day,
        "textScore": text,
    }


def lesson(key: str, code: str, staff: str | None) -> dict[str, Any]:
    return {
        "lesson": key,
        "site_identifier": "20XY01",
        "class_code": code,
        "subject_code": "wi",
        "staff_number": staff,
        "date": date(2026, 11, 3),
        "hour": 2,
        "start_time": "09:20",
        "room": "101",
        "minutes": 50,
        "state": "given",
    }


def _contract(key: str, staff: str, site: str) -> dict[str, Any]:
    return {
        "contract_number": key,
        "staff_number": staff,
        "site_identifier": site,
        "function_group": "teaching",
        "contract_kind": "permanent",
        "fte": 0.8,
        "start_date": date(2020, 8, 1),
        "birth_date": date(1980, 2, 3),
    }


def _school(key: str, name: str, brin6: str, sector: str) -> dict[str, Any]:
    return {
        "sourcedId": key,
        "type": "school",
        "name": name,
        "identifier": brin6,
        "parentSourcedId": "b1",
        "metadata.sector": sector,
    }


def _session(key: str, kind: str, title: str, start: date, end: date) -> dict[str, Any]:
    return {"sourcedId": key, "type": kind, "title": title, "startDate": start, "endDate": end, "schoolYear": 2027}


def _user(key: str, number: str | None, first: str, family: str, grade: str | None) -> dict[str, Any]:
    return {
        "sourcedId": key,
        "identifier": number,
        "givenName": first,
        "familyName": family,
        "grades": grade,
        "email": f"{first.lower()}@oeverscholen.example",
    }


def _role(
    key: str, user: str, role: str, org: str, begin: date | None = None, end: date | None = None
) -> dict[str, Any]:
    return {
        "sourcedId": key,
        "userSourcedId": user,
        "role": role,
        "orgSourcedId": org,
        "beginDate": begin,
        "endDate": end,
    }


def _class(
    key: str, title: str, kind: str, school: str, course: str, grade: str, code: str, term: str
) -> dict[str, Any]:
    return {
        "sourcedId": key,
        "title": title,
        "classType": kind,
        "schoolSourcedId": school,
        "courseSourcedId": course,
        "grades": grade,
        "classCode": code,
        "termSourcedIds": term,
    }


def _enrolled(
    key: str, group: str, school: str, user: str, role: str, begin: date | None = None, end: date | None = None
) -> dict[str, Any]:
    return {
        "sourcedId": key,
        "classSourcedId": group,
        "schoolSourcedId": school,
        "userSourcedId": user,
        "role": role,
        "beginDate": begin,
        "endDate": end,
    }


def _absent(
    number: str,
    site: str,
    day: date,
    hour: int | None,
    kind: str,
    clock: float | None,
    lessons: float | None,
    late: int | None = None,
) -> dict[str, Any]:
    return {
        "pupil_number": number,
        "site_identifier": site,
        "date": day,
        "hour": hour,
        "kind": kind,
        "clock_hours": clock,
        "lesson_hours": lessons,
        "minutes_late": late,
    }
