"""The command line, one verb a file."""

from __future__ import annotations

import sys


def main() -> None:
    """Run ``epoca``: exit code 0, 2 for what the user can mend, 130 when interrupted."""
    from epoca.errors import OptionError
    from epoca.locales import Language

    try:
        Language.of_environment()
    except OptionError as error:  # there is no language yet in which to say it
        print(error, file=sys.stderr)
        sys.exit(2)
    from epoca.commands.app import run

    run()
