import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection, transaction

from articles.language import words
from articles.models import Channel, Desk, Site, Source, User
from articles.publishing.colleagues import welcome_link
from newsroom import environ

ASKED = {  # name -> question; the order in which they are asked
    "name": "Name of the newspaper",
    "address": "Its whole address, such as https://news.example",
    "language": "Its language (zh-hant, zh-hans, en, bo)",
    "zone": "Its time zone, such as Asia/Shanghai",
    "desk": "Name of the first desk",
    "channels": "Its channels, by commas; an address word may follow each name after =, such as 要聞=news",
    "username": "User name of the administrator",
}
DEFAULTS = {"language": "zh-hant", "zone": "Asia/Shanghai", "channels": "要聞=news,民生=life,文化=culture,體育=sport",
            "username": "admin"}  # fmt: skip
VARIABLES = {"SITE_ADDRESS": "address", "SITE_LANGUAGE": "language", "SITE_TIME_ZONE": "zone"}


class Command(BaseCommand):
    help = "Set up an empty, real newsroom: its configuration, database, first desk, channels and administrator."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", help="folder that keeps everything (NEWSROOM_DATA)")
        parser.add_argument("--database", default="", help="postgresql://… ; SQLite in the data folder without it")
        for name, question in ASKED.items():
            parser.add_argument(f"--{name}", help=question)
        parser.add_argument("--apply", action="store_true", help="used by setup itself")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["apply"]:
            self._apply(**json.load(sys.stdin))
            return
        answers = self._answers(options)
        configuration = self._configuration(answers, options["database"])
        # This process read the settings before it had the answers: a second one goes on with them. Secrets go by
        # pipe and environment, which, unlike a command line, others on this machine cannot read.
        done = subprocess.run(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "setup", "--apply"],
            input=json.dumps({"answers": answers, "configuration": configuration}), text=True, check=False,
            env=os.environ | configuration | {"NEWSROOM_DATA": str(settings.DATA_DIR)},
        )  # fmt: skip
        if done.returncode:
            raise CommandError("Nothing was set up; the lines above say why. Mend it, and run the same line again.")

    def _answers(self, options: dict[str, Any]) -> dict[str, str]:
        answers = {}
        for name, question in ASKED.items():
            known = options[name] or next((environ.text(variable) for variable, what in VARIABLES.items()
                                           if what == name), "")  # fmt: skip
            if known == environ.NOT_YET:
                known = environ.in_file(settings.DATA_DIR).get("SITE_ADDRESS", "")
            if not known and sys.stdin.isatty():
                default = DEFAULTS.get(name, "")
                known = input(f"{question}{f' [{default}]' if default else ''}: ").strip()
            known = known or DEFAULTS.get(name, "")
            if not known:
                raise CommandError(f"--{name} is missing: {question}.")
            answers[name] = known
        return answers

    def _configuration(self, answers: dict[str, str], database: str) -> dict[str, str]:
        """What newsroom.env is to hold: so that services and commands need nothing but NEWSROOM_DATA."""
        kept = environ.in_file(settings.DATA_DIR)
        values = kept | {variable: answers[name] for variable, name in VARIABLES.items()}
        if "SECRET_KEY_FILE" not in os.environ:
            values["SECRET_KEY"] = kept.get("SECRET_KEY") or os.environ["SECRET_KEY"]
        if "DATABASE_URL_FILE" not in os.environ:
            values["DATABASE_URL"] = (
                database
                or os.environ.get("DATABASE_URL")
                or kept.get("DATABASE_URL")
                or f"sqlite:///{Path(settings.DATA_DIR) / 'newsroom.sqlite3'}"
            )
        return {name: value for name, value in values.items() if value}

    def _apply(self, answers: dict[str, str], configuration: dict[str, str]) -> None:
        folder = Path(settings.DATA_DIR)
        self._check_folder(folder)
        self._check_database()
        call_command("migrate", verbosity=0)
        administrator = User(username=answers["username"], is_staff=True, is_superuser=True)
        administrator.set_unusable_password()
        things = [
            Site(pk=1, name=answers["name"]),
            Desk(name=answers["desk"], slug=words.slugify(answers["desk"]) or "desk", time_zone=answers["zone"]),
            Source(name=answers["name"], slug=words.slugify(answers["name"]) or "own", kind=Source.Kind.OWN),
            *_channels(answers["channels"]),
        ]
        for thing in [administrator, *things]:
            try:
                thing.full_clean(exclude=["path"])
            except ValidationError as error:
                raise CommandError(f"{thing._meta.verbose_name} “{thing}”: {' '.join(error.messages)}") from error
        self._write(folder, configuration)
        call_command("collectstatic", interactive=False, verbosity=0)
        with transaction.atomic():
            for thing in things:
                thing.save()
            administrator.save()
            link = settings.SITE_ADDRESS + welcome_link(administrator, by=None)
        self.stdout.write(
            f"\n{answers['name']} is set up. Its configuration and data are in {folder}.\n"
            f"Start the web server and the worker (docs/deploy.md), then set the administrator's password here,\n"
            f"once, within three days:\n\n  {link}\n"
        )

    def _check_folder(self, folder: Path) -> None:
        """Make it, for this user and group; what is not yet public, for this user only."""
        try:
            folder.mkdir(mode=0o750, parents=True, exist_ok=True)
            (folder / "private").mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise CommandError(f"The folder {folder} cannot be written ({error.strerror}); name another: --data DIR.")\
                from error  # fmt: skip

    def _check_database(self) -> None:
        try:
            if connection.vendor == "sqlite":
                os.close(os.open(connection.settings_dict["NAME"], os.O_RDWR | os.O_CREAT, 0o600))
            tables = connection.introspection.table_names()
        except (DatabaseError, OSError) as error:
            raise CommandError(f"The database does not answer: {' '.join(str(error).split())}") from error
        if Site._meta.db_table in tables and Site.objects.exists():
            raise CommandError("This newsroom is set up already; change it in the admin.")

    def _write(self, folder: Path, configuration: dict[str, str]) -> None:
        path = folder / environ.FILE_NAME
        part = path.with_suffix(".part")
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                file.writelines(f"{name}={value}\n" for name, value in configuration.items())
            part.replace(path)
        except OSError as error:
            raise CommandError(f"{path} cannot be written ({error.strerror}); name another folder: --data DIR.")\
                from error  # fmt: skip


def _channels(text: str) -> list[Channel]:
    found = []
    for place, part in enumerate(words.split_tags(text)):
        name, _, slug = part.partition("=")
        found.append(Channel(name=name.strip(), slug=slug.strip() or words.slugify(name), order=place))
    if len({channel.slug for channel in found}) < len(found):
        raise CommandError("Two of the channels have the same address word; give each its own after =.")
    return found
