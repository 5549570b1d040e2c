"""All addresses: the portal's pages and the health page."""

from django.http import HttpRequest, JsonResponse
from django.urls import include, path

from schakel import __version__
from schakel.portal.guard import public


@public
def health(request: HttpRequest) -> JsonResponse:
    """Whether this process answers; says nothing about people or data."""
    return JsonResponse({"status": "ok", "version": __version__})


urlpatterns = [path("gezondheid", health, name="health"), path("", include("schakel.portal.urls"))]
handler400 = "schakel.portal.answers.bad_request"
handler403 = "schakel.portal.answers.denied"
handler404 = "schakel.portal.answers.not_found"
handler500 = "schakel.portal.answers.broken"
handler429 = "schakel.portal.answers.too_many"  # asked for by allauth
