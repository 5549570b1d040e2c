"""A board as in real use: founded on the command line, served by two workers, with a sign-in service beside it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.portal import identity_service
from tests.portal.identity_service import CLIENT, SECRET, Service
from tests.portal.serving import awake, free_port, started

FOUNDER = "youssef@board.example"
COLLEAGUE = "sanne@board.example"


@dataclass(frozen=True)
class RealBoard:
    """Where it is, its data folder, its sign-in service, and the founder's link."""

    base: str
    folder: Path
    service: Service
    link: str


@contextmanager
def served(folder: Path) -> Iterator[RealBoard]:
    """The board on a free port of this machine; gone afterwards."""
    with identity_service.running() as service:
        secret = folder / "oidc.secret"
        secret.write_text(SECRET)
        secret.chmod(0o600)
        port = free_port()
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("SCHAKEL_", "PYTEST", "DJANGO_"))}
        environment |= {
            "SCHAKEL_OIDC_ISSUER": service.issuer,
            "SCHAKEL_OIDC_CLIENT_ID": CLIENT,
            "SCHAKEL_OIDC_NAME": "Oeverscholen",
        }
        command = [sys.executable, "-m", "schakel.cli.main", "--data", str(folder)]

        def schakel(*words: str) -> str:
            done = subprocess.run([*command, *words], env=environment, capture_output=True, text=True, check=True)
            return done.stdout

        founded = schakel("people", "add", FOUNDER, "Youssef Haddou")
        schakel("people", "add", COLLEAGUE, "Sanne de Wit", "--as", FOUNDER)
        found = re.search(r"/aanmelden/welkom/\S+", founded)
        assert found
        with started([*command, "serve", "--port", str(port), "--workers", "2"], environment):
            awake(f"http://127.0.0.1:{port}")
            yield RealBoard(f"http://127.0.0.1:{port}", folder, service, found.group())
