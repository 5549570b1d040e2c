"""A mutation fuzzer over good examples of every format, in processes of their own within bounds.

`python -m tests.collect.mutations SEED FROM TO` checks the inputs with these numbers, and takes a share of them in; it
says in a line what came of each. What an input is follows from the seed and its number alone. `fuzz` runs it, and hears
of a crash (the process is gone), a hang (ten seconds of computing), much memory, and a row that was stored unchecked.
"""

import io
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from schakel.collect.connectors import open_package
from schakel.collect.examination import examine
from schakel.collect.landing import Landed, land
from schakel.collect.layouts import Field
from schakel.collect.packages import Package
from schakel.connectors.mapped_layout import mappings
from schakel.lib.errors import SchakelError
from schakel.lib.identifiers import forbidden_name
from tests.collect.small_roster import MADE, roster, texts, zipped

ROOT = Path(__file__).resolve().parents[2]
COMMAND = ["-m", "tests.collect.mutations"]
HANG, MEMORY = 10, 2**30
SHARE = 4  # one in so many is taken in as well
TOKENS = (
    b'"', b";", b",", b"\n", b"\r", b"\0", b"'", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"<", b"&", b"]]>", b"<!--",
    b"&#0;", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"=1+1", b"@SUM(A1)", b"-1", b"1e999", b"NaN", b"infinity",
    b"31-02-2026", b"2026-02-30", b"999999990", b"123456782", b"tobedeleted", "\u202e\u2028".encode(), b"x" * 5000,
    b"PK\3\4", b"PK\1\2", b"\xd0\xcf\x11\xe0",
)  # fmt: skip
NAMES = (
    "../../uit.csv",
    "/etc/passwd",
    "..\\uit.csv",
    "C:\\uit.csv",
    "CON",
    "NUL.csv",
    "aux.csv",
    "COM1",
    "a:b",
    "users.csv",
)


@dataclass(frozen=True)
class Example:
    """A good delivery: its name, its bytes."""

    name: str
    content: bytes

    @property
    def is_zip(self) -> bool:
        """Whether parts of it can be changed inside."""
        return self.content.startswith(b"PK\3\4")


@cache
def examples() -> tuple[Example, ...]:
    """Every format that Schakel reads, each small: the same work for each of them."""
    from tests.connectors import inspectorate_files
    from tests.connectors.edexml_files import GOOD, UWLR_22, UWLR_23
    from tests.connectors.test_mapped import good_sheets, workbook

    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        rosters = [zipped(at / f"las{v}.zip", dict(texts(roster(v), v))).read_bytes() for v in ("1.2.1", "1.1")]
        staff = workbook(at / "personeel_1.xlsx", good_sheets()).read_bytes()
    made = [Example(f"las_{n}.zip", content) for n, content in enumerate(rosters)]
    made += [Example("EDEX.XML", GOOD.encode()), Example("uwlr22.xml", UWLR_22.encode())]
    made += [Example("uwlr23.xml", UWLR_23.encode()), Example("personeel_1.xlsx", staff)]
    cases = Path(__file__).parents[1] / "cases" / "workbooks"
    made += [Example(f"verzuim_1.{kind}", (cases / f"verzuim.{kind}").read_bytes()) for kind in ("xls", "ods")]
    made.append(Example(inspectorate_files.NAME, inspectorate_files.content(inspectorate_files.FEW)))
    return (*made, *_texts())


def _texts() -> Iterator[Example]:
    """A file of each mapping of text: its columns, and the row that its mapping gives as an example."""
    from schakel.connectors.mapped_layout import FOLDER
    from schakel.lib.plain_yaml import from_yaml
    from tests.connectors.exam_files import MARKS

    for known in mappings():
        told = from_yaml((FOLDER / f"{known.layout.name}.yaml").read_text(encoding="utf-8"))
        if known.kind != "csv" or len(known.layout.files) > 1 or known.wide:
            continue
        ((name, file),) = known.layout.files.items()
        row, sign = told["relations"][name].get("example", {}), known.format.delimiter
        fields = [f for f in file.fields if not f.constant]
        cells = [str(row.get(f.name, _plain(f) if f.required or not row else "")) for f in fields]
        lines = [sign.join(f.source for f in fields), *[sign.join(cells)] * 2]
        title = known.pattern.replace("*", "1").replace("[bp]", "p")
        title = MARKS if len(fields) < len(file.fields) else title  # its name tells its school year
        above = "titel\n" * (known.header_row - 1)
        yield Example(title, (above + "\r\n".join(lines) + "\r\n").encode(known.format.encoding))


