"""What a page says about itself: JSON-LD (the story's own node only), Open Graph and other meta, links.

JSON-LD is hostile input: deep nesting and giant integers make Python's parser raise, not crash; a script that
cannot be read is a warning and costs nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from newscrawl.extraction.blocks import Attributes, StatedTags
from newscrawl.text.whitespace import fold, unescape

MAX_SCRIPT_CHARS = 1_000_000
MAX_NODES = 2_000
MAX_VALUES = 50  # authors, sections, alternates ... of one page
MAX_LINE_CHARS = 5_000  # of a title, a meta content or a JSON-LD string; longer ones are an attack or a mistake
ARTICLE_TYPES = frozenset(
    [
        "Article",
        "NewsArticle",
        "ReportageNewsArticle",
        "AnalysisNewsArticle",
        "AskPublicNewsArticle",
        "BackgroundNewsArticle",
        "OpinionNewsArticle",
        "ReviewNewsArticle",
        "AdvertiserContentArticle",
        "SatiricalArticle",
        "BlogPosting",
        "LiveBlogPosting",
        "Report",
        "SocialMediaPosting",
        "TechArticle",
        "ScholarlyArticle",
    ]
)
CDATA_START = re.compile(r"^[\s/*]*+<!\[CDATA\[[\s*/]*+")
SCRIPT_ENDS = "/* \n\r\t;"
COMMA_TOO_MANY = re.compile(r",\s*+(?=[}\]])")
Node = dict[str, Any]


@dataclass(slots=True)
class StructuredData:
    """`article` is the story's JSON-LD node ({} if none), `by_id` every node with an @id, `meta` name -> contents."""

    article: Node = field(default_factory=dict)
    by_id: dict[str, Node] = field(default_factory=dict)
    meta: dict[str, list[str]] = field(default_factory=dict)
    types: list[str] = field(
        default_factory=list
    )  # of all nodes of this story, its own first; else of the page's nodes
    canonical: str | None = None
    amp: bool = False  # the page links to an AMP alternate edition
    alternates: list[tuple[str, str]] = field(default_factory=list)
    title: str | None = None
    language: str | None = None
    warnings: list[str] = field(default_factory=list)

    def first_meta(self, *names: str) -> str | None:
        """The first content among these meta names, in their order."""
        return next((contents[0] for name in names if (contents := self.meta.get(name))), None)

    def text(self, key: str) -> str | None:
        """A property of the article node as one line of text."""
        return text_of(self.article.get(key))

    def nodes(self, key: str) -> list[Node | str]:
        """The values of a property of the article node, with references resolved; a bounded number."""
        return [resolved(value, self.by_id) for value in listed(self.article.get(key))[:MAX_VALUES]]


