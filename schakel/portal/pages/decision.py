"""Deciding on a need: the difference with what was approved before, what changes, and who may press which button."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schakel.access.people import Person
from schakel.access.permissions import decide, holders
from schakel.access.roles import Role
from schakel.chain import advice, reviewing
from schakel.chain.approvals import Approval, NeedVersion, in_force, needed_elements, standing_approval
from schakel.chain.goals import Activity
from schakel.chain.needs import InformationNeed
from schakel.lib import clock
from schakel.lib.text import gettext as _
from schakel.lib.text import language, ngettext
from schakel.portal import figures
from schakel.portal.pages.words import detail_words, element_names, said, scope_words
from schakel.portal.parts import Action, Diff, DiffRow, Item, Note, Why

OPEN = ("asked", "assessed", "under_review")


@dataclass(frozen=True)
class Decision:
    """What there is to decide, and what this person may do about it."""

    title: str
    compared: str
    diff: Diff
    who: str
    asked_by: str
    fingerprint: str
    content_hash: str
    actions: Sequence[Action]
    note: Note | None
    effects: Why
    refuse: str = ""
    advise: str = ""
    confirm: str = ""
    review: Note | None = None


def of(person: Person, need: InformationNeed) -> Decision | None:
    """The decision that is open on a need, or the step that comes next; None when there is nothing to do."""
    version = need.versions.order_by("-number").first()
    if version is None or need.state in ("ended", "refused"):
        return None
    if need.state not in OPEN and standing_approval(need):
        return _running(person, need, version)
    return _open(person, need, version)


def waits_on(person: Person, need: InformationNeed) -> bool:
    """Whether a decision waits on this person: they may approve, and neither asked for it nor wrote it."""
    version = need.versions.order_by("-number").first()
    return version is not None and _decides(person, need, version)


def _open(person: Person, need: InformationNeed, version: NeedVersion) -> Decision:
    before = _last_approved(need, version)
    stands = need.state == "under_review" and standing_approval(need) is not None
    words = {"number": version.number}
    compared = (
        _("vergeleken met versie %(number)s") % {"number": before.number} if before else _("dit is de eerste versie")
    )
    return Decision(
        title=(_("Versie %(number)s in herziening") if stands else _("Versie %(number)s goedkeuren")) % words,
        compared=compared,
        diff=difference(
            before.content if before else None, version.content, before.number if before else 0, version.number
        ),
        who=_decided_on(person, need, version, stands=stands),
        asked_by=_asked(person, need, version),
        fingerprint=grouped(version.content_hash),
        content_hash=version.content_hash,
        actions=[*_actions(person, need, version), *_ending(person, need)],
        note=None if stands else _hindered(person, need, version),
        effects=_effects(need, before, decides=_decides(person, need, version)),
        refuse=_may_refuse(person, need),
        advise=_may_advise(person, need),
        confirm=_may_confirm(person, need),
        review=_under_review(need),
    )


def _running(person: Person, need: InformationNeed, version: NeedVersion) -> Decision | None:
    """An approved need: what may happen next to it."""
    steps = []
    if need.state == "approved" and decide(person, "need.realise").allowed:
        steps.append(_step(need, "aanleggen", _("Begin met aanleggen")))
    if need.state in ("approved", "being_realised") and decide(person, "need.go_live").allowed:
        steps.append(_step(need, "gebruiken", _("Zet deze behoefte in gebruik"), main=True))
    if need.state == "live" and decide(person, "need.review").allowed:
        steps.append(_step(need, "herzien", _("Neem in herziening")))
    approval = standing_approval(need)
    if approval is None:
        return None
    return Decision(
        title=_("Versie %(number)s is goedgekeurd") % {"number": version.number},
        compared=_approved_by(approval),
        diff=difference(None, version.content, 0, version.number),
        who=_("Deze goedkeuring geldt voor precies deze tekst."),
        asked_by=_("Bij een inhoudelijke wijziging vervalt zij vanzelf."),
        fingerprint=grouped(version.content_hash),
        content_hash=version.content_hash,
        actions=[*steps, *_ending(person, need, "approved", "being_realised", "live")],
        note=None,
        effects=Why("", ()),
    )


def grouped(fingerprint: str) -> str:
    """The first twelve signs of a fingerprint, in fours, to read aloud."""
    return " ".join(fingerprint[i : i + 4] for i in range(0, 12, 4))


def _last_approved(need: InformationNeed, version: NeedVersion) -> NeedVersion | None:
    approval = need.approvals.select_related("version").exclude(version=version).order_by("-at").first()
    return approval.version if approval else None


def _asked(person: Person, need: InformationNeed, version: NeedVersion) -> str:
    text = _("Gevraagd door %(name)s.") % {"name": need.requester.name}
    if _own(person, need, version):
        return text
    return f"{text} {_('U bent de tweede persoon.')}" if decide(person, "need.approve").allowed else text


def _step(need: InformationNeed, step: str, label: str, main: bool = False, **fields: str) -> Action:
    return Action(label, f"/behoeften/{need.key}/{step}", main=main, post=True, fields=fields)


def _actions(person: Person, need: InformationNeed, version: NeedVersion) -> list[Action]:
    if need.state == "asked":
        ready = _step(need, "beoordelen", _("Klaar voor besluit"), main=True)
        return [ready] if decide(person, "need.assess").allowed else []
    if not _may_approve(person, need, version):
        return []
    label = _("Keur versie %(number)s goed") % {"number": version.number}
    return [_step(need, "goedkeuren", label, main=True, vingerafdruk=version.content_hash)]


def _decided_on(person: Person, need: InformationNeed, version: NeedVersion, *, stands: bool) -> str:
    """What the decision is about, beside the buttons; in the words of who decides, or of who reads along."""
    if need.state == "asked":
        return _("Eerst beoordelen, dan besluiten.")
    if stands:
        return _("De goedkeuring geldt tot de inhoud verandert.")
    if _decides(person, need, version):
        return _("U keurt precies deze tekst goed.")
    return _("Een besluit geldt voor precies deze tekst.")


def _ending(person: Person, need: InformationNeed, *states: str) -> list[Action]:
    """Where someone who may end a need sees first what that does; under review it is one of the three ways out."""
    if need.state not in (states or ("under_review",)) or not decide(person, "need.end").allowed:
        return []
    return [Action(_("Bekijk wat beëindigen doet"), f"/behoeften/{need.key}/beeindigen")]


def _under_review(need: InformationNeed) -> Note | None:
    """Since when a need is under review, why, that it goes on meanwhile, and what can be done."""
    if need.state != "under_review":
        return None
    began = reviewing.since(need)
    strong = _("In herziening sinds %(day)s.") % {"day": figures.full_day(began)} if began else _("In herziening.")
    text = _("Er wordt intussen gewoon geleverd. Laat de behoefte zoals zij is, wijzig haar, of beëindig haar.")
    if need.review_on and need.review_on <= clock.today():
        reached = _("De dag van herziening was %(day)s.") % {"day": figures.full_day(need.review_on)}
        text = f"{reached} {text}"
    names = ", ".join(person.name for person in reviewing.owners(need))
    whose = _("Dat is aan %(names)s.") % {"names": names} if names else ""
    return Note(f"{text} {whose}".strip(), strong=strong)


def _may_approve(person: Person, need: InformationNeed, version: NeedVersion) -> bool:
    ready = not (_advice_due(need) and not _advised(need, version))
    return ready and _decides(person, need, version)


def _decides(person: Person, need: InformationNeed, version: NeedVersion) -> bool:
    """Whether this person may decide about it, now or once there is advice."""
    return decide(person, "need.approve").allowed and not _own(person, need, version)


def _own(person: Person, need: InformationNeed, version: NeedVersion) -> bool:
    """Whether someone asked or wrote it, or stands in only for people who did: then somebody else decides."""
    wrote = (need.requester_id, version.written_by_id)
    givers = decide(person, "need.approve").in_place_of
    return person.pk in wrote or (bool(givers) and all(giver.pk in wrote for giver in givers))


def _may_confirm(person: Person, need: InformationNeed) -> str:
    """Where a review without a change is closed; nowhere when the content has changed."""
    may = need.state == "under_review" and decide(person, "need.review").allowed and standing_approval(need)
    return f"/behoeften/{need.key}/bevestigen" if may else ""


def _approved_by(approval: Approval) -> str:
    words = {"name": approval.approver.name, "day": figures.day(approval.at)}
    if approval.on_behalf_of:
        other = words | {"other": approval.on_behalf_of.name}
        return _("door %(name)s, in plaats van %(other)s, op %(day)s") % other
    return _("door %(name)s op %(day)s") % words


def _advice_due(need: InformationNeed) -> bool:
    return bool(advice.due(need))


def _advised(need: InformationNeed, version: NeedVersion) -> bool:
    given = need.advices.filter(content_hash=version.content_hash).order_by("-at", "-pk").first()
    return given is not None and given.positive


def _hindered(person: Person, need: InformationNeed, version: NeedVersion) -> Note | None:
    """Why there is no button, and who has it."""
    if need.state == "asked" and not decide(person, "need.assess").allowed:
        return Note(_("Wacht op beoordeling bij %(names)s.") % {"names": _names("need.assess")})
    if need.state == "asked":
        return None
    if _advice_due(need) and not _advised(need, version):
        names = _names("need.advise")
        text = (
            _("Er staat een bijzonder gegeven in. Eerst adviseert %(names)s over deze versie.")
            if advice.due(need).special
            else _("De doelgroep is ruimer dan gewoonlijk. Eerst adviseert %(names)s over deze versie.")
        )
        return Note(text % {"names": names}, "warn")
    if _may_approve(person, need, version):
        return None
    others = ", ".join(p.name for p in holders("need.approve") if not _own(p, need, version))
    if decide(person, "need.approve").allowed:
        return Note(_("U vroeg of schreef deze behoefte zelf. Iemand anders beslist: %(names)s.") % {"names": others})
    return Note(_("Wacht op een besluit van %(names)s.") % {"names": others})


def _names(permission: str) -> str:
    return ", ".join(p.name for p in holders(permission)) or _("iemand die deze rol nog moet krijgen")


def _may_refuse(person: Person, need: InformationNeed) -> str:
    return f"/behoeften/{need.key}/afwijzen" if decide(person, "need.refuse").allowed else ""


def _may_advise(person: Person, need: InformationNeed) -> str:
    return f"/behoeften/{need.key}/adviseren" if _advice_due(need) and decide(person, "need.advise").allowed else ""


def _effects(need: InformationNeed, before: NeedVersion | None, *, decides: bool) -> Why:
    """What changes for whom, what is newly collected, what goes."""
    receivers = [f"{said(a.role)} ({scope_words(a.scope)})" for a in need.audiences.all()]
    elsewhere: frozenset[str] = frozenset().union(
        *(item.need.element_keys() for item in in_force() if item.need.pk != need.pk)
    )
    new = sorted(need.element_keys() - needed_elements())
    gone = sorted((_named(before) if before else frozenset()) - need.element_keys() - elsewhere)
    items = [Item(_("Wie het ziet"), ", ".join(receivers) or _("nog niemand: er is geen doelgroep"))]
    if new:
        text = ngettext(
            "Schakel gaat %(n)s gegeven nieuw verzamelen:", "Schakel gaat %(n)s gegevens nieuw verzamelen:", len(new)
        )
        items.append(Item(_("Nieuw verzameld"), f"{text % {'n': len(new)}} {_shown(new)}."))
    else:
        items.append(Item(_("Nieuw verzameld"), _("Niets: alles wordt al verzameld voor een andere behoefte.")))
    if gone:
        items.append(
            Item(
                _("Gegevens weg"),
                _("Geen andere behoefte noemt nog: %(names)s. Bij de volgende momentopname wist Schakel die.")
                % {"names": _shown(gone)},
            )
        )
    return Why(_("Wat verandert er als u goedkeurt?") if decides else _("Wat verandert er bij goedkeuring?"), items)


def _named(version: NeedVersion) -> frozenset[str]:
    return frozenset(key for key, said_of in version.content["elements"].items() if said_of[0] != "declined")


def _shown(keys: Collection[str]) -> str:
    return ", ".join(element_names(keys).values())


def _demand_word(demand: str) -> str:
    return {"required": _("nodig"), "wished": _("gewenst"), "declined": _("weggelaten")}[demand]


def _fields() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (
        (_("Wie vraagt het"), ("role",)),
        (_("Activiteit"), ("activity",)),
        (_("Vraag"), ("question",)),
        (_("Besluit"), ("decision",)),
        (_("Niveau"), ("level",)),
        (_("Hoe vaak"), ("rhythm",)),
        (_("Hoe vers"), ("freshness",)),
        (_("Doel van het gebruik"), ("purpose",)),
        (_("Grondslag"), ("legal_basis", "law", "art9_exception")),
        (_("Bewaren"), ("retention", "expires_on")),
    )


def difference(before: Mapping[str, Any] | None, after: Mapping[str, Any], was: int, becomes: int) -> Diff:
    """Two contents of a need beside each other; with nothing before, the content as it stands."""
    rows = [_elements_row(before, after), _audience_row(before, after)]
    rows += [_field_row(name, _joined(before, fields), _joined(after, fields)) for name, fields in _fields()]
    rows += [_translated(name, fields, before, after) for name, fields in _fields()] if before else []
    return Diff(
        _("Versie %(number)s, eerder goedgekeurd") % {"number": was},
        _("Versie %(number)s") % {"number": becomes},
        [row for row in rows if row.before or row.after or row.gone or row.new],
        first=before is None,
    )


def _joined(content: Mapping[str, Any] | None, fields: Sequence[str], *, other: bool = False) -> str:
    """What the fields say in the language of the reader (or in the other one); Dutch where English is missing."""
    if not content:
        return ""
    english = (language() == "en") != other
    texts = {f: (content.get(f"{f}_en") if english else "") or content.get(f) for f in fields}
    return "; ".join(_field_words(f, str(text)) for f, text in texts.items() if text)


def _field_words(field: str, value: str) -> str:
    """What a field of a version says, in words: a role and an activity by name, the level in a sentence."""
    if field == "level":
        return detail_words(value)
    if field == "role":
        return said(Role.objects.filter(key=value).first()) or value
    return (said(Activity.objects.filter(key=value).first()) or value) if field == "activity" else value


def _translated(
    name: str, fields: Sequence[str], before: Mapping[str, Any] | None, after: Mapping[str, Any]
) -> DiffRow:
    """A change that only who reads the other language would see: it voids an approval as well."""
    was, becomes = _joined(before, fields, other=True), _joined(after, fields, other=True)
    if was == becomes or _joined(before, fields) != _joined(after, fields):
        return DiffRow(name)
    heading = _("%(name)s (in de andere taal)") % {"name": name}
    return DiffRow(heading, gone=[was], new=[becomes] if becomes else [], replaced=bool(becomes))


def _field_row(name: str, before: str, after: str) -> DiffRow:
    if before == after or not before:
        return DiffRow(name, before, after)
    return DiffRow(name, gone=[before], new=[after] if after else [], replaced=bool(after))


def _elements_row(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> DiffRow:
    old: Mapping[str, Any] = before["elements"] if before else {}
    new: Mapping[str, Any] = after["elements"]
    names = element_names([*old, *(k for k in new if k not in old)])
    say = {
        True: lambda k: f"{names[k]} ({_demand_word(old[k][0])})",
        False: lambda k: f"{names[k]} ({_demand_word(new[k][0])})",
    }
    if before is None:
        return DiffRow(_("Gegevens"), after=", ".join(say[False](k) for k in new))
    same = ", ".join(names[k] for k in new if k in old and old[k] == new[k])
    gone = [say[True](k) for k in old if k not in new or old[k][0] != new[k][0]]
    come = [say[False](k) for k in new if k not in old or old[k][0] != new[k][0]]
    for k in (k for k in new if k in old and old[k][0] == new[k][0] and old[k] != new[k]):  # only the reason changed
        gone.append(f"{names[k]}: {_reason(old[k])}")
        come.append(f"{names[k]}: {_reason(new[k])}")
    return DiffRow(_("Gegevens"), same, same, gone, come)


def _reason(line: Sequence[str]) -> str:
    return "; ".join(part for part in line[1:] if part)


def _audience_row(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> DiffRow:
    old, new = list(before["audience"]) if before else [], list(after["audience"])
    roles = {r.key: said(r) for r in Role.objects.filter(key__in={pair.split(":")[0] for pair in [*old, *new]})}

    def say(pair: str) -> str:
        role, _colon, scope = pair.partition(":")
        return f"{roles.get(role, role)}: {scope_words(scope)}"

    if before is None:
        return DiffRow(_("Wie ontvangt het"), after="; ".join(map(say, new)))
    same = "; ".join(say(p) for p in new if p in old)
    return DiffRow(
        _("Wie ontvangt het"), same, same, [say(p) for p in old if p not in new], [say(p) for p in new if p not in old]
    )
