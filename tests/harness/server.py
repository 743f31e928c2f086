"""The real web server, as a process of its own."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import newsroom.server
from tests.harness import run


@dataclass
class Server:
    """A running Newsroom. `environment` is for commands that are to work on the same newsroom."""

    url: str
    data: Path
    environment: dict[str, str]
    log: Path
    process: "subprocess.Popen[bytes]"

    def stop(self) -> None:
        """Kill it, with its workers, and wait until nothing listens there any more."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            while self._is_listening():  # a worker may outlive its master by a moment
                time.sleep(0.01)
        (run.folder() / "processes" / str(self.process.pid)).unlink(missing_ok=True)

    def _is_listening(self) -> bool:
        parts = urlsplit(self.url)
        with socket.socket() as probe:
            return probe.connect_ex((parts.hostname, parts.port)) == 0


def start(*, database_url: str, data: Path, log: Path, **more: str) -> Server:
    """more: of its environment."""
    run.once("static", collect_static)
    with socket.socket() as held:  # from here on nobody else can take the port; the server shares it, and listens
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind(("127.0.0.1", 0))
        host, port = held.getsockname()
        url = f"http://{host}:{port}"
        environment = run.environment(database_url=database_url, data=data, site_address=url) | more
        with open(log, "wb") as file:
            process = subprocess.Popen(
                newsroom.server.command(port=port),
                env=environment | {"WEB_CONCURRENCY": "1"},
                cwd=run.ROOT,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        (run.folder() / "processes" / str(process.pid)).touch()
        server = Server(url=url, data=data, environment=environment, log=log, process=process)
        try:
            wait_for(server, host, port)
        except BaseException:
            server.stop()
            raise
    return server


def wait_for(server: Server, host: str, port: int) -> None:
    """Return once it answers anything at all."""
    until = time.monotonic() + 60
    while server.process.poll() is None and time.monotonic() < until:
        connection = http.client.HTTPConnection(host, port, timeout=60)
        try:
            connection.request("GET", "/static/nothing")
            connection.getresponse()
            return
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
        finally:
            connection.close()
    pytest.fail(f"The web server did not start.\n{server.log.read_text(errors='replace')}", pytrace=False)


def collect_static() -> None:
    environment = run.environment(database_url="sqlite:////nowhere", data=run.folder() / "data")
    done = subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"],
        env=environment,
        cwd=run.ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        pytest.fail(f"collectstatic failed.\n{done.stdout}{done.stderr}", pytrace=False)
