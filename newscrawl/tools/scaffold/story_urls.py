"""What the URLs of a site's stories have in common that its other links have not: `story_url` and `story_id`.

URLs of one shape (as many segments, digits in the same places) give one pattern: each segment generalised to what varies
in it, then as few segments as still tell the stories from the other links. Segments are parted by `/` and every part of a
pattern excludes it, so that matching stays linear in the URL's length.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urlsplit

MIN_URLS = 3  # fewer show nothing that holds
MAX_URLS = 2_000  # of a source that are looked at
MAX_PATTERNS = 4  # a site with more kinds of story URLs has none that tells them
LONG_ID = 6  # digits from which on a number alone is a story's
EXTENSION = re.compile(r"\.(?:html?|shtml|php|aspx?|jsp|do|cms|ece|story)$", re.I)
DATE = re.compile(r"(?:19|20)\d\d-(?:0\d|1[0-2])-[0-3]\d")
PREFIXED = re.compile(r"([A-Za-z]{1,12}[-_]?)(\d+)")
AT_END = re.compile(r"(.+?)([-_.,])([A-Za-z]{0,3})(\d{4,})")
AT_START = re.compile(r"(\d{4,})([-_])(.+)")
ANY = "[^/?]+"
DATE_PARTS = frozenset((r"\d{4}", r"\d\d", r"\d{1,2}"))
MIN_LITERAL = 3  # letters of a segment that a pattern may begin with


@dataclass(frozen=True, slots=True)
class UrlRules:
    """Patterns for a site file, as texts; `told` says what they rest on, or why there are none."""

    story_url: tuple[str, ...] = ()
    story_id: str | None = None
    detail: str = ""

    def holds(self, url: str) -> bool:
        """Whether a URL can be a story's."""
        return not self.story_url or any(re.search(pattern, url) for pattern in self.story_url)


@dataclass(frozen=True, slots=True)
class UrlPart:
    """One segment of a path as a pattern; `ident` is the same with its number as a group, where that can be an id."""

    pattern: str
    is_literal: bool = False
    ident: str | None = None

    @property
    def is_query(self) -> bool:
        return self.pattern.startswith(("[?&]", "\\?"))

    @property
    def is_telling(self) -> bool:
        return self.is_literal or "\\d" in self.pattern


def learn(stories: Iterable[str], others: Iterable[str]) -> UrlRules:
    """The patterns that all stories match and no other link does."""
    urls = list(dict.fromkeys(stories))[:MAX_URLS]
    negatives = [url for url in dict.fromkeys(others) if url not in set(urls)]
    if len(urls) < MIN_URLS:
        return UrlRules(detail=f"only {len(urls)} story URLs are known: too few to learn a pattern from")
    found: list[str] = []
    idents: set[str | None] = set()
    for group in groups(urls):
        if all(any(re.search(pattern, url) for pattern in found) for url in group):
            continue
        parts = parts_of(group)
        pattern = shortest(parts, group, negatives)
        if pattern is None or len(found) >= MAX_PATTERNS:
            return UrlRules(
                detail=f"nothing in them tells the {len(urls)} story URLs from other links, such as {group[0]}"
            )
        found.append(pattern)
        idents.add(ident_of(parts, group))
    detail = f"{len(urls)} of {len(urls)} announced URLs match, none of {len(negatives)} other links"
    return UrlRules(tuple(found), idents.pop() if len(idents) == 1 else None, detail)


def groups(urls: Iterable[str]) -> list[list[str]]:
    """URLs of one shape together, the largest group first."""
    by_shape: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for url in urls:
        by_shape[shape_of(url)].append(url)
    return sorted(by_shape.values(), key=len, reverse=True)


def shape_of(url: str) -> tuple[object, ...]:
    """What URLs of one kind share: how many segments, which of them are numbers or dates, the extension, the query's keys."""
    parts = urlsplit(url)
    segments = segments_of(parts)
    kinds = ["digits" if s.isdigit() else "date" if DATE.fullmatch(s) else "text" for s in segments]
    extension = EXTENSION.search(parts.path)
    number = tuple(key for key, value in parse_qsl(parts.query)[:20] if value.isdigit()) if extension else ()
    return len(segments), tuple(kinds), extension[0].lower() if extension else "", number


