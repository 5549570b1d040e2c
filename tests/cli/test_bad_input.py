"""Whatever is typed after `schakel`: an exit status that the manual names and one sentence, never a stack trace."""

import json
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.access.people import Person
from schakel.access.register import add_person
from schakel.cli import main as command_line
from schakel.cli.demo import MARK, _made
from schakel.cli.files import write_whole
from schakel.lib.errors import SchakelError
from schakel.lib.text import printable
from tests.collect.small_roster import roster, texts, zipped

pytestmark = pytest.mark.django_db

SOME = settings(max_examples=100, suppress_health_check=list(HealthCheck))
ROOT = Path(__file__).resolve().parents[2]
VERBS = st.sampled_from(
    sorted(set(command_line.VERBS) - {"serve", "work", "demo"}) + ["", "nonsense", "VERIFY", "check "]
)
WORDS = st.sampled_from(
    ["verify", "load", "diff", "list", "add", "close", "export", "import", "needs", "all", "nergens", ".", "/",
     "/dev/null", "/etc/passwd", "--json", "--all", "--as", "--format", "csv", "xlsx", "--out", "--dry-run", "-h",
     "youssef.haddou", "tom.bakker", "niemand", "%", "", " ", "--", "-", "--no-such", "--as=", "x" * 300, "é", "🎓",
     "a\nb", "\x1b[31m", "\u202e", "'; DROP TABLE access_person; --", "{}", "%(x)s", "-1", "0", "1e9", "../../etc"]
)  # fmt: skip
AROUND = st.sampled_from([(), ("--language", "en"), ("--language", "fr"), ("--data", "."), ("--data",), ("--version",)])


@SOME
@given(AROUND, VERBS, st.lists(WORDS, max_size=4))
def test_any_words_end_with_a_status_and_a_sentence(typed, around, verb, words):
    before = Person.objects.count()
    ended = typed(*around, verb, *words)
    assert ended.status in {0, 1, 2}, ended
    assert "Traceback" not in ended.out + ended.err
    if ended.status == 2 and "--json" not in words:
        assert ended.err.strip(), "a refusal says why"
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", ended.err), "nothing steers the terminal"
    assert Person.objects.count() == before or (verb, *words[:1]) == ("people", "add")


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ((), 2, "Usage"),
        (("nonsense",), 2, "nonsense"),
        (("--data",), 2, "--data"),
        (("--language", "fr", "gaps"), 2, "'fr'"),
        (("check",), 2, "PATH"),
        (("check", "/nergens/x.zip"), 2, "x.zip"),
        (("check", "x" * 300), 2, "niet te openen"),
        (("collect", "x" * 300), 2, "x" * 300),
        (("collect", "nergens"), 2, "geen bestand en geen bron"),
        (("collect", "/dev/null"), 2, "geen gewoon bestand"),
        (("deliver", "nergens", "--as", "tom.bakker"), 2, "geen informatieproduct"),
        (("deliver", "nergens"), 2, "--as"),
        (("deliver", "nergens", "--as", "tom.bakker", "--format", "pdf"), 2, "'pdf'"),
        (("kit", "load", "x" * 300), 2, "x" * 300),
        (("kit", "diff", "/etc/passwd"), 2, "passwd"),
        (("work", "--every", "-1"), 2, "--every"),
        (("work", "--every", "0"), 2, "--every"),
        (("serve", "--port", "0"), 2, "--port"),
        (("serve", "--port", "70000"), 2, "--port"),
        (("serve", "--workers", "0"), 2, "--workers"),
        (("demo", "--pupils", "3"), 2, "--pupils"),
        (("demo", "--defects", "7"), 2, "--defects"),
        (("demo", "--facts", "-1"), 2, "--facts"),
        (("demo", "--seed", "een"), 2, "--seed"),
        (("demo", "--port", "0"), 2, "--port"),
    ],
)
def test_what_is_wrong_is_named(typed, words, status, said):
    ended = typed(*words)
    assert (ended.status, ended.out) == (status, "")
    assert said in ended.err


def test_a_name_that_two_people_share_says_so(typed, people):
    add_person(people["information_manager"], "tom.bakker@elders.example", "Tom Bakker")
    ended = typed("deliver", "nergens", "--as", "tom.bakker")
    assert ended.status == 2
    assert "meer dan één persoon" in ended.err and "tom.bakker@elders.example" in ended.err
    assert "informatieproduct" in typed("deliver", "nergens", "--as", "TOM.BAKKER@elders.example").err


@pytest.mark.parametrize(
    "words", [("--help",), ("--version",), ("check", "--help"), ("kit", "load", "-h"), ("audit", "-h")]
)
def test_asking_for_help_is_no_mistake(typed, words):
    ended = typed(*words)
    assert ended.status == 0
    assert ended.out and not ended.err


