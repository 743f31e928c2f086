"""Programs that are measured, and what they are measured with."""

import http.client
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
SECRET = "benchmark-benchmark-0123456789-abcdefghijklmnop-XYZ"
THREADS, CONNECTIONS = 2, 16  # of wrk
WORKERS = 2
PATIENCE = 60.0  # seconds that a server may take to start
FORGOTTEN = {"DATABASE_URL", "SITE_ADDRESS", "PAGE_STORE", "NEWSROOM_PORT", "NEWSROOM_DATA", "SECRET_KEY"}


class Broken(Exception):
    """Something that was to be measured does not do what it should; the message says what."""


# --- Programs ---------------------------------------------------------------------------------------------------------
def environment(**values: str) -> dict[str, str]:
    """Of a program of this newsroom."""
    kept = {name: value for name, value in os.environ.items() if name not in FORGOTTEN}
    ours = {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "newsroom.settings", "SECRET_KEY": SECRET}
    return kept | ours | values


def run(arguments: Sequence[str], env: dict[str, str], cwd: Path = ROOT) -> str:
    """What a program says. Raises Broken with its last lines."""
    done = subprocess.run(arguments, env=env, cwd=cwd, text=True, capture_output=True,
                          stdin=subprocess.DEVNULL)  # fmt: skip
    if done.returncode:
        raise Broken(f"{' '.join(arguments[:4])} ended with {done.returncode}:\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def gunicorn(application: str, port: int, python: str = sys.executable, folder: Path = ROOT) -> list[str]:
    """The server of all rows that compare Django with Django."""
    return [python, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS),
            "--worker-class", "sync", "--log-level", "warning", "--no-control-socket",
            "--chdir", str(folder)]  # fmt: skip


def embedded(port: int) -> list[str]:
    """The server that `manage.py demo` starts."""
    from newsroom.server import command

    return command(port=port)


def plain_embedded(port: int) -> list[str]:
    """The same server, with the yardsticks on it."""
    return [sys.executable, "-m", "benchmarks.yardstick_server", str(port)]


@dataclass(frozen=True)
class Server:
    port: int
    process: "subprocess.Popen[bytes]"
    took: float  # seconds from its start to its first answer

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serving(command: Sequence[str], port: int, env: dict[str, str], *, asked: str = "/", folder: Path = ROOT,
            host: str | None = None) -> Iterator[Server]:  # fmt: skip
    """A server until the end of the block; it runs when it has answered `asked` with 200. Raises Broken."""
    with tempfile.TemporaryFile() as log:
        begun = time.perf_counter()
        process = subprocess.Popen(command, env=env, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                   start_new_session=True)  # fmt: skip
        try:
            while not _answers(port, asked, host):
                if process.poll() is not None or time.perf_counter() - begun > PATIENCE:
                    log.seek(0)
                    said = log.read().decode(errors="replace")[-3000:]
                    raise Broken(f"{' '.join(command[:5])} does not answer {asked}:\n{said}")
                time.sleep(0.01)
            yield Server(port, process, time.perf_counter() - begun)
        finally:
            _end(process)


def _answers(port: int, path: str, host: str | None) -> bool:
    try:
        return get(port, path, host=host)[0] == 200
    except (OSError, http.client.HTTPException):
        return False


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ask it to stop; kill its session where it does not."""
    process.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(10)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


# --- One request at a time --------------------------------------------------------------------------------------------
def get(port: int, path: str, *, host: str | None = None, cookie: str = "", packed: bool = False) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Host": host or f"127.0.0.1:{port}"} | ({"Cookie": cookie} if cookie else {})
    headers |= {"Accept-Encoding": "gzip"} if packed else {}
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def timed(port: int, path: str, *, cookie: str = "") -> float:
    """Milliseconds until the whole answer was there, with a connection of its own. Raises Broken unless it is 200."""
    begun = time.perf_counter()
    status, _ = get(port, path, cookie=cookie)
    took = (time.perf_counter() - begun) * 1000
    if status != 200:
        raise Broken(f"{path} on port {port} was answered with {status}")
    return took


# --- As many as it can ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Rate:
    rate: float  # requests a second
    p50: float  # milliseconds
    p95: float
    bytes: float = 0.0  # of an answer, with its headers


# Each thread begins elsewhere, so that none asks for what another one has just had made.
LUA = """
local paths = {%s}
local threads = 0
setup = function(thread)
  thread:set("at", threads * math.floor(#paths / %d))
  threads = threads + 1
end
request = function()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at], {["Host"] = "%s", ["Accept-Encoding"] = "gzip"})
end
done = function(summary, latency, requests)
  io.write(string.format("FIGURE %%f %%f %%f %%f %%d\\n", summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, summary.bytes / summary.requests,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
"""


def wrk(port: int, paths: Sequence[str], seconds: float, *, host: str | None = None, lenient: bool = False) -> Rate:
    """lenient: errors of reading are no fault (a server that closes each connection). Raises Broken."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(LUA % (", ".join(f'"{path}"' for path in paths), THREADS, host or f"127.0.0.1:{port}"))
        script.flush()
        command = ["wrk", f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{max(round(seconds), 1)}s", "--timeout", "20s",
                   "-s", script.name, f"http://127.0.0.1:{port}"]  # fmt: skip
        out = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL).stdout
    found = re.search(r"FIGURE (\S+) (\S+) (\S+) (\S+) (\d+)", out)
    if not found or (int(found[5]) and not lenient):
        raise Broken(f"port {port}, {paths[0]}: answers were errors\n{out}")
    return Rate(*map(float, found.groups()[:4]))


def median(rates: Sequence[Rate]) -> Rate:
    middle = lambda part: statistics.median(getattr(one, part) for one in rates)  # noqa: E731
    return Rate(middle("rate"), middle("p50"), middle("p95"), middle("bytes"))


def spread(rates: Sequence[Rate]) -> float:
    """The fastest round ÷ the slowest: the machine's noise."""
    slowest = min(one.rate for one in rates)
    return max(one.rate for one in rates) / slowest if slowest else float("inf")


# --- Memory -----------------------------------------------------------------------------------------------------------
def memory(process: int) -> float:
    """MiB of a process and all that it started: their proportional shares (PSS)."""
    total = _share(process)
    for folder in Path(f"/proc/{process}/task").glob("*/children"):
        total += sum(memory(int(child)) for child in folder.read_text().split())
    return total


def _share(process: int) -> float:
    text = Path(f"/proc/{process}/smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+) kB", text, re.M)[1]) / 1024  # type: ignore[index]


def missing(*programs: str) -> str:
    """Why something cannot be measured here; empty where it can."""
    gone = [name for name in programs if not shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")]
    return f"{' and '.join(gone)} {'is' if len(gone) == 1 else 'are'} not installed" if gone else ""
