"""Writing a product: only at an approved need, only what fits, by the function of the kits; what is live stays live."""

import pytest
from django.core.exceptions import ValidationError

from schakel.access.audit import AuditLine
from schakel.chain import deciding
from schakel.chain.needs import InformationNeed
from schakel.distribute import writing
from schakel.distribute.deliveries import deliver
from schakel.distribute.delivery import Delivery
from schakel.distribute.products import Product, write_product
from schakel.lib.errors import Refused

pytestmark = pytest.mark.django_db
FITS = "SELECT first_name AS first_name\nFROM pupil AS p\nWHERE name_prefix IS NULL"


def need(key="late"):
    return InformationNeed.objects.whole().get(key=key)


def save(room, sql=FITS, key="nieuw", before="", of="late", actor=None, **fields):
    given = {"nl": "Nieuw", "shape": "table", "sql": sql, **fields}
    return writing.save(actor or room.manager, need(of), key, before, **given)


def test_a_question_that_fits_says_what_it_gives_and_what_it_uses_beside(room):
    found = writing.review(need(), FITS)
    assert found.fits
    assert [(c.name, c.elements) for c in found.columns] == [("first_name", {"pupil.first_name"})]
    assert found.beside == ("pupil.name_prefix",)


@pytest.mark.parametrize(
    ("sql", "says", "line"),
    [
        ("SELECT first_name AS a\nFROM pupil AS p\nWHERE birth_date IS NULL", "pupil.birth_date", 3),
        ("SELECT first_name AS a,\n  family_name AS b\nFROM pupil AS p", "pupil.family_name", 2),
        ("SELECT first_name AS a\nFROM leerling AS l", "leerling", 2),
        ("SELECT *\nFROM pupil AS p", "*", None),
        ("SELECT first_name AS a\nFROM read_csv('/etc/passwd') AS f", "", None),
        ("SELECT first_name AS a\nFROM pupil AS p;\nDROP TABLE pupil", "precies één", None),
        ("SELECT first_name AS a\nFROM pupil AS\n\n(", "leesbare SQL", 4),
        ("SELECT first_name AS a FROM pupil AS p\nORDER BY\n  random()", "", None),
    ],
)
def test_what_does_not_fit_is_said_with_its_place(room, sql, says, line):
    found = writing.review(need(), sql)
    assert not found.fits
    assert found.columns == ()
    assert says in found.refusal
    if line is not None:
        assert found.line == line


def test_looking_is_as_strict_as_writing_and_as_delivering(room):
    for sql in (FITS, "SELECT family_name AS f FROM pupil AS p", "SELECT kind AS k FROM absence AS a"):
        for key in ("late", "kinds"):
            looked = writing.review(need(key), sql).fits
            try:
                save(room, sql, key=f"proef-{key}", of=key, before=stand(f"proef-{key}"))
                written = True
            except ValidationError:
                written = False
            assert looked is written, (sql, key)


def stand(key):
    found = Product.objects.filter(key=key).first()
    return writing.fingerprint(found) if found else ""


def test_looking_reads_no_row_and_leaves_no_delivery(room, monkeypatch):
    def never(*_args, **_more):
        raise AssertionError("a row was read")

    monkeypatch.setattr("schakel.distribute.query._run", never)
    before = AuditLine.objects.count()
    assert writing.review(need(), FITS).fits
    writing.receivers(need())
    assert AuditLine.objects.count() == before
    assert not Delivery.objects.exists()


def test_the_need_says_which_columns_are_open(room):
    tables = {each.table: each for each in writing.opened_by(need())}
    assert tables["pupil"].named == ("first_name", "name_prefix")
    assert "pupil_id" in tables["pupil"].along
    assert "birth_date" not in tables["pupil"].named + tables["pupil"].along
    assert tables["site"].named == ()
    assert writing.opened_by(need())[0].named
    for each in tables.values():
        for column in (*each.named, *each.along):
            text = f'SELECT t.{column} AS c FROM "{each.table}" AS t'
            assert "noemt" not in writing.review(need(), text).refusal


