"""Sources with a mapping of their own: opening their files, and a copy of the mapping for who reads without a register.

<data>/mappings/<source>.yaml   a copy of the version in force; the register holds the mapping itself
"""

from fnmatch import fnmatch
from pathlib import Path

from schakel.collect.connectors import open_package
from schakel.collect.coverage import Coverage
from schakel.collect.packages import Package
from schakel.collect.source_mappings import SourceMapping, in_force
from schakel.collect.sources import Source, called_like, only_one
from schakel.connectors import mapped, mapped_layout, own_mappings

FOLDER = "mappings"


def opened(source: Source, path: Path) -> Package:
    """The file as the source is read: by its own mapping, or as the layout that is recognised in it."""
    own = in_force(source)
    return own_mappings.package(path, own.declaration) if own else open_package(path)


def source_of(path: Path) -> Source | None:
    """The source in use with a mapping of its own whose files are called like this one. Raises Unknown for several."""
    mapped = Source.objects.filter(active=True, mappings__isnull=False).distinct()
    found = called_like(mapped, path.name)
    return only_one(found, path.name) if found else None


def taken_by(pattern: str, name: str, own: str) -> Source | None:
    """Another source in use that reads this very file from the inbox, where files of this pattern would be read too."""
    others = Source.objects.filter(active=True, connection__isnull=True).exclude(key=own)
    fits = fnmatch(name.casefold(), pattern.casefold())
    return next(iter(called_like(others, name)), None) if fits else None


def coverage_of(source: Source) -> Coverage | None:
    """Of which periods a file of this source tells, so that what stands of others stays; None where of everything."""
    own = in_force(source)
    known = mapped_layout.declared(own.declaration).layout if own else mapped.known_layout(source.layout, "")
    return next((file.covers for file in known.files.values() if file.covers), None) if known else None


def version_of(source: Source) -> int:
    """The number of the mapping in force; 0 without one."""
    own = in_force(source)
    return own.number if own else 0


def copy_out(data: Path, mapping: SourceMapping) -> Path:
    """Leave a copy of the mapping in the data folder, so that `schakel check` reads as the worker does."""
    folder = data / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{mapping.source.key}.yaml"
    aside = folder / f".{mapping.source.key}.new"
    aside.write_text(own_mappings.as_yaml(mapping.declaration), encoding="utf-8")
    aside.replace(path)
    return path
