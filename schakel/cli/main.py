"""The command `schakel`: finds the verb's file and hands over."""

import os
import sys
from importlib import import_module
from pathlib import Path

import click

from schakel import __version__
from schakel.lib.errors import SchakelError
from schakel.lib.text import speak

VERBS = (
    "archimate", "audit", "check", "collect", "deliver", "demo", "doctor", "gaps", "kit", "people", "serve", "sheet",
    "work",
)  # fmt: skip


class Verbs(click.Group):
    """Loads `schakel.cli.<verb>` on demand; each such file has one click command named `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        found: click.Command = import_module(f"schakel.cli.{cmd_name}").command
        return found


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    envvar="SCHAKEL_DATA",
    default=Path("data"),
    show_default=True,
    help="De map met alles van dit bestuur.",
)
@click.option(
    "--language",
    type=click.Choice(["nl", "en"]),
    envvar="SCHAKEL_LANGUAGE",
    default="nl",
    help="De taal van de uitvoer.",
)
@click.version_option(__version__, prog_name="schakel")
def schakel(data: Path, language: str) -> None:
    """Schakel: van doel naar gegeven, en weer terug."""
    os.environ["SCHAKEL_DATA"] = str(data.resolve())
    speak(language)


def main() -> None:
    """Run a verb; a known error becomes one sentence and exit status 2, never a stack trace."""
    try:
        schakel(prog_name="schakel")
    except SchakelError as error:
        click.echo(f"{error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
