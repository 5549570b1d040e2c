"""Words for people. Dutch is the language of the source; English lies in `locale/en`."""

import gettext as _gettext
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"
_BETWEEN = re.compile(r"(?<=[.!?]) (?=[A-Z'‘])")  # two sentences
_language: ContextVar[str] = ContextVar("language", default="nl")


@cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    return _gettext.translation("django", LOCALE, [language], fallback=True)


def gettext(message: str) -> str:
    """The message in the language of this moment."""
    language = _language.get()
    return message if language == "nl" else _catalogue(language).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """The message for one or for many, in the language of this moment."""
    language = _language.get()
    if language == "nl":
        return one if count == 1 else many
    return _catalogue(language).ngettext(one, many, count)


def speak(language: str) -> None:
    """Use this language from here on in this context (a request, a command)."""
    _language.set(language)


def language() -> str:
    """The language of this moment: nl or en."""
    return _language.get()


def worded(thing: object, field: str) -> str:
    """What a thing says in a field, in the language of this moment; Dutch where English is missing.

    English stands beside it in the field with `_en` behind its name.
    """
    english = getattr(thing, f"{field}_en", "") if _language.get() == "en" else ""
    return str(english or getattr(thing, field))


@contextmanager
def spoken(language: str) -> Iterator[None]:
    """Use a language inside a `with` block."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def masked(value: object) -> str:
    """A value as it may stand in a log or report: its first sign and its length, never the whole.

    >>> masked("Jansen")
    'J***** (6)'
    """
    text = "" if value is None else str(value)
    if not text:
        return ""
    return f"{text[0]}{'*' * min(len(text) - 1, 5)} ({len(text)})"


def printable(text: str) -> str:
    """A text as it may stand on a screen: signs that steer a terminal, or turn the line round, are shown as one mark.

    Names of files and columns come from whoever delivered them.
    """
    shown = (c if c.isprintable() or c == "\n" or unicodedata.category(c) == "Zs" else "\ufffd" for c in text)
    return "".join(shown)


def in_a_row(messages: Iterable[str]) -> str:
    """Messages one behind the other; a sentence that several of them say stands once, behind the last of those."""
    sentences = [each for message in messages for each in _BETWEEN.split(message)]
    last = {each: at for at, each in enumerate(sentences)}
    return " ".join(each for at, each in enumerate(sentences) if last[each] == at)


def number(value: float | int, decimals: int = 0) -> str:
    """A number the Dutch way in Dutch (1.234,5) and the English way in English; what rounds to nothing has no minus."""
    whole = isinstance(value, int) and not decimals  # keeps all its digits, which a float would not
    text = f"{value:,}" if whole else f"{value:z,.{decimals}f}"
    return text if _language.get() == "en" else text.translate(str.maketrans(",.", ".,"))
