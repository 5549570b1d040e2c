"""Somebody who works at two schools that deliver EDEXML stands in the file of each, and is one person all the same."""

import pytest

from schakel.access.register import add_person, put
from schakel.collect import source_mappings
from schakel.collect.runs import Run
from schakel.collect.sources import Source
from schakel.distribute.deliveries import deliver
from schakel.distribute.entitlement import DeliveryRefused
from schakel.distribute.products import Product
from schakel.distribute.sight import who_sees
from schakel.engine import duck
from schakel.lib import clock
from schakel.lib.errors import Unknown
from schakel.operations import flow
from schakel.process import snapshots
from tests.connectors.edexml_files import GOOD
from tests.primary_schools import HERE, TEXTS, THERE, both, own, primary

__all__ = ["both", "own", "primary"]
pytestmark = pytest.mark.django_db
ADDRESS = "a.vos@school.example"  # of L1, in the file of each school


@pytest.fixture
def aya(primary):
    return add_person(primary.people["information_manager"], ADDRESS, "Aya Vos")


def deliver_again(primary, site, text):
    path = flow.inbox() / f"edex-{site}_20261127.xml"
    path.write_text(text, encoding="utf-8")
    run, landed = flow.collect(primary.people["ict_manager"], path)
    assert landed, run.error
    flow.publish(primary.people["ict_manager"])


def seen_by():
    return {seen.name for seen in who_sees(Product.objects.get(key="group_start"), clock.today())}


def groups(person):
    answer = deliver(person, "group_start").answer
    place = answer.names.index("group_name")
    return {row[place] for row in answer.rows if row[place] != "Uilen"}  # of which she is the care coordinator only


def test_she_sees_her_group_at_each_school(primary, aya):
    for site, text in TEXTS.items():
        deliver_again(primary, site, text.replace("Muizen", f"Muizen {site}"))
    assert groups(aya) == {f"Muizen {HERE}", f"Muizen {THERE}"}
    assert "Aya Vos" in seen_by()


@pytest.mark.parametrize(
    "changed",
    [
        ("<achternaam>Vos</achternaam>", "<achternaam>de Wit</achternaam>"),
        ("<achternaam>Vos</achternaam>", ""),
        (
            '<leerkracht key="L2">',
            f'<leerkracht key="L2"><achternaam>Vos</achternaam><emailadres>{ADDRESS}</emailadres>',
        ),
    ],
    ids=["another name", "no name", "twice at one school"],
)
def test_who_cannot_be_told_apart_sees_nothing_and_hears_what_to_do(primary, aya, changed):
    deliver_again(primary, HERE, GOOD.replace(*changed))
    with pytest.raises(DeliveryRefused, match="met dezelfde achternaam") as refusal:
        deliver(aya, "group_start")
    assert "school_admin" in refusal.value.who_can
    assert "Aya Vos" not in seen_by()


def test_who_left_one_school_keeps_the_other(primary, aya):
    start, end = GOOD.index('<leerkracht key="L1"'), GOOD.index('<leerkracht key="L2">')
    for site, text in TEXTS.items():
        left = text[:start] + text[end:] if site == THERE else text
        deliver_again(primary, site, left.replace("Muizen", f"Muizen {site}"))
    assert groups(aya) == {f"Muizen {HERE}"}


# Which school a file is of


def landed_sites():
    snapshot = snapshots.current(flow.data_folder())
    with duck.reader(snapshot.model) as con:
        return {
            row[0]
            for row in con.execute('SELECT DISTINCT site_id FROM membership JOIN "group" USING (group_id)').fetchall()
        }


@pytest.mark.parametrize("site", TEXTS)
def test_a_file_comes_in_for_the_school_whose_files_are_called_like_it(primary, site):
    path = flow.inbox() / f"EDEX-{site}_20261127.xml"
    path.write_text(TEXTS[site].replace("Muizen", "Mieren"), encoding="utf-8")
    run, landed = flow.collect(primary.people["ict_manager"], path)
    assert (run.source.key, landed.source) == (f"edex-{site.lower()}", f"edex-{site.lower()}")
    flow.publish(primary.people["ict_manager"])
    assert landed_sites() == {HERE, THERE}


@pytest.mark.parametrize("name", ["edex.xml", "edex-77XX00_20261127.xml", "uitvoer edex-99ZZ00_.xml"])
def test_a_name_that_does_not_tell_is_refused_and_nothing_is_read(primary, name):
    path = flow.inbox() / name
    path.write_text(GOOD, encoding="utf-8")
    before = Run.objects.count()
    with pytest.raises(Unknown, match="zegt niet van welke bron") as refusal:
        flow.collect(primary.people["ict_manager"], path)
    assert refusal.value.code == "several-sources"
    assert "edex-98yy00 (edex-98YY00_*), edex-99zz00 (edex-99ZZ00_*)" in refusal.value.message
    assert Run.objects.count() == before


def test_a_name_that_fits_two_tells_nothing_either(primary):
    source = Source.objects.get(key="edex-98yy00")
    put(primary.people["ict_manager"], "source.write", Source, source.key, pattern="edex-*")
    path = flow.inbox() / f"edex-{HERE}_20261127.xml"
    path.write_text(GOOD, encoding="utf-8")
    with pytest.raises(Unknown, match="zegt niet van welke bron"):
        flow.collect(primary.people["ict_manager"], path)


def test_the_only_source_of_a_layout_takes_a_file_of_any_name(primary):
    put(primary.people["ict_manager"], "source.write", Source, "edex-98yy00", active=False)
    path = flow.inbox() / "uitvoer.xml"
    path.write_text(GOOD.replace("Muizen", "Mieren"), encoding="utf-8")
    run, _landed = flow.collect(primary.people["ict_manager"], path)
    assert run.source.key == "edex-99zz00"


def test_of_two_mappings_that_fit_a_name_neither_gets_it(own):
    ict = own.people["ict_manager"]
    for key in ("verzuim", "meldingen"):
        source = Source.objects.get(key=key)
        source_mappings.save(ict, source, key, {"layout": source.layout, "file": "kiem_*"})
    path = flow.inbox() / "kiem_1.csv"
    path.write_text("Leerlingnummer;Datum\n1;01-09-2026\n", encoding="utf-8")
    with pytest.raises(Unknown, match=r"meldingen \(kiem_\*\), verzuim \(kiem_\*\)"):
        flow.collect(ict, path)
