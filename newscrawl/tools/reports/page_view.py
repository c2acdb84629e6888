"""One page explained as one HTML file: each of its blocks, kept or dropped and why, beside the record.

The file asks no other host for anything and runs no script; every text of the page is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from html import escape
from typing import Any

from newscrawl.extraction.document import Document
from newscrawl.extraction.main_text import reasons
from newscrawl.items import Story

VERDICTS = {"kept": "in the text", "aside": "kept apart from the text", "dropped": "dropped"}
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --kept: light-dark(#e2f4e5, #17351d); --aside: light-dark(#e3edfb, #16283f);
  --edge: light-dark(#bbb, #555); --quiet: light-dark(#5c5c5c, #a5a5a5); }}
body {{ font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1rem; max-width: 96rem; }}
h1 {{ font-size: 1.25rem; margin: 0; }} h2 {{ font-size: 1rem; margin: 1rem 0 .4rem; }}
p.about {{ color: var(--quiet); margin: .2rem 0 1rem; overflow-wrap: anywhere; }}
main {{ display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 1.5rem; }}
@media (max-width: 60rem) {{ main {{ grid-template-columns: minmax(0, 1fr); }} }}
ol {{ list-style: none; padding: 0; margin: 0; }}
li {{ display: grid; grid-template-columns: 9.5rem minmax(0, 1fr); gap: .6rem; padding: .15rem .5rem; border-left: 4px solid transparent; }}
li.kept {{ background: var(--kept); border-color: #2a8a3e; }} li.aside {{ background: var(--aside); border-color: #3671c6; }}
li.dropped {{ color: var(--quiet); }}
li small {{ font-size: .75rem; color: var(--quiet); }} li span {{ white-space: pre-wrap; overflow-wrap: anywhere; }}
table {{ border-collapse: collapse; width: 100%; font-size: .85rem; }}
td {{ border-top: 1px solid var(--edge); padding: .2rem .4rem; vertical-align: top; overflow-wrap: anywhere; white-space: pre-wrap; }}
td:first-child {{ color: var(--quiet); white-space: nowrap; width: 1%; }}
mark {{ background: light-dark(#ffe28a, #6b5200); color: inherit; }}
@media (max-width: 40rem) {{ li {{ grid-template-columns: minmax(0, 1fr); gap: 0; }} }}
</style></head><body>
<h1>{title}</h1>
<p class="about">{about}</p>
<main>
<section><h2>The page, block by block</h2><ol>
{blocks}
</ol></section>
<section><h2>The record</h2><table>
{record}
</table></section>
</main></body></html>
"""


def page_view(document: Document, story: Story) -> str:
    """The HTML of the explanation."""
    verdicts = reasons(document.page, document.main)
    kept = sum(verdict == "kept" for verdict, _ in verdicts)
    warnings = story.extraction.warnings if story.extraction else []
    about = f"{story.url} · {kept} of {len(verdicts)} blocks are the story"
    if warnings:
        about += f" · warnings: {', '.join(warnings)}"
    return PAGE.format(
        title=escape(story.headline or "A page without a headline"),
        about=escape(about),
        blocks="\n".join(block_rows(document, story, verdicts)),
        record="\n".join(record_rows(story)),
    )


def block_rows(document: Document, story: Story, verdicts: list[tuple[str, str]]) -> Iterator[str]:
    evidence = [e.text for a in story.attribution or [] for e in a.evidence if e.where == "text"]
    for block, (verdict, reason) in zip(document.page.blocks, verdicts, strict=True):
        text = escape(block.text)
        for proof in map(escape, evidence if verdict == "kept" else []):
            text = text.replace(proof, f"<mark>{proof}</mark>")
        label = f"{block.tag} · {reason}"
        title = VERDICTS[verdict]
        yield f'<li class="{verdict}" title="{title}"><small>{escape(label)}</small><span>{text}</span></li>'


def record_rows(story: Story) -> Iterator[str]:
    """The record's fields; the text is beside, and what is empty is left out."""
    for name, value in asdict(story).items():
        if name in ("text", "body") or value in (None, [], {}):
            continue
        for path, leaf in leaves(name, value):
            yield f"<tr><td>{escape(path)}</td><td>{escape(str(leaf))}</td></tr>"


def leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Each plain value with its path: `attribution[0].evidence[0].text`."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(f"{path}.{name}", inner)
    elif isinstance(value, list) and any(isinstance(inner, dict | list) for inner in value):
        for number, inner in enumerate(value):
            yield from leaves(f"{path}[{number}]", inner)
    elif value not in (None, []):
        yield path, ", ".join(map(str, value)) if isinstance(value, list) else value
