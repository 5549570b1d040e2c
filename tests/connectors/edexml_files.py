"""EDEXML documents and UWLR answers made for tests: small good ones, and boards with planted faults and their key."""

import random
from dataclasses import dataclass, field
from pathlib import Path

from schakel.collect.listings import listing
from schakel.collect.packages import Package
from schakel.connectors.edexml import recognised

HASH = "0123456789abcdef" * 8
GOOD = f"""<?xml version="1.0" encoding="UTF-8"?>
<EDEX>
<school>
<schooljaar>2026-2027</schooljaar>
<brincode>99ZZ</brincode>
<dependancecode>00</dependancecode>
<aanmaakdatum>2026-11-25T14:33:33</aanmaakdatum>
<xsdversie>2.1</xsdversie>
</school>
<vestigingen>
<vestiging key="V1"><naam>De Kiem</naam></vestiging>
</vestigingen>
<groepen>
<groep key="G1"><naam>Muizen</naam><jaargroep>1</jaargroep></groep>
<groep key="G2"><naam>Uilen</naam><jaargroep>C</jaargroep></groep>
<samengestelde_groep key="S1"><naam>Plusklas</naam></samengestelde_groep>
</groepen>
<leerlingen>
<leerling key="00001" eckid="https://ketenid.nl/201703/{HASH}">
<achternaam>Jansen</achternaam>
<roepnaam>Zoë</roepnaam>
<geboortedatum>2019-06-21</geboortedatum>
<geslacht>2</geslacht>
<jaargroep>1</jaargroep>
<groep key="G1"/>
<samengestelde_groepen><samengestelde_groep key="S1"/></samengestelde_groepen>
<vestiging key="V1"/>
<instroomdatum>2023-08-25</instroomdatum>
</leerling>
<leerling key="00002">
<achternaam>Bakker</achternaam>
<voorvoegsel>van den</voorvoegsel>
<roepnaam>Bo, "B"</roepnaam>
<geslacht>9</geslacht>
<jaargroep>4</jaargroep>
<groep key="G2"/>
</leerling>
</leerlingen>
<leerkrachten>
<leerkracht key="L1" eckid="https://ketenid.nl/201703/{HASH[::-1]}">
<achternaam>Vos</achternaam>
<roepnaam>Aya</roepnaam>
<emailadres>a.vos@school.example</emailadres>
<rol>LRK</rol>
<rol>IB</rol>
<groepen>
<groep key="G1"><rol>LRK</rol></groep>
<samengestelde_groep key="S1"/>
</groepen>
</leerkracht>
<leerkracht key="L2"><roepnaam>Dirk</roepnaam><rol>DIR</rol></leerkracht>
</leerkrachten>
</EDEX>
"""
SPACE = "http://www.edustandaard.nl/leerresultaten/2/leerlinggegevens"
UWLR_23 = f"""<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:le="{SPACE}">
<soap:Header><a:autorisatie xmlns:a="http://www.edustandaard.nl/leerresultaten/2/autorisatie">
<a:autorisatiesleutel>geheim</a:autorisatiesleutel></a:autorisatie></soap:Header>
<soap:Body><le:leerlinggegevens_antwoord><le:leerlinggegevens>
<le:school><le:schooljaar>2026-2027</le:schooljaar><le:brincode>99ZZ</le:brincode><le:xsdversie>2.3</le:xsdversie></le:school>
<le:groepen><le:groep key="G1"><le:naam>H1a</le:naam><le:jaargroep>1</le:jaargroep></le:groep></le:groepen>
<le:leerlingen>
<le:leerling eckid="https://ketenid.nl/201703/{HASH}">
<le:achternaam>Jansen</le:achternaam>
<le:jaargroep>1</le:jaargroep>
<le:groep key="G1"/>
</le:leerling>
<le:leerling key="77"><le:achternaam>Bakker</le:achternaam></le:leerling>
</le:leerlingen>
</le:leerlinggegevens></le:leerlinggegevens_antwoord></soap:Body></soap:Envelope>
"""
UWLR_22 = UWLR_23.replace("2.3<", "2.2<").replace("<le:leerling eckid", '<le:leerling key="76" eckid')


