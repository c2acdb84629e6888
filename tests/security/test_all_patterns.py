"""Every pattern of the package runs against strings built to hurt it: the time grows at most linearly, or the caller caps the input."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import newscrawl
from tests.cost import at_most

sre: Any = importlib.import_module("re._constants")
parser: Any = importlib.import_module("re._parser")

ROOT = Path(newscrawl.__file__).parent
SIZES = (750, 6_000)  # characters
MAX_GROWTH = 24.0  # between the two sizes: 8 is linear, 64 quadratic
MAX_UNITS = 40  # strings for one pattern
ALARM_SECONDS = 3.0  # of one search: beyond it the pattern is not linear
FLOORS = 10  # CPU of one search at the cap: about 0.1 s
METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn")
SAMPLES = {
    sre.CATEGORY_DIGIT: "1", sre.CATEGORY_NOT_DIGIT: "a", sre.CATEGORY_SPACE: " ", sre.CATEGORY_NOT_SPACE: "a",
    sre.CATEGORY_WORD: "a", sre.CATEGORY_NOT_WORD: ".",
}  # fmt: skip
CHARS = (" ", "a", "1", ".", "\n", "a ", "a.", "a@", "<a ", "-", "(")
ENDS = ("", "\x00", " <")
# Quadratic, and quick at the greatest number of characters that their callers pass on.
CAPPED = {
    "newscrawl.attribution.closing.CONTRIBUTED": 400,  # `contribution` cuts the sentence
    "newscrawl.attribution.closing.CAME_FROM": 400,
    "newscrawl.attribution.closing.OF_AGENCIES": 400,
    "newscrawl.attribution.credit_line.DESCRIPTOR_BEHIND": 320,  # `read_copyright` cuts the line at 2 * MAX_LENGTH
    "newscrawl.attribution.credit_line.COPYRIGHT_TAIL": 320,
    "newscrawl.attribution.credit_line.DPA_NUMBER": 320,
    "newscrawl.attribution.credit_line.SEPARATOR": 160,  # `read_credit` skips lines over MAX_LENGTH
    "newscrawl.attribution.credit_line.AND_REST": 160,
    "newscrawl.attribution.credit_line.SLASHED": 160,
    "newscrawl.text.access_line.PAYWALL": 400,  # MAX_LINE_CHARS
    "newscrawl.text.byline.DATE_LABEL": 400,  # MAX_BYLINE_CHARS
    "newscrawl.text.dateline.DATE_AT_END": 200,  # HEAD_LENGTH
    "newscrawl.text.dateline.AFTER_BRACKET": 200,
}
# Quadratic: they read selectors that `newscrawl add` builds, and nothing in a crawl.
OF_THE_SCAFFOLD = {"newscrawl.tools.scaffold.field_selectors.WORDS_OF"}
# Matched at one known place, though another module has a pattern of this name that is searched for.
ANCHORED = {"newscrawl.security.markup.ATTRIBUTE"}
# The caller puts this behind the text, so that each tag ends.
ENDED = {"newscrawl.extraction.tags.TAG": ">", "newscrawl.extraction.tags.QUOTED_TAG": ">"}
Search = Callable[[Any], object]


@cache
def patterns() -> dict[str, re.Pattern[Any]]:
    """Each pattern by its place: module globals, and literals in calls of `re`."""
    found: dict[re.Pattern[Any], str] = {}
    for module, source in sources():
        for pattern in literals(ast.parse(source)):
            found.setdefault(pattern, f"{module}: {pattern.pattern!r}"[:120])
        if "re.compile" in source:
            for name, value in vars(importlib.import_module(module)).items():
                for number, pattern in enumerate(patterns_in(value)):
                    found[pattern] = f"{module}.{name}" + (f"[{number}]" if number else "")
    return {place: pattern for pattern, place in found.items()}


@cache
def sources() -> list[tuple[str, str]]:
    """(module, its source) of the package."""
    found = []
    for module in pkgutil.walk_packages([str(ROOT)], "newscrawl."):
        path = ROOT.joinpath(*module.name.split(".")[1:])
        file = path / "__init__.py" if module.ispkg else path.with_suffix(".py")
        found.append((module.name, file.read_text("utf8")))
    return found


def patterns_in(value: Any) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from patterns_in([*value, *value.values()])
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from patterns_in(each)


def literals(tree: ast.AST) -> Iterator[re.Pattern[Any]]:
    """The patterns of `re.sub("...", ...)` and similar calls."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        is_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
        first = node.args[0]
        if is_re and node.func.attr in METHODS and isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield re.compile(first.value)


