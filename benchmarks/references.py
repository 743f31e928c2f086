"""nginx as a reference: plain files, compressed before (gzip_static); and as it is shipped, over the store of pages."""

import gzip
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.running import PATIENCE, Broken, free_port, get

PLAIN = """
daemon off; worker_processes 2; pid {folder}/pid; error_log {folder}/error.log; {user}
events {{ worker_connections 1024; }}
http {{
    types {{ text/html html; }}
    default_type text/html; access_log off; sendfile on; tcp_nopush on;
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
    server {{
        listen 127.0.0.1:{port};
        root {folder}/files;
        gzip_static on;
    }}
}}
"""


def program() -> str:
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") or "nginx"


@contextmanager
def nginx_with(pages: Mapping[str, bytes], parent: Path) -> Iterator[int]:
    """Serving these pages by their paths (/story/1.html), each a file beside its compressed form."""
    port = free_port()
    folder = parent / f"nginx-{port}"
    for path, body in pages.items():
        file = folder / "files" / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
        file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(body, 6))
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(PLAIN.format(folder=folder, port=port, user=user))
    command = [program(), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        begun = time.monotonic()
        while not _answers(port, next(iter(pages))):
            if process.poll() is not None or time.monotonic() - begun > PATIENCE:
                raise Broken(f"nginx did not start: {process.stderr.read().decode() if process.stderr else ''}")
            time.sleep(0.02)
        yield port
    finally:
        process.terminate()
        process.communicate(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


def _answers(port: int, path: str) -> bool:
    try:
        return get(port, path)[0] == 200
    except OSError:
        return False


@contextmanager
def nginx_as_shipped(store: Path, upstream: int, folder: Path) -> Iterator[int]:
    """deploy/nginx.conf over a store of pages and a running newsroom, made to run here as the tests do it.

    Raises Broken where this checkout has no such thing.
    """
    try:
        from tests.harness.front import nginx
    except ImportError as error:
        raise Broken(f"deploy/nginx.conf cannot be started here: {error}") from error
    (folder / "processes").mkdir(exist_ok=True)
    before = os.environ.get("NEWSROOM_TESTS_FOLDER")
    os.environ["NEWSROOM_TESTS_FOLDER"] = str(folder)
    try:
        with nginx(store, upstream, host="127.0.0.1", brotli=False) as port:
            yield port
    finally:
        if before is None:
            os.environ.pop("NEWSROOM_TESTS_FOLDER", None)
        else:
            os.environ["NEWSROOM_TESTS_FOLDER"] = before
