"""A tiny data folder: pages of an invented harbour town in three sets."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

STORY = (
    "The ferry Amaranth ran aground off the breakwater on Monday morning with forty passengers on board.",
    "Nobody was hurt, the harbour office said, and two tugs pulled the vessel free shortly before noon.",
    "The port will look at the fairway lights, two of which had been dark since the storm last week.",
)
BODY = "\n".join(STORY)


def page(language: str | None = "en", extra: str = "", paragraphs: tuple[str, ...] = STORY) -> bytes:
    tag = f'<html lang="{language}">' if language else "<html>"
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!doctype html>{tag}<head><title>Ferry runs aground</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>Ferry runs aground off the breakwater</h1>{text}</article>{extra}</body></html>"
    ).encode()


def write_set(folder: Path, name: str, pages: list[tuple[dict[str, Any], bytes]]) -> None:
    (folder / name / "pages").mkdir(parents=True)
    truths = []
    for number, (truth, html) in enumerate(pages, 1):
        (folder / name / "pages" / f"{number}.html.gz").write_bytes(gzip.compress(html))
        url = f"https://harbour.example/{number}"
        truths.append({"id": f"{name}-{number}", "file": f"{number}.html.gz", "url": url, **truth})
    (folder / name / "truth.jsonl").write_text("".join(json.dumps(truth) + "\n" for truth in truths), "utf-8")


def write_sets(folder: Path) -> None:
    too_much = "<p>Subscribe to our weekly letter.</p>"
    write_set(
        folder,
        "aeb",
        [({"body": BODY}, page("en-GB")), ({"body": BODY}, page("de", too_much)), ({"body": BODY}, page(None))],
    )
    snippets = {"with": ["two tugs pulled", "a sentence nobody wrote"], "without": ["Subscribe to", "Home"]}
    write_set(folder, "trafilatura", [(snippets, page("fr", too_much))])
    agencies = {"attribution": ["examplewire"], "role": "sole", "lang": "de-AT"}
    nobody = {"attribution": [], "role": "none", "lang": "fr"}
    write_set(folder, "attribution", [(agencies, page()), (nobody, page())])
