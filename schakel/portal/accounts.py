"""What allauth asks about signing in: which steps, whereto, and what is said. Nobody makes an account alone."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from schakel.access import sessions
from schakel.lib.text import gettext as _
from schakel.portal.answers import closed_account


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Our answers to allauth."""

    @property
    def error_messages(self) -> dict[str, Any]:
        """The sentences of the sign-in page, in the language of this moment. None says whether an account exists."""
        return {
            **DefaultAccountAdapter.error_messages,
            "email_password_mismatch": _("Dit e-mailadres en dit wachtwoord horen niet bij elkaar."),
            "too_many_login_attempts": _("Te veel pogingen. Wacht vijf minuten en probeer het dan opnieuw."),
            "rate_limited": _("Te veel pogingen. Wacht vijf minuten en probeer het dan opnieuw."),
        }

    def login(self, request: HttpRequest, user: Any) -> None:
        """Let someone in, and clear away sessions that are over."""
        super().login(request, user)
        sessions.forget_expired()

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: the information manager lets people in."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only addresses of this very host."""
        request = self.request
        return bool(url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure()))

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Pages say themselves what happened."""

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """A right password of a closed account."""
        return closed_account(request)

    def get_login_stages(self) -> list[str]:
        """After the password: the code."""
        return ["schakel.portal.accounts.CodeStage"]


class CodeStage(AuthenticateStage):  # type: ignore[misc]
    """The second step, for who signed in with a password; the board's own service asks its own."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Ask the code, or go on."""
        if "sociallogin" in (self.login.signal_kwargs or {}):
            return None, True
        answer: tuple[HttpResponse | None, bool] = super().handle()
        return answer
