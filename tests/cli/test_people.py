"""`schakel people` as a script and as a person at a terminal use it: real processes on a real data folder."""

import json
import os
import pty
import re
import select
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from schakel.cli.people import command
from schakel.lib.errors import SchakelError
from tests.cli.nest import schakel

GOOD = "zeven natte schapen dromen"
MANAGER = "youssef@board.example"
HADDOU = "youssef.haddou@oeverscholen.example"
LINK = re.compile(r"http\S+/aanmelden/welkom/\S+")


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A board with its first person and the starter kit."""
    folder = tmp_path_factory.mktemp("board")
    done = schakel(folder, "people", "add", MANAGER, "Youssef Haddou")
    assert done.returncode == 0, done.stderr
    assert "Youssef Haddou is informatiemanager" in done.stdout
    assert LINK.search(done.stdout)
    schakel(folder, "kit", "load", "starter", check=True)
    return folder


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A board with its tables, and nobody in it."""
    folder = tmp_path_factory.mktemp("empty")
    assert schakel(folder, "people", "list", "--json", check=True).stdout.strip() == "[]"
    return folder


@pytest.fixture
def nobody(empty: Path, tmp_path: Path) -> Path:
    """A copy of its own of that board: making the tables takes seconds."""
    return Path(shutil.copytree(empty, tmp_path / "board"))


def listed(folder: Path) -> dict[str, dict[str, object]]:
    facts = json.loads(schakel(folder, "people", "list", "--json", check=True).stdout)
    return {person["email"]: person for person in facts}


