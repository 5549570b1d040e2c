"""The text of a data contract: YAML that somebody sent, read with bounds, and held against the published schema."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from schakel.lib.errors import Unreadable
from schakel.lib.plain_yaml import LOADER
from schakel.lib.text import gettext as _

SCHEMA = Path(__file__).parent / "schema" / "odcs-v3.2.0.json"
MOST_BYTES = 4 * 2**20
MOST_DEPTH = 30
MOST_NODES = 400_000
SHOWN = 5  # faults that are told
_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Plain(LOADER):  # type: ignore[misc]
    """Safe YAML in which a key stands once and a day is a text, as JSON has it."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _value in node.value]
        if len(keys) != len(set(keys)):
            twice = next(key for key in keys if keys.count(key) > 1)
            raise yaml.constructor.ConstructorError(None, None, str(twice), node.start_mark)
        return super().construct_mapping(node, deep)  # type: ignore[no-any-return]


_Plain.yaml_implicit_resolvers = {
    sign: [(tag, form) for tag, form in found if tag != "tag:yaml.org,2002:timestamp"]
    for sign, found in LOADER.yaml_implicit_resolvers.items()
}


def written(document: dict[str, Any]) -> str:
    """A document as YAML."""
    return str(yaml.dump(document, Dumper=_NoAlias, allow_unicode=True, sort_keys=False, width=110))


class _NoAlias(_DUMPER):  # type: ignore[misc]
    """YAML in which nothing refers to another place."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def read(content: bytes, name: str = "") -> dict[str, Any]:
    """The document in a file. Raises Unreadable for what is too large, no YAML, or does not fit the schema."""
    if len(content) > MOST_BYTES:
        raise Unreadable(_("Dit bestand is groter dan 4 MB; zo groot is geen contract."), code="size", where=name)
    try:
        text = content.decode("utf-8-sig")
        _bounded(text, name)
        found = yaml.load(text, Loader=_Plain)  # noqa: S506 a safe loader
    except UnicodeDecodeError as error:
        raise Unreadable(_("Dit bestand is niet geschreven in UTF-8."), code="encoding", where=name) from error
    except yaml.constructor.ConstructorError as error:
        text = _("In dit bestand staat iets dat een contract niet kan hebben: %(what)s.")
        raise Unreadable(text % {"what": _place(error)}, code="yaml", where=name) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        text = _("Dit is geen YAML die te lezen is: %(what)s.")
        raise Unreadable(text % {"what": _place(error)}, code="yaml", where=name) from error
    if not isinstance(found, dict):
        raise Unreadable(_("Dit bestand is geen data contract (ODCS)."), code="contract", where=name)
    held(found, name)
    return found


def _bounded(text: str, name: str) -> None:
    """Look at the text as it comes, before anything is made of it: an alias can make gigabytes of one line."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=LOADER)):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            text = _("Dit bestand verwijst naar zichzelf (een anker of alias); dat leest Schakel niet.")
            raise Unreadable(text, code="alias", where=name)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MOST_DEPTH or count > MOST_NODES:
            raise Unreadable(_("Dit bestand is te diep of te groot voor een contract."), code="size", where=name)


def _place(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    what = str(getattr(error, "problem", "") or type(error).__name__)
    return f"{what} ({_('regel %(line)s') % {'line': mark.line + 1}})" if mark else what


@cache
def _schema() -> Any:
    import jsonschema  # type: ignore[import-untyped] # only who writes or reads a contract waits for it

    return jsonschema.Draft201909Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def faults(document: dict[str, Any]) -> list[str]:
    """Where a document does not fit the published schema; empty when it does."""
    found = sorted(_schema().iter_errors(document), key=lambda error: [str(part) for part in error.absolute_path])
    return [f"{'.'.join(map(str, error.absolute_path)) or '-'}: {error.message[:200]}" for error in found[:SHOWN]]


def held(document: dict[str, Any], name: str = "") -> None:
    """Hold a document against the schema. Raises Unreadable with the first places where it does not fit."""
    found = faults(document)
    if found:
        text = _("Dit bestand past niet bij het schema van ODCS v3.2.0: %(faults)s")
        raise Unreadable(text % {"faults": "; ".join(found)}, code="schema", where=name)
