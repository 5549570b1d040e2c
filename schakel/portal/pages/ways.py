"""The ways in, as they are filled in: per kind what has to be known of it, in the words of who has to find it out."""

from collections.abc import Mapping
from typing import Any

from schakel.collect.connections import METHODS, Connection
from schakel.connectors.declaring import DATES, written_words
from schakel.connectors.targets import Target, TargetField
from schakel.connectors.written_values import shown_date
from schakel.lib.addresses import local
from schakel.lib.text import gettext as _
from schakel.portal.inputs import Group, Input

FILES = ("sftp", "folder")
INBOX = "inbox"  # no way in of its own: somebody brings the files
NAMED = (INBOX, *FILES)  # whose files are known by their names
DECLARED = ("sql", "rest-json")
CONNECTION = ("version", "address", "method", "token_address", "client", "secret_expires_on", "every_hours")
DETAILS = {"sftp": ("marker", "archive", "each"), "folder": ("marker", "archive", "each"), "rest-json": ("scope",)}
TABLE = ("table", "increasing")
LIST = ("path", "rows")
PAGING = ("parameter", "size_parameter", "size", "following", "total", "select")
_VERSIONS = {"1.2": "OneRoster REST 1.2", "1.1": "OneRoster REST 1.1"}
MOST_HOURS = 24 * 31
_SIGNS = {
    "oneroster-rest": ("oauth2", "oauth1-sha256", "oauth1-sha1"), "sql": ("basic", "none"),
    "rest-json": ("oauth2", "bearer", "basic", "none"), "sftp": ("key", "basic"),
}  # fmt: skip


def kinds() -> dict[str, tuple[str, str]]:
    """Every kind: what it is called, and when it is the one."""
    return {
        INBOX: (
            _("Bestanden die u zelf brengt"),
            _("U haalt een export op, en zet die op de pagina van de bron neer."),
        ),
        "oneroster-rest": (_("OneRoster-server"), _("De leverancier biedt OneRoster REST 1.1 of 1.2.")),
        "sql": (_("Database"), _("Een tabel of view in PostgreSQL, SQLite of een andere SQL-database.")),
        "rest-json": (_("Server met JSON"), _("De leverancier heeft een eigen REST-interface die JSON geeft.")),
        "sftp": (_("Bestanden op een SFTP-server"), _("De leverancier zet elke nacht een bestand klaar.")),
        "folder": (_("Map op deze server"), _("Een ander programma zet bestanden in een map.")),
    }


def defaults(kind: str) -> dict[str, str]:
    """What a form begins with."""
    method = _SIGNS.get(kind, ("none",))[0]
    version = "1.2" if kind == "oneroster-rest" else ""
    return {"version": version, "method": method, "every_hours": "24", "paging": "link", "date": DATES[0]}


def values(known: Connection, declared: Mapping[str, Any], pattern: str) -> dict[str, str]:
    """What is filled in now. A secret is never among it."""
    found = {name: str(getattr(known, name) or "") for name in CONNECTION}
    path = local(known.address)
    found["address"] = str(path) if path is not None and known.provider == "folder" else known.address
    found |= {name: str(value) for name, value in known.details.items() if value}
    found |= {"pattern": pattern, "date": declared.get("format", {}).get("date", DATES[0])}
    for relation in list(declared.get("relations", {}).values())[:1]:
        paging = relation.get("paging", {})
        found |= {name: str(relation[name]) for name in (*TABLE, *LIST) if name in relation}
        found |= {"paging": paging.get("kind", "none")} | {n: str(paging[n]) for n in PAGING if n in paging}
        for name, told in relation["columns"].items():
            found[f"veld-{name}"] = str(told.get("header") or told.get("made_of") or "")
            found[f"woorden-{name}"] = written_words(told)
    return found


