#!/usr/bin/env python3
"""The one door for operators: `manage.py demo`, `setup`, `worker`, and Django's own commands."""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said before the first import that an older Python could not read
    sys.exit("Newsroom needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])  # noqa: UP031


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    from newsroom.environ import Misconfigured, before_settings

    try:
        before_settings(sys.argv)
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
    except Misconfigured as error:
        sys.exit(f"Newsroom cannot start: {error}")


if __name__ == "__main__":
    main()
