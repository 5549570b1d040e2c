"""The fields of a noun as columns of a file: what they are called, of what kind they are, what they may hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db import models

from schakel.kits.exchange import codes
from schakel.kits.exchange.words import Said, both, headers

Kind = Literal["key", "text", "yes", "whole", "amount", "day", "choice", "ref", "refs", "letters", "json", "email"]
_MOST_WHOLE = 2_147_483_647  # what PostgreSQL holds in an integer and in a small one
_MOST_SMALL = 32_767


@dataclass(frozen=True)
class Column:
    """One field. `to` names the noun that it points at; a `fixed` one can be read and not changed by file."""

    noun: str
    name: str
    headers: Said
    kind: Kind
    required: bool = False
    default: Any = ""
    longest: int | None = None
    most: int = _MOST_WHOLE
    places: int = 0  # decimals of an amount
    digits: int = 0
    choices: Mapping[str, Said] = field(default_factory=dict)
    to: str = ""
    fixed: bool = False

    def header(self, language: str) -> str:
        """What it is called in a language."""
        return self.headers[0] if language == "nl" else self.headers[1]

    def word(self, code: str, language: str) -> str:
        """What a code of it is called in a language."""
        said = self.choices.get(code)
        return code if said is None else said[0 if language == "nl" else 1]


def of_model(noun: str, model: type[models.Model], name: str, to: str = "") -> Column:
    """The column of a field of a table, with the limits that the table has."""
    kept: Any = model._meta.get_field(name)
    choices = _choices(noun, kept)
    return Column(
        noun, name, _header(noun, name), _kind(kept, to, choices),
        required=not (kept.blank or kept.has_default() or isinstance(kept, models.BooleanField)),
        default=_default(kept), longest=getattr(kept, "max_length", None), most=_most(kept),
        places=getattr(kept, "decimal_places", 0), digits=getattr(kept, "max_digits", 0), choices=choices, to=to,
    )  # fmt: skip


def said(noun: str, name: str, kind: Kind, **more: Any) -> Column:
    """A column that is no field of a table of its own."""
    return Column(noun, name, _header(noun, name), kind, **more)


def _header(noun: str, name: str) -> Said:
    """What people call it; a field that only a model holds goes by its own name."""
    return both(lambda: headers(noun)).get(name, (name, name))


def _choices(noun: str, kept: Any) -> dict[str, Said]:
    known = codes.said(f"{noun}.{kept.name}")
    return known or {str(code): (str(code), str(code)) for code, _word in kept.choices or ()}


def _kind(kept: Any, to: str, choices: Mapping[str, Said]) -> Kind:
    if to:
        return "ref"
    if choices:
        return "choice"
    kinds: tuple[tuple[type[models.Field[Any, Any]], Kind], ...] = (
        (models.BooleanField, "yes"),
        (models.DateField, "day"),
        (models.DecimalField, "amount"),
        (models.IntegerField, "whole"),
        (models.JSONField, "json"),
        (models.EmailField, "email"),
    )
    return next((kind for kept_as, kind in kinds if isinstance(kept, kept_as)), "text")


def _default(kept: Any) -> Any:
    if kept.has_default():
        return kept.get_default()
    return None if kept.null else ""


def _most(kept: Any) -> int:
    return _MOST_SMALL if isinstance(kept, models.PositiveSmallIntegerField) else _MOST_WHOLE