def test_demo_with_a_wrong_wish_leaves_the_demo_that_was_there(typed, tmp_path):
    """What is wrong is said before anything is emptied."""
    (tmp_path / MARK).write_text("{}")
    (tmp_path / "schakel.db").write_text("een demo van gisteren")
    for wish in (("--pupils", "3"), ("--defects", "2"), ("--facts", "-1")):
        assert typed("demo", "--no-serve", *wish).status == 2
    assert (tmp_path / "schakel.db").read_text() == "een demo van gisteren"


@pytest.mark.parametrize("mark", ["", "geen json", "[]", "12"])
def test_a_mark_of_half_a_demo_is_no_trace(mark, tmp_path):
    (tmp_path / MARK).write_text(mark)
    assert _made(tmp_path) is None


def test_a_file_is_written_whole_or_the_old_one_stays(tmp_path):
    path = tmp_path / "out.csv"
    path.write_bytes(b"oud")
    write_whole(path, b"nieuw")
    assert path.read_bytes() == b"nieuw"
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]
    for wrong in (tmp_path / "weg" / "out.csv", tmp_path, path / "dieper.csv", tmp_path / ("x" * 300), Path()):
        with pytest.raises(SchakelError, match="niet te schrijven"):
            write_whole(wrong, b"nieuw")
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]


def test_a_disk_that_is_full_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "out.csv"
    path.write_bytes(b"oud")

    def full(self: Path, content: bytes) -> int:
        with self.open("wb") as half:
            half.write(content[:2])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(SchakelError, match="No space left"):
        patch.setattr(Path, "write_bytes", full)
        write_whole(path, b"nieuw")
    assert path.read_bytes() == b"oud"
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]


def test_names_in_a_package_do_not_steer_the_terminal(typed, tmp_path):
    """The name of a file, a sheet or a column is whatever the sender wrote."""
    names = ["\x1b]0;gekaapt\x07.csv", "\x1b[2J\x1b[31mrood.csv", "\u202evsc.sresu.csv", "a\rb.csv", "\x9b31m.csv"]
    header, *rows = texts(roster())["users.csv"].split("\r\n")
    spoiled = f"{header},\x1b[31mkolom\r\n" + "".join(f"{row},x\r\n" for row in rows if row)
    path = zipped(tmp_path / "x.zip", texts(roster()) | {"users.csv": spoiled} | dict.fromkeys(names, "a\n"))
    for words in (("check", str(path)), ("check", str(path), "--all")):
        ended = typed(*words)
        assert ended.status == 1
        assert "kolom" in ended.out and "rood.csv" in ended.out
        assert {c for c in ended.out if unicodedata.category(c) in {"Cc", "Cf"}} == {"\n"}
    told = json.loads(typed("check", str(path), "--json").out)
    assert any("\x1b" in found["file"] for found in told["findings"]), "a program gets the name as it is, escaped"


@given(st.text(max_size=60))
def test_what_is_printed_has_no_sign_that_steers(text):
    shown = printable(text)
    assert len(shown) == len(text)
    assert all(c == "\n" or c.isprintable() or unicodedata.category(c) == "Zs" for c in shown)
    assert printable("Één regel met é, €, 情 en 🎓\nen nog een") == "Één regel met é, €, 情 en 🎓\nen nog een"


def real(folder: Path, *words: bytes) -> subprocess.CompletedProcess[bytes]:
    """A process of its own, with words that may be any bytes."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SCHAKEL_")} | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "schakel.cli.main", *words]
    return subprocess.run(command, env=environment, capture_output=True, check=False, cwd=folder)


def test_words_that_are_no_text_are_a_sentence(tmp_path):
    good = zipped(tmp_path / "x.zip", dict(texts(roster()))).read_bytes()
    (tmp_path / os.fsdecode(b"le\xffvering.zip")).write_bytes(good)
    for words in ((b"check", b"le\xffvering.zip"), (b"check", b"\xff\xfe"), (b"check", b"le\xffvering.zip", b"--json")):
        done = real(tmp_path, *words)
        assert done.returncode == 2
        assert b"Traceback" not in done.stderr + done.stdout
        assert done.stderr or json.loads(done.stdout)["error"] == "unreadable"


def test_who_reads_along_may_stop_reading(tmp_path):
    """`schakel check … | head`: no trace, and no message about a broken pipe."""
    files = roster()
    files["results"] = [files["results"][0] | {"sourcedId": f"x {n}", "score": "zeven"} for n in range(3000)]
    path = zipped(tmp_path / "x.zip", dict(texts(files)))
    line = f"{sys.executable} -m schakel.cli.main check {path} --json | head -c 10"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["bash", "-c", line], env=environment, capture_output=True, check=True)
    assert done.stdout == b'{"layout":'
    assert done.stderr == b""
