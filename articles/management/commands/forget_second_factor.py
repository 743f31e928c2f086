from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.models import User
from articles.publishing.door.second_factor import forget_second_factor


class Command(BaseCommand):
    help = "Take a lost second factor away: its owner logs in by the password alone, and sets up another."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if not user:
            raise CommandError(f"Nobody is called “{options['username']}” here.")
        forget_second_factor(user, by=None)
        self.stdout.write(f"{user.username} has no second factor any more, and is logged out everywhere.")
