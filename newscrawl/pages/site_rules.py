"""What the CSS selectors of a site's layout find on a page."""

from __future__ import annotations

from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newscrawl.catalog.site import Layout
from newscrawl.pages.blocks import RULE
from newscrawl.text.whitespace import fold


@dataclass(slots=True)
class SiteValues:
    """Texts by field, and whether any node of the tree carries the mark of a body or drop selector."""

    texts: dict[str, str] = field(default_factory=dict)
    has_marks: bool = False


def read_site_rules(tree: LexborHTMLParser, layout: Layout | None) -> SiteValues:
    """The values of a layout; a selector that finds nothing leaves its field to the other readings."""
    found = SiteValues()
    if layout is None:
        return found
    for name in ("headline", "subheadline", "byline", "published", "section"):
        selector = getattr(layout, name)
        node = tree.css_first(selector) if selector else None
        text = node_text(node) if node is not None else ""
        if text:
            found.texts[name] = text
    selectors = [("body", layout.body)] if layout.body else []
    for rule, selector in [*selectors, *(("drop", selector) for selector in layout.drop)]:
        for node in tree.css(selector):
            node.attrs[RULE] = rule
            found.has_marks = True
    return found


def node_text(node: LexborNode) -> str:
    """The text of a node on one line; the value of a meta or time element is its attribute."""
    attributes = node.attributes
    stated = attributes.get("content") or attributes.get("datetime")
    return fold(stated or node.text(separator=" ") or "")
