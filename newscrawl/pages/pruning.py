"""What is taken out of a parsed tree before its walk, and the tree written out for it. The parser does both, in C."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newscrawl.text.boilerplate import is_copyright
from newscrawl.text.whitespace import fold

# fmt: off
SKIPPED = [
    "head", "nav", "button", "select", "textarea", "iframe", "video", "audio", "object", "dialog", "template", "math",
    # guards.markup takes these out, but for a few that are malformed or inside of others
    "script", "style", "svg",
    # written out without escapes, so that a `<` in them would be taken for a tag
    "xmp", "noembed", "noframes", "plaintext",
]
# fmt: on
COMMENT = re.compile(r"<!--.*?-->", re.S)
MAX_FOOTERS = 20
MAX_LEVELS = 12  # above a footer; one that stands deeper is left


def write_out(tree: LexborHTMLParser) -> list[str]:
    """The tags of a tree, each with the text behind it."""
    root = tree.root
    markup = ((root.html if root is not None else None) or "").replace("\x0b", " ")
    if "<!--" in markup:
        markup = COMMENT.sub("", markup)
    tokens = markup.split("<")[1:]
    if markup.count(">") != len(tokens):
        tokens = joined(tokens)
    return tokens


def prune(tree: LexborHTMLParser) -> list[str]:
    """Take out of a tree what holds no story; the lines of its footers that may be a copyright notice."""
    tree.strip_tags(SKIPPED)
    notices = []
    for footer in outer_footers(tree):
        text = footer.text(separator="\n")
        if "©" in text or "opyright" in text or "rights reserved" in text:
            notices += [line for line in map(fold, text.split("\n")) if is_copyright(line)]
        footer.decompose()
    return notices


def outer_footers(tree: LexborHTMLParser) -> list[LexborNode]:
    """The footers of a page, not those of its story or of each other: they hold a tenth of its blocks, never a story's."""
    found = []
    for footer in tree.tags("footer")[:MAX_FOOTERS]:
        node = footer.parent
        for _ in range(MAX_LEVELS):
            if node is None or node.tag in ("article", "main", "footer"):
                break
            node = node.parent
        if node is None:
            found.append(footer)
    return found


def joined(tokens: list[str]) -> list[str]:
    """Tokens of which some were cut inside: the name of an element or attribute may hold a `<`."""
    whole, carried = [], ""
    for token in tokens:
        carried += token
        if ">" in token:
            whole.append(carried)
            carried = ""
        else:
            carried += "<"
    return whole
