"""A board whose roster comes from a server: asked for on a page, by the command, by the schedule."""

import shutil

import pytest
from click.testing import CliRunner

from schakel.cli.collect import command
from schakel.collect.connections import connect
from schakel.collect.sources import Source
from schakel.lib.addresses import Allowed
from schakel.lib.outgoing import Outgoing
from schakel.operations import flow
from tests.connectors.reference_provider import providing

pytestmark = pytest.mark.django_db


@pytest.fixture
def served(own, settings):
    settings.OUTGOING = Outgoing(Allowed(frozenset({"127.0.0.1"})))
    shutil.rmtree(settings.DATA / "landing" / "oneroster")  # the server is of a far smaller board
    with providing() as server:
        said = server.access
        connect(
            own.people["ict_manager"], Source.objects.get(layout="oneroster"), provider="oneroster-rest",
            version=said.version, address=said.address, method=said.method, token_address=said.token_address,
            client=said.client, secret=said.secret,
        )  # fmt: skip
        yield server, own


def test_who_asks_on_the_page_gets_it_from_the_server(served):
    server, board = served
    source = Source.objects.get(layout="oneroster")
    for path in flow.inbox().glob(source.pattern):
        path.unlink()
    (asked,) = flow.request(board.people["ict_manager"], [source])
    flowed = flow.run_asked()
    asked.refresh_from_db()
    assert asked.state in ("good", "repaired"), asked.message
    assert [run.pk for run in flowed.runs] == [asked.pk]
    assert flowed.snapshot is not None
    asked_columns = {f for q in server.questions for f in q["fields"].split(",")}
    assert "password" not in asked_columns
    assert {"givenName", "familyName"} <= asked_columns


def test_the_command_reads_it(served, monkeypatch):
    monkeypatch.setattr("schakel.cli.start.open_register", lambda: None)
    source = Source.objects.get(layout="oneroster")
    done = CliRunner().invoke(command, [source.key])
    assert done.exit_code == 0, done.output
    assert "rijen gelezen" in done.output
    server, _board = served
    server.tokens.clear()
    server.method = "oauth1-sha1"  # and knows no token any more
    done = CliRunner().invoke(command, [source.key])
    assert done.exit_code == 2
    assert "herkent ons niet" in done.output
