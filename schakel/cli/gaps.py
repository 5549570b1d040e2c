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
    from schakel.chain.gap_history import Known, known

    def facts(item: Known) -> dict[str, str | None]:
        gap, thing = item.gap, item.gap.thing
        return {
            "id": gap.id, "rule": gap.rule.id, "severity": gap.rule.severity, "title": str(gap.rule.title),
            "kind": thing.kind, "key": thing.key, "name": thing.name, "owner": thing.owner, "detail": thing.detail,
            "action": str(gap.rule.action), "why": str(gap.rule.why),
            "first_seen": item.since.isoformat() if item.since else None,
            "accepted_until": item.acceptance.until.isoformat() if item.acceptance else None,
            "accepted_reason": item.acceptance.reason if item.acceptance else None,
        }  # fmt: skip

    gaps = known()
    if as_json:
        click.echo(json.dumps([facts(item) for item in gaps], ensure_ascii=False, indent=1))
        return
    if not gaps:
        click.echo(_("Er zijn geen hiaten: de keten is rond."))
    for item in gaps:
        gap = item.gap
        click.echo(
            f"{gap.rule.severity:7} {gap.rule.title}: {gap.thing.name}"
            + (f" ({gap.thing.detail})" if gap.thing.detail else "")
        )
        accepted = _("aanvaard tot %(day)s") % {"day": item.acceptance.until} if item.acceptance else gap.rule.action
        click.echo(f"        {accepted}  [{gap.id}]")
