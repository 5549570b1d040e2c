"""EDEXML 1.0.3, 2.0 and 2.1, and UWLR 2.2 and 2.3 answers that were saved as files: one XML file, also in a zip.

The file becomes rows of one layout (school, groups, pupils, teachers and who is in which group); a finding names the
line in the XML. What the standard allows and a school board may not keep is passed over and reported.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schakel.collect.findings import Finding, finding
from schakel.collect.layouts import Layout
from schakel.collect.listings import Entry, Listing
from schakel.collect.packages import Origin, Package, PackageFile
from schakel.connectors.edexml_layout import EDEXML, LVS, NAME, ONLY_LVS, SMALL, UWLR, Edition, elements, layout
from schakel.connectors.edexml_root import UWLR_SPACE
from schakel.connectors.edexml_rows import Document, Relation
from schakel.connectors.xml_stream import Enough, Written, looks_like_xml, read
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _

RANK = 15
_EDITIONS = {"1.03": "1.0.3", "1.0": "1.0.3"}  # how files write a version that has another name
_ALWAYS = {("group", "jaargroep"), ("pupil", "jaargroep")}  # columns that rules over several fields need


@dataclass(frozen=True)
class RowsText(Entry):
    """The rows of one relation that read like a file: their content is made, not on disk."""

    on_disk: bool = False
    content: bytes = b""

    def chunks(self) -> Iterator[bytes]:
        """The text in one piece."""
        yield self.content


def recognised(found: Listing) -> Package | None:
    """The package, when there is one XML file with the root of EDEXML or UWLR. Raises Unreadable for a broken one."""
    entries = [entry for entry in found.entries if not entry.bycatch]
    candidates = [entry for entry in entries if _may_be(entry)]
    documents = [(entry, *told) for entry in candidates[:2] if (told := _document(entry))]
    if not documents:
        return None
    if len(candidates) > 1:
        hint = _("Lever elk bestand apart aan, als bron van de eigen school.")
        raise Unreadable(_("In deze levering staat meer dan één XML-bestand."), where=found.path.name, hint=hint)
    entry, document, written = documents[0]
    document.root.refuse_empty(entry.name)
    strangers = [finding("file-unknown", each.path) for each in entries if each is not entry]
    return _package(found, entry, document, [*strangers, *_encoding(entry, written)])


def known_layout(name: str, version: str) -> Layout | None:
    """The layout of EDEXML (or a UWLR answer) of this version, or the newest; None for another name."""
    if name != NAME:
        return None
    plain = version.removeprefix("UWLR ")
    if plain != version and plain in UWLR:
        return layout(Edition(plain, LVS))
    return layout(Edition(version if version in EDEXML else EDEXML[-1]))


def _may_be(entry: Entry) -> bool:
    return entry.name.lower().endswith(".xml") or looks_like_xml(entry)


def _document(entry: Entry) -> tuple[Document, Written] | None:
    document = Document(entry.name)
    try:
        return document, read(entry, document)
    except Enough:
        return None


def _encoding(entry: Entry, written: Written) -> list[Finding]:
    if not written.line:
        return []
    return [finding("encoding", entry.name, row=written.line, expected=written.declared, found=written.found)]


def _package(found: Listing, entry: Entry, document: Document, told: list[Finding]) -> Package:
    edition, doubts = _edition(document)
    shape = layout(edition)
    findings = [*told, *document.findings, *doubts, *_unfitting(document, edition), *_lacking(document)]
    parts = {name: _part(entry, document, relation, shape) for name, relation in document.relations.items()}
    return Package(found.path, shape, found, parts, tuple(findings))


def _edition(document: Document) -> tuple[Edition, list[Finding]]:
    """Which standard and version it follows: as it says, or else by what is in it."""
    said = document.said
    if document.root.uwlr:
        by_content = "2.3" if document.keyless else "2.2"
        version = next((known for known in ("2.2", "2.3") if said.startswith(known)), "")
        profile = LVS if ONLY_LVS & set(document.relations["pupil"].first) else SMALL
        edition = Edition(version or by_content, profile)
    else:
        known = _EDITIONS.get(said, said)
        version = next((each for each in ("1.0.3", "2.0", "2.1") if known.startswith(each)), "")
        edition = Edition(version or "2.1")
    doubts = []
    if said and not version:
        doubts.append(finding("version-unknown", document.label, found=said, expected=edition.title))
    if document.root.space and document.root.space != UWLR_SPACE:
        doubts.append(finding("version-unknown", document.label, found=document.root.space, expected=edition.title))
    return edition, doubts


def _unfitting(document: Document, edition: Edition) -> Iterable[Finding]:
    """Fields that the version does not have yet, once each."""
    for name, known in elements().items():
        relation = document.relations[name]
        for each in known.values():
            if each.name in relation.first and not edition.has(each):
                label = document.label_of(name)
                yield finding("field-version", label, each.name, row=relation.first[each.name], expected=edition.title)


def _lacking(document: Document) -> list[Finding]:
    """A delivery without its school or without pupils is half a delivery."""
    there = {"school": "school", "pupil": "leerlingen"}
    return [
        finding("element-missing", document.label, expected=element)
        for relation, element in there.items()
        if not document.relations[relation].rows
    ]


def _part(entry: Entry, document: Document, relation: Relation, shape: Layout) -> PackageFile:
    """The rows of a relation as text: the columns that the layout demands, and those that occur."""
    file = shape.files[relation.name]
    known = {each.name: each.source for each in file.fields}
    needed = {f.name for f in file.fields if f.required} | set(file.key) | {c for r, c in _ALWAYS if r == relation.name}
    names = [name for name in relation.names if name in needed or name in relation.first]
    heads = [known.get(name, name) for name in names]
    order = {name: place for place, name in enumerate(relation.names)}
    places = [order[name] for name in names]
    content = "".join([_line(heads), *(_line(_cells(row, places)) for row in relation.rows)]).encode()
    relation.rows.clear()
    label = document.label_of(relation.name)
    text = RowsText(label, len(content), entry.disk, content=content)
    cells = {known.get(name, name): lines for name, lines in relation.cells.items()}
    first = {known.get(name, name): line for name, line in relation.first.items()}
    return PackageFile(relation.name, text, label, "bulk", origin=Origin(relation.lines, cells, first))


def _cells(row: tuple[str, ...], places: list[int]) -> Iterator[str]:
    return (row[place] if place < len(row) else "" for place in places)


def _line(cells: Iterable[str]) -> str:
    line = ",".join(_quoted(cell) for cell in cells)
    return f"{line}\n" if line else '""\n'  # an empty line would be no row


def _quoted(cell: str) -> str:
    return f'"{cell.replace(chr(34), chr(34) * 2)}"' if '"' in cell or "," in cell or cell != cell.strip() else cell