def segments_of(parts: SplitResult) -> list[str]:
    return parts.path.strip("/").split("/") if parts.path.strip("/") else []


def parts_of(group: Sequence[str]) -> list[UrlPart]:
    """The segments of URLs of one shape as patterns; a number in the query is the last of them."""
    split = [urlsplit(url) for url in group]
    columns = list(zip(*map(segments_of, split), strict=True))
    parts = [part_of(column) for column in columns]
    if parts and all(part.is_literal for part in parts):
        parts += query_part([dict(parse_qsl(each.query)[:20]) for each in split], [each.query for each in split])
    return parts


def query_part(values: Sequence[dict[str, str]], queries: Sequence[str]) -> list[UrlPart]:
    """`?id=123` as a part, where it is what tells the pages of one path apart."""
    for key in values[0]:
        numbers = [each.get(key, "") for each in values]
        if all(map(str.isdigit, numbers)) and len(set(numbers)) == len(numbers):
            mark = r"\?" if all(query.startswith(key + "=") for query in queries) else "[?&]"
            name = re.escape(key)
            return [UrlPart(f"{mark}{name}={digits(numbers)}", ident=f"{mark}{name}=({digits(numbers)})")]
    return []


def part_of(values: Sequence[str]) -> UrlPart:
    """One place in the path as a pattern of all that is there."""
    first = values[0]
    if all(value.isdigit() and value.isascii() for value in values):
        pattern = digits(values)
        return UrlPart(pattern, ident=f"({pattern})" if is_ident(values) else None)
    if len(set(values)) == 1 and len(values) > 1 and not any(map(str.isdigit, first)):
        return UrlPart(re.escape(first).replace("\\-", "-"), is_literal=True)
    if all(map(DATE.fullmatch, values)):
        return UrlPart(r"\d{4}-\d\d-\d\d")
    bare = [EXTENSION.sub("", value) for value in values]
    ending = EXTENSION.search(first)
    tail = re.escape(ending[0]) if ending and all(v.endswith(ending[0]) for v in values) else ""
    return numbered(bare, tail) or UrlPart(f"{ANY}{tail}" if not tail else f"[^/?]+{tail}")


def numbered(bare: Sequence[str], tail: str) -> UrlPart | None:
    """A part whose number is alone, behind a fixed prefix, at its end or at its start; None where it holds none."""
    if all(value.isdigit() for value in bare):
        return with_ident("", bare, tail)
    prefixed = [PREFIXED.fullmatch(value) for value in bare]
    if all(prefixed) and len({found[1] for found in prefixed if found}) == 1:
        return with_ident(re.escape(prefixed[0][1]).replace("\\-", "-"), [f[2] for f in prefixed if f], tail)  # type: ignore[index]
    ending = [AT_END.fullmatch(value) for value in bare]
    if all(ending) and len({found[2] + found[3] for found in ending if found}) == 1:
        mark = re.escape(ending[0][2] + ending[0][3]).replace("\\-", "-")  # type: ignore[index]
        return with_ident(f"{ANY}{mark}", [found[4] for found in ending if found], tail)
    starting = [AT_START.match(value) for value in bare]
    if all(starting) and len({found[2] for found in starting if found}) == 1:
        return with_ident("", [found[1] for found in starting if found], starting[0][2])  # type: ignore[index]
    return None


def with_ident(before: str, numbers: Sequence[str], behind: str) -> UrlPart:
    pattern = digits(numbers)
    ident = f"{before.removeprefix(ANY)}({pattern}){behind}" if is_ident(numbers) else None
    return UrlPart(f"{before}{pattern}{behind}", ident=ident)


