"""Identifiers in a model: valid as xs:ID, the same at every export, and those of a model that was brought in kept."""

import hashlib
import re

from schakel.chain.model_identifiers import kept_identifiers

RELATION = "relation"  # under which noun the identifier of a relationship is kept
_PLAIN = re.compile(r"[A-Za-z0-9._-]")
# Source: XML Namespaces 1.0, production 4 (NCName), without the rarer ranges of letters.
_FIRST = r"A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u3001-\ud7ff"
VALID = re.compile(rf"[{_FIRST}][{_FIRST}0-9.\u00b7\u0300-\u036f\u203f-\u2040-]*")
MODEL = "schakel-model"


def made(noun: str, key: str) -> str:
    """The identifier that we give a thing: readable, and never the same for two things."""
    safe = "".join(sign if _PLAIN.fullmatch(sign) else f"_x{ord(sign):X}_" for sign in key.replace("_x", "_x5F_x"))
    return f"schakel-{noun}-{safe}"


def made_relation(*parts: str) -> str:
    """The identifier that we give a relationship: of which field, from what, to what."""
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f"schakel-{RELATION}-{digest[:24]}"


class Identifiers:
    """Gives each thing and each relationship its identifier, once."""

    def __init__(self) -> None:
        self._kept = kept_identifiers()
        self._taken = set(self._kept.values())

    def of(self, noun: str, key: str) -> str:
        """Of a thing: as it came in, or as we make it."""
        return self._kept.get((noun, key)) or self._own(made(noun, key))

    def of_relation(self, *parts: str) -> str:
        """Of a relationship, in the same way."""
        own = made_relation(*parts)
        return self._kept.get((RELATION, own)) or self._own(own)

    def _own(self, identifier: str) -> str:
        """Ours, unless a model that was brought in uses the same for something else."""
        while identifier in self._taken:
            identifier += "-s"
        return identifier
