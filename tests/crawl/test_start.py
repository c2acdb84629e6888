"""Every `scrapy` call imports every command: what is heavy is imported when a command runs."""

from __future__ import annotations

import subprocess
import sys

import pytest

IMPORT_ALL = """
import importlib, pkgutil, sys
import newscrawl.commands
for module in pkgutil.iter_modules(newscrawl.commands.__path__):
    importlib.import_module(f"newscrawl.commands.{module.name}")
print("\\n".join(sys.modules))
"""


@pytest.fixture(scope="module")
def imported() -> set[str]:
    done = subprocess.run([sys.executable, "-c", IMPORT_ALL], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "heavy",
    [
        "numpy",
        "duckdb",
        "starlette",
        "uvicorn",
        "newscrawl.extraction.story",
        "newscrawl.spiders.site",
        "newscrawl.tools.query",
    ],
)
def test_no_command_imports_what_is_heavy(imported: set[str], heavy: str) -> None:
    assert heavy not in imported


def test_the_commands_were_imported(imported: set[str]) -> None:
    assert {"newscrawl.commands.explain", "newscrawl.commands.why-not", "newscrawl.commands._base"} <= imported


def test_a_command_of_scrapys_own_ends_well_where_its_reader_has_gone() -> None:
    command = [sys.executable, "-m", "newscrawl.__main__", "list"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert (process.stderr.read(), process.wait(timeout=60)) == (b"", 0)
