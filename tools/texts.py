"""Texts for people: gather them, check that English is complete, compile the catalogue.

    python tools/texts.py check     every text has an English one, no bare text in templates, the catalogue is compiled
    python tools/texts.py update    gather new texts into the catalogue and compile it

Dutch is the language of the source; the catalogue lies in schakel/locale/en/LC_MESSAGES/django.po.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "schakel"
PO = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
KEYWORDS = {
    "gettext": None,
    "_": None,
    "gettext_lazy": None,
    "lazy": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
BARE = re.compile(r">([^<>{}]*[A-Za-zÀ-ÿ]{3,}[^<>{}]*)<")
WORDLESS = ("Schakel",)


def sources() -> dict[Path, bytes]:
    """Python files and templates, the latter as Python that calls gettext."""
    found = {p: p.read_bytes() for p in sorted(PACKAGE.rglob("*.py")) if "migrations" not in p.parts}
    for path, code in found.items():
        found[path] = b"\n".join([code, *(each.encode() for each in inside_f_strings(code))])
    for path in sorted((PACKAGE / "templates").rglob("*.html")) + sorted((PACKAGE / "templates").rglob("*.txt")):
        found[path] = templatize(path.read_text()).encode()
    return found


def gather() -> Catalog:
    """All texts in the source, with where they stand (the file, not the line: fewer needless changes)."""
    catalog = Catalog(locale="en", domain="django", project="Schakel", charset="utf-8")
    for path, code in sources().items():
        for _line, message, _comments, context in extract("python", io.BytesIO(code), keywords=KEYWORDS):
            if message and (not isinstance(message, tuple) or all(message)):
                catalog.add(message, locations=[(str(path.relative_to(ROOT)), 0)], context=context)
    return catalog


def inside_f_strings(code: bytes) -> Iterator[str]:
    """The expressions within f-strings, as code of their own: the extractor takes an f-string for one piece of text."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.JoinedStr):
            yield from (ast.unparse(each.value) for each in node.values if isinstance(each, ast.FormattedValue))


def present() -> Catalog:
    """The catalogue as it lies there."""
    if not PO.exists():
        return Catalog(locale="en", domain="django")
    with PO.open("rb") as file:
        return read_po(file, locale="en", domain="django")


def compiled(catalog: Catalog) -> bytes:
    """The compiled catalogue."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def update() -> int:
    """Gather, merge with what was translated, write and compile."""
    old, new = present(), gather()
    for message in new:
        known = old.get(message.id, context=message.context) if message.id else None
        if known is not None:
            message.string = known.string
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, new, sort_output=True, omit_header=False, include_lineno=False, width=120)
    MO.write_bytes(compiled(present()))
    missing = untranslated(new)
    print(f"{len(new)} texts, {len(missing)} without English")
    return 0


def untranslated(catalog: Catalog) -> list[str]:
    """Texts in the source without an English one."""
    old = present()
    missing = []
    for message in catalog:
        known = old.get(message.id, context=message.context) if message.id else None
        strings = (
            known.string if known is not None and isinstance(known.string, tuple) else (known.string if known else "",)
        )
        if message.id and not all(strings):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return missing


def bare_texts() -> list[str]:
    """Text in templates outside translate tags."""
    found = []
    for path in sorted((PACKAGE / "templates").rglob("*.html")):
        text = re.sub(
            r"\{%\s*(blocktranslate|blocktrans|comment)\b.*?\{%\s*end\1\s*%\}", "", path.read_text(), flags=re.S
        )
        text = re.sub(
            r"<(script|style|svg|symbol)\b.*?</\1>|<!--.*?-->|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.S
        )
        for match in BARE.finditer(text):
            words = match.group(1).strip(" –\n")
            if words and words not in WORDLESS:
                found.append(f"{path.relative_to(ROOT)}: {words[:60]!r}")
    return found


def check() -> int:
    """Exit status 1 with a list when a text is missing, bare or not compiled."""
    problems = [f"no English: {text!r}" for text in untranslated(gather())]
    problems += [f"outside a translate tag: {where}" for where in bare_texts()]
    if PO.exists() and (not MO.exists() or _messages(MO.read_bytes()) != _messages(compiled(present()))):
        problems.append("the compiled catalogue is old: run make texts")
    print("\n".join(problems) or "All texts are translated.")
    return 1 if problems else 0


def _messages(data: bytes) -> dict[str, str]:
    import gettext

    catalogue = gettext.GNUTranslations(io.BytesIO(data))
    return {str(k): v for k, v in catalogue._catalog.items() if k}  # type: ignore[attr-defined]


if __name__ == "__main__":
    settings.configure(USE_I18N=True)
    django.setup()
    sys.exit({"check": check, "update": update}[sys.argv[1]]())
