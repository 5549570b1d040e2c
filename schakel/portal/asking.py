"""Asking for information, and changing a question: the pages and their buttons."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_POST

from schakel.access.register import by_key
from schakel.access.roles import Role
from schakel.chain import deciding, unsent
from schakel.chain.goals import Activity
from schakel.chain.needs import SCOPES, InformationNeed
from schakel.lib.text import gettext as _
from schakel.portal import drafts, figures, offered
from schakel.portal.drafts import Draft
from schakel.portal.guard import needs, signed_in
from schakel.portal.pages import asking
from schakel.portal.views import who

UNFINISHED = 422  # the form was read; it is not complete
LONGEST_KEY = 48


@signed_in
@require_GET
def my_questions(request: HttpRequest) -> HttpResponse:
    """What this person asked, and how it stands."""
    return render(request, "schakel/questions.html", {"page": asking.questions(who(request))})


@needs("need.ask")
@require_GET
def new(request: HttpRequest) -> HttpResponse:
    """An empty sentence, or one that a suggestion began."""
    return render(request, "schakel/asking.html", {"page": asking.page(who(request), _filled(request.GET))})


@needs("need.ask")
@require_POST
def look_along(request: HttpRequest) -> HttpResponse:
    """The same page with what was filled in, and what Schakel can say about it. Nothing is kept."""
    return render(request, "schakel/asking.html", {"page": asking.page(who(request), _filled(request.POST))})


@needs("need.ask")
@require_POST
def send_in(request: HttpRequest) -> HttpResponse:
    """Ask. What is missing is named, and everything that was written stays."""
    draft = drafts.draft(request.POST)
    mistakes = missing(draft)
    numbers = {
        "minutes_before": drafts.number(draft.minutes, "minutes", mistakes),
        "times_per_year": drafts.number(draft.times, "times", mistakes),
        "people": drafts.number(draft.people, "people", mistakes),
    }
    if mistakes:
        page = asking.page(who(request), draft, mistakes)
        return render(request, "schakel/asking.html", {"page": page}, status=UNFINISHED)
    with transaction.atomic():
        need = deciding.ask(
            who(request), key_for(draft.question), elements=drafts.wanted(draft.lines),
            audience=[(by_key(Role, draft.role), draft.scope)], **_sentence(draft), **numbers,
        )  # fmt: skip
        if draft.number is not None:
            unsent.throw_away(who(request), draft.number, sent=True)
    sent = _("Uw vraag %(number)s is ingestuurd. Hieronder ziet u wie nu aan zet is.")
    messages.success(request, sent % {"number": need.number})
    return redirect(f"/behoeften/{need.key}")


def _filled(data: QueryDict) -> Draft:
    """What a form says, with what was just chosen from a starter kit."""
    return offered.filled(drafts.draft(data), drafts.text(data, "uit-pakket", drafts.LONGEST_NAME))


@needs("draft.write")
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep what was written, unfinished as it is, to go on later."""
    draft = drafts.draft(request.POST)
    if not (draft.question or draft.decision or draft.lines):
        mistakes = {"question": _("Schrijf eerst iets: er is nog niets om te bewaren.")}
        page = asking.page(who(request), draft, mistakes)
        return render(request, "schakel/asking.html", {"page": page}, status=UNFINISHED)
    kept = unsent.keep(who(request), drafts.content(draft), draft.number)
    text = _("Bewaard, alleen voor u, tot en met %(until)s. Ga verder wanneer het u uitkomt.")
    messages.success(request, text % {"until": figures.day(kept.until)})
    return redirect("/vragen")


@needs("draft.write")
@require_GET
def go_on(request: HttpRequest, number: int) -> HttpResponse:
    """The sentence as this person left it."""
    found = unsent.one(who(request), number)
    page = asking.page(who(request), drafts.kept(found.content, found.pk))
    return render(request, "schakel/asking.html", {"page": page})


@needs("draft.write")
@require_POST
def throw_away(request: HttpRequest, number: int) -> HttpResponse:
    """Let go of what was kept."""
    unsent.throw_away(who(request), number)
    messages.success(request, _("Weggegooid. Er is niets ingestuurd."))
    return redirect("/vragen")


def missing(draft: Draft) -> dict[str, str]:
    """What a question cannot do without, as a sentence under the name of its field."""
    mistakes = {}
    if not draft.question:
        mistakes["question"] = _("Schrijf wat u wilt weten.")
    if not draft.decision:
        mistakes["decision"] = _("Schrijf wat u met het antwoord doet.")
    if not Role.objects.filter(key=draft.role).exists():
        mistakes["role"] = _("Kies voor welke rol u vraagt.")
    if draft.rhythm not in drafts.RHYTHMS:
        mistakes["rhythm"] = _("Kies hoe vaak.")
    if draft.scope not in SCOPES:
        mistakes["scope"] = _("Kies over wie het gaat.")
    if drafts.without_reason(draft.lines):
        mistakes["elements"] = _("Zeg bij elk gegeven waarvoor u het nodig hebt.")
    return mistakes


def _sentence(draft: Draft) -> dict[str, Any]:
    return {
        "role": by_key(Role, draft.role),
        "question": as_question(draft.question),
        "decision": draft.decision,
        "rhythm": draft.rhythm,
        "rhythm_en": drafts.RHYTHMS[draft.rhythm],
        "activity": Activity.objects.filter(key=draft.activity).first(),
        "today_how": draft.today_how,
        "note": offered.note(draft.parts),
    }


def as_question(text: str) -> str:
    """As it reads on its own: Welke leerlingen komen te laat?"""
    whole = f"{text[:1].upper()}{text[1:]}".rstrip(" .")
    return whole if whole.endswith("?") else f"{whole[: drafts.LONGEST['question'] - 1]}?"


def key_for(question: str) -> str:
    """A readable address for a question that nobody has yet."""
    start = slugify(question)[:LONGEST_KEY].strip("-") or "vraag"
    taken = set(InformationNeed.objects.filter(key__startswith=start).values_list("key", flat=True))
    return next(key for key in (start, *(f"{start}-{n}" for n in range(2, len(taken) + 3))) if key not in taken)
