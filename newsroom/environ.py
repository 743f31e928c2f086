"""Reading the environment strictly: a bad value stops the start with a sentence that names the variable."""

import hashlib
import os
import re
import secrets
import zoneinfo
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

FILE_NAME = "newsroom.env"
PRODUCTION = ("SITE_ADDRESS", "SECRET_KEY", "DATABASE_URL")  # with one of them set, a newsroom is a real one
PORTS = {"http": 80, "https": 443}  # that addresses leave out
NOT_YET = "https://not-yet.invalid"  # an address before `setup` has asked for it


class Misconfigured(Exception):
    """A setting is missing or unusable; the text says which and what to do."""


def text(name: str, default: str = "") -> str:
    """The variable's value; `NAME_FILE` may name a file that holds it (for secrets kept outside the environment)."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise Misconfigured(f"{name}_FILE names {path}, which cannot be read ({error.strerror}).") from error
    return os.environ.get(name, default).strip()


def number(name: str, default: int, *, least: int = 0) -> int:
    value = text(name) or str(default)
    if not value.isascii() or not value.isdigit() or int(value) < least:
        raise Misconfigured(f"{name} is “{value}”; it must be a whole number of at least {least}.")
    return int(value)


def flag(name: str, default: bool = False) -> bool:
    value = text(name).lower() or ("yes" if default else "no")
    if value not in {"yes", "no", "true", "false", "1", "0"}:
        raise Misconfigured(f"{name} is “{value}”; it must be yes or no.")
    return value in {"yes", "true", "1"}


def choice(name: str, default: str, allowed: Collection[str]) -> str:
    value = text(name) or default
    if value not in allowed:
        raise Misconfigured(f"{name} is “{value}”; it must be one of {', '.join(sorted(allowed))}.")
    return value


def zone(name: str, default: str) -> str:
    value = text(name) or default
    try:
        zoneinfo.ZoneInfo(value)  # to list them all would read hundreds of files
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Misconfigured(f"{name} is “{value}”, which is no time zone; write for example Asia/Shanghai.") from error
    return value


def address(name: str, default: str = "") -> str:
    """An http(s) address as a browser's Origin writes it: host in lower case, no port that the scheme has anyway."""
    value = text(name) or default
    example = "write the site's whole address, for example https://news.example"
    if not value:
        raise Misconfigured(f"{name} is missing; {example}.")
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.path in {"", "/"}
        usable = usable and not (parts.query or parts.fragment or "@" in parts.netloc) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not value.isascii():
        raise Misconfigured(f"{name} is “{value}”; {example} (a host in another script in its form xn--…).")
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = f":{parts.port}" if parts.port and parts.port != PORTS[parts.scheme] else ""
    return f"{parts.scheme}://{host}{port}"


def database(name: str, default: str) -> str:
    """The address of a PostgreSQL or SQLite database. It may hold a password, so no message repeats it."""
    value = text(name) or default
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"postgresql", "postgres"} and len(parts.path) > 1 and parts.port != 0
        usable = (usable or value.startswith("sqlite:///")) and not parts.fragment
    except ValueError:
        usable = False
    if not usable:
        raise Misconfigured(
            f"{name} cannot be used; write postgresql://user:password@host/database or sqlite:////whole/path, and in "
            "a password %40 for @, %2F for /, %23 for #, %25 for %."
        )
    return value


def page_store(name: str, default: str) -> str:
    """The whole path of a folder, or where a Redis or Valkey is; its password is never repeated. May be empty."""
    value = text(name, default)
    try:
        parts = urlsplit(value)
        usable = not value or Path(value).is_absolute()
        usable = usable or (parts.scheme in {"redis", "rediss"} and bool(parts.hostname) and parts.port != 0)
        usable = usable or (parts.scheme == "unix" and len(parts.path) > 1)
        usable = usable and not parts.fragment
    except ValueError:
        usable = False
    if not usable:
        raise Misconfigured(
            f"{name} cannot be used; write the whole path of a folder, or redis://:password@host:6379/0, rediss://… "
            "(by TLS) or unix:///whole/path, and in a password %40 for @, %2F for /, %23 for #, %25 for %."
        )
    return value


@dataclass(frozen=True)
class MailServer:
    """Where letters are handed in; without host nowhere. tls: from the first byte; starttls: before a word."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    tls: bool = False
    starttls: bool = False


def mail_server(name: str) -> MailServer:
    """smtps:// speaks TLS at once, smtp:// by STARTTLS, but to this machine. It may hold a password: never repeated."""
    value = text(name)
    if not value:
        return MailServer()
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0
        usable = usable and parts.path in {"", "/"} and not (parts.query or parts.fragment)
        usable = usable and bool(parts.username) == bool(parts.password)
    except ValueError:
        usable = False
    if not usable:
        raise Misconfigured(
            f"{name} cannot be used; write smtps://user:password@host, smtp://user:password@host:587 (with STARTTLS) "
            "or smtp://localhost, and in a password %40 for @, %2F for /, %23 for #, %25 for %."
        )
    host, tls = parts.hostname or "", parts.scheme == "smtps"
    here = host in {"127.0.0.1", "localhost", "::1"}
    port = parts.port or (465 if tls else 25 if here else 587)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(host, port, user, password, tls=tls, starttls=not tls and not here)


def mail_from(name: str, *, server: MailServer) -> str:
    """The address that letters come from; demanded where there is a server to send them."""
    value = text(name)
    if server.host and not re.fullmatch(r"(?:[^@<>\x00-\x1f\x7f]*<)?[^\s@<>]+@[^\s@<>]+>?", value):
        raise Misconfigured(f"{name} is “{value}”; write the address that letters come from, as desk@news.example.")
    return value


