"""Numbers that identify people, schools and things: how they look and what may never be kept."""

import hashlib
import json
import re
import unicodedata
from functools import lru_cache
from typing import Any

# Names under which a citizen service number or education number travels (law 6), alone or with whose it is.
_WHOSE = "(?:(?:leerling|kind|ouder|student|pupil|deelnemer|persoon|medewerker|verzorger|user)s?)?"
_PART = "[^a-z0-9]?"  # one sign that may part two words
FORBIDDEN_NAME = re.compile(
    f"(^|[^a-z]){_WHOSE}(bsn|b[^a-z0-9]s[^a-z0-9]n|pgn|burger{_PART}service|citizen{_PART}service|sofi"
    f"|sociaal{_PART}fiscaal|persoonsgebonden|onderwijs{_PART}(?=nummer|number|nr)){_WHOSE}([^a-z]|$|nummer|number|nr)",
    re.I,
)


@lru_cache(maxsize=4096)
def forbidden_name(header: str) -> bool:
    """Whether a header names such a number, in any writing: BSN, leerlingBsn, burger_service_nummer, full-width."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", header) if unicodedata.category(c) != "Cf")
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", plain)
    return bool(FORBIDDEN_NAME.search(plain) or FORBIDDEN_NAME.search(parted))


def is_bsn(text: str) -> bool:
    """Whether nine (or eight) digits pass the eleven-test of a BSN; also for an education number.

    Source: logical design BSN, eleven-test 9a+8b+...+2h-i; the education number leaves remainder 5.
    """
    digits = text.strip()
    if not digits.isdecimal() or len(digits) not in (8, 9) or int(digits) == 0:
        return False
    digits = digits.zfill(9)
    total = sum(int(d) * w for d, w in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
    return total % 11 in (0, 5)


def eck_number(eck_id: str) -> str:
    """The number of a pupil of whom only the ECK iD is told, as since UWLR 2.3: a sum of it, which is kept instead."""
    return f"eck-{hashlib.sha256(eck_id.encode()).hexdigest()[:40]}"


def number_sql(column: str) -> str:
    """The SQL of the number by which a column names a pupil: as it stands, or that of the ECK iD that stands there."""
    return f"CASE WHEN {column} LIKE 'https://ketenid.nl/%' THEN 'eck-' || left(sha256({column}), 40) ELSE {column} END"


def content_hash(content: Any) -> str:
    """SHA-256 over a canonical JSON of the content: the fingerprint that an approval holds."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_told)
    return hashlib.sha256(text.encode()).hexdigest()


def _told(value: Any) -> Any:
    """What JSON has no form for: a set in a fixed order, the rest as its text."""
    return sorted(map(str, value)) if isinstance(value, set | frozenset) else str(value)
