"""The files of a board with yearly figures: two schools, their levels and exams, and the country beside them."""

from pathlib import Path

from tests.collect.small_roster import Rows, roster, texts, zipped
from tests.connectors.exam_files import line, marked

COHORTS = (*["2024-2025"] * 6, *["2025-2026"] * 6, *["2026-2027"] * 8)  # of the twenty pupils of each school
TARGET, ENOUGH = ("2F", "2F", "1S"), ("1F", "1F", "1F")
# What the pupils of De Kiem reached in reading, language and arithmetic. Counted by hand: 56 results that count, 49 of
# them at 1F at least and 24 at 1S/2F. Pupil 119 is exempt in arithmetic; of pupil 120 nothing is known.
MISSED = ("<1F", "1F", "1F")
REACHED = [*[TARGET] * 8, *[MISSED] * 7, *[ENOUGH] * 3, ("1F", "1F", ""), ("", "", "")]
# A file of the whole country as it might come: other headers, no school year, five columns of which two are needed.
COUNTRY = """BRIN6;Naam;Gemiddelde schoolweging;Achterstandsscore;Signaleringswaarde 1S/2F
01AA00;Een andere school;31,2;100;44,1
98AB00;De Kiem;28,4;12;49,6
98AC00;De Vlonder;41,5;300;
02BB00;Nog een andere;27,0;8;149,6
"""
# Exams as DUO publishes them, of which two schools of ours have some; the rest of the country is a hundred others.
OTHER_SITES = [f"0{n // 64 + 1}{'ABCDEFGH'[n // 8 % 8]}{'ABCDEFGH'[n % 8]}00" for n in range(100)]
EXAMS = [
    line("98AB00", "HAVO - N&T", {2024: ("30", "24"), 2025: ("31", "25")}, first=2021),
    line("98AB00", "HAVO - C&M", {2025: ("6", "<5")}, first=2021),
    line("98AB00", "VWO - N&T", {2025: ("20", "20")}, first=2021),
    line("98AC00", "VWO - N&T", {2025: ("<5", "<5")}, first=2021),
    *(line(site, f"{kind} - N&T", {2025: ("10", "9")}, first=2021) for kind in ("HAVO", "VWO") for site in OTHER_SITES),
]  # fmt: skip
# Their marks: HAVO of De Kiem has 7,1 and 6,3, where the country has 6,4 and 6,3; that of C&M is not told.
EXAM_MARKS = [
    marked("98AB00", "HAVO N&T", "31", "7,1", "6,3"),
    marked("98AB00", "HAVO C&M", "<5", "-", "-"),
    marked("98AB00", "VMBO-TL Techniek", "12", "6,5", "6,4"),
    marked("98AC00", "VMBO-BL Techniek", "<5", "-", "-"),
    *(marked(site, f"{kind} X", "10", "6,4", "6,3") for kind in ("HAVO", "VMBO-TL") for site in OTHER_SITES),
]
RESULTS = """Vestiging;Afdeling;Indicator;Periode;Waarde;Norm
98AB00;havo;R2;2023-2026;95,1;93,2
98AB00;havo;R4;2023-2026;6,1;6,2
98AB00;havo;R4;2022-2025;6,0;6,2
98AB00;vwo;R1;2023-2026;-4,7;
98AC00;havo;R2;2023-2026;90;93,2
01AA00;havo;R2;2023-2026;90;93,2
"""


def children() -> Rows:
    """Twenty pupils of each school, the earlier cohorts of which have left."""
    return [
        {"sourcedId": f"{school}{n:02}", "identifier": f"{school}{n:02}", "givenName": "Noor", "familyName": "Bos",
         "enabledUser": "true", "username": f"{school}{n:02}@x.example", "primaryOrgSourcedId": f"s{school}"}
        for school in (1, 2) for n in range(1, 21)
    ]  # fmt: skip


def package(folder: Path) -> None:
    """Two schools with their pupils, and a leader of each."""
    files = roster()
    for name in ("demographics", "categories", "lineItems", "results", "enrollments"):
        del files[name]
    pupils = children()
    leaders = [
        {**pupils[0], "sourcedId": f"l{n}", "identifier": f"P{n}", "username": email, "email": email}
        for n, email in ((1, "karin.de.boer@oeverscholen.example"), (2, "vlonder@oeverscholen.example"))
    ]
    files["users"], files["roles"] = [*pupils, *leaders], []
    for pupil in pupils:
        year = COHORTS[int(pupil["sourcedId"][1:]) - 1]
        dates = {"beginDate": "2018-08-01"} | ({} if year == "2026-2027" else {"endDate": f"{year[5:]}-08-01"})
        files["roles"].append(held(pupil["sourcedId"], "student", pupil["primaryOrgSourcedId"]) | dates)
    files["roles"] += [held(f"l{n}", "principal", f"s{n}") for n in (1, 2)]
    zipped(folder / "oneroster_20270510.zip", dict(texts(files)))


def held(user: str, role: str, school: str) -> dict[str, str]:
    """A line of roles.csv."""
    return {"sourcedId": f"r{user}", "userSourcedId": user, "roleType": "primary", "role": role,
            "beginDate": "2026-08-01", "orgSourcedId": school}  # fmt: skip


def levels() -> str:
    """The export of the pupil monitoring system: De Vlonder has everyone at 1F, and two lines are of no use."""
    lines = ["Leerlingnummer;Schooljaar;Domein;Behaald niveau;Vrijgesteld"]
    for n, reached in enumerate(REACHED, 1):
        for domain, level, other in zip(("lezen", "taalverzorging", "rekenen"), reached, ENOUGH, strict=True):
            exempt = "ja" if (n, domain) == (19, "rekenen") else "nee"
            lines.append(f"1{n:02};{COHORTS[n - 1]};{domain};{level};{exempt}")
            lines.append(f"2{n:02};{COHORTS[n - 1]};{domain};{other};nee")
    lines += ["105;2026-2027;schrijven;2F;nee", "999;2026-2027;lezen;<1F;nee"]
    return "\n".join(lines) + "\n"
