"""Connections: a secret is written and never shown, goes where it was given for, and is renewed without a pause."""

import datetime

import pytest

from schakel.access.audit import AuditLine
from schakel.access.kept import UnrecordedWrite
from schakel.access.register import put
from schakel.chain.systems import System
from schakel.collect import connections
from schakel.collect.connections import Connection, connect, connection_of, disconnect, expiring, renew_keys
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.lib.errors import Refused, SchakelError

pytestmark = pytest.mark.django_db

FIELDS = {
    "provider": "oneroster-rest",
    "version": "1.2",
    "address": "https://las.example/ims/oneroster",
    "method": "oauth2",
    "token_address": "https://login.las.example/token",
    "client": "schakel",
}


@pytest.fixture
def source(people, settings, tmp_path):
    settings.DATA = tmp_path
    system, _new = put(people["ict_manager"], "system.write", System, "las", name="LAS")
    return put(people["ict_manager"], "source.write", Source, "las", name="LAS", system=system, layout="oneroster",
               pattern="las_*.zip")[0]  # fmt: skip


@pytest.fixture
def connected(people, source):
    return connect(people["ict_manager"], source, secret="zeer geheim", **FIELDS)


def test_the_secret_lies_nowhere_readable(connected, people):
    raw = Connection.objects.values().get()
    assert "geheim" not in str(raw)
    assert "geheim" not in repr(connected)
    assert "zeer geheim" not in str(list(AuditLine.objects.values()))
    assert connection_of(connected.source).secret == "zeer geheim"


def test_an_empty_secret_leaves_the_one_that_is_there(connected, people):
    connect(people["ict_manager"], connected.source, **{**FIELDS, "every_hours": 6})
    again = connection_of(connected.source)
    assert (again.secret, again.every_hours, again.secret_set_at) == ("zeer geheim", 6, connected.secret_set_at)


@pytest.mark.parametrize(
    "change",
    [
        {"address": "https://elders.example/ims/oneroster"},
        {"address": "https://las.example:8443/ims/oneroster"},
        {"token_address": "https://elders.example/token"},
        {"client": "iemand anders"},
    ],
)
def test_the_secret_goes_to_no_other_server_or_name(connected, people, change):
    with pytest.raises(SchakelError) as refused:
        connect(people["ict_manager"], connected.source, **{**FIELDS, **change})
    assert refused.value.code == "secret"
    assert connection_of(connected.source).address == FIELDS["address"]
    connect(people["ict_manager"], connected.source, secret="een nieuw", **{**FIELDS, **change})
    assert connection_of(connected.source).secret == "een nieuw"


def test_another_path_on_the_same_server_keeps_it(connected, people):
    connect(people["ict_manager"], connected.source, **{**FIELDS, "address": "https://las.example/v2"})
    assert connection_of(connected.source).secret == "zeer geheim"


def test_a_first_connection_needs_a_secret(people, source):
    with pytest.raises(SchakelError):
        connect(people["ict_manager"], source, **FIELDS)
    assert connection_of(source) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("address", "file:///etc/passwd"), ("address", "https://me:secret@las.example/"), ("token_address", "las.example"),
     ("token_address", "")],
)  # fmt: skip
def test_what_is_no_address_is_refused(people, source, field, value):
    with pytest.raises(SchakelError):
        connect(people["ict_manager"], source, secret="zeer geheim", **{**FIELDS, field: value})


@pytest.mark.parametrize("secret", ["a\nb", "x" * 2001, "nul\0"])
def test_a_secret_that_cannot_be_sent_is_refused(people, source, secret):
    with pytest.raises(SchakelError) as refused:
        connect(people["ict_manager"], source, secret=secret, **FIELDS)
    assert secret not in str(refused.value)


@pytest.mark.parametrize("who", ["teacher", "board_member", "privacy_officer", "outsider"])
def test_only_who_keeps_sources_connects_them(people, source, who):
    with pytest.raises(Refused):
        connect(people[who], source, secret="zeer geheim", **FIELDS)
    with pytest.raises(Refused):
        renew_keys(people[who])
    assert not Connection.objects.exists()


def test_outside_a_change_nothing_is_written(connected):
    with pytest.raises(UnrecordedWrite):
        connected.save()


def test_keys_are_renewed_and_the_secrets_stay(connected, people):
    before = Connection.objects.get().sealed
    assert renew_keys(people["ict_manager"]) == 1
    after = Connection.objects.get()
    assert after.sealed != before
    assert after.secret == "zeer geheim"
    assert AuditLine.objects.filter(action="credentials.renew").count() == 1
    connections.vault().path.write_text(connections.vault().path.read_text().split()[0] + "\n")
    assert Connection.objects.get().secret == "zeer geheim"  # with the new key alone


def test_a_renewal_that_is_refused_leaves_the_keys_readable(connected, people):
    with pytest.raises(Refused):
        renew_keys(people["teacher"])
    assert Connection.objects.get().secret == "zeer geheim"


def test_with_another_key_it_says_what_to_do(connected):
    connections.vault().path.unlink()
    with pytest.raises(SchakelError) as refused:
        _secret = Connection.objects.get().secret
    assert "opnieuw" in str(refused.value)


def test_the_key_may_lie_elsewhere(connected, settings, tmp_path, people):
    settings.CREDENTIALS_KEY = str(tmp_path / "elders.key")
    connect(people["ict_manager"], connected.source, secret="anders", **FIELDS)
    assert Connection.objects.get().secret == "anders"
    assert (tmp_path / "elders.key").exists()


@pytest.mark.parametrize(
    ("days", "expected"), [(None, "unknown"), (0, "over"), (-3, "over"), (30, "soon"), (31, "good")]
)
def test_it_is_known_when_a_secret_ends(connected, people, days, expected):
    day = None if days is None else clock.today() + datetime.timedelta(days=days)
    connect(people["ict_manager"], connected.source, **{**FIELDS, "secret_expires_on": day})
    assert connection_of(connected.source).expires == expected
    assert bool(expiring(clock.today() + datetime.timedelta(days=30))) == (expected in ("over", "soon"))


def test_who_is_disconnected_has_no_secret_left(connected, people):
    disconnect(people["ict_manager"], connected.source)
    assert connection_of(connected.source) is None
    disconnect(people["ict_manager"], connected.source)  # and again does no harm
