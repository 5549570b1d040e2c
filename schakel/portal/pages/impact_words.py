"""What a page about consequences says in its first lines: the finding, and in which numbers it shows."""

from collections.abc import Sequence

from schakel.access.people import Person
from schakel.chain.graph import Node, graph
from schakel.chain.impact import Reached
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.portal import figures
from schakel.portal.pages import kinds
from schakel.portal.pages.affected import Affected
from schakel.portal.parts import Head, Link

LONGEST = 80  # characters that a search looks for
DRAWN = ("goal", "activity", "process", "need", "product", "element", "object", "source", "link", "system", "role",
         "organisation", "person")  # fmt: skip


def of_impact(node: Node, reached: Reached, now: int) -> str:
    """Als het rooster uitvalt, merken 28 mensen dat."""
    name = kinds.title_of(node)
    if not reached.hits and not now:
        return _("Op %(name)s rust niets") % {"name": name}
    if node.kind == "person":
        return _leaving(node, reached)
    falls = _falls(node.kind) % {"name": name}
    if now:
        text = ngettext("%(falls)s, merkt %(count)s mens dat", "%(falls)s, merken %(count)s mensen dat", now)
        return text % {"falls": falls, "count": figures.number(now)}
    return _("%(falls)s, merkt niemand dat vandaag") % {"falls": falls}


def kicker(node: Node) -> str:
    """What kind of thing it is, and its name where the title does not say it."""
    word = figures.capital(kinds.word(node.kind))
    return f"{word}: {node.name}" if node.kind == "need" else word


def _falls(kind: str) -> str:
    if kind in ("system", "source", "link"):
        return _("Als %(name)s uitvalt")
    if kind in ("need", "product", "goal", "indicator"):
        return _("Als %(name)s vervalt")
    if kind == "organisation":
        return _("Als %(name)s samengaat of sluit")
    if kind == "role":
        return _("Als de rol %(name)s verdwijnt")
    return _("Als %(name)s wegvalt")


def _leaving(node: Node, reached: Reached) -> str:
    """For a person: the roles that stay empty."""
    roles = reached.of_kind("role")
    empty = sum(1 for hit in roles if hit.firm)
    if empty:
        text = ngettext(
            "Als %(name)s weggaat, blijft %(count)s rol leeg",
            "Als %(name)s weggaat, blijven %(count)s rollen leeg",
            empty,
        )
        return text % {"name": node.name, "count": figures.counted(empty)}
    return _("Als %(name)s weggaat, blijft geen rol leeg") % {"name": node.name}


def lede(reached: Reached, people: Affected | None) -> str:
    """Hoeveel behoeften, overzichten, indicatoren en doelen het raakt."""
    counts = {kind: len(reached.of_kind(kind)) for kind in ("need", "product", "indicator", "goal")}
    parts = [kinds.counted(kind, count) for kind, count in counts.items() if count]
    if not parts:
        return _("Geen behoefte, overzicht, indicator of doel wordt geraakt.")
    text = _("Het raakt %(things)s.") % {"things": kinds.listed(parts)}
    if people and people.later:
        later = ngettext("%(count)s ander merkt het later of minder.", "%(count)s anderen merken het later of minder.",
                         people.later)  # fmt: skip
        text = f"{text} {later % {'count': figures.number(people.later)}}"
    return text


def of_foundation(node: Node, reached: Reached) -> str:
    """Verzuim per week rust op 15 gegevens uit 4 applicaties."""
    name = figures.capital(kinds.title_of(node))
    elements, systems = reached.of_kind("element"), reached.of_kind("system")
    if elements and systems:
        words = {"name": name, "elements": kinds.counted("element", len(elements))}
        return _("%(name)s rust op %(elements)s uit %(systems)s") % {
            **words, "systems": kinds.counted("system", len(systems)),
        }  # fmt: skip
    if not reached.hits:
        return _("%(name)s rust nergens op") % {"name": name}
    text = ngettext("%(name)s rust op %(count)s ding", "%(name)s rust op %(count)s dingen", len(reached.hits))
    return text % {"name": name, "count": figures.counted(len(reached.hits))}


def why(reached: Reached) -> str:
    """What a foundation means."""
    if not reached.hits:
        return _("Het heeft niets nodig dat in de keten staat.")
    return _("Valt een van deze weg, dan raakt dat dit. De weg ernaartoe staat erbij.")


def together(nodes: Sequence[Node], reached: Reached, people: Affected | None) -> Head:
    """The opening of the page that reckons with several things at once."""
    crumbs = [Link(_("Ketenbeeld"), "/keten"), Link(_("Wat als"), "/keten/gevolgen")]
    if not nodes or people is None:
        line = _("Zoek een applicatie, bron, school, rol, mens of iets anders, en zie wie en wat dat samen raakt.")
        return Head(_("Kies wat er verandert"), lede=line, crumbs=crumbs)
    names = kinds.listed([kinds.title_of(node) for node in nodes[:3]])
    if len(nodes) > 3:  # noqa: PLR2004
        more = {"names": names, "count": figures.number(len(nodes) - 3)}
        names = _("%(names)s en %(count)s andere") % more
    falls = _("Als %(names)s wegvallen") if len(nodes) > 1 else _("Als %(names)s wegvalt")
    text = ngettext("%(falls)s, merkt %(count)s mens dat", "%(falls)s, merken %(count)s mensen dat", people.now)
    if not people.now:
        text = _("%(falls)s, merkt niemand dat vandaag")
    title = text % {"falls": falls % {"names": names}, "count": figures.number(people.now)}
    return Head(title, lede=lede(reached, people), crumbs=crumbs)


def search(asked: str) -> list[Node]:
    """Everything in the chain with these words in its name or key, and people of the register; best names first."""
    words = asked.casefold().split()
    if not words:
        return []
    found = [n for n in graph().nodes if all(word in f"{n.name} {n.key}".casefold() for word in words)]
    people = Person.objects.filter(is_active=True, name__icontains=asked).order_by("name")[:LONGEST]
    found += [Node("person", person.pk, person.key, person.name) for person in people]
    return sorted(found, key=lambda n: (not n.name.casefold().startswith(words[0]), _likely(n.kind), n.name))


def _likely(kind: str) -> int:
    """Systems and people come and go more often than goals do."""
    often = ("system", "source", "link", "person", "organisation", "role")
    return often.index(kind) if kind in often else len(often) + kinds.ORDER[kind]
