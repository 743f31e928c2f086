from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.models import User
from articles.publishing import welcome_link


class Command(BaseCommand):
    help = "Print a link by which somebody sets a new password, once: for whoever has lost theirs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"], is_active=True).first()
        if not user:
            raise CommandError(f"Nobody called “{options['username']}” may log in here.")
        self.stdout.write(settings.SITE_ADDRESS + welcome_link(user, by=None))
