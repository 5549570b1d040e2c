"""Settings: what is unknown or unsafe stops the start with one sentence, and what is said is what holds."""

import os
import runpy
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.config import database, folder
from schakel.lib.errors import SchakelError
from schakel.lib.text import spoken

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = ROOT / "schakel" / "config" / "settings.py"


@pytest.fixture
def loaded(tmp_path, monkeypatch):
    """The settings as they come out with these variables and no others."""

    def load(**variables: str) -> dict[str, Any]:
        for name in [name for name in os.environ if name.startswith("SCHAKEL_")]:
            monkeypatch.delenv(name)
        for name, value in {"SCHAKEL_DATA": str(tmp_path / "data"), **variables}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(SETTINGS))

    return load


def refused(load: Any, **variables: str) -> SchakelError:
    with pytest.raises(SchakelError) as error:
        load(**variables)
    assert error.value.code == "setting"
    return error.value


def test_by_default_it_is_safe_and_small(loaded, tmp_path):
    found = loaded()
    assert found["DEBUG"] is False
    assert (found["SCHAKEL_DEMO"], found["SCHAKEL_HTTPS"]) == (False, False)
    assert found["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "testserver"]
    assert found["DATABASES"]["default"]["NAME"] == tmp_path / "data" / "schakel.db"
    assert found["SESSION_COOKIE_HTTPONLY"]
    assert found["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert found["X_FRAME_OPTIONS"] == "DENY"
    assert "django.contrib.admin" not in found["INSTALLED_APPS"], "no second way into the register"


def test_behind_https_cookies_are_secure_and_browsers_are_held_to_it(loaded):
    found = loaded(SCHAKEL_HTTPS="1", SCHAKEL_HOSTS="schakel.example, www.schakel.example")
    assert found["SESSION_COOKIE_SECURE"] and found["CSRF_COOKIE_SECURE"] and found["SECURE_SSL_REDIRECT"]
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://schakel.example", "https://www.schakel.example"]
    plain = loaded()
    assert not plain["SESSION_COOKIE_SECURE"] and not plain["SECURE_HSTS_SECONDS"]
    assert plain["SECURE_PROXY_SSL_HEADER"] is None, "a header of a stranger does not make it HTTPS"


@pytest.mark.parametrize("name", ["SCHAKEL_DEMO", "SCHAKEL_HTTPS"])
@pytest.mark.parametrize("value", ["yes", "true", "True", "2", "", " 1", "ja", "01"])
def test_a_switch_is_0_or_1(loaded, name, value):
    error = refused(loaded, **{name: value})
    assert name in str(error)
    assert value in str(error)


@pytest.mark.parametrize("name", ["SCHAKEL_DEMO", "SCHAKEL_HTTPS"])
def test_a_switch_that_is_set_is_on(loaded, name):
    assert loaded(**{name: "1"})[name] is True
    assert loaded(**{name: "0"})[name] is False


@pytest.mark.parametrize(
    "hosts",
    ["*", "schakel.example,*", "", ",", " , ", "http://schakel.example", "schakel.example:8000", "a b", "*.example",
     "schakel.example/pad", "é.example"],
)  # fmt: skip
def test_hosts_are_names_and_never_any_name(loaded, hosts):
    assert "SCHAKEL_HOSTS" in str(refused(loaded, SCHAKEL_HOSTS=hosts))


@pytest.mark.parametrize(
    ("hosts", "answers"),
    [
        ("schakel.example", ["schakel.example"]),
        (" a.example ,b.example, ", ["a.example", "b.example"]),
        (".schakel.example", [".schakel.example"]),
        ("10.0.0.4,[::1]", ["10.0.0.4", "[::1]"]),
    ],
)
def test_pages_answer_to_these_names(loaded, hosts, answers):
    assert loaded(SCHAKEL_HOSTS=hosts)["ALLOWED_HOSTS"] == answers


def test_an_empty_data_folder_is_the_usual_one(loaded, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert loaded(SCHAKEL_DATA="")["DATA"] == tmp_path / "data"


def test_the_data_folder_and_the_key_are_for_their_owner_only(tmp_path):
    data = folder.prepared(tmp_path / "a" / "b")
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    key = folder.secret(data)
    assert stat.S_IMODE((data / folder.KEY).stat().st_mode) == 0o600
    assert len(key) >= 60
    assert folder.secret(data) == key
    assert [path.name for path in data.iterdir()] == [folder.KEY]


def test_two_boards_have_two_keys(tmp_path):
    assert folder.secret(folder.prepared(tmp_path / "a")) != folder.secret(folder.prepared(tmp_path / "b"))


def test_the_mask_of_the_system_does_not_widen_the_key(tmp_path):
    before = os.umask(0)
    try:
        folder.secret(tmp_path)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / folder.KEY).stat().st_mode) == 0o600


def test_of_many_that_start_at_once_all_read_the_same_whole_key(tmp_path):
    found: list[str] = []
    start = threading.Barrier(8)

    def read() -> None:
        start.wait()
        found.append(folder.secret(tmp_path))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


@pytest.mark.parametrize("content", [b"", b"\n", b"kort", b"\xff\xfe" * 40])
def test_a_key_that_is_none_is_a_sentence_and_stays_as_it_lies(tmp_path, content):
    (tmp_path / folder.KEY).write_bytes(content)
    with pytest.raises(SchakelError, match="geen sleutel") as error:
        folder.secret(tmp_path)
    assert error.value.hint
    assert (tmp_path / folder.KEY).read_bytes() == content


def test_a_key_that_cannot_be_read_is_a_sentence(tmp_path):
    (tmp_path / folder.KEY).mkdir()
    with pytest.raises(SchakelError, match="geen sleutel"):
        folder.secret(tmp_path)
    other = tmp_path / "b"
    other.mkdir()
    (other / folder.KEY).symlink_to("nergens")
    with pytest.raises(SchakelError, match="geen sleutel"):
        folder.secret(other)


def test_a_folder_that_cannot_be_one_is_a_sentence(tmp_path):
    (tmp_path / "bestand").write_text("x")
    for path in (tmp_path / "bestand", tmp_path / "bestand" / "dieper", Path("/proc/schakel")):
        with pytest.raises(SchakelError, match="datamap") as error:
            folder.prepared(path)
        assert str(path) in str(error.value)


def test_sqlite_waits_writes_ahead_and_guards_its_references(tmp_path):
    found = database.read("", tmp_path)
    assert found["ENGINE"].endswith("sqlite3")
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "recursive_triggers=ON"):
        assert pragma in found["OPTIONS"]["init_command"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u:p@db.example/schakel", ("u", "p", "db.example", "", "schakel")),
        ("postgres://u:p@db.example:5433/schakel", ("u", "p", "db.example", "5433", "schakel")),
        ("postgresql://u@/schakel?host=/run/postgresql", ("u", "", "/run/postgresql", "", "schakel")),
        ("postgresql:///schakel", ("", "", "", "", "schakel")),
        ("postgresql://u:p%40ss%2Fw%3Ard@h/na%20am", ("u", "p@ss/w:rd", "h", "", "na am")),
        ("postgresql://u:p@[::1]:5432/schakel", ("u", "p", "::1", "5432", "schakel")),
    ],
)
def test_an_address_of_postgresql(tmp_path, url, expected):
    found = database.read(url, tmp_path)
    assert tuple(found[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")) == expected
    assert found["ENGINE"].endswith("postgresql")


def test_what_stands_behind_the_question_mark_reaches_postgresql(tmp_path):
    """Who asks for a checked connection must not silently get an open one."""
    found = database.read("postgresql://u@h/db?sslmode=verify-full&sslrootcert=/ca.pem&connect_timeout=5", tmp_path)
    assert found["OPTIONS"] == {"sslmode": "verify-full", "sslrootcert": "/ca.pem", "connect_timeout": "5"}
    assert database.read("postgresql://u@h/db", tmp_path)["OPTIONS"] == {}


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("mysql://u@h/db", "postgresql://"),
        ("sqlite:///x.db", "postgresql://"),
        ("nonsense", "postgresql://"),
        ("POSTGRES", "postgresql://"),
        ("postgresql://", "naam"),
        ("postgresql://h", "naam"),
        ("postgresql://h/", "naam"),
        ("postgresql://h/a/b", "naam"),
        ("postgresql://h:abc/db", "poort"),
        ("postgresql://h:99999/db", "poort"),
        ("postgresql://[::1/db", "adres"),
        ("postgresql://h/db?ssl=true", "'ssl'"),
        ("postgresql://h/db?options=-c%20x", "'options'"),
        ("postgresql://h/db?passfile=/x", "'passfile'"),
    ],
)
def test_an_address_that_is_wrong_says_what_is_wrong(tmp_path, url, why):
    with pytest.raises(SchakelError) as error:
        database.read(url, tmp_path)
    assert database.NAME in str(error.value)
    assert why in str(error.value)
    with spoken("en"), pytest.raises(SchakelError) as english:
        database.read(url, tmp_path)
    assert str(english.value) != str(error.value)


