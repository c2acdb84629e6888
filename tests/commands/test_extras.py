"""A command without its extra names what to install, and the map of extras fits pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from newscrawl.commands import serve
from newscrawl.commands._base import EXTRAS, NewscrawlCommand, missing_extra
from newscrawl.commands.inspect import Command as Inspect

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.mark.parametrize(("module", "extra"), EXTRAS.items())
def test_each_module_is_in_its_extra_and_not_in_the_core(module: str, extra: str) -> None:
    name = module.replace("_", "-")
    assert any(re.split("[<>=]", each)[0] == name for each in PROJECT["optional-dependencies"][extra])
    assert not any(re.split("[<>=]", each)[0] == name for each in PROJECT["dependencies"])


@pytest.mark.parametrize(
    ("command", "module", "extra"), [(Inspect(), "duckdb", "query"), (serve.Command(), "duckdb", "web")]
)
def test_a_missing_module_is_one_line_with_the_extra(command: NewscrawlCommand, module: str, extra: str) -> None:
    text = missing_extra(ModuleNotFoundError(name=module), command)
    assert text.endswith(f"needs {module}: pip install 'newscrawl[{extra}]'") and "\n" not in text


def test_a_missing_module_of_the_core_is_not_hidden() -> None:
    with pytest.raises(ModuleNotFoundError):
        missing_extra(ModuleNotFoundError(name="lxml"), Inspect())
