"""The web server: granian, with as many processes and threads as this machine can use.

    python -m newsroom.server --port 8000
    python -m newsroom.server --socket /run/newsroom/web.sock

Chosen by measurement (docs/dependencies.md). The application is loaded once, before the processes that answer are made,
so that they share its memory and answer at once. HTTP is spoken outside Python: a client who is slow to ask or to take
the answer holds no thread. One who is slow to send a form does, so the server in front gathers it first, as nginx does.
"""

import argparse
import gc
import math
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from newsroom import environ

CGROUP = Path("/sys/fs/cgroup")
A_PROCESS = 150 * 2**20  # bytes that one may take when all is well
MOST = 16  # processes
THREADS = 4  # of each process: one that waits for the database, or for a page that another one makes, holds up no other
HEADERS = 10_000  # milliseconds in which a request must have told its headers
LARGEST_HEADERS = 64 * 2**10  # bytes
SECRETS = {"CACHE_URL", "DATABASE_URL", "LEDGER_KEY", "OUTER_CACHES", "PAGE_STORE", "SECRET_KEY", "SMTP_URL"}
PATIENCE = 25  # seconds in which a request that is being answered may end when the server stops
ENOUGH = 2**30  # bytes of memory, where nothing says how many there are


def command(*, port: int | None = None, socket: Path | None = None, host: str = "127.0.0.1") -> list[str]:
    """How this server is started, listening to a port of `host` or to a socket for the web server in front."""
    where = ["--socket", str(socket)] if socket else ["--host", host, "--port", str(port)]
    return [sys.executable, "-m", "newsroom.server", *where]


def workers() -> int:
    """Processes: WEB_CONCURRENCY, or one a processor, as far as memory reaches."""
    return environ.number("WEB_CONCURRENCY", 0) or max(1, min(processors(), memory() // A_PROCESS // 2, MOST))


def threads() -> int:
    """Of each process; each may hold one connection to the database."""
    return environ.number("WEB_THREADS", THREADS, least=1)


def processors() -> int:
    """Those that this process may use: what it was bound to, and what its container is granted."""
    granted = _said("cpu.max").split()
    share = math.ceil(int(granted[0]) / int(granted[1])) if granted and granted[0].isdigit() else MOST
    return max(1, min(len(os.sched_getaffinity(0)), share))


def memory() -> int:
    """Bytes that this machine has, or that its container is granted."""
    try:
        here = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        here = ENOUGH
    granted = _said("memory.max")
    return min(here, int(granted)) if granted.isdigit() else here


def _said(name: str) -> str:
    try:
        return (CGROUP / name).read_text(encoding="ascii").strip()
    except OSError:
        return ""


def tell_systemd(word: str = "READY=1") -> None:
    """As sd_notify(3); nothing where nobody waits for it."""
    where = os.environ.get("NOTIFY_SOCKET", "")
    if where:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.connect(f"\0{where[1:]}" if where.startswith("@") else where)
            line.sendall(word.encode())


def _warm_up() -> None:
    """Have made what every process would make at its first requests: the map of addresses, and the templates."""
    from django.conf import settings
    from django.template.loader import get_template
    from django.urls import get_resolver

    get_resolver()._populate()
    for name in settings.READ_FIRST:
        get_template(name)


def _hush() -> None:
    """In each process that answers, when the settings are read: granian copies the environment into every request,
    where a secret does not belong, and where HTTP_… would be a header that nobody sent."""
    for name in list(os.environ):
        if name in SECRETS or name.startswith("HTTP_"):
            del os.environ[name]


def _is_taken(host: str, port: int) -> bool:
    """Whether somebody answers there: two granians would share a port, each answering now and then."""
    try:
        socket.create_connection((host, port), timeout=2).close()
    except OSError:
        return False
    return True


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="newsroom.server", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int)
    parser.add_argument("--socket", type=Path)
    asked = parser.parse_args(arguments)
    if (asked.port is None) == (asked.socket is None):
        parser.error("name one of --port and --socket")
    try:
        count, of_each = workers(), threads()
        from newsroom.wsgi import application
    except environ.Misconfigured as error:
        sys.exit(str(error))

    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    if asked.socket:
        asked.socket.unlink(missing_ok=True)  # left by a server that was killed
    elif _is_taken(asked.host, asked.port):
        sys.exit(f"Another server listens to port {asked.port} of {asked.host} already. Name another one.")
    server = Granian(
        "newsroom.wsgi:application",
        address=asked.host,
        port=asked.port or 0,
        uds=asked.socket,
        uds_permissions=0o660 if asked.socket else None,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS, max_buffer_size=LARGEST_HEADERS),
        websockets=False,
        workers=count,
        blocking_threads=of_each,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=PATIENCE,
        log_level=LogLevels.warning,
        log_dictconfig={
            "handlers": {},
            "loggers": {"_granian": {"handlers": [], "propagate": True}},
        },  # as settings say
    )
    server.on_startup(tell_systemd)
    _warm_up()
    gc.freeze()  # what is loaded by now is never looked at again, so that its memory stays shared

    def loaded(_: str) -> Any:
        _hush()
        return application

    server.serve(target_loader=loaded)


if __name__ == "__main__":
    main()
