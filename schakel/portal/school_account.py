"""Signing in with the board's own account: to the service and back, and who may come in. Nobody is added that way."""

import logging
from typing import Any

from allauth.account.adapter import get_adapter as accounts
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.decorators import rate_limit
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.base.constants import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe
from requests import RequestException, Session

from schakel.access import school_accounts
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _
from schakel.portal import answers, proof, sign_in_way
from schakel.portal.guard import public
from schakel.portal.oidc import BoardAdapter, BoardProvider

log = logging.getLogger(__name__)
# Here and not as an app of allauth's: that would load its parts for every verb of the command line too.
registry.register(BoardProvider)


class SchoolAccounts(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Our answers to allauth about accounts of the board's service."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never: the information manager lets people in."""
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> None:
        """Not by itself: `pre_social_login` decides who it is."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """The person of the register, or the page that says why not and who can help."""
        account, address = sociallogin.account, sociallogin.email_addresses[:1]
        email, verified = (address[0].email, address[0].verified) if address else ("", False)
        try:
            sociallogin.user = school_accounts.recognise(account.provider, account.uid, email, verified=verified)
        except Refused as refusal:
            log.warning("school account not let in: %s", refusal.code)
            page = answers.closed_account if refusal.code == "closed" else answers.not_let_in
            raise ImmediateHttpResponse(page(request, refusal)) from None

    def get_requests_session(self) -> Session:
        """The one way out, for every question to the service."""
        return sign_in_way.session(settings.OUTGOING, _issuer())

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Back to the sign-in page after a change of mind; otherwise a page, and the kind of fault in the log."""
        if error == AuthError.CANCELLED:
            messages.info(request, _("U brak het aanmelden af. U kunt het opnieuw proberen."))
            raise ImmediateHttpResponse(redirect(settings.LOGIN_URL))
        raise ImmediateHttpResponse(_failed(request, exception))


def name() -> str | None:
    """The name of the board's service, for on the button; None when there is no such service."""
    apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    return str(apps[0]["name"]) if apps else None


def _issuer() -> str:
    apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    if not apps:
        raise Http404
    return str(apps[0]["provider_id"])


def _provider(request: HttpRequest) -> BoardProvider:
    provider: BoardProvider = get_adapter().get_provider(request, provider=_issuer())
    return provider


@public
@require_safe
@rate_limit(action="school_account", limit_get=True)  # type: ignore[untyped-decorator]
def begin(request: HttpRequest) -> HttpResponse:
    """To the board's service. A link, not a form: the policy of our pages lets no form lead elsewhere."""
    provider = _provider(request)
    if request.user.is_authenticated or proof.waiting(request) is not None:
        return redirect("/")
    asked = request.GET.get("next", "")
    try:
        return provider.begin(request, asked if accounts().is_safe_url(asked) else "")
    except (OAuth2Error, RequestException) as error:
        return _failed(request, error)


@public
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Back from the board's service, with an answer that belongs to a question of this very session."""
    adapter = BoardAdapter(request, _provider(request).app.provider_id)
    try:
        answer: HttpResponse = OAuth2CallbackView.adapter_view(adapter)(request)
    except (KeyError, ValueError) as error:  # an answer of the service that is not what it should be
        return _failed(request, error)
    return answer


def _failed(request: HttpRequest, error: Exception | None) -> HttpResponse:
    """The kind of fault, never what was in it: an answer of the service can hold a token."""
    ours = isinstance(error, sign_in_way.Unreached) or (
        isinstance(error, OAuth2Error) and len(str(error)) < 40  # noqa: PLR2004
    )
    log.warning("school account failed: %s", error if ours else type(error).__name__)
    return answers.failed_sign_in(request)
