"""The rows that an EDEXML document or a UWLR answer holds, gathered while it is read, each value with its line.

What may never come in (`carry` in the data file) is left behind here already: only that it was there goes on, so that
the door can refuse and report it.
"""

import re
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field

from schakel.collect.findings import Finding, finding
from schakel.connectors.edexml_layout import Element, elements
from schakel.connectors.edexml_root import Root
from schakel.lib.identifiers import eck_number

HERE = "x"  # stands for a value that is not carried
MAX_UNKNOWN = 50
_ZONE = re.compile(r"(Z|[+-][0-9]{2}:[0-9]{2})$")
_GROUP, _TOGETHER = "groep", "samengestelde_groep"
_PUPIL, _TEACHER = ("leerlingen", "leerling"), ("leerkrachten", "leerkracht")
_WRAPPERS = {
    ("vestigingen",),
    ("groepen",),
    ("leerlingen",),
    ("leerkrachten",),
    (*_PUPIL, "samengestelde_groepen"),
    (*_TEACHER, "groepen"),
}
_RECORDS = {
    ("school",): "school",
    ("vestigingen", "vestiging"): "location",
    ("groepen", _GROUP): "group",
    ("groepen", _TOGETHER): "group",
    _PUPIL: "pupil",
    (*_PUPIL, "samengestelde_groepen", _TOGETHER): "pupil_group",
    _TEACHER: "teacher",
    (*_TEACHER, "groepen", _GROUP): "teacher_group",
    (*_TEACHER, "groepen", _TOGETHER): "teacher_group",
}
LABELS = {
    "school": "school",
    "location": "vestiging",
    "group": "groep",
    "pupil": "leerling",
    "pupil_group": "leerling/samengestelde_groep",
    "teacher": "leerkracht",
    "teacher_group": "leerkracht/groep",
}


