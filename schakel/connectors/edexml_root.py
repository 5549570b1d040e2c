"""What stands around the rows: the root of EDEXML, or the envelope of a UWLR answer and what it says when it has none.

Source: UWLR 2.2 and 2.3 (Edustandaard). An answer may hold `leerlinggegevens`, nothing (nothing changed), or a fault.
The header of the envelope (with the key of the customer) is passed over unread.
"""

from schakel.connectors.xml_stream import Enough
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _
from schakel.lib.text import printable

SPACE = "http://www.edustandaard.nl/leerresultaten/"
UWLR_SPACE = f"{SPACE}2/leerlinggegevens"
_SOAP = {"http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"}
_ANSWER, _DATA = "leerlinggegevens_antwoord", "leerlinggegevens"
_LONGEST_FAULT = 200


class Root:
    """Finds where the rows begin."""

    def __init__(self) -> None:
        self.inside = False  # the rows begin here
        self.done = False  # the rows were there
        self.uwlr = False
        self.space = ""
        self.fault = ""
        self.other = ""  # what the answer holds instead
        self._path: list[str] = []

    def start(self, name: str) -> None:
        """An element around the rows. Raises Enough when this is no document of ours."""
        space, _blank, local = name.rpartition(" ")
        if not self._path and not self._known(space, local):
            raise Enough
        self._path.append(local)
        if local == "EDEX" and len(self._path) == 1:
            self.inside = self.done = True
        elif local == _DATA and "Header" not in self._path:
            if self.done:
                raise Unreadable(_("In dit UWLR-antwoord staan twee keer leerlinggegevens."), code="no-data")
            self.inside = self.uwlr = self.done = True
            self.space = space
        elif self._holds_another(space, local):
            self.other = self.other or local

    def _known(self, space: str, local: str) -> bool:
        return local in {"EDEX", _DATA, _ANSWER} or space in _SOAP or space.startswith(SPACE)

    def _holds_another(self, space: str, local: str) -> bool:
        return space.startswith(SPACE) and local != _ANSWER and "Header" not in self._path and _ANSWER not in self._path

    def end(self, name: str, text: str) -> None:
        """An element around the rows ends."""
        local = name.rpartition(" ")[2]
        if local in {"faultstring", "Text"} and "Fault" in self._path:
            self.fault = printable(text)[:_LONGEST_FAULT]
        elif local == "Fault":
            self.fault = self.fault or "-"
        if self._path and self._path[-1] == local:
            self._path.pop()
        self.inside = False

    def refuse_empty(self, where: str) -> None:
        """Raise Unreadable, with the reason, for an answer in which there are no rows."""
        if self.done:
            return
        if self.fault:
            message = _("De bron gaf een foutmelding in plaats van gegevens: %(fault)s") % {"fault": self.fault}
            raise Unreadable(message, code="fault", where=where, hint=_("Vraag het antwoord opnieuw op."))
        if self.other:
            message = _("Dit UWLR-bericht (%(name)s) bevat geen volledige leerlinggegevens.") % {"name": self.other}
            raise Unreadable(
                message, code="no-data", where=where, hint=_("Bewaar het antwoord op HaalLeerlinggegevens.")
            )
        message = _("Dit UWLR-antwoord zegt dat er geen (nieuwe) gegevens zijn. Wat er al was, blijft staan.")
        raise Unreadable(message, code="no-data", where=where)
