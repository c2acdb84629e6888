"""The documents are complete and correct: commands, settings, exit codes, links, file names."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

import newscrawl.commands
from newscrawl import settings
from newscrawl.monitoring.exit_codes import ExitCode
from newscrawl.sites.registry import site_files

ROOT = Path(__file__).resolve().parents[1]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
DOCS = "\n".join(path.read_text("utf-8") for path in PAGES)
COMMANDS = sorted(
    path.stem for path in Path(newscrawl.commands.__path__[0]).glob("*.py") if not path.stem.startswith("_")
)


@pytest.mark.parametrize("name", sorted(name for name in vars(settings) if name.startswith("NEWSCRAWL_")))
def test_every_setting_is_documented(name: str) -> None:
    assert f"### `{name}`\n\nDefault: " in (ROOT / "docs/settings.md").read_text("utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name: str) -> None:
    assert re.search(rf"`newscrawl {name}\b", (ROOT / "docs/commands.md").read_text("utf-8"))


@pytest.mark.parametrize("code", ExitCode)
def test_every_exit_code_is_documented(code: ExitCode) -> None:
    assert re.search(rf"^\| {int(code)} \|", (ROOT / "docs/exit-codes.md").read_text("utf-8"), re.M)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)\)", path.read_text("utf-8")):
        assert "://" in target or (path.parent / target).exists(), target


def test_named_files_exist() -> None:
    for name in re.findall(r"`((?:newscrawl|tests|benchmarks|docs)/[\w/.-]+\.(?:py|toml|md|sql|json))`", DOCS):
        assert (ROOT / name).exists(), name


def test_named_settings_and_commands_exist() -> None:
    named = set(re.findall(r"`?(NEWSCRAWL_[A-Z_]+)", DOCS))
    assert named <= set(vars(settings))
    ours_and_scrapys = {*COMMANDS, "list", "shell", "genspider", "version", "settings", "startproject"}
    assert set(re.findall(r"`(?:scrapy|newscrawl) ([a-z][a-z-]*)", DOCS)) <= ours_and_scrapys


def test_every_dependency_has_its_reason() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = [re.split(r"[<>=\[]", entry)[0] for entry in project["dependencies"]]
    choices = (ROOT / "docs/choices.md").read_text("utf-8")
    assert [name for name in names if f"| {name} |" not in choices] == []


def test_the_layers_are_those_of_the_linter() -> None:
    import tomllib

    linter = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    layers = " > ".join(linter["contracts"][0]["layers"])
    assert layers in " ".join((ROOT / "docs/choices.md").read_text("utf-8").split())


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_nothing_is_said_twice(path: Path) -> None:
    """A careless merge leaves a line or a step twice."""
    lines = [line.strip() for line in path.read_text("utf-8").splitlines() if len(line.strip()) > 40]
    assert sorted({line for line in lines if lines.count(line) > 1 and not line.startswith("|--")}) == []
    steps = [int(number) for number in re.findall(r"^(\d+)\. ", path.read_text("utf-8"), re.M)]
    assert all(step in (1, before + 1) for before, step in itertools.pairwise(steps)), steps


def test_the_two_commands_come_first_in_the_readme() -> None:
    commands = re.findall(r"^(?:    |\$ )?(make \w+|pip install \S+)", (ROOT / "README.md").read_text("utf-8"), re.M)
    assert commands[:2] == ["make demo", "make test"]


def test_constraints_pin_versions_and_name_no_host() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert all(re.fullmatch(r"[\w.-]+==[\w.+!-]+", line) for line in lines)
    assert len(lines) > 20


def test_built_in_sites_are_named_in_the_readme() -> None:
    assert all(f"`{name}`" in DOCS for name in site_files())
