import json
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

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
            self._apply(json.load(sys.stdin))
            return
        answers = self._answers(options)
        folder = Path(settings.DATA_DIR)
        self._write_configuration(folder, answers, options["database"])
        # The settings of this process were read before that file: a second one goes on with the new ones.
        manage = [sys.executable, str(settings.BASE_DIR / "manage.py"), "setup", "--apply"]
        environment = os.environ | {"NEWSROOM_DATA": str(folder)}
        done = subprocess.run(manage, input=json.dumps(answers), text=True, env=environment, check=False)
        if done.returncode:
            raise CommandError("Setting up stopped; the lines above say why. Mend it, and run the same line again.")

    def _answers(self, options: dict[str, Any]) -> dict[str, str]:
        answers = {}
        for name, question in ASKED.items():
            known = options[name] or next((environ.text(variable) for variable, what in VARIABLES.items()
                                           if what == name), "")  # fmt: skip
            if not known and sys.stdin.isatty():
                default = DEFAULTS.get(name, "")
                known = input(f"{question}{f' [{default}]' if default else ''}: ").strip()
            known = known or DEFAULTS.get(name, "")
            if not known:
                raise CommandError(f"--{name} is missing: {question}.")
            answers[name] = known
        self._check(answers)
        return answers

    def _check(self, answers: dict[str, str]) -> None:
        try:
            for variable, name in VARIABLES.items():
                os.environ[variable] = answers[name]
            environ.address("SITE_ADDRESS")
            environ.choice("SITE_LANGUAGE", "", dict(settings.LANGUAGES))
            environ.zone("SITE_TIME_ZONE", "")
        except environ.Misconfigured as error:
            raise CommandError(str(error)) from error
        for channel in _channels(answers["channels"]):
            try:
                channel.full_clean(exclude=["path"])
            except ValidationError as error:
                raise CommandError(f"Channel “{channel.name}”: {' '.join(error.messages)}") from error

    def _write_configuration(self, folder: Path, answers: dict[str, str], database: str) -> None:
        """Keep what the environment does not hold already; a file that is there keeps its secret key."""
        path = folder / environ.FILE_NAME
        kept = dict(line.split("=", 1) for line in path.read_text("utf-8").splitlines() if "=" in line) \
            if path.exists() else {}  # fmt: skip
        values = {variable: answers[name] for variable, name in VARIABLES.items()}
        if "SECRET_KEY_FILE" not in os.environ:
            values["SECRET_KEY"] = kept.get("SECRET_KEY") or os.environ.get("SECRET_KEY") or secrets.token_urlsafe(50)
        if database or kept.get("DATABASE_URL"):
            values["DATABASE_URL"] = database or kept["DATABASE_URL"]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError as error:
            raise CommandError(f"{path} cannot be written ({error.strerror}); name another folder: --data DIR.")\
                from error  # fmt: skip
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.writelines(f"{name}={value}\n" for name, value in values.items())
        os.environ.update(values)

    def _apply(self, answers: dict[str, str]) -> None:
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if Site.objects.exists():
            raise CommandError("This newsroom is set up already; change it in the admin.")
        with transaction.atomic():
            Site.objects.create(pk=1, name=answers["name"])
            Desk.objects.create(name=answers["desk"], slug=words.slugify(answers["desk"]), time_zone=answers["zone"])
            Source.objects.create(name=answers["name"], slug=words.slugify(answers["name"]), kind=Source.Kind.OWN)
            for channel in _channels(answers["channels"]):
                channel.save()
            administrator = User.objects.create_superuser(answers["username"])
            link = settings.SITE_ADDRESS + welcome_link(administrator, by=administrator)
        self.stdout.write(
            f"\n{answers['name']} is set up. Its configuration and data are in {settings.DATA_DIR}.\n"
            f"Start the web server and the worker (docs/deploy.md), then set the administrator's password here,\n"
            f"once, within three days:\n\n  {link}\n"
        )


def _channels(text: str) -> list[Channel]:
    found = []
    for place, part in enumerate(words.split_tags(text)):
        name, _, slug = part.partition("=")
        found.append(Channel(name=name.strip(), slug=slug.strip() or words.slugify(name), order=place))
    return found
