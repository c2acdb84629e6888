"""Write a newscrawl command as the user would type it, for hints and error messages."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

PREFIX = "NEWSCRAWL_"
SECRETS = frozenset({"NEWSCRAWL_DELIVER_SECRET"})  # never repeated: hints end up in logs and mails


def program() -> str:
    """`newscrawl` or `scrapy`, whichever the user called; its path where the bare name would not be found."""
    called = Path(sys.argv[0] if sys.argv else "")
    name = called.parent.name if called.name == "__main__.py" else called.name
    if name not in ("newscrawl", "scrapy"):
        return "newscrawl"  # from Python: a script, a notebook, a test
    if called.name == "__main__.py":
        return name if shutil.which(name) else f"{_python()} -m {name}"
    found = shutil.which(name)
    return name if found and called.exists() and Path(found).samefile(called) else shlex.quote(str(called))


def command_line(command: str) -> str:
    """`newscrawl <command>` with the NEWSCRAWL_* settings that this process was given by -s: `command_line("list")`.

    `command` is taken as it is, so quote what is in it.
    """
    given = [setting for setting in given_settings() if setting.partition("=")[0] not in SECRETS]
    options = [f"-s {shlex.quote(setting)}" for setting in given if setting.startswith(PREFIX)]
    name, *arguments = command.split(" ", 1)
    return " ".join([program(), name, *options, *arguments])


def given_settings() -> list[str]:
    """The NAME=VALUE of each -s, --set and -sNAME=VALUE of this process."""
    arguments, found = iter(sys.argv[1:]), []
    for argument in arguments:
        if argument == "--":
            break
        if argument in ("-s", "--set"):
            found.append(next(arguments, ""))
        elif argument.startswith("--set="):
            found.append(argument.removeprefix("--set="))
        elif argument.startswith("-s") and "=" in argument:
            found.append(argument.removeprefix("-s"))
    return found


def _python() -> str:
    return shlex.quote(sys.executable) if sys.executable else "python3"
