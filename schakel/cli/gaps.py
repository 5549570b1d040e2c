"""`schakel gaps`: where the chain is broken."""

import json

import click

from schakel.lib.text import gettext as _


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Uitvoer voor een programma.")
def command(as_json: bool) -> None:
    """Hiaten in de keten, de ernstigste eerst."""
    from schakel.cli.start import open_register

    open_register()
    from schakel.chain.gaps import Gap, find_all

    def facts(gap: Gap) -> dict[str, str]:
        thing = gap.thing
        return {
            "id": gap.id, "rule": gap.rule.id, "severity": gap.rule.severity, "title": str(gap.rule.title),
            "kind": thing.kind, "key": thing.key, "name": thing.name, "owner": thing.owner, "detail": thing.detail,
            "action": str(gap.rule.action),
        }  # fmt: skip

    gaps = find_all()
    if as_json:
        click.echo(json.dumps([facts(gap) for gap in gaps], ensure_ascii=False, indent=1))
        return
    if not gaps:
        click.echo(_("Er zijn geen hiaten: de keten is rond."))
    for gap in gaps:
        click.echo(
            f"{gap.rule.severity:7} {gap.rule.title}: {gap.thing.name}"
            + (f" ({gap.thing.detail})" if gap.thing.detail else "")
        )
        click.echo(f"        {gap.rule.action}  [{gap.id}]")
