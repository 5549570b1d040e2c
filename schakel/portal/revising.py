"""Changing a need, and leaving out a wish: the pages and their buttons. Every change goes through `chain.deciding`."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from schakel.access.roles import Role
from schakel.chain import deciding
from schakel.chain.asking import Wanted
from schakel.chain.goals import Activity
from schakel.chain.needs import DETAIL_LEVELS, SCOPES, InformationNeed
from schakel.lib.errors import Unknown
from schakel.lib.text import gettext as _
from schakel.portal import drafts
from schakel.portal.guard import needs
from schakel.portal.pages import revising
from schakel.portal.pages.revising import NUMBERS, TEXTS, Pair
from schakel.portal.pages.words import question, said
from schakel.portal.parts import Head, Link
from schakel.portal.steps import done, need_of, written
from schakel.portal.views import who

LONGEST_NOTE = 4000


@needs("need.revise")
@require_GET
def change_page(request: HttpRequest, key: str) -> HttpResponse:
    """The need as it stands, in a form."""
    need = need_of(key)
    page = revising.page(
        need, revising.values_of(need), drafts.of(need), revising.audience_of(need), need.fingerprint()
    )
    return render(request, "schakel/revising.html", {"page": page})


@needs("need.revise")
@require_POST
def change_look(request: HttpRequest, key: str) -> HttpResponse:
    """The form again, with an element added or taken out. Nothing is kept."""
    return _again(request, need_of(key), {})


@needs("need.revise")
@require_POST
def save(request: HttpRequest, key: str) -> HttpResponse:
    """Keep the change. Refused when someone else changed it since; then what was written is still there."""
    need = need_of(key)
    if request.POST.get("vingerafdruk") != need.fingerprint():
        text = _("Niet opgeslagen. Iemand anders heeft deze behoefte intussen gewijzigd. Vergelijk en bewaar opnieuw.")
        return _again(request, need, {"stale": text}, status=409)
    mistakes: dict[str, str] = {}
    fields = _fields(request, mistakes)
    lines = drafts.lines(request.POST)
    if drafts.without_reason(lines):
        mistakes["elements"] = _("Zeg bij elk gegeven waarvoor het nodig is.")
    audience = _audience(request)
    if not mistakes:
        try:
            material = deciding.revise(
                who(request), need, elements=[*drafts.wanted(lines, need), *_left_out(need, lines)],
                audience=[(Role.objects.get(key=p.role), p.scope) for p in audience], **fields,
            )  # fmt: skip
        except ValidationError as error:
            mistakes |= {name: " ".join(texts) for name, texts in error.message_dict.items()}
    if mistakes:
        return _again(request, need, mistakes, status=422)
    text = _("Opgeslagen als nieuwe versie. Er is een nieuw besluit nodig.") if material else _("Opgeslagen.")
    return done(request, key, text)


@needs("need.decline_element")
@require_GET
def leave_out_page(request: HttpRequest, key: str, element: str) -> HttpResponse:
    """Why a wish is left out, before it is."""
    need, line = _wish(key, element)
    crumbs = [Link(_("Behoeften"), "/behoeften"), Link(need.number, f"/behoeften/{need.key}")]
    head = Head(_("Laat ‘%(name)s’ weg") % {"name": said(line.element)}, lede=question(need), crumbs=crumbs)
    page = {
        "head": head, "label": _("Waarom laat u dit gewenste gegeven weg?"),
        "hint": _("De vrager leest dit. De rest van de behoefte gaat gewoon door."),
        "action": f"/behoeften/{key}/weglaten/{element}/doen", "button": _("Laat dit gegeven weg"),
        "back": f"/behoeften/{key}",
    }  # fmt: skip
    return render(request, "schakel/reason.html", {"page": page})


@needs("need.decline_element")
@require_POST
def leave_out(request: HttpRequest, key: str, element: str) -> HttpResponse:
    """Leave a wished-for element out, with the reason."""
    need, line = _wish(key, element)
    deciding.decline_element(who(request), need, line.element.key, written(request, "reden")[:250])
    return done(request, key, _("Weggelaten. De rest van de behoefte gaat door."))


def _wish(key: str, element: str) -> tuple[InformationNeed, Any]:
    need = need_of(key)
    for line in need.elements.all():
        if line.element.key == element and line.demand == "wished" and not line.declined:
            return need, line
    raise Unknown(_("Dit gewenste gegeven staat niet (meer) in de behoefte."), code="unknown")


def _again(request: HttpRequest, need: InformationNeed, mistakes: Mapping[str, str], status: int = 200) -> HttpResponse:
    """The form with what was written in it, and the fingerprint of now: saving again is then a choice."""
    names = (*TEXTS, *NUMBERS, "level", "role", "activity", "owner_role", "expires_on")
    values = {name: request.POST.get(name, "")[:LONGEST_NOTE] for name in names}
    page = revising.page(need, values, drafts.lines(request.POST), _audience(request), need.fingerprint(), mistakes)
    return render(request, "schakel/revising.html", {"page": page}, status=status)


def _fields(request: HttpRequest, mistakes: dict[str, str]) -> dict[str, Any]:
    """The fields as the chain takes them; what does not fit stands in `mistakes` under its name."""
    data = request.POST
    fields: dict[str, Any] = {name: data.get(name, "").strip()[:LONGEST_NOTE] for name in TEXTS}
    fields |= {name: drafts.number(data.get(name, "").strip(), name, mistakes) for name in NUMBERS}
    for name in ("review_months", "priority"):
        if fields[name] is None:
            mistakes.setdefault(name, _("Schrijf een heel getal."))
    fields["level"] = data.get("level", "") if data.get("level") in DETAIL_LEVELS else ""
    fields["role"] = Role.objects.filter(key=data.get("role", "")).first()
    fields["owner_role"] = Role.objects.filter(key=data.get("owner_role", "")).first()
    fields["activity"] = Activity.objects.filter(key=data.get("activity", "")).first()
    if fields["role"] is None:
        mistakes["role"] = _("Kies voor welke rol u vraagt.")
    fields["expires_on"] = _expiry(data.get("expires_on", ""), mistakes)
    return fields


def _expiry(text: str, mistakes: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        mistakes["expires_on"] = _("Kies een dag, zoals 2026-12-31.")
        return None


def _audience(request: HttpRequest) -> list[Pair]:
    """The pairs that were filled in; a row with only one half says nothing."""
    roles, scopes = request.POST.getlist("ontvanger"), request.POST.getlist("reikwijdte")
    known = set(Role.objects.values_list("key", flat=True))
    pairs = [Pair(r, s) for r, s in zip(roles, scopes, strict=False) if r in known and s in SCOPES]
    return list(dict.fromkeys(pairs))


def _left_out(need: InformationNeed, lines: Sequence[drafts.Line]) -> list[Wanted]:
    """Wishes that were left out are not in the form; they stay as they are, unless someone chose them again."""
    chosen = {line.element.key for line in lines}
    left = [x for x in need.elements.all() if x.declined and x.element.key not in chosen]
    return [Wanted(x.element, x.demand, x.reason, x.reason_en) for x in left]
