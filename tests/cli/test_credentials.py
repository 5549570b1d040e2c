"""`schakel credentials renew`, as an administrator uses it."""

import pytest
from click.testing import CliRunner

from schakel.cli.credentials import command
from schakel.collect.connections import vault

pytestmark = pytest.mark.django_db


def test_a_new_key_by_whoever_may(people, settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    monkeypatch.setattr("schakel.cli.start.open_register", lambda: None)
    before = vault().sealed("a", "een")
    done = CliRunner().invoke(command, ["renew", "--as", people["ict_manager"].email])
    assert done.exit_code == 0, done.output
    assert "0 geheimen" in done.output
    assert len((tmp_path / "credentials.key").read_text().split()) == 2
    assert vault().opened("a", before) == "een"


def test_not_by_anybody_else(people, settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    monkeypatch.setattr("schakel.cli.start.open_register", lambda: None)
    done = CliRunner().invoke(command, ["renew", "--as", people["teacher"].email])
    assert done.exit_code != 0
    assert CliRunner().invoke(command, ["renew"]).exit_code == 2