@dataclass(frozen=True)
class OuterCache:
    """A cache in front of the newsroom. where: host:port of a Varnish, the id of a Fastly service or a Cloudflare zone.
    api: the base address of its interface for purges."""

    kind: str
    where: str
    api: str = ""
    token: str = field(default="", repr=False)


OUTER_KINDS = {"varnish+http": "varnish", "fastly": "fastly", "cloudflare": "cloudflare"}


def outer_caches(name: str) -> tuple[OuterCache, ...]:
    """Several by commas, but of one kind: what one of them keeps of another could not be purged in the right order."""
    found = tuple(_outer_cache(name, value.strip()) for value in text(name).split(",") if value.strip())
    if len({one.kind for one in found}) > 1:
        raise Misconfigured(f"{name} names caches of several kinds; name those of one kind alone.")
    if len({one.where for one in found}) < len(found):
        raise Misconfigured(f"{name} names a cache twice.")
    return found


def _outer_cache(name: str, value: str) -> OuterCache:
    try:
        parts = urlsplit(value)
        kind = OUTER_KINDS.get(parts.scheme, "")
        bare = parts.path in {"", "/"} and not (parts.query or parts.fragment or "@" in parts.netloc)
        if kind == "varnish":
            usable = bool(parts.hostname) and bool(parts.port)
        else:
            usable = bool(kind) and re.fullmatch(r"[0-9A-Za-z]{8,64}", parts.netloc) is not None
    except ValueError:
        bare = usable = False
    if not (bare and usable):
        raise Misconfigured(
            f"{name} has “{value}”; write varnish+http://host:port, fastly://SERVICE_ID or cloudflare://ZONE_ID."
        )
    if kind == "varnish":
        return OuterCache(kind, parts.netloc)
    if kind == "fastly":
        api, token = text("FASTLY_API", "https://api.fastly.com"), text("FASTLY_TOKEN")
    else:
        api, token = text("CLOUDFLARE_API", "https://api.cloudflare.com"), text("CLOUDFLARE_TOKEN")
    if not re.fullmatch(r"[!-~]+", token):
        raise Misconfigured(f"{kind.upper()}_TOKEN is missing, or has a space or another odd sign; {name} needs it.")
    if not re.fullmatch(r"https?://[^/@?#]+", api):
        raise Misconfigured(f"{kind.upper()}_API is “{api}”; write a whole address without a path.")
    return OuterCache(kind, parts.netloc, api, token)


def secret(name: str, *, least: int = 50) -> str:
    value = text(name)
    if not value:
        raise Misconfigured(f"{name} is missing; set it to at least {least} random characters.")
    if len(value) < least or len(set(value)) < 10 or value.startswith("django-insecure"):
        raise Misconfigured(f"{name} is too weak; set it to at least {least} random characters.")
    return value


def before_settings(arguments: list[str]) -> None:
    """What a command line decides before the settings are read: the data folder, by `--data DIR` of any command.

    `demo` wants no production settings, and says so by name; `setup` has not asked its questions yet, so that the
    settings get placeholders for what only it can tell.
    """
    for place, argument in enumerate(arguments):
        if argument == "--data" and place + 1 < len(arguments):
            os.environ["NEWSROOM_DATA"] = arguments[place + 1]
        elif argument.startswith("--data="):
            os.environ["NEWSROOM_DATA"] = argument.removeprefix("--data=")
    found = [name for name in PRODUCTION if text(name)]
    if arguments[1:2] == ["demo"] and found:
        raise Misconfigured(
            f"demo is not for production settings; unset {' and '.join(found)}, or use manage.py setup for a real "
            "newsroom."
        )
    if arguments[1:2] == ["setup"] and "--apply" not in arguments:
        os.environ.setdefault("SITE_ADDRESS", NOT_YET)
        os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))


def data_folder(base: Path) -> Path:
    value = text("NEWSROOM_DATA")
    try:
        return Path(value or base / "data").expanduser().absolute()
    except RuntimeError as error:  # ~ of somebody unknown
        raise Misconfigured(f"NEWSROOM_DATA is “{value}”, which is no folder; write its whole path.") from error


def in_file(folder: Path) -> dict[str, str]:
    """What `manage.py setup`, or a hand, wrote into the data folder."""
    path = folder / FILE_NAME
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise Misconfigured(f"{path} cannot be read ({error.strerror}).") from error
    parts = [line.partition("=") for line in lines if not line.lstrip().startswith("#")]
    return {name.strip(): value.strip() for name, found, value in parts if found}


def read_file(folder: Path) -> None:
    """Take what stands in the data folder's file; the real environment wins."""
    for name, value in in_file(folder).items():
        os.environ.setdefault(name, value)


def kept_secret(folder: Path) -> str:
    """A secret key of this folder's own, made on first use: enough where only this machine is answered."""
    path = folder / "secret_key"
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        value = secrets.token_urlsafe(48)
    draft = folder / f".secret_key.{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(value)
        try:
            os.link(draft, path)  # whole or not at all: another process never reads half of it
        except FileExistsError:
            value = path.read_text(encoding="utf-8").strip()
        finally:
            draft.unlink()
    except OSError:
        pass  # a read-only folder is reported by the command that needs to write there
    return value


def release(base: Path, *, shared: bool) -> str:
    """A digest of the code and templates that make pages: another one after every update.

    shared: the same on every machine, which takes reading all of it; else of names, sizes and times alone.
    """
    digest = hashlib.sha256()
    for folder in ("articles", "newsroom", "templates"):
        for path in sorted((base / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".mo", ".js", ".css", ".toml"}:
                if shared:
                    digest.update(f"{path.relative_to(base)} {path.stat().st_size}\n".encode() + path.read_bytes())
                else:
                    found = path.stat()
                    digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
