"""Asking for information, and changing a question: the pages and their buttons."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_POST

from schakel.access.register import by_key
from schakel.access.roles import Role
from schakel.chain import deciding
from schakel.chain.goals import Activity
from schakel.chain.needs import SCOPES, InformationNeed
from schakel.lib.text import gettext as _
from schakel.portal import drafts
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
    head, found = asking.questions(who(request))
    return render(request, "schakel/questions.html", {"page": {"head": head, "questions": found}})


@needs("need.ask")
@require_GET
def new(request: HttpRequest) -> HttpResponse:
    """An empty sentence, or one that a suggestion began."""
    return render(request, "schakel/asking.html", {"page": asking.page(who(request), drafts.draft(request.GET))})


@needs("need.ask")
@require_POST
def look_along(request: HttpRequest) -> HttpResponse:
    """The same page with what was filled in, and what Schakel can say about it. Nothing is kept."""
    return render(request, "schakel/asking.html", {"page": asking.page(who(request), drafts.draft(request.POST))})


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
    need = deciding.ask(
        who(request), key_for(draft.question), elements=drafts.wanted(draft.lines),
        audience=[(by_key(Role, draft.role), draft.scope)], **_sentence(draft), **numbers,
    )  # fmt: skip
    sent = _("Uw vraag %(number)s is ingestuurd. Hieronder ziet u wie nu aan zet is.")
    messages.success(request, sent % {"number": need.number})
    return redirect(f"/behoeften/{need.key}")


def missing(draft: Draft) -> dict[str, str]:
    """What a question cannot do without, as a sentence under the name of its field."""
    mistakes = {}
    if not draft.question:
        mistakes["question"] = _("Schrijf wat u wilt weten.")
    if not draft.decision:
        mistakes["decision"] = _("Schrijf wat u met het antwoord doet.")
    if not Role.objects.filter(key=draft.role).exists():
        mistakes["role"] = _("Kies voor welke rol u vraagt.")
    if draft.rhythm not in dict(asking.RHYTHMS):
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
        "rhythm_en": dict(asking.RHYTHMS)[draft.rhythm],
        "activity": Activity.objects.filter(key=draft.activity).first(),
        "today_how": draft.today_how,
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
