"""Findings and repair lists: looking at them, on a page and in a spreadsheet."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from schakel.lib.text import gettext as _
from schakel.operations.repair_lists import Reader
from schakel.portal import spreadsheets, tables
from schakel.portal.guard import needs
from schakel.portal.pages import finding, findings, repair_list
from schakel.portal.views import who


@needs("finding.read")
def all_findings(request: HttpRequest) -> HttpResponse:
    """The findings that are for this person."""
    return render(request, "schakel/findings.html", {"page": findings.page(who(request), request.GET.dict())})


@needs("finding.read")
@require_safe
def findings_file(request: HttpRequest) -> HttpResponse:
    """The same as a spreadsheet: causes and counts, no rows."""
    reader = Reader(who(request))
    return spreadsheets.of_table(findings.table(reader, findings.listed(reader)), _("bevindingen"))


@needs("finding.read")
def one_finding(request: HttpRequest, number: int) -> HttpResponse:
    """One finding, for whom it opens."""
    asked = tables.asked(request.GET.dict(), request.POST.dict())
    return render(request, "schakel/finding.html", {"page": finding.page(who(request), number, asked)})


@needs("repair_list.read")
def list_page(request: HttpRequest) -> HttpResponse:
    """The repair list of one school."""
    asked = tables.asked(request.GET.dict(), request.POST.dict())
    return render(request, "schakel/repair_list.html", {"page": repair_list.page(who(request), asked)})


@needs("repair_list.read")
@require_safe
def list_file(request: HttpRequest) -> HttpResponse:
    """The repair list of one school as a spreadsheet, with the rows of the page and no others."""
    found = repair_list.listed(who(request), request.GET.get("school", ""))
    if found is None:
        raise Http404
    return spreadsheets.of_table(found, _("herstellijst"))
