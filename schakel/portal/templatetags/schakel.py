"""Drawing the parts of a page: `{% part todo %}` finds the template that belongs to the part."""

import re
from collections.abc import Sequence
from typing import Any

from django import template
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from schakel.engine.charts.inks import Look
from schakel.portal import figures
from schakel.portal.graphics import Graphic, Multiples
from schakel.portal.parts import Part
from schakel.portal.tables import Cell

register = template.Library()

_LONG_WORD = 28
_SEAM = re.compile(r"([_+/@,.-])(?=\w)")


@register.simple_tag(takes_context=True)
def part(context: Context, it: Part | None, **more: Any) -> SafeString | str:
    """A part, drawn with its own template; nothing when there is none."""
    if not it:
        return ""
    engine = context.template.engine  # type: ignore[union-attr]
    found = engine.get_template(f"schakel/parts/{it.template}.html")
    asked = getattr(context, "request", None)
    path = asked.path if asked else context.get("path", "")
    shown = {"it": it, "csrf_token": context.get("csrf_token"), "path": path, "look": _look(context), **more}
    return found.render(context.new(shown))


def _look(context: Context) -> Look:
    """How charts are drawn: a mail or a PDF sets `look` to `plain` in its context, and every part under it follows."""
    return "plain" if context.get("look") == "plain" else "page"


@register.simple_tag(takes_context=True)
def drawn(context: Context, it: Graphic | Multiples) -> Sequence[Any]:
    """What a chart draws, in the look of what it stands in."""
    return it.drawn(_look(context))


@register.simple_tag(takes_context=True)
def cell(context: Context, it: Cell) -> SafeString | str:
    """What stands in one place of a table. Most cells are only words: those need no template of their own."""
    figure = it.figure
    if it.only_words and figure is not None:
        kind = {"unknown": "unk", "none": "unk", "hidden": "hide5"}.get(figure.known)
        return format_html('<span class="{}">{}</span>', kind, figure.text) if kind else breakable(figure.text)
    engine = context.template.engine  # type: ignore[union-attr]
    shown = {"cell": it, "csrf_token": context.get("csrf_token"), "path": context.get("path")}
    return engine.get_template("schakel/parts/cell.html").render(context.new(shown))


@register.filter
def breakable(text: str) -> SafeString | str:
    """A text in which a very long word, such as the name of a file, may go on below: else it makes a table too wide."""
    escaped = conditional_escape(text)
    if len(escaped) <= _LONG_WORD:
        return escaped
    words = (_SEAM.sub(r"\1<wbr>", word) if len(word) > _LONG_WORD else word for word in escaped.split(" "))
    return SafeString(" ".join(words))


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon from the sprite; it says nothing to a screen reader, the word beside it does."""
    return format_html(
        '<svg class="i" aria-hidden="true"><use href="{}#i-{}"/></svg>', static("schakel/icons.svg"), name
    )


@register.filter
def num(value: float, unit: str = "") -> str:
    """A number in the language of the page."""
    return figures.number(value, unit)


register.filter("day", figures.day)
register.filter("full_day", figures.full_day)
register.filter("moment", figures.moment)
