"""``epoca lab``: a page on which one sees a network learn."""

from __future__ import annotations

import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from epoca.commands.screen import _
from epoca.errors import OptionError

if TYPE_CHECKING:
    from epoca.lab.server import Lab
    from epoca.lab.sessions import Opening


def lab(
    table: Annotated[
        Path | None, typer.Argument(help=_("Table to learn from, or model file to look at. By default a sample."))
    ] = None,
    *,
    target: Annotated[str | None, typer.Option("--target", "-t", help=_("The column to predict."))] = None,
    port: Annotated[int, typer.Option(help=_("Where the page is served; 0 takes any that is free."))] = 8765,
    browser: Annotated[bool, typer.Option(help=_("Open the page in the browser."))] = True,
    share: Annotated[
        bool, typer.Option("--share", help=_("Let others on the network in, who have the address."))
    ] = False,
    encoding: Annotated[str | None, typer.Option(help=_("Character encoding of a CSV file."))] = None,
) -> None:
    """Open a page on which one sees a network learn."""
    if not 0 <= port <= 65_535:
        raise OptionError("A port is a number from 0 to 65,535, not {port}.", port=str(port))
    opening = _opening(table, target=target, encoding=encoding)

    from epoca.commands import screen
    from epoca.lab.server import Lab
    from epoca.lab.sessions import Sessions
    from epoca.learners.preparing import prepare_every_kind

    with screen.word_if_slow(screen.language.say(screen.COMPILING), on=screen.err):  # before anybody waits for a page
        prepare_every_kind()
    server = Lab(Sessions(opening), port=port, is_shared=share)
    _announce(server, asked=port, is_shared=share)
    if browser:  # beside the server, since some browsers do not come back before they are closed
        threading.Thread(target=webbrowser.open, args=(server.address,), daemon=True).start()
    server.run()


def _opening(table: Path | None, *, target: str | None, encoding: str | None) -> Opening:
    from epoca.lab.sessions import Opening
    from epoca.model_file import load
    from epoca.plane import table_columns
    from epoca.tables.names import require_columns
    from epoca.tables.reading import read_table

    if table is None:
        if target is not None:
            raise OptionError("A column to predict needs a table: epoca lab TABLE --target COLUMN.")
        return Opening()
    if table.suffix == ".safetensors":
        model = load(table)
        table_columns(model.columns)  # refuses those of a sparse matrix
        return Opening(model=model)
    found = read_table(table, encoding=encoding)
    if target is not None:
        require_columns(found, [target])
    return Opening(table=found, target=target)


def _announce(server: Lab, *, asked: int, is_shared: bool) -> None:
    from epoca.commands import screen
    from epoca.messages import Message

    screen.out.print(server.address, soft_wrap=True, highlight=False, markup=False)
    if server.is_moved:
        screen.tell(
            Message("Port {asked} is taken, so the lab is at {port}.", asked=str(asked), port=str(server.house.port))
        )
    if server.shared_address is not None:
        screen.out.print(server.shared_address, soft_wrap=True, highlight=False, markup=False)
        screen.tell(
            Message(
                "Shared: whoever on this network has the second address, with its token, can train here and see the "
                "table or model that the lab was opened with. Nothing is encrypted; share no secrets, and end it when "
                "the class is over."
            )
        )
    elif is_shared:
        screen.tell(Message("This machine is on no network that the lab could be shared on."))
    screen.tell(Message("Ctrl-C ends the lab."))
