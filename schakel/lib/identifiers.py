"""Numbers that identify people, schools and things: how they look and what may never be kept."""

import hashlib
import json
import re
from typing import Any

# Names under which a citizen service number or education number travels (law 6).
FORBIDDEN_NAME = re.compile(
    r"(^|[^a-z])(bsn|pgn|burgerservice|sofi|onderwijsnummer|persoonsgebonden)([^a-z]|$|nummer|nr)", re.I
)


def is_bsn(text: str) -> bool:
    """Whether nine (or eight) digits pass the eleven-test of a BSN; also for an education number.


    Source: logical design BSN, eleven-test 9a+8b+...+2h-i; the education number leaves remainder 5.
    """
    digits = text.strip()
    if not digits.isdigit() or len(digits) not in (8, 9) or int(digits) == 0:
        return False
    digits = digits.zfill(9)
    total = sum(int(d) * w for d, w in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
    return total % 11 in (0, 5)


def content_hash(content: Any) -> str:
    """SHA-256 over a canonical JSON of the content: the fingerprint that an approval holds."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
