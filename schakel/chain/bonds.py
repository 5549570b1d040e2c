"""How one thing of the chain rests on another, in words that read from either side."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


@dataclass(frozen=True, eq=False, slots=True)
class Bond:
    """One way to rest on something.

    `down` is said of what rests, `up` of what it rests on; `%(it)s` is the other one. A bond that does not carry ends a
    path: who receives an overview is hit when it stops, but the rest of that person's work is not. A bond that is not
    firm says that nothing stops today: a wish, a need that is not in use yet, a role that others hold too.
    """

    key: str
    down: str | Promise
    up: str | Promise
    carries: bool = True
    firm: bool = True
    reaches_people: bool = False  # the people with the role that rests are hit themselves
    in_place_of: bool = False  # who rests stands in the place of what it rests on


# The bonds below are between things of this room and the rooms above; each is used by one or more contributions.
PART_OF_GOAL = Bond("goal-part", gettext_lazy("omvat %(it)s"), gettext_lazy("hoort bij %(it)s"))
SERVED_BY = Bond("served-by", gettext_lazy("wordt gediend door %(it)s"), gettext_lazy("dient %(it)s"))
MEASURED_BY = Bond("measured-by", gettext_lazy("wordt gemeten met %(it)s"), gettext_lazy("meet %(it)s"))
CONSISTS_OF = Bond("consists-of", gettext_lazy("bestaat uit %(it)s"), gettext_lazy("is deel van %(it)s"))
DONE_BY = Bond("done-by", gettext_lazy("wordt gedaan door %(it)s"), gettext_lazy("doet %(it)s"))
USES_ANSWER = Bond("uses-answer", gettext_lazy("gebruikt het antwoord op %(it)s"), gettext_lazy("helpt bij %(it)s"))
WILL_USE_ANSWER = Bond(
    "will-use", gettext_lazy("wacht op het antwoord op %(it)s"), gettext_lazy("gaat helpen bij %(it)s"), firm=False
)
NEEDS = Bond("needs", gettext_lazy("heeft nodig: %(it)s"), gettext_lazy("is nodig voor %(it)s"))
WISHES = Bond(
    "wishes", gettext_lazy("gebruikt als het er is: %(it)s"), gettext_lazy("is gewenst voor %(it)s"), firm=False
)
PART_OF_OBJECT = Bond("object-part", gettext_lazy("hoort bij %(it)s"), gettext_lazy("omvat %(it)s"))
COMES_FROM = Bond("comes-from", gettext_lazy("komt uit %(it)s"), gettext_lazy("is de bron van %(it)s"))
ARRIVES_BY = Bond("arrives-by", gettext_lazy("komt binnen via %(it)s"), gettext_lazy("levert %(it)s"))
READS = Bond("reads", gettext_lazy("leest %(it)s"), gettext_lazy("wordt gelezen door %(it)s"))
TRAVELS_OVER = Bond("travels-over", gettext_lazy("loopt over %(it)s"), gettext_lazy("vervoert %(it)s"))
JOINS = Bond("joins", gettext_lazy("verbindt %(it)s"), gettext_lazy("zit vast aan %(it)s"))
IS_FED_BY = Bond(
    "is-fed-by", gettext_lazy("krijgt gegevens over %(it)s"), gettext_lazy("brengt gegevens naar %(it)s"), carries=False
)
COMPUTED_FROM = Bond("computed-from", gettext_lazy("wordt berekend uit %(it)s"), gettext_lazy("telt mee in %(it)s"))
ANSWERS = Bond("answers", gettext_lazy("beantwoordt %(it)s"), gettext_lazy("krijgt antwoord met %(it)s"))
WILL_ANSWER = Bond(
    "will-answer",
    gettext_lazy("gaat %(it)s beantwoorden"),
    gettext_lazy("krijgt straks antwoord met %(it)s"),
    firm=False,
)
RECEIVES = Bond(
    "receives", gettext_lazy("ontvangt %(it)s"), gettext_lazy("gaat naar %(it)s"), carries=False, reaches_people=True
)
WILL_RECEIVE = Bond(
    "will-receive",
    gettext_lazy("gaat %(it)s ontvangen"),
    gettext_lazy("gaat straks naar %(it)s"),
    carries=False,
    firm=False,
    reaches_people=True,
)
LEARNS = Bond(
    "learns",
    gettext_lazy("krijgt antwoord op %(it)s"),
    gettext_lazy("is voor %(it)s"),
    carries=False,
    reaches_people=True,
)
WAITS_FOR = Bond(
    "waits-for",
    gettext_lazy("wacht op antwoord op %(it)s"),
    gettext_lazy("is gevraagd voor %(it)s"),
    carries=False,
    firm=False,
    reaches_people=True,
)
OWNED_BY = Bond("owned-by", gettext_lazy("valt onder %(it)s"), gettext_lazy("gaat over %(it)s"), carries=False)
REPAIRED_BY = Bond(
    "repaired-by", gettext_lazy("wordt hersteld door %(it)s"), gettext_lazy("herstelt %(it)s"), carries=False
)
CARRIED_OUT_BY = Bond(
    "carried-out-by", gettext_lazy("wordt uitgevoerd door %(it)s"), gettext_lazy("voert uit: %(it)s"), carries=False
)
ANSWERED_FOR_BY = Bond(
    "answered-for-by",
    gettext_lazy("wordt verantwoord door %(it)s"),
    gettext_lazy("is verantwoordelijk voor %(it)s"),
    carries=False,
)
FULFILLED_BY = Bond(
    "fulfilled-by", gettext_lazy("wordt alleen vervuld door %(it)s"), gettext_lazy("is de enige %(it)s")
)
SHARED_BY = Bond(
    "shared-by",
    gettext_lazy("wordt mede vervuld door %(it)s"),
    gettext_lazy("is een van de mensen met de rol %(it)s"),
    firm=False,
)
HOLDS = Bond("holds", gettext_lazy("heeft de rol %(it)s"), gettext_lazy("wordt vervuld door %(it)s"), in_place_of=True)
WITHIN = Bond("within", gettext_lazy("hoort bij %(it)s"), gettext_lazy("omvat %(it)s"))
ONLY_AT = Bond(
    "only-at", gettext_lazy("heeft alleen mensen op %(it)s"), gettext_lazy("heeft als enige %(it)s"), carries=False
)
ALSO_AT = Bond(
    "also-at",
    gettext_lazy("heeft ook mensen op %(it)s"),
    gettext_lazy("heeft mensen met de rol %(it)s"),
    carries=False,
    firm=False,
)
REACHES_ONLY = Bond(
    "reaches-only",
    gettext_lazy("heeft alleen ontvangers op %(it)s"),
    gettext_lazy("ontvangt als enige %(it)s"),
    carries=False,
)
REACHES_ALSO = Bond(
    "reaches-also",
    gettext_lazy("heeft ook ontvangers op %(it)s"),
    gettext_lazy("ontvangt %(it)s"),
    carries=False,
    firm=False,
)
