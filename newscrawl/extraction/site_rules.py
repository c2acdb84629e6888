"""What the CSS selectors of a site's layout find on a page."""

from __future__ import annotations

from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from newscrawl.extraction.parse import ParsedPage
from newscrawl.extraction.walk import RULE
from newscrawl.sites.model import Layout
from newscrawl.text.whitespace import fold

FIELDS = ("headline", "subheadline", "byline", "published", "section")


@dataclass(slots=True)
class SiteValues:
    """Texts by field."""

    texts: dict[str, str] = field(default_factory=dict)
    are_marked: bool = False  # whether the body and drop selectors found any node


def apply_rules(parsed: ParsedPage, layout: Layout | None) -> SiteValues:
    """The values of the layout's selectors. The nodes of its body and drop selectors are marked in the tree.

    A selector that finds nothing leaves its field to the other readings.
    """
    found = SiteValues()
    tree = parsed.tree
    if layout is None or tree is None:
        return found
    for name in FIELDS:
        selector = getattr(layout, name)
        node = tree.css_first(selector) if selector else None
        text = node_text(node) if node is not None else ""
        if text:
            found.texts[name] = text
    for rule, css in [("body", layout.body), *(("drop", css) for css in layout.drop)]:
        for node in tree.css(css) if css else ():
            node.attrs[RULE] = rule
            found.are_marked = True
    return found


def node_text(node: LexborNode) -> str:
    """The text of a node on one line; the value of a meta or time element is its attribute."""
    attributes = node.attributes
    stated = attributes.get("content") or attributes.get("datetime")
    return fold(stated or node.text(separator=" ") or "")
