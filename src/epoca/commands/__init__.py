"""The command line, one verb a file."""

from __future__ import annotations

import sys


def main() -> None:
    """Run ``epoca``: exit code 0, 2 for what the user can mend, 130 when interrupted."""
    from epoca.errors import OptionError
    from epoca.locales import Language
    from epoca.locales.typer_words import speak_through_gettext

    try:
        language = Language.of_environment()
    except OptionError as error:  # there is no language yet in which to say it
        print(error, file=sys.stderr)
        sys.exit(2)
    with speak_through_gettext(language):  # around typer's import too, which takes its words then
        from epoca.commands.app import run

        sys.exit(run())