def _plain(field: Field) -> str:
    """A value that is likely to be good."""
    if field.vocabulary:
        return field.vocabulary[0][0]
    if field.type == "date":
        return date(2026, 9, 3).strftime(field.date_format.partition("|")[0].replace("%-", "%"))
    likely = ["00AA00", "00AA", "12345", "2024-2025", "1"]
    return field.minimum or next((each for each in likely if re.fullmatch(field.pattern or ".*", each)), "1")


def mutated(dice: random.Random, content: bytes) -> bytes:
    """The bytes with one to six changes: bits, pieces dropped, doubled, moved, put in, cut off."""
    made = bytearray(content)
    for _each in range(dice.randint(1, 6)):
        at, size = dice.randrange(len(made) + 1), dice.choice([1, 1, 2, 4, 40, 400])
        match dice.randrange(6):
            case 0:
                made[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                del made[at : at + size]
            case 2:
                made[at:at] = made[at : at + size] * dice.choice([1, 1, 2, 50])
            case 3:
                made[at:at] = dice.choice(TOKENS)
            case 4:
                there = dice.randrange(len(made) + 1)
                made[at : at + size] = made[there : there + size]
            case _ if dice.random() < 0.2:
                del made[at:]
    return bytes(made)


def packed(dice: random.Random, content: bytes) -> bytes:
    """A zip of which one part was changed and packed well again; sometimes a part has a name that means harm."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = dice.choice(sorted(parts))
    parts[name] = mutated(dice, parts[name])
    if dice.random() < 0.1:
        parts[dice.choice(NAMES)] = parts.pop(name) if dice.random() < 0.5 else b"a,b\n1,2\n"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, text in parts.items():
            archive.writestr(zipfile.ZipInfo(part, MADE), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def made(seed: int, number: int) -> Example:
    """The input of this number."""
    return spoiled(examples()[number % len(examples())].name, seed, number)


def spoiled(name: str, seed: int, number: int) -> Example:
    """The example of this name, spoiled as the number says: the same input when layouts are added or go."""
    dice = random.Random(f"{seed}:{number}")
    good = next(example for example in examples() if example.name == name)
    inside = good.is_zip and dice.random() < 0.8
    return Example(good.name, (packed if inside else mutated)(dice, good.content))


def tried(folder: Path, example: Example, *, taken_in: bool) -> str:
    """What came of one input: `refused`, `stopped`, `checked`, `landed`. Raises for whatever may not happen."""
    path = folder / example.name
    path.write_bytes(example.content)
    before = sorted(each.name for each in folder.iterdir())
    try:
        package = open_package(path)
        needed = {name: frozenset(wanted(name, file.fields)) for name, file in package.layout.files.items()}
        if not taken_in:
            done = examine(package, needed)
            report = done.report
            done.close()
            assert all(f.message and f.row >= 0 for f in report.findings)
            assert before == sorted(each.name for each in folder.iterdir())
            return "checked"
        landed = land(package, "bron", needed, folder / "data")
        return f"landed {sound(package, landed, needed)}"
    except SchakelError as error:
        assert str(error)
        return "stopped" if error.code == "stopped" else "refused"
    finally:
        path.unlink()
        shutil.rmtree(folder / "data", ignore_errors=True)


def wanted(file: str, fields: tuple[Field, ...]) -> list[str]:
    """What is needed: every column but one in five, so that some must be dropped at the door."""
    return [f.name for n, f in enumerate(fields) if (n + len(file)) % 5 != 3]


def sound(package: Package, landed: Landed, needed: dict[str, frozenset[str]]) -> int:
    """Hold what was stored against the layout once more, by hand; how many rows that were."""
    total = 0
    assert {path.stem for path in landed.folder.glob("*.parquet")} <= set(needed)
    for path in landed.folder.glob("*.parquet"):
        file = package.layout.files[path.stem]
        found = duckdb.sql(f"SELECT * FROM '{path}'")
        assert set(found.columns) <= needed[path.stem], "a column that nobody needs was stored"
        kinds = dict(zip(found.columns, map(str, found.types), strict=True))
        fields = {f.name: f for f in file.fields}
        for name in found.columns:
            assert not fields[name].secret or kinds[name] == "VARCHAR"
        rows = found.fetchall()
        total += len(rows)
        assert len(rows) == landed.rows[path.stem]
        for place, name in enumerate(found.columns):
            values, each = [row[place] for row in rows], fields[name]
            if told(each, landed, "header-missing"):  # said once of the file, and empty in every row
                each = replace(each, required=False)
            long = told(each, landed, "length")
            held(path.stem, each, kinds[name], values, key=file.key == (name,), long=long)
    return total


def told(field: Field, landed: Landed, rule: str) -> bool:
    """Whether the report says this of the column, and that it was stored all the same, as the rule has it."""
    names = {field.name, field.source, *field.also}
    return any(f.rule == rule and f.action in ("accept", "drop value") and f.column in names
               for f in landed.report.findings)  # fmt: skip


def held(file: str, field: Field, kind: str, values: list[Any], *, key: bool, long: bool = False) -> None:
    """Every value of a stored column is what its layout says that it may be."""
    there = [value for value in values if value is not None]
    where = f"{file}.{field.name}"
    assert not (there and (field.secret or field.forbidden or forbidden_name(field.source))), f"{where} was stored"
    assert kind == field.sql_type or field.secret, f"{where} is {kind}"
    if key:
        assert len(set(values)) == len(values), f"{where}: a key twice"
        assert len(there) == len(values), f"{where}: no key"
    strict = {field.if_missing, field.answer} <= {"", "drop row"}
    if field.required and strict and not field.delta_only:
        assert len(there) == len(values) or field.vocabulary, f"{where} is empty"
    for value in there:
        assert fits(replace(field, max_length=0) if long else field, value), f"{where} = {value!r}"


def fits(field: Field, value: Any) -> bool:
    """Whether one value may stand there, by the plainest reading of the layout."""
    if field.answer == "accept" or field.constant:
        return True
    if field.vocabulary and field.type != "choices":
        kept = {kept for _word, kept in field.vocabulary} | {word for word, _kept in field.vocabulary}
        return value in kept or value == field.unknown_value or (field.extensible and value.startswith("ext:"))
    if field.sql_type in ("BIGINT", "INTEGER", "DOUBLE") and (field.minimum or field.maximum):
        return float(field.minimum or "-inf") <= value <= float(field.maximum or "inf")
    if field.type == "date" and (field.minimum or field.maximum):
        return (field.minimum or "0001") <= value.isoformat() <= (field.maximum or "9999-12-31")
    if field.sql_type == "VARCHAR" and field.max_length and len(value) > field.max_length:
        return False
    if field.sql_type == "VARCHAR" and field.pattern and not field.vocabulary:
        return re.fullmatch(field.pattern, value) is not None
    return value != ""


def most_memory() -> int:
    """The most memory that this process ever held, in bytes; `ru_maxrss` counts who started it too."""
    told = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(re.search(r"VmHWM:\s+(\d+)", told)[1]) * 1024  # type: ignore[index]


def _worker(seed: int, first: int, last: int) -> None:
    """Do these inputs; a line for each. Ends by a signal where one takes too long or writes too much."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (MEMORY, MEMORY))  # a memory file is a file
    for number in range(first, last):
        example = made(seed, number)
        print("begin", number, example.name, flush=True)
        signal.setitimer(signal.ITIMER_PROF, HANG)  # of computing, however busy the machine is
        signal.setitimer(signal.ITIMER_REAL, 60 * HANG)  # one that waits for nothing
        with tempfile.TemporaryDirectory() as folder:
            try:
                came = tried(Path(folder), example, taken_in=random.Random(number).randrange(SHARE) == 0)
            except BaseException:  # noqa: BLE001 whatever it is, it is a fault
                came = "fault " + traceback.format_exc()[-600:].replace("\n", " | ")
        memory = most_memory()
        print("end", came if memory < MEMORY else f"fault memory {memory}", flush=True)
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)


