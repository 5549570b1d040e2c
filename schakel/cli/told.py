"""How a dry run of a file is told at a command line: in words, or as JSON for a program."""

import json
from typing import Any

import click

from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext

_FIRST = 20  # changes told without --json


def who(name: str | None, permission: str) -> Any:
    """Who does this: the person named, or the only one with this permission."""
    from schakel.access.permissions import holders
    from schakel.cli.start import person

    if name:
        return person(name)
    able = holders(permission)
    if len(able) == 1:
        return able[0]
    names = ", ".join(each.email for each in able)
    raise SchakelError(_("Zeg met --as wie dit doet. Dit mogen: %(names)s.") % {"names": names or "-"}, code="who")


def tell(found: Any, *, as_json: bool, done: bool) -> None:
    """A dry run, or what was done."""
    if as_json:
        click.echo(json.dumps(facts(found, done=done), ensure_ascii=False, indent=1, default=str))
        return
    for note in found.notes:
        click.echo(note)
    _tell_changes(found, done)
    if found.faults:
        count = len(found.faults)
        text = ngettext("%(n)s regel past niet; er is niets overgenomen:",
                        "%(n)s regels passen niet; er is niets overgenomen:", count)  # fmt: skip
        click.echo(text % {"n": count})
    for fault in found.faults:
        value = f" ‘{fault.place.value}’" if fault.place.value else ""
        click.echo(f"  {fault.place.where}{value}: {fault.reason} {fault.hint}")


def _tell_changes(found: Any, done: bool) -> None:
    titles = {
        "added": _("Toegevoegd") if done else _("Zou erbij komen"),
        "changed": _("Gewijzigd") if done else _("Zou wijzigen"),
    }
    if not found.changes and not found.faults:
        click.echo(_("Er is niets anders dan in het register."))
    for kind, title in titles.items():
        changes = found.of(kind)
        if changes:
            click.echo(f"{title}: {len(changes)}")
        for each in changes[:_FIRST] if not done else ():
            click.echo(f"  {each.noun} {each.key}  [{each.offered.place.where}]")
            for field in each.fields if kind == "changed" else ():
                click.echo(f"    {field.field}: {field.was} -> {field.becomes}")
        if len(changes) > _FIRST and not done:
            click.echo(_("  ... en nog %(n)s; met --json ziet u alles.") % {"n": len(changes) - _FIRST})
    fallen = sum(1 for each in found.changes if each.voids)
    if fallen:
        text = ngettext("%(n)s goedkeuring vervalt.", "%(n)s goedkeuringen vervallen.", fallen)
        click.echo(text % {"n": fallen})
    click.echo(_("Ongewijzigd: %(n)s") % {"n": found.unchanged})


def facts(found: Any, *, done: bool) -> dict[str, Any]:
    """Everything, for a program."""
    return {
        "done": done,
        "fingerprint": found.fingerprint,
        "unchanged": found.unchanged,
        **{kind: [_change(each) for each in found.of(kind)] for kind in ("added", "changed")},
        "faults": [
            {"where": f.place.where, "value": f.place.value, "reason": f.reason, "hint": f.hint} for f in found.faults
        ],
        "notes": list(found.notes),
    }


def _change(each: Any) -> dict[str, Any]:
    fields = [{"field": f.field, "was": f.was, "becomes": f.becomes} for f in each.fields]
    where = each.offered.place.where
    return {"noun": each.noun, "key": each.key, "where": where, "voids": each.voids, "fields": fields}
