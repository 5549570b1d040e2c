"""A limit on what can be sent: refused by its announced size, before anything of it is read."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from schakel.lib.text import gettext as _

MOST_MB = 45


class TooLarge(RequestDataTooBig):
    """A form with files that is larger than the largest file that Schakel reads."""


class Limit(FileUploadHandler):
    """Stands before the handlers that keep a file; passes everything on."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 as Django calls it
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        """Refuse by the announced size."""
        if content_length > MOST_MB * 2**20:
            raise TooLarge(_("Het bestand is te groot: ten hoogste %(n)s MB.") % {"n": MOST_MB})

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """As it came."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Another handler keeps it."""