def groups(
    kind: str, filled: Mapping[str, str], *, known: bool, target: Target | None = None,
    needed: frozenset[str] = frozenset(), wrong: Mapping[str, str] | None = None,
) -> list[Group]:  # fmt: skip
    """The form of this kind."""
    making = _Making(kind, filled, known=known, wrong=wrong or {})
    if kind == INBOX:
        return [Group(_("De bestanden"), [making.names()])]
    found = [Group(_("Waar het is"), making.where())]
    if kind != "folder":
        found.append(Group(_("Aanmelden"), making.signing_in()))
    if kind in FILES:
        found.append(Group(_("De bestanden"), making.files(), _("Een bestand wordt pas gelezen als het heel is.")))
    if kind == "sql":
        found.append(Group(_("De tabel"), making.table(), _("Schakel leest alleen, en schrijft nooit.")))
    if kind == "rest-json":
        found.append(Group(_("De lijst"), making.list_()))
        intro = _("Een lijst komt meestal in bladzijden. Vul alleen in wat bij deze manier hoort.")
        found.append(Group(_("Bladzijden"), making.pages(), intro))
    if target is not None:
        intro = _("Alleen wat een goedgekeurde behoefte noemt, wordt gevraagd. De rest mag u vast invullen.")
        found.append(Group(_("Welk gegeven waar staat"), making.columns(target, needed), intro))
    return found


