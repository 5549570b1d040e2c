"""Words brought back to their stem, so that `leerlingen` finds `leerling`: Snowball's Dutch and English."""

import re
import threading
import unicodedata
from functools import lru_cache
from typing import Any

_WORD = re.compile(r"\w+")
_local = threading.local()  # a stemmer keeps state while it works: one per thread
# Words that say nothing about what a text is about.
_EMPTY = """
de het een en of van voor in op met bij aan uit over naar om te dat die dit deze er is zijn was worden wordt niet
wel als dan door per welke wie wat hoe waar wanneer ik mijn wij onze u uw zij hun hij haar nog al ook meer
the a an and or of for in on with by at from to that which who what how where when is are was be not my our your
i we you they their it its as
"""
EMPTY = frozenset(_EMPTY.split())


def stems(text: str, language: str = "nl") -> list[str]:
    """The stems of the telling words of a text, in order; accents and case are gone.

    >>> stems("Welke leerlingen komen vaak te laat?")
    ['leerl', 'koom', 'vaak', 'laat']
    """
    words = [word for word in _WORD.findall(_plain(text)) if word not in EMPTY and len(word) > 1]
    return [_stem(word, language) for word in words]


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


@lru_cache(maxsize=20_000)
def _stem(word: str, language: str) -> str:
    name = "english" if language == "en" else "dutch"
    known: dict[str, Any] = _local.__dict__.setdefault("known", {})
    if name not in known:
        from snowballstemmer import stemmer  # loads every language, so only where somebody searches

        known[name] = stemmer(name)
    return str(known[name].stemWord(word))
