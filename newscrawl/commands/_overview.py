"""List the commands, for `newscrawl` without a command."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from scrapy.utils.project import get_project_settings

from newscrawl import __version__
from newscrawl.commands._base import program

SCRAPY_COMMANDS = ("list", "shell", "parse", "fetch", "settings", "runspider", "genspider")


def print_overview() -> None:
    """Print how the command line is called and what each command does."""
    name = program()
    print(f"newscrawl {__version__}\n\nUsage: {name} <command> [options] [arguments]\n\nCommands:")
    for command, description in sorted(_commands().items()):
        print(f"  {command:<10} {description}")
    print(f"\nScrapy's own commands work too, such as {', '.join(SCRAPY_COMMANDS)}.")
    print(f"`{name} <command> -h` shows the options of a command.")


def _commands() -> dict[str, str]:
    """Command -> what it does: newscrawl's, and those of the project's COMMANDS_MODULE."""
    found = {}
    for module in dict.fromkeys(("newscrawl.commands", get_project_settings()["COMMANDS_MODULE"])):
        names = [entry.name for entry in iter_modules(import_module(module).__path__)] if module else []
        commands = {name: getattr(import_module(f"{module}.{name}"), "Command", None) for name in names}
        found.update({name: command().short_desc() for name, command in commands.items() if command is not None})
    return found
