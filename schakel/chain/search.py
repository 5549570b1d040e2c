"""Finding things of the register by their words: full text in the database, over Dutch and English stems.

`SearchEntry` holds one line per thing that can be found; a table that is `Searchable` keeps its line with every save.
SQLite searches with FTS5 and PostgreSQL with a GIN index, both made by the migration over this same table.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from schakel.access.kept import Kept
from schakel.lib.stems import stems

FULL_TEXT = "chain_searchentry_fts"
LONGEST = 24  # stems that a question is made of; the rest of a long text adds nothing


class SearchEntry(models.Model):
    """The stems of one thing. Derived from the thing in the same transaction, never typed."""

    kind = models.CharField(max_length=64)
    thing_key = models.CharField(max_length=255)
    words = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "thing_key"], name="search_entry_once")]


class Searchable(Kept):
    """A table whose rows can be found by their words."""

    class Meta:
        abstract = True

    def words_nl(self) -> Iterable[str]:
        """The Dutch texts to find it by."""
        raise NotImplementedError

    def words_en(self) -> Iterable[str]:
        """The English texts to find it by."""
        return ()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As any kept row, with its line in the index."""
        super().save(*args, **kwargs)
        index([self])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """As any kept row; it is not found any more."""
        SearchEntry.objects.filter(kind=self.noun(), thing_key=_key(self)).delete()
        return super().delete(*args, **kwargs)


def index(things: Iterable[Searchable]) -> None:
    """Write the lines of these things anew; after a bulk write, which saves no rows one by one."""
    lines = [SearchEntry(kind=thing.noun(), thing_key=_key(thing), words=" ".join(_words(thing))) for thing in things]
    SearchEntry.objects.bulk_create(
        lines, update_conflicts=True, unique_fields=["kind", "thing_key"], update_fields=["words"]
    )


def _key(thing: Any) -> str:
    return str(getattr(thing, "key", thing.pk))


def _words(thing: Searchable) -> list[str]:
    dutch = [stem for text in thing.words_nl() for stem in stems(text)]
    english = [stem for text in thing.words_en() for stem in stems(text, "en")]
    return [*dutch, *english]


@dataclass(frozen=True)
class Hit:
    """A thing that was found: how well it fits, higher is better, within one answer."""

    kind: str
    key: str
    score: float


def find(text: str, kinds: Iterable[str], limit: int = 8) -> list[Hit]:
    """The things of these kinds that share most telling words with a text, the best first.

    The last word may be unfinished: someone is still typing it.
    """
    wanted = list(dict.fromkeys([*stems(text), *stems(text, "en")]))[:LONGEST]
    if not wanted:
        return []
    begun = _begun(text)
    search = _sqlite if connection.vendor == "sqlite" else _postgresql
    return search(wanted, begun, tuple(kinds), limit)


def _begun(text: str) -> str:
    """The beginning of a last word that is still being typed; empty after a space or a sign."""
    last = text.casefold().split(" ")[-1]
    return last if last.isalnum() and len(last) > 2 else ""  # noqa: PLR2004 - two letters begin half the dictionary


def _sqlite(wanted: list[str], begun: str, kinds: tuple[str, ...], limit: int) -> list[Hit]:
    terms = [f'"{stem}"' for stem in wanted] + ([f'"{begun}"*'] if begun else [])
    places = ", ".join("%s" for _kind in kinds)
    sql = f"""
        SELECT e.kind, e.thing_key, -bm25({FULL_TEXT}) AS score
        FROM {FULL_TEXT} JOIN chain_searchentry AS e ON e.id = {FULL_TEXT}.rowid
        WHERE {FULL_TEXT} MATCH %s AND e.kind IN ({places})
        ORDER BY score DESC, e.thing_key LIMIT %s
    """
    return _rows(sql, [" OR ".join(terms), *kinds, limit])


def _postgresql(wanted: list[str], begun: str, kinds: tuple[str, ...], limit: int) -> list[Hit]:
    terms = [f"'{stem}'" for stem in wanted] + ([f"'{begun}':*"] if begun else [])
    sql = """
        SELECT kind, thing_key, ts_rank(to_tsvector('simple', words), query) AS score
        FROM chain_searchentry, to_tsquery('simple', %s) AS query
        WHERE to_tsvector('simple', words) @@ query AND kind = ANY(%s)
        ORDER BY score DESC, thing_key LIMIT %s
    """
    return _rows(sql, [" | ".join(terms), list(kinds), limit])


def _rows(sql: str, parameters: list[Any]) -> list[Hit]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [Hit(str(kind), str(key), float(score)) for kind, key, score in cursor.fetchall()]
