"""Chance that can be repeated: the same seed and key give the same draw, in Python and in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar

import duckdb

T = TypeVar("T")

# u: even between 0 and 1. normal: mean 0, deviation 1, within -3 and 3. often_first: the start of a list wins.
_MACROS = """
CREATE OR REPLACE MACRO u(k, salt) AS ((hash(k, salt, {seed}::BIGINT) >> 11)::DOUBLE / 9007199254740992.0);
CREATE OR REPLACE MACRO normal(k, salt) AS (2 * (u(k, salt || '1') + u(k, salt || '2') + u(k, salt || '3') - 1.5));
CREATE OR REPLACE MACRO pick(items, x) AS items[1 + floor(x * len(items))::INTEGER];
CREATE OR REPLACE MACRO often_first(items, x) AS items[1 + floor(x * x * len(items))::INTEGER];
CREATE OR REPLACE MACRO nl_date(d) AS strftime(d, '%d-%m-%Y');
CREATE OR REPLACE MACRO nl_number(x, pattern) AS replace(printf(pattern, x::DOUBLE), '.', ',');
CREATE OR REPLACE MACRO school_id(s) AS 'org-' || lpad((s + 1)::VARCHAR, 2, '0');
CREATE OR REPLACE MACRO pupil_id(p) AS 'll' || lpad((p + 1)::VARCHAR, 6, '0');
CREATE OR REPLACE MACRO staff_id(t) AS 'mw' || lpad((t + 1)::VARCHAR, 5, '0');
CREATE OR REPLACE MACRO class_id(k) AS 'kl' || lpad((k + 1)::VARCHAR, 6, '0');
CREATE OR REPLACE MACRO item_id(i) AS 'ts' || lpad((i + 1)::VARCHAR, 7, '0');
"""


def teach(con: duckdb.DuckDBPyConnection, seed: int) -> None:
    """Give a connection the SQL functions of chance and the ways in which identifiers are written."""
    con.execute(_MACROS.format(seed=int(seed)))


@dataclass(frozen=True)
class Chance:
    """Draws in Python; each draw names what it is about."""

    seed: int

    def u(self, *key: object) -> float:
        """A number from 0 up to 1."""
        digest = blake2b("|".join(map(str, (self.seed, *key))).encode(), digest_size=8).digest()
        return (int.from_bytes(digest, "big") >> 11) / 2**53

    def whole(self, low: int, high: int, *key: object) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.u(*key) * (high - low + 1))

    def pick(self, items: Sequence[T], *key: object) -> T:
        """One of the items, each as likely."""
        return items[int(self.u(*key) * len(items))]

    def often_first(self, items: Sequence[T], *key: object) -> T:
        """One of the items; the first are drawn far more often than the last, as names are."""
        return items[int(self.u(*key) ** 2 * len(items))]
