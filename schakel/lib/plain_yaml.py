"""YAML that makes plain values only, read by the reader in C that comes with PyYAML: ten times as fast."""

from typing import Any

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def from_yaml(text: str) -> Any:
    """What stands in a YAML text: lists, mappings, words, numbers and days. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=LOADER)  # noqa: S506 a safe loader
