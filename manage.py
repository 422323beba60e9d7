#!/usr/bin/env python
"""Django's command line, for this site."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run the command that the arguments name.

    Where neither SECRET_KEY nor DATABASE_URL is set, this is a developer's own machine: debugging is on, with a
    key that protects nothing. Everywhere else the settings ask for what is missing.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if not {"SECRET_KEY", "DATABASE_URL"} & os.environ.keys():
        os.environ["SECRET_KEY"] = "for-a-developers-own-machine-only"  # noqa: S105
        os.environ.setdefault("DEBUG", "1")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
