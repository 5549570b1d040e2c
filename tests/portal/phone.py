"""A phone with an app for codes: time-based codes as RFC 6238 describes them, written apart from what is tested."""

import base64
import hashlib
import hmac
import struct
import time

PERIOD = 30


def code(secret: str, *, later: int = 0, at: float | None = None) -> str:
    """The six digits that the app shows now, or so many periods later."""
    counter = int((time.time() if at is None else at) // PERIOD) + later
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1).digest()
    place = digest[-1] & 15
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
