"""Secrets: nothing readable without the keys, nothing lost when keys are renewed, also in the middle."""

import stat
import threading

import pytest
from cryptography.fernet import Fernet

from schakel.collect.vault import Vault
from schakel.lib.errors import SchakelError


@pytest.fixture
def vault(tmp_path):
    return Vault(tmp_path / "credentials.key")


def test_what_is_sealed_opens_again_and_tells_nothing(vault):
    sealed = vault.sealed("source:las", "zeer geheim")
    assert "geheim" not in sealed
    assert vault.opened("source:las", sealed) == "zeer geheim"
    assert sealed != vault.sealed("source:las", "zeer geheim")
    assert stat.S_IMODE(vault.path.stat().st_mode) == 0o600


def test_it_opens_for_its_own_purpose_only(vault):
    with pytest.raises(SchakelError) as refused:
        vault.opened("source:ander", vault.sealed("source:las", "zeer geheim"))
    assert "geheim" not in str(refused.value).replace("bewaarde geheim", "")


@pytest.mark.parametrize("wrong", ["", "abc", "gAAAAABx", "é"])
def test_what_was_not_sealed_here_does_not_open(vault, tmp_path, wrong):
    elsewhere = Vault(tmp_path / "other.key").sealed("source:las", "zeer geheim")
    for sealed in (wrong, elsewhere):
        with pytest.raises(SchakelError):
            vault.opened("source:las", sealed)


def test_after_renewal_the_old_opens_and_the_new_writes(vault):
    before = vault.sealed("a", "een")
    old = vault.path.read_text().split()
    vault.renew(lambda: None)
    keys = vault.path.read_text().split()
    assert keys[1:] == old
    assert vault.opened("a", before) == "een"
    assert Fernet(keys[0]).decrypt(vault.sealed("a", "twee").encode())
    vault.renew(lambda: None)  # nothing was sealed again: then the key of long ago is gone
    with pytest.raises(SchakelError):
        vault.opened("a", before)


def test_during_renewal_both_keys_read(vault):
    kept = {"sealed": vault.sealed("a", "een")}

    def seal_again():
        assert vault.opened("a", kept["sealed"]) == "een"
        kept["sealed"] = vault.sealed("a", vault.opened("a", kept["sealed"]))

    for _time in range(4):
        vault.renew(seal_again)
        assert vault.opened("a", kept["sealed"]) == "een"
    assert len(vault.path.read_text().split()) == 2


def test_a_renewal_that_breaks_off_loses_nothing(vault):
    before = vault.sealed("a", "een")
    for _time in range(3):
        with pytest.raises(ZeroDivisionError):
            vault.renew(lambda: 1 // 0)
    assert vault.opened("a", before) == "een"
    assert len(vault.path.read_text().split()) == 4


def test_several_at_once_make_one_key(vault):
    got: list[str] = []
    threads = [threading.Thread(target=lambda: got.append(vault.sealed("a", "een"))) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {vault.opened("a", sealed) for sealed in got} == {"een"}
    assert len(got) == 8
    assert [path.name for path in vault.path.parent.iterdir()] == [vault.path.name]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"geen sleutel\n", b"\xff\xfe"])
def test_a_file_without_keys_is_told(vault, content):
    vault.path.write_bytes(content)
    vault.path.chmod(0o600)
    with pytest.raises(SchakelError) as refused:
        vault.sealed("a", "een")
    assert refused.value.code == "setting"


def test_a_file_that_others_may_read_is_refused(vault):
    vault.sealed("a", "een")
    vault.path.chmod(0o644)
    with pytest.raises(SchakelError) as refused:
        vault.sealed("a", "een")
    assert "600" in str(refused.value)
