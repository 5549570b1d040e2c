"""The pages of who is who for the administration of a primary school that delivers EDEXML."""

import html

import pytest

from schakel.collect.match_decisions import MatchDecision
from tests.portal.conftest import browser
from tests.portal.test_who_is_who_pages import FIELD, FORM
from tests.primary_schools import ABSENCE, HERE, THERE, Primary, both, own, primary

__all__ = ["both", "own", "primary"]
pytestmark = pytest.mark.django_db
PUPILS = "/wie-is-wie/leerlingen"


def test_a_shared_number_is_called_so_and_decided_by_the_button(primary: Primary) -> None:
    client = browser(primary.here)
    page = html.unescape(client.get(f"{PUPILS}/adviezen").content.decode())
    assert "zelfde nummer, maar dat hebben er meer" in page
    assert THERE not in page  # of another school
    sent = next(dict(FIELD.findall(form)) for form in FORM.findall(page) if f"{HERE}.00001" in form)
    assert client.post(f"{PUPILS}/adviezen/beslissen", sent).status_code == 302
    assert f"{HERE}.00001" in primary.publish()
    assert browser(primary.there).post(f"{PUPILS}/adviezen/beslissen", sent).status_code == 404
    assert MatchDecision.objects.count() == 1


def test_a_number_of_one_site_stands_with_its_site(primary: Primary) -> None:
    primary.deliver("verzuim", ABSENCE, f"1;{HERE};01-09-2026;;O", f"1;{THERE};01-09-2026;9;O")
    page = html.unescape(browser(primary.here).get(f"{PUPILS}/verzuim").content.decode())
    assert f"vestiging {HERE}" in page
    assert f"vestiging {THERE}" not in page
    assert "2 paren vragen om een besluit" in page
    assert "Over de andere beslist de administratie van hun school." in page


def test_who_sees_all_that_is_counted_is_not_sent_to_others(primary: Primary) -> None:
    primary.deliver("verzuim", ABSENCE, f"1;{HERE};01-09-2026;;O")
    page = html.unescape(browser(primary.here).get(f"{PUPILS}/verzuim").content.decode())
    assert "1 paar vraagt om een besluit" in page
    assert "Over de andere beslist" not in page
