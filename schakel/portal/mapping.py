"""Mappings at the pages: a file is dropped, seen, adjusted, tried, and saved as how a source is read from then on."""

import re
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from schakel.chain.systems import System
from schakel.collect import coverage, source_mappings
from schakel.collect.source_mappings import SourceMapping
from schakel.collect.sources import Source
from schakel.connectors import headings, own_mappings, proposals, wide
from schakel.connectors.dropped_files import DELIMITERS, ENCODINGS, Form
from schakel.connectors.mapped_layout import FOLDER
from schakel.connectors.proposals import LEAVE_OUT, Choices
from schakel.connectors.targets import Target, target
from schakel.connectors.written_values import is_form
from schakel.lib.errors import SchakelError, Unknown, Unreadable
from schakel.lib.text import gettext as _
from schakel.operations import flow, mapped_sources, mapping_drafts
from schakel.operations.mapping_drafts import Draft, Opened, from_words
from schakel.portal import spreadsheets
from schakel.portal.guard import needs
from schakel.portal.pages import mapping as pages
from schakel.portal.pages import source as one_source
from schakel.portal.pages.sources import source_name
from schakel.portal.views import who
from schakel.process import mappings

_HELD = "mapping"
_YAML = "application/yaml"
_PATTERN = re.compile(r"[^/\\]{1,120}\.[A-Za-z]{2,5}")
_LONGEST = 120
_HEADER = 500  # signs of the header of a column


