"""`schakel demo`: a fictional school board, from files to pages, by the very same code as real use."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from schakel.lib import clock
from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _

MARK = "demo.json"


@click.command()
@click.option("--pupils", type=click.IntRange(min=200), default=5000, show_default=True, help="Het aantal leerlingen.")
@click.option(
    "--facts", default=None, type=click.IntRange(min=0), help="Ongeveer zoveel verzuimregels en resultaten samen."
)
@click.option(
    "--defects",
    type=click.FloatRange(0, 0.2),
    default=0.002,
    show_default=True,
    help="Het deel van de rijen met een fout erin.",
)
@click.option("--seed", default=1, show_default=True, help="Zelfde getal, zelfde bestuur.")
@click.option("--no-serve", is_flag=True, help="Maak alles klaar, maar start de pagina's niet.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help="De poort van de pagina's, alleen op deze computer.",
)
def command(pupils: int, facts: int | None, defects: float, seed: int, no_serve: bool, port: int) -> None:
    """Maak een verzonnen schoolbestuur en laat zien hoe informatie er stroomt."""
    os.environ["SCHAKEL_DEMO"] = "1"
    data = Path(os.environ["SCHAKEL_DATA"])
    wishes = {"pupils": pupils, "facts": facts, "defects": defects, "seed": seed, "day": clock.today().isoformat()}
    if _made(data) == wishes:
        click.echo(_("Het demobestuur van vandaag staat klaar in %(data)s.") % {"data": data})
    else:
        _make_room(data)
        build(data, pupils=pupils, facts=facts, defects=defects, seed=seed)
        (data / MARK).write_text(json.dumps(wishes))
    if not no_serve:
        _serve(port)


def build(data: Path, *, pupils: int, facts: int | None, defects: float, seed: int) -> None:
    """Files as source systems export them, people and decisions in the register, then the flow."""
    data.mkdir(parents=True, exist_ok=True)
    from schakel.cli.start import open_register

    open_register()
    from schakel.kits import stock
    from schakel.kits.decisions import decide_all, estimate_minutes, sign_agreements
    from schakel.kits.demo_board import generate
    from schakel.kits.loading import load
    from schakel.operations.flow import inbox, run_all

    _say(_("Bronsystemen exporteren hun bestanden ..."))
    generate(inbox(), pupils=pupils, facts=facts, defects=defects, seed=seed)
    _say(_("Mensen en startpakket komen in het register ..."))
    people = stock.bring_in()
    load(people["information_manager"], "starter")
    _say(_("Twee mensen beslissen over elke behoefte ..."))
    sign_agreements(people)
    decided = decide_all(people)
    estimate_minutes(people)
    _say(
        _("%(n)s behoeften goedgekeurd. De gegevens die zij noemen gaan nu stromen ...") % {"n": len(decided.approved)}
    )
    flowed = run_all(people["ict_manager"], tell=lambda text: _say(f"  {text}"))
    for run in flowed.runs:
        click.echo(
            f"  {run.source.name}: {run.get_state_display()}, {run.rows_read} / {run.rows_quarantined}. {run.message}"
        )
    if flowed.snapshot:
        _say(_("Momentopname %(id)s is in gebruik.") % {"id": flowed.snapshot.id})


def _say(text: str) -> None:
    click.echo(text)


def _made(data: Path) -> dict[str, Any] | None:
    try:
        wishes = json.loads((data / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return wishes if isinstance(wishes, dict) else None


def _make_room(data: Path) -> None:
    """Empty a folder that holds an earlier demo (or half of one); refuse any other folder with something in it."""
    content = list(data.iterdir()) if data.exists() else []
    if content and not (data / MARK).exists():
        text = _("De map %(data)s is niet leeg en bevat geen demo. Kies een andere map met --data.")
        raise SchakelError(text % {"data": data}, code="not-a-demo")
    for path in content:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    data.mkdir(parents=True, exist_ok=True)
    (data / MARK).write_text("{}")


def _serve(port: int) -> None:
    from schakel.cli.serve import run
    from schakel.cli.start import open_register

    open_register()
    worker = subprocess.Popen([sys.executable, "-m", "schakel.cli.main", "work"], env=os.environ.copy())
    click.echo(_("Open http://127.0.0.1:%(port)s in uw browser. Stop met Ctrl+C.") % {"port": port})
    try:
        run("127.0.0.1", port)
    finally:
        worker.terminate()
