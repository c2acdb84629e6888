"""Crawl the sample wire with the real command, and say what came out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from newscrawl.text.command_line import program
from newscrawl.tools.demo.pages import NAMES
from newscrawl.tools.demo.server import SampleWire

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class SiteRun:
    """One site's crawl: its exit code and the counts of its run report."""

    site: str
    exit_code: int
    counts: dict[str, int]

    def verdict(self, name: str) -> int:
        return self.counts.get(f"identify/{name}", 0)


def run_demo(output: Path) -> list[SiteRun]:
    """Serve and crawl the three sites, one after the other: what is first is first in every run.

    The agency's correction appears on the second run, as it would a few hours later.
    """
    sites = output / "sites"
    sites.mkdir(parents=True, exist_ok=True)
    edition = 2 if any((output / "stories").rglob("*.jsonl")) else 1
    with SampleWire(edition) as wire:
        ports = wire.ports()
        for site, port in ports.items():
            template = (HERE / "sites" / f"{site}.toml").read_text("utf-8")
            (sites / f"{site}.toml").write_text(template.replace("{port}", str(port)), "utf-8")
        return [crawl(site, output, sites, ports) for site in NAMES]


def crawl(site: str, output: Path, sites: Path, ports: dict[str, int]) -> SiteRun:
    settings = {
        "NEWSCRAWL_OUTPUT_DIR": output,
        "NEWSCRAWL_SITES_DIR": sites,
        "NEWSCRAWL_AGENCIES_FILE": HERE / "agencies.toml",
        "NEWSCRAWL_ALLOWED_PRIVATE_HOSTS": ",".join(f"127.0.0.1:{port}" for port in ports.values()),
        "LOG_LEVEL": "WARNING",
    }
    options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    before = reports(output)
    # The sample wire must look the same for everybody and be delivered nowhere.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NEWSCRAWL_")}
    command = [sys.executable, "-m", "newscrawl", "crawl", site, "--quiet", *options]
    done = subprocess.run(command, env=environment, check=False)
    new = sorted(reports(output) - before)
    report: dict[str, Any] = orjson.loads(new[-1].read_bytes()) if new else {}
    return SiteRun(site, done.returncode, report.get("counts", {}))


def reports(output: Path) -> set[Path]:
    return set((output / "runs").glob("*.json"))


COLUMNS = {
    "new": ("new",),
    "copies": ("copy", "excerpt"),
    "updates": ("update", "correction", "withdrawal"),
    "unchanged": ("unchanged",),
}


def print_runs(runs: list[SiteRun], output: Path) -> None:
    """The table, the path and three commands to try next."""
    from rich.table import Table

    from newscrawl.tools.reports.console import made_console

    table = Table(title="The sample wire: what this run read and wrote", title_justify="left")
    for column in ("site", "read", *COLUMNS, "written", "exit"):
        table.add_column(column, justify="left" if column == "site" else "right", no_wrap=True)
    for run in runs:
        figures = [run.counts.get("read/pages", 0), *(sum(map(run.verdict, verdicts)) for verdicts in COLUMNS.values())]
        table.add_row(run.site, *map(str, figures), str(run.counts.get("write/lines", 0)), str(run.exit_code))
    agencies: Counter[str] = Counter()
    for run in runs:
        agencies.update({key.removeprefix("agency/"): n for key, n in run.counts.items() if key.startswith("agency/")})
    console = made_console()
    console.print(table)
    said = ", ".join(f"{agency} {count}" for agency, count in agencies.most_common()) or "no line written"
    console.print(f"Lines by the agency that wrote or contributed: {said}", highlight=False)
    console.print(f"\nThe stories lie in {output / 'stories'}. Try next:", highlight=False)
    for command in next_commands(output):
        console.print(f"  {command}", highlight=False, soft_wrap=True)
    console.print(f"  {program()} serve {output}      # the same in a browser", highlight=False, soft_wrap=True)


def next_commands(output: Path) -> list[str]:
    """Each works as printed, in the folder the demo was started in."""
    columns = ".source.id, .agency, .change, .cluster.relation, .headline"
    demo = "make demo     " if Path("Makefile").is_file() else f"{program()} demo"
    return [
        f"{demo}                 # again: one correction, and nothing is written twice",
        f"cat {output}/stories/*/*/*/*/*.jsonl | jq -r '[{columns}] | @tsv'",
        f"cat {output}/stories/sample-wire/*/*/*/*.jsonl | head -1 | jq .",
    ]