@cache
def uses() -> dict[str, set[str]]:
    """The methods called on each global name of the package; every use that is no call of a method counts as `search`."""
    found: dict[str, set[str]] = defaultdict(set)
    for _, source in sources():
        tree = ast.parse(source)
        owners = {node.value for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                found[node.value.id].add(node.attr)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node not in owners:
                found[node.id].add("search")
    return found


def searches(place: str, pattern: re.Pattern[Any]) -> list[Search]:
    """The ways in which the package applies a pattern: anchored at the start, or from every place in the text."""
    name = place.rpartition(".")[2]
    methods = uses()[name] & {*METHODS} if ":" not in place and "[" not in name else set()
    methods = {"match"} if place in ANCHORED else methods
    found: list[Search] = []
    if "match" in methods:
        found.append(pattern.match)
    if "fullmatch" in methods:
        found.append(pattern.fullmatch)
    if not found or methods - {"match", "fullmatch"}:
        found += [pattern.search, lambda text: sum(1 for _ in pattern.finditer(text))]
    return found


def sample(items: Any) -> str:
    """A string that a parsed pattern matches, or nearly."""
    return "".join(map(sample_of, items))


def sample_of(item: Any) -> str:
    op, value = item
    if op is sre.LITERAL:
        return chr(value)
    if op is sre.NOT_LITERAL:
        return "a" if value != ord("a") else "b"
    if op is sre.ANY:
        return "a"
    if op is sre.IN:
        return sample_of_class(value)
    if op is sre.BRANCH:
        return sample(value[1][0])
    if op is sre.SUBPATTERN:
        return sample(value[3])
    if op is sre.ATOMIC_GROUP:
        return sample(value)
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        return sample(value[2]) * max(1, int(value[0]))
    return ""


def sample_of_class(value: Any) -> str:
    if value[0][0] is sre.NEGATE:
        taken = re.compile("[" + "".join(re.escape(chr(v)) for op, v in value[1:] if op is sre.LITERAL) + "\x00]")
        return next(char for char in "a 1.-<é" if not taken.match(char))
    op, first = value[0]
    if op is sre.RANGE:
        return chr(first[0])
    return SAMPLES.get(first, "a") if op is sre.CATEGORY else chr(first)


def parts(items: Any) -> Iterator[Any]:
    """A parsed pattern and each sequence inside it."""
    yield list(items)
    for op, value in items:
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            yield from parts(value[2])
        elif op is sre.SUBPATTERN:
            yield from parts(value[3])
        elif op is sre.BRANCH:
            for branch in value[1]:
                yield from parts(branch)
        elif op in (sre.ASSERT, sre.ASSERT_NOT):
            yield from parts(value[1])


def units(pattern: str, flags: int) -> list[str]:
    """What is repeated to hurt a pattern: single characters, samples of its pieces and of each beginning of a sequence."""
    found = dict.fromkeys(CHARS)
    for part in parts(parser.parse(pattern, flags & ~re.DEBUG)):
        for n in range(1, min(len(part), 8) + 1):
            for unit in (sample(part[:n]), sample(part[n - 1 : n]), sample(part[n - 1 : n + 1])):
                if unit and len(found) < MAX_UNITS:
                    found.setdefault(unit[:200])
    return list(found)


def attacks(pattern: re.Pattern[Any], sizes: tuple[int, ...], ended: str = "") -> Iterator[tuple[str, list[Any]]]:
    """(the unit, the string at each size): repeated from the start, and behind a beginning that matches."""
    is_bytes = isinstance(pattern.pattern, bytes)
    text = pattern.pattern.decode("latin-1") if is_bytes else pattern.pattern
    flags = pattern.flags & ~re.UNICODE if is_bytes else pattern.flags
    whole = sample(parser.parse(text, flags))[:200]
    for unit in units(text, flags):
        for start in ("", whole):
            for end in ENDS:
                sized = [(start + unit * (size // len(unit)))[:size] + end + ended for size in sizes]
                yield unit + "…" + end, [each.encode("latin-1", "replace") if is_bytes else each for each in sized]


class TooLong(Exception):
    """A search did not end in time."""


def ring(*_: Any) -> None:
    raise TooLong


def seconds(search: Search, text: Any) -> float:
    start = time.process_time()
    search(text)
    return time.process_time() - start


def worst_growth(place: str, pattern: re.Pattern[Any]) -> tuple[float, str]:
    """How much longer the larger string takes, at most, and by which unit; what ends in less than the floor is linear."""
    floor = floor_seconds()
    for unit, (small, large) in attacks(pattern, SIZES, ENDED.get(place, "")):
        for search in searches(place, pattern):
            signal.setitimer(signal.ITIMER_REAL, ALARM_SECONDS)
            try:
                if seconds(search, large) < floor:
                    continue
                growth = min(seconds(search, large) for _ in range(3)) / min(seconds(search, small) for _ in range(5))
            except TooLong:
                growth = float("inf")
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
            if growth > MAX_GROWTH:
                return growth, unit
    return 0.0, ""


@cache
def floor_seconds() -> float:
    """What a plain linear pattern takes for 10 of the larger strings."""
    text = "a " * (SIZES[1] // 2) * 10
    word = re.compile(r"\b\w+\b")
    return min(seconds(word.findall, text) for _ in range(5))


@pytest.fixture(autouse=True)
def alarm() -> Iterator[None]:
    before = signal.signal(signal.SIGALRM, ring)
    yield
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("place", [place for place in patterns() if place not in {*CAPPED, *OF_THE_SCAFFOLD}])
def test_time_grows_at_most_linearly(place: str) -> None:
    growth, unit = worst_growth(place, patterns()[place])
    assert growth <= MAX_GROWTH, f"{place}: {growth:.0f} times as long for 8 times {unit!r}"


@pytest.mark.parametrize("place", CAPPED)
def test_a_pattern_whose_input_is_capped_is_quick_at_the_cap(place: str) -> None:
    pattern = patterns()[place]
    tries = [(search, text) for _, (text,) in attacks(pattern, (CAPPED[place],)) for search in searches(place, pattern)]
    search, text = max(tries, key=lambda each: seconds(*each))
    with at_most(FLOORS):
        search(text)
