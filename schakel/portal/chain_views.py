"""The pages about the chain as a whole: the picture, who and what is hit, what something rests on, what if."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from schakel.portal.guard import needs
from schakel.portal.pages import chain_picture, consequences
from schakel.portal.views import who


@needs("chain.read")
def impact_page(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Who and what is hit when this leaves."""
    page = consequences.page(who(request), kind, key, request.GET.dict())
    return render(request, "schakel/consequences.html", {"page": page})


@needs("chain.read")
def foundation_page(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """What this rests on."""
    page = consequences.foundation_page(who(request), kind, key, request.GET.dict())
    return render(request, "schakel/consequences.html", {"page": page})


@needs("chain.read")
def what_if_page(request: HttpRequest) -> HttpResponse:
    """What several changes hit together."""
    page = consequences.what_if(request.GET.getlist("wat"), request.GET.dict())
    return render(request, "schakel/what_if.html", {"page": page})


@needs("chain.read")
def picture_page(request: HttpRequest) -> HttpResponse:
    """The chain picture."""
    return render(request, "schakel/keten.html", {"page": chain_picture.page(request.GET.dict())})
