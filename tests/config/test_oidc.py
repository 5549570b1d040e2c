"""The settings of the board's sign-in service: whole and safe, or a sentence that names the one that is wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from schakel.config import oidc
from schakel.lib.errors import SchakelError

GOOD = {"SCHAKEL_OIDC_ISSUER": "https://id.board.example/realm", "SCHAKEL_OIDC_CLIENT_ID": "schakel"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with the secret of the service."""
    file = tmp_path / "oidc.secret"
    file.write_text("very secret\n")
    file.chmod(0o600)
    return tmp_path


def test_nothing_set_is_no_service(tmp_path):
    assert oidc.read({"HOME": "/root", "SCHAKEL_DATA": "x"}, tmp_path) is None
    assert oidc.providers(None)["openid_connect"]["APPS"] == []


def test_the_secret_comes_from_the_data_folder(data):
    found = oidc.read(GOOD, data)
    assert found == oidc.Oidc("https://id.board.example/realm", "schakel", "very secret")
    app = oidc.providers(found)["openid_connect"]["APPS"][0]
    assert app["settings"]["server_url"] == "https://id.board.example/realm/.well-known/openid-configuration"
    assert app["settings"]["oauth_pkce_enabled"] is True
    assert "very secret" not in repr(found)


def test_the_secret_may_lie_elsewhere(data, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("run") / "secret"
    elsewhere.write_text("other")
    elsewhere.chmod(0o400)
    found = oidc.read({**GOOD, "SCHAKEL_OIDC_SECRET_FILE": str(elsewhere)}, data)
    assert found is not None
    assert found.secret == "other"


def test_name_and_domains(data):
    more = {"SCHAKEL_OIDC_NAME": " Oeverscholen ", "SCHAKEL_OIDC_DOMAINS": "Oever.example, school.oever.example"}
    found = oidc.read({**GOOD, **more}, data)
    assert found is not None
    assert (found.name, found.domains) == ("Oeverscholen", ("oever.example", "school.oever.example"))


def test_a_slash_at_the_end_makes_no_other_service(data):
    slashed = oidc.read({**GOOD, "SCHAKEL_OIDC_ISSUER": GOOD["SCHAKEL_OIDC_ISSUER"] + "/"}, data)
    assert slashed == oidc.read(GOOD, data)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"SCHAKEL_OIDC_CLIENTID": "x"}, "SCHAKEL_OIDC_CLIENTID is geen instelling"),
        ({"SCHAKEL_OIDC_SECRET": "x"}, "SCHAKEL_OIDC_SECRET is geen instelling"),
        ({"SCHAKEL_OIDC_ISSUER": ""}, "SCHAKEL_OIDC_ISSUER ontbreekt"),
        ({"SCHAKEL_OIDC_CLIENT_ID": " "}, "SCHAKEL_OIDC_CLIENT_ID ontbreekt"),
        ({"SCHAKEL_OIDC_ISSUER": "http://id.board.example"}, "https://"),
        ({"SCHAKEL_OIDC_ISSUER": "id.board.example"}, "https://"),
        ({"SCHAKEL_OIDC_ISSUER": "https:///x"}, "https://"),
        ({"SCHAKEL_OIDC_ISSUER": "ftp://127.0.0.1"}, "https://"),
        ({"SCHAKEL_OIDC_ISSUER": "https://id.example/.well-known/openid-configuration"}, "zonder /.well-known/"),
        ({"SCHAKEL_OIDC_ISSUER": "https://id.example/?tenant=1"}, "zonder /.well-known/ of ?"),
        ({"SCHAKEL_OIDC_ISSUER": "https://me:pw@id.example"}, "alleen het adres"),
        ({"SCHAKEL_OIDC_ISSUER": "https://id.example/" + "x" * 200}, "langer dan 200"),
        ({"SCHAKEL_OIDC_NAME": "x" * 41}, "langer dan 40"),
        ({"SCHAKEL_OIDC_DOMAINS": "school"}, "noemt 'school'"),
        ({"SCHAKEL_OIDC_DOMAINS": "a.example,*"}, "noemt '*'"),
        ({"SCHAKEL_OIDC_SECRET_FILE": "/nergens/secret"}, "/nergens/secret"),
    ],
)
def test_what_is_wrong_is_named_in_a_sentence(data, changed, said):
    with pytest.raises(SchakelError) as error:
        oidc.read({**GOOD, **changed}, data)
    assert said in str(error.value)
    assert "very secret" not in str(error.value)


def test_half_a_service_is_refused(data):
    with pytest.raises(SchakelError, match="ISSUER ontbreekt"):
        oidc.read({"SCHAKEL_OIDC_NAME": "Oeverscholen"}, data)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_secret_that_others_can_read_is_refused(data, mode):
    (data / "oidc.secret").chmod(mode)
    with pytest.raises(SchakelError, match="600"):
        oidc.read(GOOD, data)


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe"])
def test_a_secret_file_without_a_secret_is_refused(data, content):
    (data / "oidc.secret").write_bytes(content)
    with pytest.raises(SchakelError, match="geheim"):
        oidc.read(GOOD, data)


def test_a_missing_secret_file_is_refused(tmp_path):
    with pytest.raises(SchakelError, match="niet te lezen"):
        oidc.read(GOOD, tmp_path)


def test_a_service_on_this_machine_may_be_http(data):
    found = oidc.read({**GOOD, "SCHAKEL_OIDC_ISSUER": "http://127.0.0.1:9000"}, data)
    assert found is not None
    assert found.issuer == "http://127.0.0.1:9000"


def test_a_wrong_setting_stops_the_start_with_one_sentence(tmp_path):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SCHAKEL_")}
    command = [sys.executable, "-m", "schakel.cli.main", "--data", str(tmp_path), "people", "list"]
    done = subprocess.run(
        command, check=False, env={**environment, "SCHAKEL_OIDC_ISUER": "x"}, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stderr.startswith("SCHAKEL_OIDC_ISUER is geen instelling.")
    assert "Traceback" not in done.stderr
