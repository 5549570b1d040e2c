"""`schakel kit`: bring starter content into the register, or see first what it would change."""

import json
import sys
from typing import Any

import click

from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _

_KINDS = ("added", "changed", "kept", "removed")
_ONLY = click.option(
    "--only",
    multiple=True,
    metavar="PARTS",
    help="Alleen deze delen met wat zij nodig hebben: needs:absence_16h,late_often of een hele soort, zoals areas.",
)


@click.group()
def command() -> None:
    """Startpakketten: laden, of eerst zien wat er zou veranderen."""


@command.command()
@click.argument("name", metavar="NAME|FILE")
@click.option("--as", "person", default=None, help="Werkadres van wie het laadt; nodig als meer mensen het mogen.")
@_ONLY
@click.option(
    "--take-over",
    "over",
    multiple=True,
    metavar="PARTS",
    help="Neem over wat het pakket wijzigde in iets dat van uw bestuur is, zoals needs:absence_16h.",
)
@click.option("--json", "as_json", is_flag=True, help="Uitvoer voor een programma.")
def load(name: str, person: str | None, only: tuple[str, ...], over: tuple[str, ...], as_json: bool) -> None:
    """Laad een pakket of delen ervan, alles of niets. Een tweede keer verandert niets."""
    from schakel.cli.start import open_register

    open_register()
    from schakel.kits.loading import load as load_kit

    loaded = load_kit(_actor(person), name, only=_parts(only), over=_parts(over))
    found = {kind: list(getattr(loaded, kind)) for kind in (*_KINDS, "taken_over")}
    _show(loaded.kit, found, as_json, done=True)


@command.command()
@click.argument("name", metavar="NAME|FILE")
@_ONLY
@click.option("--json", "as_json", is_flag=True, help="Uitvoer voor een programma.")
def diff(name: str, only: tuple[str, ...], as_json: bool) -> None:
    """Laat zien wat een pakket zou veranderen, per veld. Schrijft niets; status 1 als er verschillen zijn."""
    from schakel.cli.start import open_register

    open_register()
    from schakel.kits.difference import diff as compare

    found = compare(name, _parts(only))
    _show(found.kit, {kind: found.of(kind) for kind in _KINDS}, as_json, done=False)
    sys.exit(1 if found.changes else 0)


def _parts(wishes: tuple[str, ...]) -> list[str]:
    """What was chosen, also when several stand behind one option with commas between them."""
    from schakel.kits.parts import split

    return [part for wish in wishes for part in split(wish)]


def _actor(name: str | None) -> Any:
    """Who loads: the person named, or the only one who may."""
    from schakel.access.permissions import holders
    from schakel.cli.start import person

    if name:
        return person(name)
    able = holders("kit.load")
    if len(able) == 1:
        return able[0]
    text = (
        _("Zeg met --as wie het pakket laadt. Dit mogen: %(names)s.")
        if able
        else _("Nog niemand mag een pakket laden.")
    )
    raise SchakelError(text % {"names": ", ".join(each.email for each in able)}, code="who")


def _show(kit: Any, found: dict[str, list[Any]], as_json: bool, *, done: bool) -> None:
    if as_json:
        click.echo(json.dumps(_facts(kit, found), ensure_ascii=False, indent=1, default=str))
        return
    titles = _titles(done)
    click.echo(_("%(name)s, versie %(version)s") % {"name": kit.name.get("nl", kit.id), "version": kit.version})
    if not any(found.values()):
        click.echo(_("Er is niets anders dan in het register."))
    for kind, changes in found.items():
        if not changes:
            continue
        click.echo(f"{titles[kind]}: {len(changes)}")
        for each in changes if kind != "added" or not done else []:
            click.echo(f"  {each.section} {each.key}")
            for field in each.fields if kind != "added" else ():
                click.echo(f"    {field.field}: {field.was} -> {field.becomes}{_by(each, field)}")


def _titles(done: bool) -> dict[str, str]:
    return {
        "added": _("Toegevoegd") if done else _("Zou erbij komen"),
        "changed": _("Gewijzigd") if done else _("Zou wijzigen"),
        "kept": _("Blijft zoals uw bestuur het maakte"),
        "removed": _("Staat niet meer in het pakket, blijft in het register"),
        "taken_over": _("Overgenomen uit het pakket"),
    }


def _by(each: Any, field: Any) -> str:
    """Who changed a field of something that is the board's own."""
    if each.kind != "kept":
        return ""
    words = {"kit": _("door het pakket"), "board": _("door uw bestuur"), "both": _("door allebei")}
    return f" ({words[field.by]})"


def _facts(kit: Any, found: dict[str, list[Any]]) -> dict[str, Any]:
    return {
        "kit": kit.id,
        "version": kit.version,
        **{kind: [_fact(each) for each in changes] for kind, changes in found.items()},
    }


def _fact(each: Any) -> dict[str, Any]:
    fields = [{"field": f.field, "was": f.was, "becomes": f.becomes} for f in each.fields]
    if each.kind == "kept":
        fields = [{**said, "by": f.by} for said, f in zip(fields, each.fields, strict=True)]
    return {"section": each.section, "key": each.key, "kit": each.kit, "fields": fields}
