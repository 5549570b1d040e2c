"""The command `schakel`: finds the verb's file and hands over."""

import io
import os
import sys
from importlib import import_module
from pathlib import Path

import click

from schakel import __version__
from schakel.lib.errors import SchakelError
from schakel.lib.loading import loading
from schakel.lib.text import gettext as _
from schakel.lib.text import printable, speak

VERBS = (
    "archimate", "audit", "check", "collect", "connector", "contract", "credentials", "deliver", "demo", "doctor",
    "gaps", "kit", "people", "publish", "serve", "sheet", "work",
)  # fmt: skip


class Verbs(click.Group):
    """Loads `schakel.cli.<verb>` on demand; each such file has one click command named `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        with loading():
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
    """Run a verb; what goes wrong becomes one sentence and exit status 2, never a stack trace. Ctrl+C ends with 130."""
    try:
        sys.exit(schakel(prog_name="schakel", standalone_mode=False))
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(file=shown)
        _end(shown.getvalue().rstrip(), error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _end(_("Afgebroken."), 130)
    except SchakelError as error:
        _end(str(error), 2)
    except BrokenPipeError:  # who read along stopped reading
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        text = _("%(file)s is niet te lezen of te schrijven: %(why)s.")
        _end(text % {"file": error.filename or "-", "why": error.strerror or type(error).__name__}, 2)


def _end(sentence: str, status: int) -> None:
    click.echo(printable(sentence), err=True)
    sys.exit(status)


if __name__ == "__main__":
    main()