def opened(folder: Path, text: str | bytes, name: str = "EDEX.XML") -> Package:
    """The package of a document of this text, as the connector recognises it."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    package = recognised(listing(path))
    assert package is not None
    return package


def line_of(text: str, part: str) -> int:
    """The first line on which this stands."""
    return text[: text.index(part)].count("\n") + 1


@dataclass
class Board:
    """The lines of a generated document, with what is wrong in it: (line, element, column, rule)."""

    lines: list[str] = field(default_factory=list)
    key: list[tuple[int, str, str, str]] = field(default_factory=list)
    last: int = 0  # the key of the last pupil

    def add(self, text: str, element: str = "", column: str = "", rule: str = "") -> None:
        """Add a line; with a rule it is a planted fault."""
        self.lines.append(text)
        if rule:
            self.key.append((len(self.lines), element, column, rule))

    def text(self) -> str:
        """The document."""
        return "\n".join(self.lines) + "\n"


FAULTS = {
    "geboortedatum": ("2019-02-30", "date"),
    "geslacht": ("M", "vocabulary"),
    "jaargroep": ("9", "vocabulary"),
    "emailadres": ("x" * 257, "length"),
    "instroomdatum": ("01-08-2020", "date"),
    "groep": ("G999", "reference"),
    "mutatiedatum": ("gisteren", "pattern"),
    "kleur": ("rood", "header-unknown"),
    "gewicht_nieuw": ("0.3", "pattern"),
}


def board(seed: int, pupils: int = 40) -> Board:
    """A school of this many pupils with faults at places that the seed decides, one a row at most."""
    dice, made = random.Random(seed), Board()
    for text in GOOD.split("\n")[:9]:
        made.add(text)
    groups = dice.randint(1, 6)
    made.add("<groepen>")
    for number in range(groups):
        wrong = dice.random() < 0.1
        year = "" if wrong else f"<jaargroep>{dice.randint(1, 8)}</jaargroep>"
        made.add(
            f'<groep key="G{number}"><naam>Groep {number}</naam>{year}</groep>',
            "groep",
            "jaargroep",
            "required" if wrong else "",
        )
    made.add("</groepen>")
    made.add("<leerlingen>")
    for number in range(pupils):
        _pupil(dice, made, number, groups)
    made.add("</leerlingen>")
    made.add("</EDEX>")
    return made


def _pupil(dice: random.Random, made: Board, number: int, groups: int) -> None:
    again = number > 0 and dice.random() < 0.05
    key = made.last if again else number
    made.last = key
    made.add("<!-- " + "x\n" * dice.randint(0, 3) + "-->" if dice.random() < 0.1 else "")
    made.lines = "\n".join(made.lines).split("\n")
    made.add(f'<leerling key="{key}">', "leerling", "key", "duplicate-key" if again else "")
    wrong = "" if again else dice.choice([*FAULTS, *[""] * 20])
    values = {
        "achternaam": dice.choice(["Jansen", "de Boer & zn", "Ünal", 'O"Neil', "Kok, jr."]),
        "geboortedatum": f"20{dice.randint(12, 22)}-0{dice.randint(1, 9)}-1{dice.randint(0, 9)}",
        "geslacht": dice.choice("0129"),
        "jaargroep": str(dice.randint(1, 8)),
    }
    seen = {rule for *_place, rule in made.key}
    for name in dict.fromkeys([*values, *([wrong] if wrong else [])]):
        value, rule = (FAULTS[name][0], FAULTS[name][1]) if name == wrong else (values[name], "")
        if name == "groep":
            made.add(f'<groep key="{value}"/>', "leerling", name, rule)
            continue
        once = rule == "header-unknown" and rule in seen  # a column is told once
        made.add(f"<{name}>{value.replace('&', '&amp;')}</{name}>", "leerling", name, "" if once else rule)
        if name == "gewicht_nieuw" and "field-forbidden" not in seen:
            made.key.append((len(made.lines), "leerling", name, "field-forbidden"))
    if wrong != "groep":
        made.add(f'<groep key="G{dice.randrange(groups)}"/>')
    made.add("</leerling>")
