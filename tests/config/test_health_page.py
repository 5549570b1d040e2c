"""The health page: it answers whoever asks, and says nothing about people, data or the machine."""

import json

import pytest
from django.test import Client
from django.urls import get_resolver

from schakel import __version__
from schakel.config import urls, wsgi

ADDRESS = "/gezondheid"


def test_it_answers_a_stranger_without_touching_the_register():
    """No fixture of the database here: any query would fail the test. A monitor asks every few seconds."""
    answer = Client().get(ADDRESS)
    assert answer.status_code == 200
    assert json.loads(answer.content) == {"status": "ok", "version": __version__}
    assert answer["Content-Type"] == "application/json"


def test_it_leaves_no_cookie_and_leads_nowhere():
    answer = Client().get(ADDRESS)
    assert not answer.cookies
    assert not answer.has_header("Location")


@pytest.mark.parametrize("address", [f"{ADDRESS}?x=<script>", f"{ADDRESS}?page=/etc/passwd"])
def test_what_is_asked_along_with_it_is_not_repeated(address):
    assert json.loads(Client().get(address).content) == {"status": "ok", "version": __version__}


def test_a_head_is_enough():
    answer = Client().head(ADDRESS)
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("host", ["elders.example", "127.0.0.1.elders.example", "localhost:8000@elders.example"])
def test_a_host_that_is_not_ours_gets_no_answer(db, host):
    assert Client().get(ADDRESS, headers={"host": host}).status_code == 400


def test_it_has_the_headers_of_every_page():
    answer = Client().get(ADDRESS)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_there_is_one_health_page_and_an_answer_of_our_own_for_every_fault():
    names = [getattr(pattern, "name", "") for pattern in get_resolver().url_patterns]
    assert names.count("health") == 1
    for status in (400, 403, 404, 500):
        assert getattr(urls, f"handler{status}").startswith("schakel.portal.answers.")
    assert callable(wsgi.application)
