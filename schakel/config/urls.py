"""All addresses: the portal's pages and the health page."""

from django.http import HttpRequest, JsonResponse
from django.urls import path

from schakel import __version__


def health(request: HttpRequest) -> JsonResponse:
    """Whether this process answers; says nothing about people or data."""
    return JsonResponse({"status": "ok", "version": __version__})


urlpatterns = [path("gezondheid", health, name="health")]