class _Making:
    """The making of one form."""

    def __init__(self, kind: str, filled: Mapping[str, str], *, known: bool, wrong: Mapping[str, str]) -> None:
        self.kind, self.filled, self.known, self.wrong = kind, filled, known, wrong

    def _line(self, name: str, label: str, hint: str = "", **more: Any) -> Input:
        return Input(name, label, self.filled.get(name, ""), hint=hint, error=self.wrong.get(name, ""), **more)

    def where(self) -> list[Input]:
        hints = {
            "oneroster-rest": _("Zoals de leverancier het gaf; het begint met https://"),
            "rest-json": _("Het begin van het adres, zoals https://api.leverancier.nl/v2"),
            "sql": _("Zoals postgresql://db.leverancier.nl:5432/las, of sqlite:// met het pad van het bestand"),
            "sftp": _("Zoals sftp://sftp.leverancier.nl/uitvoer"),
            "folder": _("Het hele pad, zoals /srv/uitvoer. De beheerder van de server moet de map hebben toegestaan."),
        }
        version = self._line("version", _("Soort server"), options=list(_VERSIONS.items()))
        label = _("Map") if self.kind == "folder" else _("Adres")
        hours = self._line("every_hours", _("Lees elke zoveel uur"), kind="number", needed=True, most=MOST_HOURS)
        address = self._line("address", label, hints[self.kind], needed=True)
        return [*([version] if self.kind == "oneroster-rest" else []), address, hours]

    def signing_in(self) -> list[Input]:
        methods = [(key, _method(key)) for key in _SIGNS[self.kind]]
        oauth, names = "oauth2" in _SIGNS[self.kind], {"oneroster-rest": _("Naam (client id)")}
        secret = _("Wordt versleuteld bewaard en nooit getoond.")
        if self.known:
            secret = _("Ingevuld. Laat leeg om het te houden; het wordt nooit getoond.")
        found = [self._line("method", _("Manier van aanmelden"), options=methods)]
        if oauth:
            found.append(self._line("token_address", _("Adres van het token"), _("Alleen bij OAuth 2")))
        if self.kind == "rest-json":
            found.append(
                self._line("scope", _("Rechten (scope)"), _("Alleen bij OAuth 2, als de leverancier erom vraagt"))
            )
        found.append(self._line("client", names.get(self.kind, _("Naam")), most=200))
        found.append(
            Input("secret", _("Geheim"), kind="password", hint=secret, most=2000, error=self.wrong.get("secret", ""))
        )
        if self.kind == "sftp":
            hint = _(
                "Het hele bestand, zonder wachtwoord erop. Alleen bij een sleutelbestand; ook dit wordt nooit getoond."
            )
            found.append(Input("key", _("Privésleutel"), kind="area", hint=hint, most=16_000))
        hint = _("Leeg als de leverancier geen einde noemt")
        return [*found, self._line("secret_expires_on", _("Geheim geldig tot"), hint, kind="date")]

    def names(self) -> Input:
        return self._line("pattern", _("Hoe de bestanden heten"), _("Zoals las_*.zip"), needed=True, most=200)

    def files(self) -> list[Input]:
        marker = _(
            "Een einde van de naam, zoals .ok, als de leverancier er een bestandje naast zet wanneer het klaar is"
        )
        archive = _("Naam van een map erin, zoals verwerkt. Leeg: het bestand blijft waar het staat.")
        each = _("Op volgorde van naam, bij leveringen van wijzigingen. Anders telt alleen de laatste naam.")
        return [
            self.names(),
            self._line("marker", _("Teken dat het bestand klaar is"), marker, most=20),
            self._line("archive", _("Verplaats wat gelezen is"), archive, most=100),
            self._line("each", _("Elk bestand telt"), each, kind="check"),
        ]

    def table(self) -> list[Input]:
        increasing = _("Een kolom die bij elke wijziging oploopt. Zonder zo'n kolom wordt altijd alles gelezen.")
        return [
            self._line("table", _("Tabel of view"), _("Zoals las.verzuim"), needed=True, most=200),
            self._line("increasing", _("Kolom die oploopt"), increasing, most=200),
        ]

    def list_(self) -> list[Input]:
        rows = _("Zoals data.items. Leeg als het antwoord zelf de lijst is.")
        return [
            self._line("path", _("Pad van de lijst"), _("Zoals /verzuim"), needed=True, most=400),
            self._line("rows", _("Waar de rijen in het antwoord staan"), rows, most=200),
        ]

    def pages(self) -> list[Input]:
        ways = [
            ("none", _("Alles in één antwoord")), ("link", _("De kop Link wijst de volgende aan")),
            ("next", _("Een veld wijst de volgende aan")), ("page", _("Nummer van de bladzijde in de vraag")),
            ("offset", _("Aantal over te slaan rijen in de vraag")),
            ("cursor", _("Een veld gaat mee in de vraag (cursor)")),
        ]  # fmt: skip
        return [
            self._line("paging", _("Manier van bladeren"), options=ways),
            self._line("parameter", _("Naam in de vraag"), _("Zoals page, offset of cursor"), most=80),
            self._line("following", _("Veld met de volgende"), _("Zoals links.next of @odata.nextLink"), most=200),
            self._line("size_parameter", _("Naam van het aantal per bladzijde"), _("Zoals size of $top"), most=80),
            self._line("size", _("Aantal per bladzijde"), most=6),
            self._line("total", _("Veld met het totaal"), _("Dan ziet Schakel of er rijen ontbreken"), most=200),
            self._line(
                "select", _("Naam om velden te kiezen"), _("Zoals fields of $select, als de server dat kan"), most=80
            ),
        ]

    def columns(self, target: Target, needed: frozenset[str]) -> list[Input]:
        found: list[Input] = []
        for field in target.kept_fields:
            found.append(self._column(field, needed=field.name in needed))
            if field.choices or field.names_school:
                name = f"woorden-{field.name}"
                label = _("Waarden van %(field)s") % {"field": field.label}
                words = self.filled.get(name) or written_words(field.told)
                found.append(Input(name, label, words, hint=_becomes(field)))
        date = [(each, shown_date(each)) for each in DATES]
        return [*found, self._line("date", _("Hoe datums als tekst zijn geschreven"), options=date)]

    def _column(self, field: TargetField, *, needed: bool) -> Input:
        said = _("Een behoefte noemt dit.") if needed else _("Geen behoefte noemt dit: het wordt niet gevraagd.")
        name = f"veld-{field.name}"
        return Input(
            name, field.label, self.filled.get(name, ""), hint=said, needed=field.required, most=200,
            error=self.wrong.get(field.name, ""),
        )  # fmt: skip


def _becomes(field: TargetField) -> str:
    """How to say what its values become, and what they can become."""
    if field.names_school:
        return _("Noemt de bron een school anders? Schrijf naam=nummer, met puntkomma's: De Kiem=98AB00; Zuid=98AB01.")
    return _("Als waarde=wordt, met puntkomma's. Kan worden: %(choices)s.") % {"choices": ", ".join(field.choices)}


def _method(key: str) -> str:
    """A way of signing in, in words; the standards are called the same everywhere."""
    said = {
        "none": _("Zonder aanmelden"),
        "basic": _("Naam en wachtwoord"),
        "bearer": _("Vast token (bearer)"),
        "key": _("Sleutelbestand (SSH)"),
    }
    return said.get(key, METHODS[key])