@needs("source.write")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Where a file is dropped, and the mappings that there are."""
    shown = pages.page(_held(request), request.GET.get("bron", ""))
    return render(request, "schakel/mappings.html", {"page": shown})


@needs("chain.read")
@require_safe
def mapping_file(request: HttpRequest, key: str) -> HttpResponse:
    """The mapping of a source as YAML: its own, or the one that comes with Schakel."""
    source = one_source.find(key)
    own = source_mappings.in_force(source)
    shipped = FOLDER / f"{source.layout}.yaml"
    if own is None and not shipped.is_file():
        raise Unknown(_("Deze bron wordt zonder vertaling gelezen."), code="unknown")
    text = own_mappings.as_yaml(own.declaration) if own else shipped.read_text(encoding="utf-8")
    return spreadsheets.download(text.encode(), f"{source.key}.yaml", _YAML)


@needs("source.write")
@require_POST
def look_at(request: HttpRequest) -> HttpResponse:
    """A file comes in, to be looked at."""
    file, key = request.FILES.get("bestand"), request.POST.get("bron", "")
    if file is None:
        return _problem(request, _("Kies eerst een bestand."))
    _forget(request)
    source = one_source.find(key) if key else None
    try:
        draft = mapping_drafts.keep(_data(), who(request), file.read(), file.name or "", key)
    except Unreadable as error:
        return _problem(request, str(error))
    if source is not None:
        draft = _as_before(request, draft, source)
    _hold(request, draft)
    return redirect(pages.PROPOSAL)


def _as_before(request: HttpRequest, draft: Draft, source: Source) -> Draft:
    """The draft with the name, the target and the file name of the version before, when that is still a target."""
    before = source_mappings.in_force(source)
    draft = replace(draft, system=source.system.key)
    if before is None or target(before.declaration["target"]) is None:
        return draft
    form = own_mappings.as_before(draft.form, before.declaration)
    told = before.declaration
    known = mapping_drafts.reread(_data(), who(request), draft, form, told["target"], told)
    return replace(known, title=before.name, pattern=before.declaration["file"], target_chosen=True)


@needs("source.write")
@require_safe
def proposal(request: HttpRequest) -> HttpResponse:
    """The file that waits, with every choice and what would come of it."""
    draft = _held(request)
    if draft is None:
        return render(request, "schakel/mapping_none.html", {"page": pages.nothing()})
    return _shown(request, draft)


@needs("source.write")
@require_POST
@sensitive_post_parameters()
def adjust(request: HttpRequest) -> HttpResponse:
    """Other choices: look again."""
    draft = _held(request)
    if draft is None:
        return redirect(pages.PROPOSAL)
    try:
        _hold(request, _chosen(request, draft))
    except Unreadable as error:
        return _shown(request, draft, {"form": str(error)})
    return redirect(pages.PROPOSAL)


@needs("source.write")
@require_POST
@sensitive_post_parameters()
def save(request: HttpRequest) -> HttpResponse:
    """Keep it as how the source is read from now on; the file goes."""
    draft = _held(request)
    if draft is None:
        return redirect(pages.PROPOSAL)
    try:
        draft = _chosen(request, draft)
        _hold(request, draft)
        found = mapping_drafts.opened(_data(), who(request), draft)
    except Unreadable as error:
        return _shown(request, draft, {"form": str(error)})
    wrong = {**found.mistakes(), **_unnamed(draft)}
    if wrong:
        return _shown(request, draft, wrong)
    try:
        made = _saved(request, found)
    except SchakelError as error:
        return _shown(request, draft, {"form": str(error)})
    mapped_sources.copy_out(_data(), made)
    _forget(request)
    text = _(
        "Vertaling ‘%(name)s’ is bewaard als versie %(n)s. Bestanden die heten als %(files)s worden er mee gelezen."
    )
    messages.success(request, text % {"name": made.name, "n": made.number, "files": made.declaration["file"]})
    return redirect(f"/bronnen/{made.source.key}")


def _saved(request: HttpRequest, found: Opened) -> SourceMapping:
    draft, person = found.draft, who(request)
    if draft.source:
        source = one_source.find(draft.source)
        told = found.declaration(source_mappings.next_number(source))
        return source_mappings.save(person, source, draft.title, told)
    system = System.objects.get(key=draft.system)
    return source_mappings.begin(person, slugify(draft.title)[:64], draft.title, system, found.declaration(1))


def _unnamed(draft: Draft) -> dict[str, str]:
    """What is missing beside the columns: a name, how the files are called, and for a new source its application."""
    wrong = {}
    if not slugify(draft.title):
        wrong["title"] = _("Geef de vertaling een naam met letters.")
    if not _PATTERN.fullmatch(draft.pattern) or draft.pattern.startswith("*."):
        wrong["pattern"] = _("Zeg hoe de bestanden heten, zoals verzuim_*.csv; alleen *.csv is te ruim.")
    elif other := mapped_sources.taken_by(draft.pattern, draft.name, draft.source):
        text = _("Bron ‘%(name)s’ leest al bestanden die zo heten. Noem ze anders, bijvoorbeeld met de school erin.")
        wrong["pattern"] = text % {"name": source_name(other)}
    if not draft.source and not System.objects.filter(key=draft.system).exists():
        wrong["system"] = _("Kies uit welke applicatie het bestand komt.")
    return wrong


@needs("source.write")
@require_POST
def throw_away(request: HttpRequest) -> HttpResponse:
    """No: the file goes."""
    _forget(request)
    messages.success(request, _("Het bestand is weggegooid. Er is niets van bewaard."))
    return redirect(pages.HERE)


def _shown(request: HttpRequest, draft: Draft, wrong: Mapping[str, str] | None = None) -> HttpResponse:
    try:
        found = mapping_drafts.opened(_data(), who(request), draft)
    except Unreadable as error:
        _forget(request)
        return _problem(request, str(error))
    needed = mappings.columns_for(flow.collectable())
    named = needed.get(found.target.layout, {}).get(found.target.relation, frozenset())
    named |= {each.name for each in found.target.open_fields if each.decides in named}
    mistakes = {**found.mistakes(), **(wrong or {})}
    rehearsed = None if found.mistakes() else mapping_drafts.rehearse(found, needed)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    shown = pages.proposal(found, named, rehearsed, mistakes)
    return render(request, "schakel/mapping_proposal.html", {"page": shown}, status=status)


def _chosen(request: HttpRequest, draft: Draft) -> Draft:
    """The draft with what was posted. A change of form or target proposes the columns anew."""
    post = request.POST
    told = {name: post.get(field, "").strip()[:_LONGEST] for name, field in _TOLD.items() if field in post}
    source = told.get("source", draft.source)
    draft = replace(
        draft,
        title=told.get("title", draft.title),
        pattern=told.get("pattern", draft.pattern),
        system=told.get("system", draft.system),
        source=one_source.find(source).key if source else "",
    )
    form, wanted = _form(post, draft.form), post.get("doel", draft.target)
    as_read = ("encoding", "delimiter", "sheet", "header_row", "wide", "order", "school_year", "after", "before")
    if wanted != draft.target or any(getattr(form, name) != getattr(draft.form, name) for name in as_read):
        named = form.wide in wide.BETWEEN and form.after != draft.form.after
        draft = replace(draft, target_chosen=draft.target_chosen or wanted != draft.target)
        another = (named or form.sheet != draft.form.sheet) and not draft.target_chosen
        return mapping_drafts.reread(_data(), who(request), draft, form, "" if another else wanted)
    found = target(draft.target)
    if found is None:
        return draft
    draft = replace(draft, form=form)
    now = mapping_drafts.opened(_data(), who(request), draft)
    return replace(draft, choices=_choices(post, found, now))


_TOLD = {"title": "naam", "pattern": "bestanden", "source": "bron", "system": "applicatie"}


def _form(post: Mapping[str, str], before: Form) -> Form:
    row = post.get("koprij", "")
    return replace(
        before,
        encoding=_of(post.get("tekenset"), ENCODINGS, before.encoding),
        delimiter=_of(post.get("teken"), DELIMITERS, before.delimiter),
        sheet=post.get("blad", before.sheet),
        header_row=int(row) if row.isascii() and row.isdigit() and 0 < len(row) < 5 and int(row) else before.header_row,  # noqa: PLR2004
        wide=_of(post.get("breed"), ("", *headings.KINDS, *wide.BETWEEN), before.wide),
        order=_of(post.get("kopvolgorde"), headings.ORDERS, before.order),
        school_year=post.get("schooljaar", before.school_year).strip()[:9],
        after=post.get("na", before.after)[:_HEADER],
        before=post.get("voor", before.before)[:_HEADER] if post.get("na", before.after) == before.after else "",
        period=_of(post.get("periode"), ("", *coverage.EACH), before.period),
        years=_of(post.get("jaren"), coverage.YEARS, before.years),
        decimal=_of(post.get("decimaal"), (",", "."), before.decimal),
        date=_date(post.get("datum"), before.date),
    )


def _of(value: str | None, known: tuple[str, ...], before: str) -> str:
    return value if value is not None and value in known else before


def _date(value: str | None, before: str) -> str:
    return value if value and all(map(is_form, value.split("|"))) else before


def _choices(post: Mapping[str, str], found: Target, now: Opened) -> Choices:
    names, seen = {field.name for field in found.open_fields}, now.seen
    columns: dict[str, int] = {}
    for column in seen:
        name = post.get(f"kolom-{column.place}", "")
        if name in names and name not in columns:
            columns[name] = column.place
    for name in names - columns.keys():
        place = post.get(f"ook-{name}", "")
        if place.isascii() and place.isdigit() and int(place) < len(seen):
            columns[name] = int(place)
    fixed = {name: post[f"vast-{name}"].strip()[:_LONGEST] for name in names if post.get(f"vast-{name}", "").strip()}
    values = proposals.proposed_values(found, columns, seen, mapping_drafts.named(now.schools))
    for name, words in values.items():
        told = found.field(name)
        if now.draft.choices.columns.get(name) == columns[name] and told is not None:
            known = now.schools if told.names_school else told.choices
            for at, value in enumerate(words):
                words[value] = _of(post.get(f"waarde-{name}-{at}"), ("", LEAVE_OUT, *known), words[value])
    return Choices(columns, {name: value for name, value in fixed.items() if name not in columns}, values)


def _problem(request: HttpRequest, text: str) -> HttpResponse:
    shown = pages.page(_held(request), request.POST.get("bron", ""), text)
    return render(request, "schakel/mappings.html", {"page": shown}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _data() -> Path:
    return Path(settings.DATA)


def _held(request: HttpRequest) -> Draft | None:
    words = request.session.get(_HELD)
    return from_words(words) if words else None


def _hold(request: HttpRequest, draft: Draft) -> None:
    request.session[_HELD] = draft.words()


def _forget(request: HttpRequest) -> None:
    held = _held(request)
    if held is not None:
        mapping_drafts.discard(_data(), who(request), held)
        del request.session[_HELD]
