"""``python -m epoca`` is the command line too."""

from epoca.commands import main

main()