def listed(value: Any) -> list[Any]:
    """A JSON-LD value as the list it may have been written as."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def resolved(value: Any, by_id: dict[str, Node]) -> Any:
    """A node for `{"@id": ...}` where the page holds it."""
    if isinstance(value, dict) and set(value) == {"@id"} and isinstance(value["@id"], str):
        return by_id.get(value["@id"], value)
    return value


def text_of(value: Any, max_chars: int | None = MAX_LINE_CHARS) -> str | None:
    """A value as one line of plain text: entities decoded (JSON-LD often holds them twice escaped), cut at `max_chars`."""
    for entry in listed(value):
        if isinstance(entry, str) and (text := entry.strip()):
            return fold(unescape(text[:max_chars])) or None
        if isinstance(entry, dict) and isinstance(entry.get("@value"), str):
            return fold(unescape(entry["@value"].strip()[:max_chars])) or None
    return None


def read_structured_data(stated: StatedTags, url: str) -> StructuredData:
    """Everything the page states in its head and in its JSON-LD scripts."""
    found = StructuredData(title=(stated.title or "")[:MAX_LINE_CHARS] or None, language=stated.language)
    read_metas(stated.metas, found)
    read_links(stated.links, found)
    articles, others = [], []
    for node in read_scripts(stated.data, found):
        if isinstance(node.get("@id"), str):
            found.by_id.setdefault(node["@id"], node)
        types = type_names(node)
        if ARTICLE_TYPES.intersection(types):
            articles.append(node)
        elif not articles:
            others += types
    if articles:
        found.article = own_article(articles, {url, found.canonical or url})
        twins = [node for node in articles if node is not found.article and is_same_story(node, found.article)]
        found.types = [kind for node in [found.article, *twins] for kind in type_names(node)]
    else:
        found.types = others[:MAX_VALUES]
    return found


def is_same_story(node: Node, own: Node) -> bool:
    """Whether two nodes of a page speak of one story: they share headline or URL."""
    return any(
        (stated := text_of(own.get(key))) is not None and stated == text_of(node.get(key))
        for key in ("headline", "url")
    )


def read_metas(metas: Iterable[Attributes], found: StructuredData) -> None:
    for said in metas:
        content = fold((said.get("content") or "")[:MAX_LINE_CHARS])
        name = said.get("property") or said.get("name") or said.get("itemprop")
        if name and content:
            contents = found.meta.setdefault(name.strip().lower(), [])
            if len(contents) < MAX_VALUES:
                contents.append(content)


def read_links(links: Iterable[Attributes], found: StructuredData) -> None:
    for said in links:
        rel, href = (said.get("rel") or "").lower().split(), (said.get("href") or "").strip()
        if "canonical" in rel and href and found.canonical is None:
            found.canonical = href
        if "alternate" in rel and (language := said.get("hreflang")) and len(found.alternates) < MAX_VALUES:
            found.alternates.append((language.lower(), href))
        found.amp = found.amp or "amphtml" in rel


def read_scripts(scripts: Iterable[str], found: StructuredData) -> Iterator[Node]:
    for script in scripts:
        content = script.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
        if not content:
            continue
        if len(content) > MAX_SCRIPT_CHARS:
            found.warnings.append("json-ld-too-big")
            continue
        data = read_json(content)
        if data is None:
            found.warnings.append("json-ld-broken")
            continue
        yield from walk_nodes(data)


def read_json(content: str) -> Any:
    """What a script holds, repaired where it is broken as scripts often are; None where it cannot be read."""
    try:
        return json.loads(content, strict=False)
    except (ValueError, RecursionError):
        repaired = repaired_json(content)
    try:
        return json.loads(repaired, strict=False) if repaired != content else None
    except (ValueError, RecursionError):
        return None


def repaired_json(content: str) -> str:
    """A script without its CDATA marks and commas too many, and unescaped where even its quotes are entities."""
    content = CDATA_START.sub("", content, count=1)
    content = content.rstrip(SCRIPT_ENDS).removesuffix("-->").rstrip(SCRIPT_ENDS)
    content = content.removesuffix("]]>").rstrip(SCRIPT_ENDS)
    if content.count("&quot;") + content.count("&#34;") > content.count('"'):
        content = unescape(content)
    return COMMA_TOO_MANY.sub("", content)


def walk_nodes(data: Any) -> Iterator[Node]:
    """Every object of a script, outermost first, up to a bound."""
    queue, seen = [data], 0
    while queue and seen < MAX_NODES:
        value = queue.pop(0)
        seen += 1
        if isinstance(value, dict):
            yield value
            queue.extend(v for v in value.values() if isinstance(v, dict | list))
        elif isinstance(value, list):
            queue.extend(v for v in value if isinstance(v, dict | list))


def type_names(node: Node) -> list[str]:
    """The types of a node in its order, without their vocabulary."""
    return [kind.rsplit("/", 1)[-1] for kind in listed(node.get("@type")) if isinstance(kind, str)]


def own_article(articles: list[Node], urls: set[str]) -> Node:
    """The node of the page's own story: the one that names the page's URL, else the first with a headline."""
    for node in articles:
        if urls & {text_of(node.get("url")), node_id(node.get("mainEntityOfPage")), node_id(node)}:
            return node
    return next((node for node in articles if text_of(node.get("headline"))), articles[0])


def node_id(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return value.split("#", 1)[0] if isinstance(value, str) else None


def name_of(value: Any) -> str | None:
    """The name of a person or organisation, written as text or as a node."""
    if isinstance(value, dict):
        parts = [text for key in ("givenName", "familyName") if (text := text_of(value.get(key)))]
        value = value.get("name") or " ".join(parts) or value.get("alternateName")
    return text_of(value)