def test_receivers_are_counted_and_not_named(room):
    found = {(each.role, each.scope): each.people for each in writing.receivers(need())}
    assert found[("teacher", "voor de eigen groepen")] >= 1
    assert ("mentor", "voor de eigen leerlingen") in found
    assert "leraar" not in str(writing.receivers(need()))


def test_saving_is_a_recorded_change_of_the_product(room):
    product = save(room)
    line = AuditLine.objects.latest("number")
    assert (line.action, line.actor, line.thing_key) == ("product.write", room.manager, "nieuw")
    assert (product.sql, product.need.key, product.active) == (FITS, "late", True)


def test_ict_writes_what_is_to_be_realised_and_receives_nothing_by_it(room):
    product = save(room, actor=room.people["ict_manager"])
    assert AuditLine.objects.latest("number").actor == room.people["ict_manager"]
    with pytest.raises(Refused):
        deliver(room.people["ict_manager"], product.key)


@pytest.mark.parametrize("who", ["board_member", "privacy_officer", "outsider", "leraar-A1"])
def test_who_may_not_write_writes_nothing(room, who):
    with pytest.raises(Refused) as refusal:
        save(room, actor=room.people[who])
    assert refusal.value.code == "permission"
    assert not Product.objects.filter(key="nieuw").exists()


def test_what_does_not_fit_is_not_saved_and_what_was_live_stays(room):
    product = save(room)
    with pytest.raises(ValidationError) as error:
        save(room, "SELECT family_name AS f FROM pupil AS p", before=writing.fingerprint(product))
    assert "pupil.family_name" in error.value.message_dict["sql"][0]
    assert Product.objects.get(key="nieuw").sql == FITS


@pytest.mark.parametrize("state", ["asked", "ended", "revised"])
def test_without_an_approval_nothing_is_written(room, state):
    if state == "ended":
        deciding.end(room.board_member, need(), "niet nodig")
    elif state == "revised":
        deciding.revise(room.manager, need(), decision="Iets anders.")
    else:
        room.need("vers", ["pupil.first_name"], [("teacher", "own_groups")])
    with pytest.raises(Refused) as refusal:
        save(room, of="vers" if state == "asked" else "late")
    assert refusal.value.code == "not_approved"
    assert not Product.objects.filter(key="nieuw").exists()


def test_a_product_does_not_change_hands(room):
    before = Product.objects.get(key="kinds")
    with pytest.raises(Refused) as refusal:
        save(room, key="kinds", before=writing.fingerprint(before))
    assert refusal.value.code == "need"
    assert Product.objects.get(key="kinds").need.key == "kinds"


def test_saving_over_what_someone_else_wrote_is_refused(room):
    product = save(room)
    before = writing.fingerprint(product)
    write_product(room.manager, "nieuw", nl="Door een ander")
    with pytest.raises(Refused) as refusal:
        save(room, before=before, nl="Van mij")
    assert refusal.value.code == "stale"
    with pytest.raises(Refused):
        save(room, before="")
    assert Product.objects.get(key="nieuw").nl == "Door een ander"


def test_every_version_is_kept(room):
    product = save(room)
    second = FITS.replace("IS NULL", "IS NOT NULL")
    product = save(room, second, before=writing.fingerprint(product))
    save(room, second, before=writing.fingerprint(product), nl="Andere titel")
    found = writing.versions(Product.objects.get(key="nieuw"))
    assert [(v.number, v.fields["sql"], v.fields["nl"]) for v in found] == [
        (3, second, "Andere titel"), (2, second, "Nieuw"), (1, FITS, "Nieuw"),
    ]  # fmt: skip
    assert {v.by for v in found} == {room.manager.name}


def test_names_to_sort_by_are_held_against_the_answer():
    assert writing.missing_from(["a", "b"], ["-a", "b"]) == []
    assert writing.missing_from(["a"], ["-weg", "a", ""]) == ["-weg", ""]
