"""The site file that is proposed: what was found, as the TOML a person would have written, every fact with what it rests on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

from newscrawl.items import SourceKind
from newscrawl.sites.model import Layout, Site, domain_of
from newscrawl.sites.registry import load_site
from newscrawl.tools.scaffold.facts import SiteFacts, facts_of, proposed_id
from newscrawl.tools.scaffold.probe_result import Announcing, PageRead, ProbeResult
from newscrawl.tools.scaffold.selectors import Selectors, find_selectors
from newscrawl.tools.scaffold.toml_text import toml_comment, toml_lines, toml_list, toml_text

MIN_MEASURED = 3  # stories from which on a bound is written
KINDS = ", ".join(get_args(SourceKind))


@dataclass(slots=True)
class Proposal:
    """A site file that nobody has said yes to yet."""

    id: str
    toml: str
    site: Site
    looked: ProbeResult
    facts: SiteFacts
    selectors: Selectors

    @property
    def has_use(self) -> bool:
        """Whether anything could be crawled or read with it."""
        return bool(self.looked.announcing or self.looked.pages)

    @property
    def notes(self) -> list[str]:
        """What whoever adds the site should know."""
        looked = self.looked
        found = [*looked.notes, *self.facts.notes]
        if not looked.rules.story_url:
            found.append(f"story_url: {looked.rules.detail}: every announced page on the site is taken for a story")
        if self.paragraphs_only():
            found.append(
                "body takes paragraphs alone, for the stories read hold nothing else: add headings, lists and quotes if others do"
            )
        if self.site.timezone is None and not all(page.story.time_zone_basis == "explicit" for page in looked.pages):
            found.append(
                "timezone: nothing read shows it; dates without an offset stay without a time until the file says it"
            )
        if looked.needs_browser:
            found.append(
                "its pages are filled by scripts: `render = true` is proposed (the browser extra, docs/safety.md)"
            )
        if looked.is_live and not looked.announcing:
            found.append("no feed, news sitemap or list of stories was found: give a [[source]] before you crawl it")
        return found

    def paragraphs_only(self) -> bool:
        """Whether the body selector lets no heading, list or quote in."""
        body = self.selectors.layout.body if self.selectors.layout else None
        return bool(body) and all(part.endswith((" > p", " p")) for part in str(body).split(", "))


def propose(looked: ProbeResult, today: date, delay_seconds: float, site_id: str | None = None) -> Proposal:
    """The site file for what was seen; `delay_seconds` is what the look itself kept to."""
    facts = facts_of(looked)
    looked.needs_browser = looked.needs_browser and not looked.pages
    own_id = site_id or proposed_id(looked, facts.name)
    delay = max(delay_seconds, looked.delay_seconds)
    bare = site_file(looked, facts, Selectors(detail="none read"), today, delay)
    site = site_of_text(own_id, bare)
    selectors = find_selectors(looked.pages, site) if looked.pages else Selectors(detail="no story was read")
    text = site_file(looked, facts, selectors, today, delay)
    return Proposal(own_id, text, site_of_text(own_id, text), looked, facts, selectors)


def site_of_text(site_id: str, text: str) -> Site:
    """The site of a file's text, read as any site file is."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{site_id}.toml"
        path.write_text(text, "utf-8")
        return load_site(path)