def digits(values: Sequence[str]) -> str:
    """Numbers as a pattern: of a year, month or day their length, of a long id at least that it is long."""
    lengths = {len(value) for value in values}
    if lengths == {4} and all("1900" <= value <= "2100" for value in values):
        return r"\d{4}"
    if lengths <= {1, 2}:
        return r"\d\d" if lengths == {2} else r"\d{1,2}"
    if lengths == {8} and all(value[:2] in ("19", "20") for value in values):
        return r"\d{8}"
    return rf"\d{{{LONG_ID},}}" if min(lengths) >= LONG_ID else r"\d+"


def is_ident(numbers: Sequence[str]) -> bool:
    """Whether numbers can be the stories' own ids: each its own, and no part of a date."""
    is_date = digits(numbers) in (r"\d{4}", r"\d\d", r"\d{1,2}", r"\d{8}")
    return not is_date and len(set(numbers)) == len(numbers) >= MIN_URLS and min(map(len, numbers)) >= 3


def shortest(parts: Sequence[UrlPart], group: Sequence[str], others: Sequence[str]) -> str | None:
    """The pattern with the fewest segments that every URL of the group matches and none of the others does."""
    candidates = []
    for start in range(len(parts)):
        for end in range(start + 1, len(parts) + 1):
            chosen, is_end = parts[start:end], end == len(parts)
            if not begins_well(parts, start) or not is_enough(chosen, is_end=is_end):
                continue
            vague = sum(not part.is_telling for part in chosen)
            has_digits = any("\\d" in part.pattern for part in chosen)
            candidates.append((not has_digits, vague, len(chosen), -start, joined(chosen, is_end=is_end)))
    for *_, pattern in sorted(candidates):
        search = re.compile(pattern).search
        if all(map(search, group)) and not any(map(search, others)):
            return pattern
    return None


def joined(parts: Sequence[UrlPart], *, is_end: bool) -> str:
    """Parts as one pattern; a number behind words needs neither the words nor what is before them."""
    if len(parts) == 1 and parts[0].pattern.startswith(ANY) and parts[0].is_telling:
        return parts[0].pattern.removeprefix(ANY)
    pattern = "".join(part.pattern if part.is_query else "/" + part.pattern for part in parts)
    return pattern if is_end else pattern + "/"


def begins_well(parts: Sequence[UrlPart], start: int) -> bool:
    """Whether a pattern may begin there: with a word of some length rather than behind it, and not within a date."""
    part = parts[start]
    if not start:
        return True
    before = parts[start - 1]
    if part.is_literal:
        return len(part.pattern) >= MIN_LITERAL or not before.is_literal
    if part.pattern.startswith(ANY) and part.is_telling:
        return True
    return not before.is_literal and not (part.pattern in DATE_PARTS and before.pattern in DATE_PARTS)


def is_enough(parts: Sequence[UrlPart], *, is_end: bool) -> bool:
    """Whether a pattern says so much that no page of another kind matches it by chance: a month's list, a section's page."""
    if len(parts) == 1:
        only = parts[0].pattern
        return is_end and (
            parts[0].ident is not None or "\\d{8}" in only or "\\d\\d-" in only or f"{{{LONG_ID},}}" in only
        )
    if not any(part.is_telling for part in parts):
        return False
    numbers = [part.pattern for part in parts if "\\d" in part.pattern]
    if all(number in DATE_PARTS for number in numbers):
        return is_end and not parts[-1].is_literal and parts[-1].pattern not in DATE_PARTS
    return True


def ident_of(parts: Sequence[UrlPart], group: Sequence[str]) -> str | None:
    """The pattern of the stories' own ids, with what is before it; None where no number is each story's own."""
    for at in range(len(parts) - 1, -1, -1):
        ident = parts[at].ident
        if ident is None:
            continue
        if not parts[at].is_query and not parts[at].pattern.startswith(ANY):
            before = parts[at - 1] if at else None
            ident = f"/{before.pattern}/{ident}" if before and before.is_literal else "/" + ident
        found = [re.search(ident, url) for url in group]
        if all(found) and len({match[1] for match in found if match}) == len(group):
            return ident
    return None
