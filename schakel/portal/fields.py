"""A field of a form as plain data: its label, hint and error stand above it and are read out with it."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.forms import BaseForm

from schakel.portal.parts import Part


@dataclass(frozen=True)
class Field(Part):
    """One line to fill in. `digits` is for a code: narrow, with the number keys on a phone."""

    template: ClassVar[str] = "field"
    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    error: str = ""
    value: str = ""
    autocomplete: str = "off"
    digits: bool = False
    first: bool = False


def of(form: BaseForm, name: str, label: str, *, whole: bool = False, **more: Any) -> Field:
    """The field of a form with what was filled in and what was wrong with it. A password is never sent back.

    `whole`: what is wrong with the form as a whole is said at this field.
    """
    bound = form[name]
    wrong = bound.errors or (form.non_field_errors() if whole else [])
    kept = "" if more.get("kind") == "password" or more.get("digits") else bound.value() or ""
    return Field(name, label, error=str(wrong[0]) if wrong else "", value=str(kept), **more)
