"""Finding by words: Dutch and English stems, kept with every save, never a thing that is gone or a bad question."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.access.changes import change
from schakel.access.register import put
from schakel.chain import deciding
from schakel.chain.elements import DataElement
from schakel.chain.goals import Activity, Goal
from schakel.chain.search import SearchEntry, find, index
from schakel.lib.stems import stems

pytestmark = pytest.mark.django_db
NEED = ("informationneed",)


def keys(text, kinds=NEED, limit=8):
    return [hit.key for hit in find(text, kinds, limit)]


@pytest.fixture
def asked(chain):
    late = {"question": "Welke leerlingen komen vaak te laat op school?", "question_en": "Which pupils are often late?"}
    chain.ask(key="late", **late)
    chain.ask(key="sick", question="Welke collega's zijn vandaag ziek?", question_en="Which colleagues are ill today?")
    chain.ask(key="marks", question="Hoe staan de cijfers van mijn klas ervoor?", decision="Wie ik extra help.")
    return chain


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("leerling te laat", "late"), ("te late leerlingen", "late"), ("LAATKOMERS leerlingen", "late"),
        ("zieke collega", "sick"), ("cijfer", "marks"), ("klassen", "marks"), ("late pupil", "late"),
        ("wie extra hulp krijgt: helpen", "marks"), ("colleague", "sick"), ("leerl", "late"), ("colleg", "sick"),
    ],
)  # fmt: skip
def test_what_is_meant_is_found_first(asked, text, first):
    assert keys(text)[0] == first


@pytest.mark.parametrize("text", ["", "  ", "de het een", "?!", "xyzzy", "a"])
def test_nothing_telling_finds_nothing(asked, text):
    assert keys(text) == []


def test_only_the_kinds_that_were_asked_for(asked):
    put(asked.manager, "goal.write", Goal, "G50", nl="Alle leerlingen op tijd")
    assert sorted(keys("leerlingen", ("goal",))) == ["G03", "G50"]
    assert "G50" not in keys("leerlingen")


def test_a_changed_question_is_found_by_its_new_words_only(asked):
    need = asked.ask(key="later", question="Welke bussen rijden morgen?")
    assert keys("bussen") == ["later"]
    deciding.revise(asked.manager, need, question="Welke treinen rijden morgen?")
    assert keys("bussen") == []
    assert keys("trein") == ["later"]


def test_a_thing_that_is_deleted_is_not_found(asked):
    put(asked.manager, "activity.write", Activity, "A70", nl="Fietsenstalling beheren")
    assert keys("fietsenstalling", ("activity",)) == ["A70"]
    with change(asked.manager, "activity.write"):
        Activity.objects.get(key="A70").delete()
    assert keys("fietsenstalling", ("activity",)) == []


def test_elements_are_found_by_their_object_too(asked):
    asked.element("absence.late_count", nl="aantal keer te laat")
    assert keys("te laat", ("dataelement",))[0] == "absence.late_count"
    assert "absence.kind" in keys("absence", ("dataelement",))


def test_a_bulk_write_is_indexed_by_one_call(asked):
    thing = DataElement.objects.first().object
    rows = [DataElement(key=f"x.c{n}", object=thing, nl=f"zeldzaam{n}", en="", type="text") for n in range(3)]
    with change(asked.manager, "element.write"):
        DataElement.objects.bulk_create(rows)
    assert keys("zeldzaam1", ("dataelement",)) == []
    index(rows)
    assert keys("zeldzaam1", ("dataelement",)) == ["x.c1"]
    index(rows)
    assert SearchEntry.objects.filter(thing_key__startswith="x.c").count() == 3


def test_the_best_first_and_no_more_than_asked(asked):
    for n in range(12):
        asked.ask(key=f"n{n}", question=f"Hoeveel leerlingen zitten in groep {n}?")
    assert len(find("leerlingen groep", NEED, 5)) == 5
    scores = [hit.score for hit in find("leerlingen te laat groep", NEED, 20)]
    assert scores == sorted(scores, reverse=True)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_no_text_breaks_the_search(asked, text):
    """Quotes, operators of the search language, control characters: all are only words."""
    find(text, NEED)
    assert SearchEntry.objects.count() > 0


@pytest.mark.parametrize(
    "text",
    ['laat" OR "a', "laat) AND (", "laat:*", "NEAR(laat)", "laat*", "'; DROP TABLE x", "^laat", "words:laat"],
)
def test_the_language_of_the_database_is_not_spoken(asked, text):
    find(text, NEED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM chain_searchentry")
        assert cursor.fetchone()[0] > 0


def test_accents_and_case_do_not_matter():
    assert stems("Één ENQUÊTE") == stems("een enquete")


@given(st.text(max_size=80))
def test_stems_are_plain_words(text):
    assert all(stem.isalnum() or "_" in stem for stem in stems(text))
    assert stems(text) == stems(text.upper()) or text.upper().casefold() != text.casefold()
