"""When sources are read, what is agreed about them, and how each reading went. Acting only by POST."""

from collections.abc import Mapping
from datetime import date, time

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from schakel.access.changes import allowed
from schakel.access.register import put
from schakel.collect import holidays, schedules
from schakel.collect.holidays import FreeDay
from schakel.collect.schedules import Simple, cron_of
from schakel.collect.sources import Source
from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _
from schakel.operations import agreements, mapped_sources
from schakel.operations.flow import collectable, newest_file
from schakel.portal.guard import needs
from schakel.portal.pages import free_days, runs, trial
from schakel.portal.pages import planning as pages
from schakel.portal.pages import source as one_source
from schakel.portal.views import who
from schakel.process import mappings


@needs("source.write")
@require_safe
def page(request: HttpRequest, key: str) -> HttpResponse:
    """When this source is read, and whom to call."""
    return render(request, "schakel/planning.html", {"page": pages.page(one_source.find(key))})


@needs("source.write")
@require_POST
def save_plan(request: HttpRequest, key: str) -> HttpResponse:
    """Keep when this source is read."""
    source = one_source.find(key)
    given = {name: request.POST.get(name, "").strip() for name in pages.PLAN}
    try:
        cron, skips = _line(given)
        schedules.plan(who(request), source, cron, not_in_holidays=skips, region=given["region"])
    except SchakelError as error:
        shown = pages.page(source, given=given, wrong=str(error))
        return render(request, "schakel/planning.html", {"page": shown}, status=422)
    messages.success(request, _("De planning is bewaard."))
    return redirect(f"/bronnen/{key}")


@needs("source.write")
@require_POST
def save_desk(request: HttpRequest, key: str) -> HttpResponse:
    """Keep whom to call at the supplier, and until when what we sign in with is good."""
    source = one_source.find(key)
    given = {name: request.POST.get(name, "").strip() for name in pages.DESK}
    try:
        put(who(request), "source.write", Source, key, **{**given, "credentials_expire_on": _day(given)})
    except ValidationError:
        wrong = _("Het mailadres klopt niet, of een veld is te lang.")
    except SchakelError as error:
        wrong = str(error)
    else:
        messages.success(request, _("Het contact is bewaard."))
        return redirect(f"/bronnen/{key}")
    shown = pages.page(source, given=given, wrong=wrong)
    return render(request, "schakel/planning.html", {"page": shown}, status=422)


@needs("source.write")
@require_POST
def switch(request: HttpRequest, key: str) -> HttpResponse:
    """Switch a source on or off: what is off is not read, and counts no more from the next round on."""
    source, on = one_source.find(key), request.POST.get("aan") == "1"
    put(who(request), "source.write", Source, source.key, active=on)
    told = _("De bron staat aan.") if on else _("De bron staat uit. Vanaf de volgende ronde telt zij niet meer mee.")
    messages.success(request, told)
    return redirect(f"/bronnen/{key}")


@needs("source.collect")
@require_POST
def trial_of_file(request: HttpRequest, key: str) -> HttpResponse:
    """Look at the newest file and keep nothing."""
    allowed(who(request), "source.collect")
    source = one_source.find(key)
    path = newest_file(source)
    try:
        if path is None:
            text = _("Er ligt geen bestand in de inbox dat heet als %(pattern)s.") % {"pattern": source.pattern}
            raise SchakelError(text)
        package = agreements.agreed(source, mapped_sources.opened(source, path))
        shown = trial.page(source, path, package, mappings.columns_for(collectable()).get(package.layout.name, {}))
    except (SchakelError, OSError) as error:
        shown = trial.refused(source, str(error))
    return render(request, "schakel/trial.html", {"page": shown})


@needs("source.read")
@require_safe
def all_runs(request: HttpRequest, key: str) -> HttpResponse:
    """Every reading of a source."""
    return render(request, "schakel/runs.html", {"page": runs.page(key, request.GET.dict())})


@needs("source.read")
@require_safe
def one_run(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One reading in detail."""
    return render(request, "schakel/run.html", {"page": runs.one_page(key, number)})


@needs("source.read")
@require_safe
def free_days_page(request: HttpRequest) -> HttpResponse:
    """Days without school."""
    return render(request, "schakel/free_days.html", {"page": free_days.page(who(request), request.GET.dict())})


@needs("source.write")
@require_POST
def add_free_days(request: HttpRequest) -> HttpResponse:
    """Days on which the schools of this board are closed too."""
    given = {name: request.POST.get(name, "").strip() for name in ("name", "first", "last")}
    try:
        first = _date(given["first"])
        holidays.add_free_days(who(request), first, _date(given["last"]) if given["last"] else first, given["name"])
    except SchakelError as error:
        shown = free_days.page(who(request), {}, given=given, wrong=str(error))
        return render(request, "schakel/free_days.html", {"page": shown}, status=422)
    messages.success(request, _("De vrije dagen staan erbij."))
    return redirect("/vrije-dagen")


@needs("source.write")
@require_POST
def remove_free_days(request: HttpRequest, number: int) -> HttpResponse:
    """These days are no more free."""
    free = FreeDay.objects.filter(pk=number).first()
    if free is None:
        raise Http404
    holidays.remove_free_days(who(request), free)
    messages.success(request, _("De vrije dagen zijn weggehaald."))
    return redirect("/vrije-dagen")


def _line(given: Mapping[str, str]) -> tuple[str, bool]:
    """The cron line that was chosen, and whether holidays are skipped. Raises SchakelError for what is missing."""
    skips = given["how"] == "school" or (given["how"] != "" and bool(given["not_in_holidays"]))
    if given["how"] in ("", "own"):
        if given["how"] and not given["cron"]:
            raise SchakelError(_("Vul de cronregel in, of kies een andere planning."), code="cron")
        return given["cron"] if given["how"] else "", skips
    if given["how"] not in ("school", "daily", "weekly") or given["weekday"] not in "0123456":
        raise SchakelError(_("Kies een planning uit de lijst."), code="how")
    return cron_of(Simple(given["how"], _time(given["time"]), int(given["weekday"] or 0))), skips


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise SchakelError(_("Vul een tijd in, zoals 06:00."), code="time") from None


def _day(given: Mapping[str, str]) -> date | None:
    text = given["credentials_expire_on"]
    return _date(text) if text else None


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SchakelError(_("Dit is geen dag."), code="day") from None