class Relation:
    """The rows of one relation, with the line of each row and of each value."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.known = elements()[name]
        self.linked = {path.partition("/@")[0] for path in self.known if "/@" in path}
        self.names = dict.fromkeys(each.name for each in self.known.values())
        self.rows: list[tuple[str, ...]] = []
        self.lines = array("I")
        self.cells: dict[str, array[int]] = {}
        self.first: dict[str, int] = {}

    def add(self, values: Mapping[str, str], lines: Mapping[str, int], line: int) -> None:
        """Add one row."""
        self.names.update(dict.fromkeys(values))
        place = len(self.rows)
        self.rows.append(tuple([values.get(name, "") for name in self.names]))
        self.lines.append(line)
        for name, at in lines.items():
            cells = self.cells.setdefault(name, array("I"))
            cells.extend([0] * (place - len(cells)))
            cells.append(at)
            self.first.setdefault(name, at)


@dataclass
class _Record:
    """A row that is being gathered."""

    relation: str
    depth: int
    line: int
    values: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    identity: str = ""


class Document:
    """Gathers the rows of a document that is being read (a target of `xml_stream.read`)."""

    def __init__(self, label: str) -> None:
        self.label, self.root = label, Root()
        self.relations = {name: Relation(name) for name in elements()}
        self.findings: list[Finding] = []
        self.said = ""  # the version that the document itself names
        self.keyless = False  # somebody has no key of the administration
        self._path: list[str] = []
        self._open: list[_Record] = []
        self._skipped = 0
        self._unknown: set[tuple[str, str]] = set()

    def start(self, name: str, attributes: Mapping[str, str], line: int) -> None:
        """An element begins."""
        if not self.root.inside:
            self.root.start(name)
            return
        self._path.append(name.rpartition(" ")[2])
        path = tuple(self._path)
        if self._skipped:
            self._skipped += 1
        elif path in _RECORDS:
            self._begin(_RECORDS[path], attributes, line)
        elif path not in _WRAPPERS:
            self._field(attributes, line)

    def end(self, name: str, text: str, line: int) -> None:
        """An element ends."""
        if not self._path:
            self.root.end(name, text)
            return
        path = tuple(self._path)
        if self._skipped:
            self._skipped -= 1
        elif path in _RECORDS:
            self._close()
        elif self._open and path not in _WRAPPERS:
            record = self._open[-1]
            known = self.relations[record.relation].known.get("/".join(self._path[record.depth :]))
            if known and text:
                self._put(record, known, text, line)
        self._path.pop()

    def _begin(self, relation: str, attributes: Mapping[str, str], line: int) -> None:
        record = _Record(relation, len(self._path), line)
        key, eckid = attributes.get("key", "").strip(), attributes.get("eckid", "").strip()
        if relation in {"pupil", "teacher"}:
            record.identity = self._identity(key, eckid)
            self._made(record, "id", record.identity)
        elif relation == "group":
            self._made(record, "type", self._path[-1])
        elif relation == "pupil_group":
            self._made(record, "leerling", self._open[-1].identity)
        elif relation == "teacher_group":
            self._made(record, "leerkracht", self._open[-1].identity)
            self._made(record, self._path[-1], key)
            if not key:
                self._tell("required", relation, "key", line)
        self._open.append(record)
        self._attributes(record, "", attributes, line)

    def _made(self, record: _Record, name: str, value: str) -> None:
        record.values[name], record.lines[name] = value, record.line

    def _identity(self, key: str, eckid: str) -> str:
        """By what a person is known in later deliveries: the key, or since UWLR 2.3 a fingerprint of the ECK iD."""
        self.keyless = self.keyless or not key
        by_eckid = eckid and (not key or (self.root.uwlr and self.said.startswith("2.3")))
        return eck_number(eckid) if by_eckid else key

    def _attributes(self, record: _Record, place: str, attributes: Mapping[str, str], line: int) -> None:
        known = self.relations[record.relation].known
        for name, value in attributes.items():
            each = known.get(f"{place}@{name}")
            if each and value.strip():
                self._put(record, each, " ".join(value.split()), line)
            elif each is None and " " not in name and name != "key":
                self._strange(record.relation, f"@{name}", line)

    def _field(self, attributes: Mapping[str, str], line: int) -> None:
        """An element that is no row: a value of the row that is open, or something that is not known here."""
        if not self._open:
            self._strange("", self._path[-1], line)
            self._skipped = 1
            return
        record = self._open[-1]
        inside = self._path[record.depth :]
        known = self.relations[record.relation].known
        one = known.get(inside[0])
        linked = inside[0] in self.relations[record.relation].linked
        if len(inside) > 1 and (one or linked):
            self._strange(record.relation, "/".join(inside), line)
            self._skipped = 1
        elif linked or (one and one.carry != "mark"):
            self._attributes(record, f"{inside[0]}/", attributes, line)
        else:
            self._mark(record, one.name if one else inside[0], line)
            self._skipped = 1

    def _mark(self, record: _Record, name: str, line: int) -> None:
        """That something was there which is not read: a known block, or an element that nobody knows."""
        strange = (record.relation, name) not in self._unknown and name not in self.relations[record.relation].names
        if strange and len(self._unknown) < MAX_UNKNOWN:
            self._unknown.add((record.relation, name))
        if not strange or len(self._unknown) < MAX_UNKNOWN:
            record.values[name] = HERE
            record.lines.setdefault(name, line)

    def _put(self, record: _Record, known: Element, text: str, line: int) -> None:
        name = known.name
        if name in record.values:
            if known.type == "choices":
                record.values[name] += f",{text}"
            else:
                self._tell("element-twice", record.relation, name, line)
            return
        record.lines[name] = line
        record.values[name] = self._carried(record.relation, known, text, line)

    def _carried(self, relation: str, known: Element, text: str, line: int) -> str:
        if known.carry in {"never", "mark"}:
            if known.pattern and not re.fullmatch(known.pattern, text):
                self._tell("pattern", relation, known.name, line, expected=known.pattern)
            return HERE
        return _ZONE.sub("", text) if known.type == "date" else text

    def _close(self) -> None:
        record = self._open.pop()
        if record.relation == "school":
            self._school(record)
        if record.values.get("type") == _GROUP and not record.values.get("jaargroep"):
            self._tell("required", "group", "jaargroep", record.line)
        self.relations[record.relation].add(record.values, record.lines, record.line)

    def _school(self, record: _Record) -> None:
        if self.relations["school"].rows:
            self._tell("element-twice", "school", "school", record.line)
        self.said = self.said or record.values.get("xsdversie", "")

    def _strange(self, relation: str, name: str, line: int) -> None:
        """Tell once of an element or attribute that is not known in this place."""
        if (relation, name) not in self._unknown and len(self._unknown) < MAX_UNKNOWN:
            self._unknown.add((relation, name))
            self._tell("element-unknown", relation, name, line)

    def _tell(self, rule: str, relation: str, column: str, line: int, **words: str) -> None:
        action = "accept" if rule == "required" else ""
        self.findings.append(finding(rule, self.label_of(relation), column, row=line, action=action, **words))

    def label_of(self, relation: str) -> str:
        """How findings name a relation: the file and its element."""
        return f"{self.label}#{LABELS[relation]}" if relation else self.label
