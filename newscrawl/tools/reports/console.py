"""Where tables and texts for people are printed."""

from __future__ import annotations

from typing import IO, NoReturn

from rich.console import Console

PIPE_WIDTH = 160


class Terminal(Console):
    """A console that leaves a reader who has gone to the command: rich ends the process with 1, as if it had failed."""

    def on_broken_pipe(self) -> NoReturn:
        raise BrokenPipeError


def made_console(stream: IO[str] | None = None) -> Console:
    """The terminal; a pipe or file gets lines long enough not to be broken."""
    console = Terminal(file=stream, highlight=False)
    return console if console.is_terminal else Terminal(file=stream, highlight=False, width=PIPE_WIDTH)
