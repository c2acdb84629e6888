"""Mutation testing: change the code and count the changes that no test notices.

    python -m benchmarks.mutants [--only newscrawl/dedup] [--sample 100] [--seed 0] [--jobs 2] [--survivors]

cosmic-ray makes the mutants. A random sample of each package's mutants is tested, each in a copy of the repository, by the
tests of its package: first those that name the module. A mutant that times out counts as killed.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TESTS = {  # package or module -> its nearest tests
    "newscrawl/dedup": ["tests/dedup", "tests/storage/test_text_window.py"],
    "newscrawl/storage": ["tests/storage", "tests/dedup", "tests/crawl/test_only_new.py", "tests/crawl/test_crawl.py"],
    "newscrawl/attribution": ["tests/attribution", "tests/sites/test_saved_pages.py"],
    "newscrawl/politeness": ["tests/politeness"],
    "newscrawl/discovery": ["tests/discovery"],
    "newscrawl/extraction/main_text.py": ["tests/extraction"],
}
# A `|` is mostly part of a type, which nothing evaluates.
SKIPPED = ("core/ReplaceBinaryOperator_BitOr", "core/RemoveDecorator")
TIMEOUT_SECONDS = 120.0
MAX_DIFF_LINES = 12


@dataclass(frozen=True)
class Mutant:
    """One change: `occurrence` of an operator in a file, and the tests that should notice it."""

    package: str
    path: str
    operator: str
    arguments: dict[str, Any]
    occurrence: int
    line: int
    tests: tuple[str, ...]


def mutants_of(package: str) -> Iterator[Mutant]:
    """Every mutant of a package or module."""
    from cosmic_ray.ast import ast_nodes, get_ast_from_path
    from cosmic_ray.plugins import get_operator, operator_names

    top = ROOT / package
    for file in sorted(top.rglob("*.py")) if top.is_dir() else [top]:
        path = file.relative_to(ROOT).as_posix()
        tests = tuple(nearest_tests(package, path))
        tree = get_ast_from_path(file)
        for name in sorted(operator_names()):
            if name.startswith(SKIPPED) or not name.startswith("core/"):
                continue
            operator_class = get_operator(name)
            if operator_class.arguments():
                continue
            operator = operator_class()
            places = [start for node in ast_nodes(tree) for start, _ in operator.mutation_positions(node)]
            for occurrence, (line, _) in enumerate(places):
                yield Mutant(package, path, name, {}, occurrence, line, tests)


def nearest_tests(package: str, path: str) -> list[str]:
    """The test files of a package, those that name the module first."""
    module = path.removesuffix(".py").replace("/", ".")
    files: list[Path] = []
    for entry in TESTS[package]:
        files += sorted((ROOT / entry).rglob("test_*.py")) if (ROOT / entry).is_dir() else [ROOT / entry]
    named = [file for file in files if module in file.read_text("utf-8")]
    return [file.relative_to(ROOT).as_posix() for file in [*named, *(f for f in files if f not in named)]]


_copy: Path | None = None  # the copy of the repository that this process mutates


def prepare() -> None:
    """Give a worker process a copy of the repository of its own."""
    global _copy
    _copy = Path(tempfile.mkdtemp(prefix="newscrawl-mutants-"))
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (_copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, _copy / name)
    os.chdir(_copy)
    os.environ["PYTHONPATH"] = str(_copy)


def run(mutant: Mutant) -> tuple[Mutant, bool, str]:
    """(mutant, whether a test noticed it, its diff)."""
    from cosmic_ray.mutating import mutate_and_test
    from cosmic_ray.work_item import MutationSpec

    place = (mutant.line, 0), (mutant.line, 1)
    spec = MutationSpec(mutant.path, mutant.operator, mutant.occurrence, *place, mutant.arguments)
    command = f"{sys.executable} -m pytest -x -q -p no:cacheprovider -p no:xdist {' '.join(mutant.tests)}"
    result = mutate_and_test([spec], command, TIMEOUT_SECONDS)
    return mutant, bool(result.is_killed), result.diff or result.output or ""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=sorted(TESTS), action="append", help="packages to mutate (default: all)")
    parser.add_argument("--sample", type=int, default=60, help="mutants of each package (default: 60)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--survivors", action="store_true", help="print the diff of each survivor")
    options = parser.parse_args(arguments)
    chosen: list[Mutant] = []
    totals = {}
    for package in options.only or sorted(TESTS):
        every = list(mutants_of(package))
        totals[package] = len(every)
        chosen += random.Random(options.seed).sample(every, min(options.sample, len(every)))
    started, killed, tested = time.monotonic(), Counter[str](), Counter[str]()
    with ProcessPoolExecutor(options.jobs, initializer=prepare) as pool:
        for mutant, is_killed, diff in pool.map(run, chosen):
            tested[mutant.package] += 1
            killed[mutant.package] += is_killed
            if not is_killed:
                print(f"survived: {mutant.path}:{mutant.line} {mutant.operator}", flush=True)
                if options.survivors:
                    print("\n".join(diff.splitlines()[:MAX_DIFF_LINES]), flush=True)
    print("| package | mutants | tested | killed | survived | share killed |\n|---|---|---|---|---|---|")
    for package, count in tested.items():
        share = killed[package] / count
        print(
            f"| {package} | {totals[package]} | {count} | {killed[package]} | {count - killed[package]} | {share:.0%} |"
        )
    print(f"{time.monotonic() - started:.0f} s, seed {options.seed}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
