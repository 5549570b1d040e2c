"""A page as PDF, by WeasyPrint: imported only when someone asks for one, and closed to everything but our own files."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.utils.text import slugify

from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _

STATIC = Path(settings.PACKAGE) / "static"


def pdf(html: str, name: str) -> HttpResponse:
    """The page as a file. Refused, with what to install, where the drawing libraries are absent."""
    try:
        from weasyprint import HTML
    except OSError as error:
        text = _("Op deze computer ontbreekt Pango; zonder dat kan Schakel geen PDF maken. Installeer libpango-1.0-0.")
        raise Refused(text, code="pango") from error
    content = HTML(string=html, base_url=STATIC.as_uri() + "/", url_fetcher=_fetcher()).write_pdf()
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{slugify(name)}.pdf"'
    return response


def ours(url: str) -> bool:
    """Whether an address is a file of the package: a text in a page cannot make the server read or fetch another."""
    parts = urlsplit(url)
    return parts.scheme == "file" and Path(unquote(parts.path)).resolve().is_relative_to(STATIC.resolve())


def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher

    class OnlyOurs(URLFetcher):  # type: ignore[misc]
        """Reads files of the package and nothing else."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if not ours(url):
                raise ValueError(f"not ours: {url[:60]}")
            return super().fetch(url, headers)

    return OnlyOurs(allowed_protocols=["file"], allow_redirects=False)
