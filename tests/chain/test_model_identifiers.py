"""The identifiers of a model that was brought in: one for each thing, the newest, and each of one thing only."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from schakel.access.audit import AuditLine
from schakel.access.changes import change
from schakel.access.kept import UnrecordedWrite
from schakel.chain.model_identifiers import ModelIdentifier, keep_identifiers, kept_identifiers

pytestmark = pytest.mark.django_db
LAS, MAIL = ("systems", "las"), ("systems", "mail")


@pytest.fixture
def manager(people):
    return people["information_manager"]


def keep(manager, *found):
    keep_identifiers(manager, [(*thing, identifier) for thing, identifier in found])


def test_what_was_kept_is_read_by_noun_and_key(manager):
    keep(manager, (LAS, "id-1"), (("links", "las"), "id-2"))
    assert kept_identifiers() == {LAS: "id-1", ("links", "las"): "id-2"}


def test_nothing_new_leaves_no_line(manager):
    keep(manager, (LAS, "id-1"))
    before = AuditLine.objects.count()
    keep(manager, (LAS, "id-1"))
    keep(manager)
    assert AuditLine.objects.count() == before


def test_several_are_one_line_that_says_how_many_are_new(manager):
    keep(manager, (LAS, "id-1"))
    keep(manager, (LAS, "id-1"), (MAIL, "id-2"), (("links", "x"), "id-3"))
    assert AuditLine.objects.latest("number").facts["identifiers"] == 2


def test_a_newer_one_replaces_the_older(manager):
    keep(manager, (LAS, "id-1"))
    keep(manager, (LAS, "id-9"))
    assert kept_identifiers() == {LAS: "id-9"}
    assert ModelIdentifier.objects.count() == 1


def test_two_things_may_change_identifiers_with_each_other(manager):
    keep(manager, (LAS, "id-1"), (MAIL, "id-2"))
    keep(manager, (LAS, "id-2"), (MAIL, "id-1"))
    assert kept_identifiers() == {LAS: "id-2", MAIL: "id-1"}


def test_an_identifier_that_moves_leaves_its_old_thing(manager):
    keep(manager, (LAS, "id-1"))
    keep(manager, (MAIL, "id-1"))
    assert kept_identifiers() == {MAIL: "id-1"}


def test_the_last_word_about_a_thing_in_one_file_holds(manager):
    keep(manager, (LAS, "id-1"), (LAS, "id-2"))
    assert kept_identifiers() == {LAS: "id-2"}


@pytest.mark.parametrize("found", [[(LAS, "id-1"), (MAIL, "id-1")], [(LAS, ""), (MAIL, "b")], [(LAS, "i" * 256)]])
def test_what_cannot_be_kept_is_refused_whole(manager, found):
    keep(manager, (("links", "x"), "id-0"))
    before = AuditLine.objects.count()
    with pytest.raises(ValidationError):
        keep(manager, *found)
    assert kept_identifiers() == {("links", "x"): "id-0"}
    assert AuditLine.objects.count() == before


def test_outside_a_change_nothing_is_written(manager):
    with pytest.raises(UnrecordedWrite):
        ModelIdentifier(thing_kind="systems", thing_key="las", identifier="id-1").save()


@pytest.mark.parametrize("twice", [("systems", "las", "id-2"), ("systems", "mail", "id-1")])
def test_the_database_keeps_it_to_one_each(manager, twice):
    keep(manager, (LAS, "id-1"))
    kind, key, identifier = twice
    with pytest.raises(IntegrityError), transaction.atomic(), change(manager, "exchange.import"):
        ModelIdentifier(thing_kind=kind, thing_key=key, identifier=identifier).save()
    assert kept_identifiers() == {LAS: "id-1"}
