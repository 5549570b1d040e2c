"""The known shapes of deliveries: which files, which fields, what a value may be. All content comes from data files."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from schakel.collect.coverage import Coverage

TEXTUAL = ("text", "identifier", "list", "pairs", "choice", "choices", "reference", "references")


@dataclass(frozen=True)
class Reference:
    """Where a value must exist: as a key of `file`, of a row whose `type` is `kind` when a kind is demanded."""

    file: str
    kind: str = ""


@dataclass(frozen=True)
class Field:
    """One column of a file: what it is called there, what it may hold, and what to do with what it may not.

    `answer` meets a wrong value, `if_missing` an empty one that is required; empty means the rule's own answer.
    `vocabulary` maps each allowed value to the value that is kept. `forbidden` is the rule by which it never comes in.
    `constant` is the value of every row of a field that no column brings; with `from_name` it is a form ("20{0}-08-01")
    that what this pattern finds in the name of the file fills in. `leave_out` are the values of rows that nobody wants.
    `also` are other headers under which the same column was published. `unit` is that of a number, which
    may then stand around it (`number_forms.py`). `reads_too` is what else it may be written as (`other_forms.py`).
    """

    name: str
    header: str = ""
    type: str = "text"
    required: bool = False
    delta_only: bool = False
    vocabulary: tuple[tuple[str, str], ...] = ()
    extensible: bool = False
    ref: Reference | None = None
    pattern: str = ""
    minimum: str = ""
    maximum: str = ""
    max_length: int = 0
    unknown_value: str = ""
    date_format: str = "%Y-%m-%d"
    decimal: str = "."
    unit: str = ""
    reads_too: str = ""
    secret: bool = False
    forbidden: str = ""
    tolerated: bool = False
    answer: str = ""
    if_missing: str = ""
    constant: str = ""
    from_name: str = ""
    leave_out: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """The header in the delivered file."""
        return self.header or self.name

    @property
    def sql_type(self) -> str:
        """The type in which the value is kept."""
        kept = {"date": "DATE", "datetime": "TIMESTAMP", "number": "DOUBLE", "integer": "BIGINT", "time": "TIME"}
        return kept.get(self.type, "INTEGER" if self.type == "year" else "VARCHAR")


@dataclass(frozen=True)
class Meaning:
    """A rule over several columns or files, as SQL that yields rows (row, value) of its file.

    `uses` names the columns it reads (`file.column`); it is skipped where one of these is not delivered. `elsewhere`
    names columns of other sources (layout, file, column): their values are the relation `elsewhere(k)` of the SQL, and
    it is skipped as long as none of those has landed. `form` is how a mapping declared it.
    """

    rule: str
    file: str
    column: str
    sql: str
    uses: tuple[tuple[str, str], ...]
    expected: str = ""
    answer: str = ""
    elsewhere: tuple[tuple[str, str, str], ...] = ()
    form: str = ""


@dataclass(frozen=True)
class Drift:
    """How many there are in a file, against those of the last month: `fewer` percent less, and the delivery stops.

    `count` is the column whose different values are counted (empty: the rows), of the rows in which each column of
    `where` has its value. Below `least` a number is too small to say anything. `nl` and `en` say what is counted.
    """

    file: str
    nl: str
    en: str
    fewer: int = 40
    count: str = ""
    where: tuple[tuple[str, str], ...] = ()
    least: int = 20
    answer: str = ""
    rule: str = "count-drop"

    @property
    def key(self) -> str:
        """What is counted, as a confirmation names it."""
        return ":".join([self.file, self.count, *(f"{column}={value}" for column, value in self.where)])

    def falls(self, before: int, now: int) -> bool:
        """Whether a count fell so far that it is more often a mistake than not."""
        return before >= self.least and now * 100 <= before * (100 - self.fewer)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it looks at."""
        return tuple(name for name in (self.count, *(column for column, _value in self.where)) if name)


@dataclass(frozen=True)
class Subject:
    """Whom a full delivery is about, by one row of a file: when that is another than before, the delivery stops.

    Of `ways` the first that is filled counts. A way is one or more columns written behind each other, each with what
    stands for it when it is empty; the way is not filled when nothing does.
    """

    file: str
    ways: tuple[tuple[tuple[str, str], ...], ...]
    answer: str = ""
    rule: str = "other-school"

    @property
    def key(self) -> str:
        """What is compared, as a confirmation names it."""
        return f"{self.rule}:{self.file}"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it looks at."""
        return tuple(column for way in self.ways for column, _empty in way)


@dataclass(frozen=True)
class File:
    """One file (or sheet) of a layout. `key` are the fields that identify a row.

    `covers` says of which periods a delivery tells; without it a full delivery replaces all that stood. `repeats`: a
    row may say again what an earlier one with its key said, as in a list with a row per registration. `passed_over` are
    headers (`*` stands for what differs) that come with such a file and that nobody needs: they are not told of.
    """

    name: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()
    required: bool = False
    covers: Coverage | None = None
    repeats: bool = False
    passed_over: tuple[str, ...] = ()

    def field(self, name: str) -> Field:
        """The field of that name; KeyError when there is none."""
        return next((f for f in self.fields if f.name == name), None) or self._none(name)

    def _none(self, name: str) -> Field:
        raise KeyError(f"{self.name}.{name}")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields, in the prescribed order."""
        return tuple(f.name for f in self.fields)


@dataclass(frozen=True)
class Layout:
    """A known shape of a delivery. `standard` layouts are checked for order and completeness of headers too."""

    name: str
    version: str
    files: dict[str, File]
    meanings: tuple[Meaning, ...] = field(default=())
    standard: bool = False
    title: str = ""
    drifts: tuple[Drift, ...] = ()
    subjects: tuple[Subject, ...] = ()

    def order(self, present: Iterable[str]) -> list[str]:
        """These files, each after the files it refers to."""
        wanted, done = sorted(present), list[str]()
        while len(done) < len(wanted):
            rest = [name for name in wanted if name not in done]
            free = [name for name in rest if not (self.parents(name) & set(rest)) - {name}]
            done.extend(free or rest[:1])
        return done

    def parents(self, name: str) -> set[str]:
        """The files that this file refers to."""
        return {f.ref.file for f in self.files[name].fields if f.ref}

    @property
    def covers(self) -> bool:
        """Whether a delivery may tell of some periods only, so that what it brings is put with what stood."""
        return any(file.covers for file in self.files.values())

    def with_file(self, changed: File) -> "Layout":
        """The same layout with one file described differently."""
        return replace(self, files={**self.files, changed.name: changed})
