"""What the CSS selectors of a site's layout find on a page."""

from __future__ import annotations

from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newscrawl.extraction.blocks import INLINE, RULE
from newscrawl.security.markup import markup_refusal
from newscrawl.sites.model import Layout
from newscrawl.text.whitespace import fold

OPENS, CLOSES = "newscrawl-opens-", "newscrawl-closes"  # elements of our own around an inline one that a rule selects
FIELDS = ("headline", "subheadline", "byline", "published", "section")


@dataclass(slots=True)
class SiteValues:
    """Texts by field, and why the rules could not be used: too-deep, too-many-attributes."""

    texts: dict[str, str] = field(default_factory=dict)
    refusal: str | None = None
    are_marked: bool = False  # whether the markup shows the nodes of the body and drop selectors


def apply_rules(markup: str, layout: Layout | None) -> tuple[str, SiteValues]:
    """(the markup with the nodes of the layout's body and drop selectors marked, the values of its other selectors).

    A selector that finds nothing leaves its field to the other readings. A page that could stop the parser is not
    given to it: it is read as one of an unknown site.
    """
    found = SiteValues()
    if layout is None or not (layout.body or layout.drop or any(getattr(layout, name) for name in FIELDS)):
        return markup, found
    found.refusal = markup_refusal(markup)
    if found.refusal:
        return markup, found
    tree = LexborHTMLParser(markup)
    for name in FIELDS:
        selector = getattr(layout, name)
        node = tree.css_first(selector) if selector else None
        text = node_text(node) if node is not None else ""
        if text:
            found.texts[name] = text
    selectors = [("body", layout.body)] if layout.body else []
    nodes = [
        (rule, node) for rule, css in [*selectors, *(("drop", css) for css in layout.drop)] for node in tree.css(css)
    ]
    for rule, node in nodes:
        mark_node(tree, node, rule)
    found.are_marked = bool(nodes)
    return with_blocks(tree.html or "") if nodes else markup, found


def mark_node(tree: LexborHTMLParser, node: LexborNode, rule: str) -> None:
    """Mark a node for the walk, which takes no notice of inline elements: around one of these a block is to be put."""
    if node.tag in INLINE or node.tag == "a":
        # selectolax copies a node that is put elsewhere, so that the block is written around it afterwards.
        node.insert_before(tree.create_node(OPENS + rule))
        node.insert_after(tree.create_node(CLOSES))
    else:
        node.attrs[RULE] = rule


def with_blocks(markup: str) -> str:
    """The markup with a block where a pair of our tags is around an inline element."""
    for rule in ("body", "drop") if OPENS in markup else ():
        markup = markup.replace(f"<{OPENS}{rule}></{OPENS}{rule}>", f'<div {RULE}="{rule}">')
    return markup.replace(f"<{CLOSES}></{CLOSES}>", "</div>")


def node_text(node: LexborNode) -> str:
    """The text of a node on one line; the value of a meta or time element is its attribute."""
    attributes = node.attributes
    stated = attributes.get("content") or attributes.get("datetime")
    return fold(stated or node.text(separator=" ") or "")