@dataclass
class Fuzzed:
    """What came of so many inputs."""

    told: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.told.total()} inputs: {dict(self.told)}, {self.rows} rows held again, {len(self.faults)} faults"


def fuzz(seed: int, first: int, last: int) -> Fuzzed:
    """Try these inputs in a process of its own; after an input that ended it another goes on behind that one."""
    done = Fuzzed()
    while first < last:
        command = [sys.executable, *COMMAND, str(seed), str(first), str(last)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
            assert process.stdout is not None
            at = ""
            for line in process.stdout:
                word, _space, rest = line.strip().partition(" ")
                if word == "begin":
                    first, at = int(rest.split()[0]) + 1, rest
                    done.kinds[rest.split()[1]] += 1
                else:
                    _counted(done, at, rest)
                    at = ""
        if at:
            code = process.returncode
            _counted(done, at, f"fault ended by {signal.Signals(-code).name if code < 0 else code}")
        elif process.returncode:
            raise AssertionError(f"the process did not begin: {process.returncode}")
    return done


def _counted(done: Fuzzed, at: str, came: str) -> None:
    word, _space, rest = came.partition(" ")
    done.told[word] += 1
    done.rows += int(rest) if word == "landed" else 0
    if word == "fault":
        done.faults.append(f"{at}: {rest}")


if __name__ == "__main__":
    _worker(*map(int, sys.argv[1:]))
