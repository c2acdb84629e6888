"""The versions of one story side by side: what changed, paragraph by paragraph, word by word within one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from itertools import pairwise
from typing import Any, Literal

Kind = Literal["same", "added", "removed"]
WORDS = re.compile(r"\s+|[^\s]+")
MAX_PARAGRAPHS = 2_000  # of a text that is compared; difflib is quadratic
MAX_WORDS = 2_000  # of a paragraph that is compared word by word
ALIKE = 0.4  # two paragraphs that share this much are one, changed
STYLES: dict[Kind, str | None] = {"same": None, "added": "green", "removed": "red strike"}
TAGS: dict[Kind, str] = {"same": "span", "added": "ins", "removed": "del"}
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1rem; max-width: 46rem; }}
h1 {{ font-size: 1.3rem; }} h2 {{ font-size: 1rem; margin: 2rem 0 .5rem; border-top: 1px solid light-dark(#bbb, #555); padding-top: .6rem; }}
p {{ margin: .5rem 0; overflow-wrap: anywhere; }} .quiet {{ color: light-dark(#5c5c5c, #a5a5a5); }}
ins {{ background: light-dark(#d7f2dc, #17451f); text-decoration: none; }} del {{ background: light-dark(#fbdcdc, #55191c); }}
</style></head><body>
<h1>{title}</h1>
<p class="quiet">{story_id}</p>
{versions}
</body></html>
"""


@dataclass(frozen=True, slots=True)
class DiffPart:
    """A run of words that both versions have, or one of them."""

    kind: Kind
    text: str


Paragraph = list[DiffPart]


def marked(part: DiffPart) -> str:
    """The part as wdiff marks it, for where there are no colours."""
    return {"same": "{}", "added": "{{+{}+}}", "removed": "[-{}-]"}[part.kind].format(part.text)


@dataclass(frozen=True, slots=True)
class Step:
    """One version against the one before: who wrote it when, and its paragraphs, headline first."""

    version: int
    change: str
    fetched_at: str
    url: str
    paragraphs: list[Paragraph]


def steps(lines: Sequence[dict[str, Any]]) -> list[Step]:
    """The versions of a story; the first has no marks."""
    if not lines:
        return []
    first = [[DiffPart("same", text)] for text in paragraphs_of(lines[0])]
    changes = [compared(paragraphs_of(old), paragraphs_of(new)) for old, new in pairwise(lines)]
    return [
        Step(line["version"], line["change"], line["crawl"]["fetched_at"] or "", line["url"], paragraphs)
        for line, paragraphs in zip(lines, [first, *changes], strict=True)
    ]


def paragraphs_of(line: dict[str, Any]) -> list[str]:
    return [line["headline"] or "", *(line["text"] or "").split("\n\n")[:MAX_PARAGRAPHS]]


def compared(old: list[str], new: list[str]) -> list[Paragraph]:
    """The paragraphs of both in order; those that are alike are shown as one, changed."""
    found: list[Paragraph] = []
    for name, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if name == "equal":
            found += [[DiffPart("same", text)] for text in new[new_from:new_to]]
        else:
            found += replaced(old[old_from:old_to], new[new_from:new_to])
    return [paragraph for paragraph in found if any(part.text for part in paragraph)]


def replaced(old: list[str], new: list[str]) -> Iterator[Paragraph]:
    """Paragraphs that were taken out, put in, or changed: each new one against the next old one that is alike."""
    place = 0
    for text in new:
        partner = next((n for n in range(place, min(len(old), place + 5)) if are_alike(old[n], text)), None)
        if partner is None:
            yield [DiffPart("added", text)]
            continue
        for gone in old[place:partner]:
            yield [DiffPart("removed", gone)]
        yield word_by_word(old[partner], text)
        place = partner + 1
    for gone in old[place:]:
        yield [DiffPart("removed", gone)]


def are_alike(old: str, new: str) -> bool:
    if max(len(old), len(new)) > 10 * MAX_WORDS:
        return False
    matcher = SequenceMatcher(None, old.split(), new.split(), autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def word_by_word(old: str, new: str) -> Paragraph:
    before, after = WORDS.findall(old)[: 2 * MAX_WORDS], WORDS.findall(new)[: 2 * MAX_WORDS]
    found: Paragraph = []
    for name, old_from, old_to, new_from, new_to in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if name == "equal":
            found.append(DiffPart("same", "".join(after[new_from:new_to])))
            continue
        if old_to > old_from:
            found.append(DiffPart("removed", "".join(before[old_from:old_to])))
        if new_to > new_from:
            found.append(DiffPart("added", "".join(after[new_from:new_to])))
    return found


def versions_page(story_id: str, headline: str, found: Sequence[Step]) -> str:
    """The versions as one HTML file that asks for nothing and runs no script."""
    blocks = []
    for step in found:
        about = f"Version {step.version}, {step.change}, {step.fetched_at}"
        blocks.append(f'<h2>{escape(about)}</h2>\n<p class="quiet">{escape(step.url)}</p>')
        for paragraph in step.paragraphs:
            inner = "".join(f"<{TAGS[part.kind]}>{escape(part.text)}</{TAGS[part.kind]}>" for part in paragraph)
            blocks.append(f"<p>{inner}</p>")
    return PAGE.format(title=escape(headline), story_id=escape(story_id), versions="\n".join(blocks))
