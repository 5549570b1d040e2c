"""A real OpenSSH server of the tests' own on 127.0.0.1: own host key, one user, SFTP only, in a temporary folder."""

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import paramiko
import pytest

from schakel.collect.providers import Access

SSHD = next((path for path in ("/usr/sbin/sshd", "/usr/local/sbin/sshd") if Path(path).exists()), None)
PATIENCE = 60.0  # seconds: a machine that runs other tests too is slow
needs_sshd = pytest.mark.skipif(SSHD is None, reason="OpenSSH is not installed (Debian: openssh-server)")


@dataclass
class SftpServer:
    """Where it is, whom it knows, and the folder that it gives."""

    port: int
    folder: Path
    home: Path
    secret: str
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        return f"sftp://127.0.0.1:{self.port}{self.folder}"

    @property
    def fingerprint(self) -> str:
        """As `ssh-keygen -lf` says it, which is what a supplier would send."""
        said = subprocess.run(
            ["ssh-keygen", "-lf", str(self.home / "host")], check=True, capture_output=True, text=True
        ).stdout
        return f"ssh-ed25519 {said.split()[1]}"

    def access(self, **details: object) -> Access:
        told = {"host_key": self.fingerprint, **details}
        return Access(self.address, "", "key", getpass.getuser(), self.secret, "", told)

    def renew_key(self) -> None:
        """Another server at the same address."""
        self.stop()
        (self.home / "host").unlink()
        _keygen(self.home / "host")
        self.process = _started(self.home, self.port)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)

    def cut(self) -> None:
        """Every conversation that is going on breaks off; the server itself stays."""
        for child in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split():
            os.kill(int(child), 9)


@contextmanager
def sftp_server(base: Path) -> Iterator[SftpServer]:
    """The server, until the block ends."""
    home, folder = base / "sshd", base / "uitvoer"
    home.mkdir()
    folder.mkdir()
    Path("/run/sshd").mkdir(exist_ok=True) if os.getuid() == 0 else None
    _keygen(home / "host")
    key = paramiko.RSAKey.generate(2048)
    key.write_private_key_file(str(home / "client"))
    (home / "known").write_text(f"{key.get_name()} {key.get_base64()} schakel\n")
    port = _free_port()
    server = SftpServer(port, folder, home, (home / "client").read_text(), _started(home, port))
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


def _keygen(path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True, input=b"y\n")


def _started(home: Path, port: int) -> subprocess.Popen[bytes]:
    settings = [
        f"Port {port}", "ListenAddress 127.0.0.1", f"HostKey {home}/host", f"PidFile {home}/pid",
        f"AuthorizedKeysFile {home}/known", "StrictModes no", "UsePAM no", "PasswordAuthentication no",
        "KbdInteractiveAuthentication no", "PermitRootLogin prohibit-password", "Subsystem sftp internal-sftp",
        "LogLevel ERROR",
    ]  # fmt: skip
    (home / "config").write_text("\n".join(settings) + "\n")
    process = subprocess.Popen([str(SSHD), "-D", "-e", "-f", str(home / "config")], stderr=subprocess.DEVNULL)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return process
        except OSError:
            time.sleep(0.02)
    process.kill()
    raise AssertionError("sshd did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
