"""Coming in and going out: sign-in (allauth underneath), stepping in at the demo, theme and language."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.stagekit import clear_login
from allauth.account.views import LoginView, LogoutView
from allauth.mfa.base.views import AuthenticateView
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from schakel.access.people import Person
from schakel.kits import stock
from schakel.portal import proof, school_account
from schakel.portal.guard import half_way, public
from schakel.portal.middleware import LANGUAGE_COOKIE, LANGUAGES, SECOND_STEP
from schakel.portal.pages import entrance, second_step
from schakel.portal.second_step import CodeForm
from schakel.portal.shell import THEME_COOKIE, THEMES

YEAR = 365 * 24 * 3600
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class SignIn(LoginView):  # type: ignore[misc]
    """The page to sign in on: work address and password; attempts are counted and slowed down by allauth."""

    template_name = "schakel/sign_in.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Who gave a password already goes on to the second step."""
        if proof.waiting(request) is not None:
            return redirect(SECOND_STEP)
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> None:
        """Coming back here while a code is asked means: begin again."""
        clear_login(request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, with the chain beside it."""
        context = super().get_context_data(**kwargs)
        page = entrance.page(context["form"], context["redirect_field_value"], school_account.name())
        return {**context, "page": page}


class EnterCode(AuthenticateView):  # type: ignore[misc]
    """The second page of signing in: the code. Opens only for a short time after a right password."""

    form_class = CodeForm
    template_name = "schakel/gate_form.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Try the code."""
        if self.auth_form is None:  # nothing was filled in by a form of ours
            return redirect(request.path)
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and whom to ask when the phone is lost."""
        return {"page": second_step.enter(self.stage.login.user, self.auth_form)}


sign_in = public(SignIn.as_view())
enter_code = public(sensitive_post_parameters()(EnterCode.as_view()))


@half_way
@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Leave. Only by POST: a picture on another page cannot sign anyone out."""
    answer: HttpResponseBase = LogoutView.as_view()(request)
    return answer


@public
@require_POST
def step_in(request: HttpRequest) -> HttpResponse:
    """In the demonstration: look as one of the stock people. Does not exist outside it."""
    if not settings.SCHAKEL_DEMO:
        raise Http404
    known = {person.key: person for person in stock.STOCK}
    chosen = known.get(request.POST.get("wie", ""))
    person = Person.objects.filter(email=chosen.email, is_active=True).first() if chosen else None
    if person is None:
        raise Http404
    login(request, person, backend=BACKEND)
    return redirect("/")


@public
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the device has it; kept in a cookie of this browser."""
    return _kept(request, THEME_COOKIE, request.POST.get("thema", ""), THEMES)


@public
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Dutch or English; kept in a cookie of this browser."""
    return _kept(request, LANGUAGE_COOKIE, request.POST.get("taal", ""), LANGUAGES)


def _kept(request: HttpRequest, cookie: str, value: str, allowed: tuple[str, ...]) -> HttpResponse:
    answer = redirect(_back(request))
    if value in allowed:
        answer.set_cookie(cookie, value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    return answer


def _back(request: HttpRequest) -> str:
    """Where the person was; only an address of our own."""
    asked = request.POST.get("terug", "/")
    return asked if get_adapter().is_safe_url(asked) else "/"