@given(
    st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40),
    st.sampled_from(["", "postgresql://", "postgresql://h/"]),
)
def test_any_address_is_a_setting_or_a_sentence_and_tells_no_password(text, start):
    try:
        found = database.read(start + text, Path("/data"))
    except SchakelError as error:
        assert error.code == "setting"
        return
    assert found["NAME"]


@pytest.mark.parametrize(
    "url", ["postgresql://u:Geheim123@h:abc/db", "mysql://u:Geheim123@h/db", "postgresql://u:Geheim123@h/db?x=1"]
)
def test_a_password_in_a_wrong_address_is_not_shown(tmp_path, url):
    with pytest.raises(SchakelError) as error:
        database.read(url, tmp_path)
    assert "Geheim123" not in str(error.value)


def start(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A real process with these variables and no others of ours."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SCHAKEL_")} | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "schakel.cli.main", *words]
    return subprocess.run(command, env=environment | variables, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"SCHAKEL_DEMO": "yes"}, "SCHAKEL_DEMO"),
        ({"SCHAKEL_DATABASE_URL": "postgresql://u:Geheim123@/db?host=/nergens"}, "register is niet te openen"),
        ({"SCHAKEL_DATA": "/dev/null"}, "datamap"),
    ],
)
def test_a_wrong_setting_ends_a_verb_with_one_sentence_and_2(tmp_path, variables, said):
    done = start("gaps", "--json", **{"SCHAKEL_DATA": str(tmp_path), **variables})
    assert done.returncode == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "Geheim123" not in done.stderr


def test_a_register_that_is_no_register_is_a_sentence(tmp_path):
    (tmp_path / "schakel.db").write_text("geen database, maar een brief aan de ouders")
    done = start("gaps", SCHAKEL_DATA=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert "niet te openen" in done.stderr
    assert (tmp_path / "schakel.db").read_text().startswith("geen database")
