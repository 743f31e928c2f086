import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.management.demo.archive import HERE, read
from articles.management.demo.load import ADMINISTRATOR, Demo
from articles.models import Site
from newsroom import server

PATIENCE = 30  # seconds that the server may take to start


class Command(BaseCommand):
    help = "Start a demonstration newsroom on this machine, with everything it needs; Ctrl-C stops it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="of the web server (8000)")
        parser.add_argument("--data", help="folder that keeps everything (./data, or NEWSROOM_DATA)")
        parser.add_argument("--load-only", action="store_true", help="make the data, and do not start the server")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "demo is not for production: SITE_ADDRESS, SECRET_KEY or DATABASE_URL is set. Unset them, or use "
                "manage.py setup for a real newsroom."
            )
        port = options["port"]
        folder = Path(settings.DATA_DIR)
        self._check_folder(folder)
        if not options["load_only"]:
            self._check_port(port)
        logins = self._prepare(folder)
        if not options["load_only"]:
            self._serve(port, logins)

    def _check_folder(self, folder: Path) -> None:
        probe = folder / ".writable"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe.write_text("")
            probe.unlink()
        except OSError as error:
            raise CommandError(f"The folder {folder} cannot be written ({error.strerror}); name another: --data DIR.")\
                from error  # fmt: skip

    def _check_port(self, port: int) -> None:
        if not 1 <= port <= 65535:
            raise CommandError(f"{port} is no port; choose one from 1024 to 65535: --port NUMBER.")
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except PermissionError as error:
                raise CommandError(f"Port {port} needs an administrator; choose one from 1024: --port 8000.") from error
            except OSError as error:
                raise CommandError(f"Port {port} is in use; choose another: --port {port + 1}.") from error

    def _prepare(self, folder: Path) -> dict[str, str]:
        """Make the database and, the first time, the newsroom. A first time that was broken off begins anew."""
        path = folder / "demo.json"
        kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
        if not kept and (folder / "newsroom.sqlite3").exists():
            if not (folder / "demo.loading").exists():
                raise CommandError(f"{folder} holds a newsroom that is no demo; name another folder: --data DIR.")
            for leftover in folder.glob("newsroom.sqlite3*"):
                leftover.unlink()
        if not kept:
            (folder / "demo.loading").touch()
        call_command("migrate", verbosity=0)
        if kept and Site.objects.exists():
            return dict(kept)
        users = read(HERE / "newsroom.toml")["users"]
        logins = {name: secrets.token_urlsafe(9) for name in [ADMINISTRATOR, *(user["username"] for user in users)]}
        Demo(logins).load()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(logins, file)
        (folder / "demo.loading").unlink()
        return logins

    def _serve(self, port: int, logins: dict[str, str]) -> None:
        environment = os.environ | {"NEWSROOM_PORT": str(port), "NEWSROOM_DATA": str(settings.DATA_DIR)}
        manage = str(settings.BASE_DIR / "manage.py")
        worker = [sys.executable, manage, "worker"]
        stopping = False

        def stop(*_: object) -> None:
            nonlocal stopping
            stopping = True

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, stop)
        # A session of its own, so that Ctrl-C reaches only this process, which then stops both in order.
        children = [
            subprocess.Popen(what, env=environment, cwd=settings.BASE_DIR, start_new_session=True)
            for what in (server.command(port=port), worker)
        ]
        try:
            self._wait_until_it_answers(port, children, lambda: stopping)
            if not stopping:
                self._tell(port, logins)
            while not stopping:
                if any(child.poll() is not None for child in children):
                    raise CommandError("The web server or the worker ended unexpectedly; the lines above say why.")
                time.sleep(0.2)
        finally:
            for child in children:
                child.terminate()
            for child in children:
                try:
                    child.wait(10)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait()
        self.stdout.write("Stopped. The data is kept in " + str(settings.DATA_DIR))

    def _wait_until_it_answers(self, port: int, children: list[subprocess.Popen[bytes]], stopped: Any) -> None:
        until = time.monotonic() + PATIENCE
        while not stopped():
            if any(child.poll() is not None for child in children) or time.monotonic() > until:
                raise CommandError("The web server did not start; the lines above say why.")
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready/", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)

    def _tell(self, port: int, logins: dict[str, str]) -> None:
        lines = ["", f"  Site    http://127.0.0.1:{port}/", f"  Desk    http://127.0.0.1:{port}/admin/", ""]
        roles = {"admin": "administrator"} | {
            user["username"]: user["role"] for user in read(HERE / "newsroom.toml")["users"]
        }
        lines += [f"  {roles.get(name, ''):<14}{name:<12}{password}" for name, password in logins.items()]
        lines += ["", "Ctrl-C stops everything; the data stays.", ""]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()  # also where the output goes into a file or another program
