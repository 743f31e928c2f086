"""What stands in front of the newsroom, as processes of their own made from what deploy/ ships, on free loopback ports.

with nginx(store.folder, upstream) as port: …     kept pages from their files, all else from the newsroom's port
with varnish(upstream) as port: …                 what the newsroom says may be kept, until it is purged
"""

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.harness import run

DEPLOY = run.ROOT / "deploy"
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
PATH = f"{os.environ['PATH']}:/usr/sbin:/sbin"


@contextmanager
def nginx(folder: Path, upstream: int, *, host: str = "news.example", brotli: bool = True) -> Iterator[int]:
    """The newsroom's server of deploy/nginx.conf over plain http; its port. folder: the disk store's, beside which
    static/ and public/ lie. brotli: with Debian's libnginx-mod-http-brotli-static, as docs/deploy.md says."""
    program = found("nginx", "nginx")
    if brotli and not BROTLI.exists():
        run.unavailable("no brotli_static in nginx: install libnginx-mod-http-brotli-static")
    with own_folder() as own:
        port = free_port()
        conf = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
        conf = conf.replace("news.example", host).replace("/var/lib/newsroom/pages", str(folder))
        conf = conf.replace("/var/lib/newsroom/", f"{folder.parent}/")
        conf = conf.replace("unix:/run/newsroom/web.sock", f"127.0.0.1:{upstream}").replace(
            "/opt/newsroom", str(run.ROOT)
        )
        maps = re.sub(r"^server \{.*?^\}\n", "", conf, flags=re.MULTILINE | re.DOTALL)
        (site,) = re.findall(r"^server \{\n(?:(?!^\}).)*?ssl_certificate .*?^\}\n", conf, re.MULTILINE | re.DOTALL)
        site = re.sub(r"^ *(?:ssl_\S+|listen|access_log) .*\n", "", site, flags=re.MULTILINE)
        site = site.replace("server {", f"server {{\n    listen 127.0.0.1:{port};", 1)
        if brotli:
            site = site.replace("# brotli_static on;", "brotli_static on;")
        top = f"load_module {BROTLI};\n" if brotli else ""
        top += "user root;\n" if os.geteuid() == 0 else ""
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        places = "".join(f"{kind}_temp_path {own}/{kind};\n" for kind in kinds)
        (own / "nginx.conf").write_text(
            f"{top}daemon off; pcre_jit on; worker_processes 2; pid {own}/pid; error_log {own}/error.log; events {{}}\n"
            # As Debian's nginx.conf has it around its sites.
            "http { include /etc/nginx/mime.types; access_log off; sendfile on; tcp_nopush on;\n"
            f"{places}{maps}{site}}}\n",
            encoding="utf-8",
        )
        command = [program, "-e", "stderr", "-p", str(own), "-c", str(own / "nginx.conf")]
        with running(command, own, port):
            yield port


@contextmanager
def varnish(upstream: int, *, port: int = 0) -> Iterator[int]:
    """A Varnish of deploy/varnish.vcl; its port (this one, or a free one). Within a second it has heard from the
    newsroom if it may answer."""
    program = found("varnishd", "varnish, varnish-modules")
    with own_folder() as own:
        port = port or free_port()
        vcl = (DEPLOY / "varnish.vcl").read_text(encoding="utf-8")
        vcl, count = re.subn(r'\.path = "[^"]+";', f'.host = "127.0.0.1"; .port = "{upstream}";', vcl)
        assert count == 2
        (own / "newsroom.vcl").write_text(vcl, encoding="utf-8")
        command = [program, "-F", "-n", str(own / "work"), "-a", f"127.0.0.1:{port}", "-f", str(own / "newsroom.vcl"),
                   "-s", "malloc,64m", "-p", "http_gzip_support=off", "-T", "none", "-j", "none"]  # fmt: skip
        with running(command, own, port):
            yield port


def found(program: str, packages: str) -> str:
    return shutil.which(program, path=PATH) or run.unavailable(f"no {program}: install {packages}")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def own_folder() -> Iterator[Path]:
    """Below the run's own, which goes when the run is over, however it ends."""
    base = run.folder() / "front"
    base.mkdir(exist_ok=True)
    own = Path(tempfile.mkdtemp(dir=base))
    try:
        yield own
    finally:
        shutil.rmtree(own, ignore_errors=True)


@contextmanager
def running(command: list[str], own: Path, port: int) -> Iterator[None]:
    with open(own / "log", "wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    note = run.folder() / "processes" / str(process.pid)
    note.touch()
    try:
        until = time.monotonic() + 60
        while not answers(port):
            assert process.poll() is None, (own / "log").read_text(errors="replace")
            assert time.monotonic() < until, (own / "log").read_text(errors="replace")
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        finally:
            process.kill()
            note.unlink(missing_ok=True)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
