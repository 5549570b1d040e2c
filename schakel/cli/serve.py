"""`schakel serve`: the pages, by a production server."""

import gc
from threading import Thread
from typing import Any

import click

from schakel.lib.loading import loading


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Het adres waarop de server luistert.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="De poort.")
@click.option("--workers", type=click.IntRange(min=1), default=2, show_default=True, help="Het aantal processen.")
def command(host: str, port: int, workers: int) -> None:
    """Toon de pagina's, met een server voor gewoon gebruik."""
    from schakel.cli.start import open_register

    open_register()
    run(host, port, workers)


def warm_up(_worker: Any) -> Thread:
    """Load what draws the charts, beside the first requests: neither the start nor a reader waits for it."""
    from schakel.engine.charts.rendering import warm

    warming = Thread(target=warm, name="charts", daemon=True)
    warming.start()
    return warming


def run(host: str, port: int, workers: int = 2) -> None:
    """Serve until stopped. Each worker keeps the current snapshot open."""
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc]
        """gunicorn, with our few settings and no configuration file."""

        def load_config(self) -> None:
            settings: dict[str, Any] = {
                "bind": f"{host}:{port}",
                "workers": workers,
                "worker_class": "gthread",
                "threads": 4,
                "timeout": 60,
                "graceful_timeout": 10,
                "accesslog": None,  # addresses of pages may not travel into a log with who asked
                "loglevel": "warning",
                "proc_name": "schakel",
                "control_socket_disable": True,
                "post_worker_init": warm_up,
            }
            for name, value in settings.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            with loading():
                from schakel.config.wsgi import application
            gc.freeze()  # no reader waits while all that was loaded is looked through
            return application

    Server().run()