def at_a_terminal(folder: Path, words: list[str], answers: list[str]) -> tuple[int, str]:
    """Run a verb at a terminal and type the answers. Returns the exit status and all that stood on the screen."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("SCHAKEL_", "PYTEST"))}
    command = [sys.executable, "-m", "schakel.cli.main", "--data", str(folder), *words]
    pid, screen = pty.fork()
    if pid == 0:
        os.execve(sys.executable, command, environment)
    shown, end = "", time.monotonic() + 120
    while time.monotonic() < end:
        if select.select([screen], [], [], 0.2)[0]:
            try:
                shown += os.read(screen, 4096).decode()
            except OSError:  # the program ended
                break
            if answers and shown.endswith(": "):
                os.write(screen, f"{answers.pop(0)}\n".encode())
    if time.monotonic() >= end:
        os.kill(pid, signal.SIGKILL)
    _pid, status = os.waitpid(pid, 0)
    os.close(screen)
    return os.waitstatus_to_exitcode(status), shown


def test_an_empty_register_is_founded_by_the_first_person(founded):
    assert listed(founded)[MANAGER] == {
        "email": MANAGER,
        "name": "Youssef Haddou",
        "open": True,
        "password": False,
        "second_factor": False,
        "roles": ["information_manager"],
    }
    told = schakel(founded, "people", "list", check=True).stdout
    assert "geen tweede stap" in told
    assert MANAGER in told


def test_the_first_one_has_no_other_role(nobody):
    done = schakel(nobody, "people", "add", MANAGER, "Youssef Haddou", "--role", "board_member")
    assert done.returncode == 2
    assert "Laat --role weg" in done.stderr
    assert listed(nobody) == {}


def test_a_password_is_asked_twice_and_never_shown(nobody):
    words = ["people", "add", MANAGER, "Youssef Haddou", "--password"]
    status, screen = at_a_terminal(nobody, words, ["te kort", GOOD, "iets anders dan dat", GOOD, GOOD])
    assert status == 0, screen
    assert "12 tekens" in screen
    assert "niet twee keer hetzelfde" in screen
    for typed in ("te kort", GOOD, "iets anders dan dat"):
        assert typed not in screen
    assert listed(nobody)[MANAGER]["password"] is True


def test_three_bad_passwords_change_nothing(nobody):
    words = ["people", "add", MANAGER, "Youssef Haddou", "--password"]
    status, screen = at_a_terminal(nobody, words, ["kort", "kort", "kort"])
    assert status == 2
    assert "Er is niets gewijzigd." in screen
    assert listed(nobody) == {}


def test_without_a_terminal_no_password_is_asked(nobody):
    done = schakel(nobody, "people", "add", MANAGER, "Youssef Haddou", "--password")
    assert done.returncode == 2
    assert "alleen op een terminal" in done.stderr
    assert listed(nobody) == {}


def test_a_password_has_no_place_on_the_command_line(nobody):
    done = schakel(nobody, "people", "add", MANAGER, "Youssef Haddou", "--password", GOOD)
    assert done.returncode == 2
    assert listed(nobody) == {}


def test_an_information_manager_lets_in_the_others(founded):
    done = schakel(
        founded, "people", "add", "Marijke@board.example", "Marijke Terpstra", "--role", "board_member", "--as", MANAGER
    )
    assert done.returncode == 0, done.stderr
    assert LINK.search(done.stdout)
    added = listed(founded)["marijke@board.example"]
    assert (added["name"], added["roles"]) == ("Marijke Terpstra", ["board_member"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "piet@board.example", "Piet"], "Zeg met --as"),
        (["add", "piet@board.example", "Piet", "--as", "niemand"], "niemand met het adres"),
        (["add", "piet@board.example", "Piet", "--as", "sanne.de.wit"], "Dit mag alleen"),
        (["add", "piet", "Piet", "--as", HADDOU], "geen e-mailadres"),
        (["add", "piet@board.example", " ", "--as", HADDOU], "Schrijf de naam"),
        (["add", HADDOU.upper(), "Nog Eens", "--as", HADDOU], "al iemand met het adres"),
        (["add", "piet@board.example", "Piet", "--as", HADDOU, "--role", "baas"], "De rol 'baas'"),
        (["add", "piet@board.example", "Piet", "--as", HADDOU, "--where", "x"], "zeg met --role"),
        (
            ["add", "piet@board.example", "Piet", "--as", HADDOU, "--role", "board_member", "--where", "x"],
            "'x' bestaat",
        ),
        (["reset", "niemand@board.example", "--as", HADDOU], "niemand met het adres"),
        (["reset", HADDOU, "--as", HADDOU], "niet zelf weg"),
        (["reset", HADDOU, "--as", "sanne.de.wit"], "Dit mag alleen"),
        (["link", HADDOU, "--as", HADDOU], "‘Mijn aanmelding’"),
        (["link", HADDOU], "Zeg met --as"),
        (["close", HADDOU, "--as", HADDOU], "niet zelf"),
        (["close", HADDOU], "Zeg met --as"),
        (["close", HADDOU, "--as", "sanne.de.wit"], "Dit mag alleen"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_changes_nothing(people, words, said):
    from schakel.access.people import Person

    before = list(Person.objects.values())
    done = CliRunner().invoke(command, words)
    assert isinstance(done.exception, SchakelError)
    assert said in str(done.exception)
    assert done.output == ""
    assert list(Person.objects.values()) == before


def test_what_was_tried_without_a_right_to_it_stays_in_the_trail(people):
    from schakel.access.audit import AuditLine

    CliRunner().invoke(command, ["add", "vriend@board.example", "Vriend", "--as", "sanne.de.wit"])
    assert AuditLine.objects.latest("number").action == "refused:person.write"


def test_helping_and_closing(people):
    from schakel.access.people import Person

    for words, said in (
        (["link", "karin.de.boer", "--as", HADDOU], "/aanmelden/welkom/"),
        (["reset", "karin.de.boer", "--as", HADDOU], "nieuwe tweede stap"),
        (["close", "karin.de.boer", "--as", HADDOU], "afgesloten"),
        (["list"], "afgesloten"),
    ):
        done = CliRunner().invoke(command, words)
        assert done.exit_code == 0, done.exception
        assert said in done.output
    assert not Person.objects.get(email__startswith="karin.").is_active
    assert "afgesloten" in str(CliRunner().invoke(command, ["link", "karin.de.boer", "--as", HADDOU]).exception)


def test_the_link_of_the_founder_is_made_again_as_long_as_nobody_used_it(nobody):
    schakel(nobody, "people", "add", MANAGER, "Youssef Haddou", check=True)
    again = schakel(nobody, "people", "link", MANAGER)
    assert again.returncode == 0
    assert LINK.search(again.stdout)


def test_the_link_names_the_board_s_own_address(nobody):
    told = {"SCHAKEL_HOSTS": "schakel.board.example,127.0.0.1", "SCHAKEL_HTTPS": "1"}
    done = schakel(nobody, "people", "add", MANAGER, "Youssef", check=True, **told)
    assert "https://schakel.board.example/aanmelden/welkom/" in done.stdout


def test_no_password_and_no_link_lies_in_the_register(founded):
    done = schakel(founded, "people", "add", "extra@board.example", "Extra Mens", "--as", MANAGER)
    found = LINK.search(done.stdout)
    assert found
    token = found.group().rsplit("/", 1)[-1]
    content = b"".join(path.read_bytes() for path in founded.glob("schakel.db*"))
    assert token.encode() not in content
    assert b"extra@board.example" in content
