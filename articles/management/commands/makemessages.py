from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Django's own, which also knows the names under which our modules import gettext."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=now", "--keyword=_one_and_many:1,2"]
