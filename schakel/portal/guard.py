"""Deny by default: a page opens only with a permission that it declares itself; a test reads the same declarations."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

PUBLIC = "public"  # before signing in: nothing about people or data
SIGNED_IN = "signed-in"  # about the person who asks, and nothing else


def needs(permission: str) -> Callable[[View], View]:
    """Declare what a page asks of the person who opens it: a permission of `access.permissions`."""

    def declare(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return declare


def public(view: View) -> View:
    """A page for everyone, signed in or not."""
    return needs(PUBLIC)(view)


def signed_in(view: View) -> View:
    """A page for everyone with an account, about that person only."""
    return needs(SIGNED_IN)(view)


def half_way(view: View) -> View:
    """As `signed_in`, and open too to who gave a password but has no second step yet: to set it up, or to leave."""
    view.half_way = True  # type: ignore[attr-defined]
    return signed_in(view)


def opens_half_way(view: Callable[..., Any]) -> bool:
    """Whether a view is for people without a second step too."""
    return bool(getattr(view, "half_way", False))


def permission_of(view: Callable[..., Any]) -> str | None:
    """What a view declared; None when it declared nothing, and then it stays shut."""
    declared: str | None = getattr(view, "permission", None)
    return declared