def site_file(looked: ProbeResult, facts: SiteFacts, selectors: Selectors, today: date, delay_seconds: float) -> str:
    """The text of the site file."""
    parts = [
        "\n".join(head_lines(looked, facts)),
        "evidence = " + toml_lines(evidence(looked, facts, selectors, today)),
        f"delay_seconds = {delay_seconds:g}"
        + ("  # as robots.txt asks" if looked.delay_seconds >= delay_seconds > 0 else ""),
        *("\n".join(source_lines(each)) for each in looked.announcing),
        *("\n".join(stated_lines(url)) for url in looked.stated),
        "\n".join(layout_lines(selectors)),
        "\n".join(expect_lines(looked.pages)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def head_lines(looked: ProbeResult, facts: SiteFacts) -> Iterator[str]:
    yield f"name = {toml_text(facts.name)}"
    yield f"kind = {toml_text(facts.kind)}" if facts.kind else toml_comment(f'kind = "newspaper"  # say which: {KINDS}')
    if facts.country:
        yield f"country = {toml_text(facts.country)}"
    if facts.language:
        yield f"language = {toml_text(facts.language)}"
    if facts.timezone:
        yield f"timezone = {toml_text(facts.timezone)}"
    elif facts.timezone_hint:
        yield toml_comment(
            f'timezone = "{facts.timezone_hint}"  # likely by the host, but no date that was read shows it'
        )
    else:
        yield toml_comment('timezone = "Area/City"  # for dates without an offset; nothing that was read shows which')
    if facts.agency:
        yield f"agency = {toml_text(facts.agency)}"
    domains = facts.domains or (() if looked.announcing else (domain_of(looked.base) or "",))
    if domains:
        yield f"domains = {toml_list(domains)}"
    if looked.rules.story_url:
        yield f"story_url = {toml_list(looked.rules.story_url)}"
    if looked.rules.story_id:
        yield f"story_id = {toml_text(looked.rules.story_id)}"
    if looked.needs_browser:
        yield "render = true  # the pages hold scripts and no text"


def evidence(looked: ProbeResult, facts: SiteFacts, selectors: Selectors, today: date) -> list[str]:
    """What each fact rests on, a line each; the last says whether the site itself was asked."""
    lines = [f"{each.detail} on {today}" for each in looked.announcing]
    lines += [f"story URLs: {looked.rules.detail}"] if looked.rules.story_url else []
    lines += [f"selectors: {selectors.detail}"]
    lines += facts.detail
    lines.append(
        f"found by newscrawl add on {today}"
        if looked.is_live
        else f"found by newscrawl add in saved pages on {today}; not tried live"
    )
    return [line + (";" if at < len(lines) else "") for at, line in enumerate(lines, 1)]


def source_lines(announcing: Announcing) -> Iterator[str]:
    source = announcing.source
    yield "[[source]]"
    yield f"kind = {toml_text(source.kind)}"
    yield f"url = {toml_text(source.url)}"
    if source.links:
        yield f"links = {toml_text(source.links)}"
    if source.next:
        yield f"next = {toml_text(source.next)}"
        yield f"max_pages = {source.max_pages}"


def stated_lines(url: str) -> Iterator[str]:
    yield "# The pages name this feed; nobody has asked for it yet."
    yield "# [[source]]"
    yield '# kind = "rss"'
    yield toml_comment(f"url = {toml_text(url)}")


def layout_lines(selectors: Selectors) -> Iterator[str]:
    """The layout; one that does not agree is there as a comment, to begin with."""
    if selectors.layout is not None:
        yield "[[layout]]"
        yield from selector_lines(selectors.layout)
        return
    yield toml_comment(f"No layout: {selectors.detail}.")
    if selectors.best is not None:
        yield "# [[layout]]"
        yield from map(toml_comment, selector_lines(Layout(body=selectors.best.body, drop=selectors.best.drop)))


def selector_lines(layout: Layout) -> Iterator[str]:
    for name in ("headline", "byline", "published", "body"):
        if selector := getattr(layout, name):
            yield f"{name} = {toml_text(selector)}"
    if layout.drop:
        yield f"drop = {toml_list(layout.drop)}"


def expect_lines(pages: Sequence[PageRead]) -> Iterator[str]:
    """Bounds as far as a handful of stories can show them: n of n is not a proof of more than n in n + 1."""
    if len(pages) < MIN_MEASURED:
        return
    rate = math.floor(len(pages) / (len(pages) + 1) * 20) / 20
    stories = [page.story for page in pages]
    filled = {
        "headline": all(story.headline for story in stories),
        "body": True,
        "published": all(story.published_at or story.published_date for story in stories),
        "byline": all(story.byline for story in stories),
    }
    yield "[expect]"
    rates = ", ".join(f"{name} = {rate:g}" for name, is_always in filled.items() if is_always)
    yield f"filled = {{ {rates} }}  # each of the {len(pages)} stories read has them"


def agreement_of(proposal: Proposal, page: PageRead) -> float | None:
    """How far the proposed rules (or the best that are not good enough) read a page as the generic reader does."""
    rates = proposal.selectors.agreement
    return dict(zip((each.url for each in proposal.looked.pages), rates, strict=False)).get(page.url) if rates else None


def tried_json(looked: ProbeResult) -> list[dict[str, Any]]:
    return [{"what": t.what, "url": t.url, "detail": t.detail, "problem": t.problem} for t in looked.tried]


def as_json(proposal: Proposal) -> dict[str, Any]:
    """All of it for programs."""
    looked = proposal.looked
    return {
        "id": proposal.id,
        "site_file": proposal.toml,
        "problem": looked.problem,
        "requests": looked.requests,
        "tried": tried_json(looked),
        "stories": [{"url": page.url, "agreement": agreement_of(proposal, page)} for page in looked.pages],
        "differences": [
            {"url": d.url, "field": d.field, "generic": d.generic, "rules": d.ruled}
            for d in proposal.selectors.differences or []
        ],
        "selectors": proposal.selectors.detail,
        "notes": proposal.notes,
    }
