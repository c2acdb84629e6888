"""Whether an element's own attributes hide it from a reader."""

from __future__ import annotations

import re
from functools import lru_cache

from newscrawl.extraction.blocks import Attributes

HIDDEN_STYLE = re.compile(r"(?:^|[;\s])(?:display\s*+:\s*+none|visibility\s*+:\s*+(?:hidden|collapse))", re.I)
# Utility classes of Bootstrap, Tailwind, Foundation, WordPress, Drupal and others.
HIDDEN_CLASSES = frozenset(
    [
        "hidden",
        "hide",
        "d-none",
        "is-hidden",
        "u-hidden",
        "invisible",
        "sr-only",
        "visually-hidden",
        "visuallyhidden",
        "is-visually-hidden",
        "u-visually-hidden",
        "screen-reader-text",
        "screen-reader-only",
        "screenreader-only",
        "show-for-sr",
        "element-invisible",
        "assistive-text",
        "a11y-hidden",
        "offscreen",
        "accessibility-hidden",
    ]
)
# What shows a hidden element on wider screens: `d-none d-md-block`, `hidden md:flex`.
SHOWN_WIDER = re.compile(
    r"(?:^|\s)(?:d-(?:sm|md|lg|xl|xxl)-|(?:sm|md|lg|xl|2xl):)(?:block|flex|inline|grid|table|contents|visible|not-sr-only)"
)
MAX_CHARS = 1_000  # of a class or a style that is read


def is_hidden(attributes: Attributes) -> bool:
    """Whether the attributes of an element say that nobody sees it, on a screen of any width."""
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    if style and "n" in style and HIDDEN_STYLE.search(style[:MAX_CHARS]):
        return True
    names = attributes.get("class")
    return names is not None and len(names) <= MAX_CHARS and _says_hidden(names)


@lru_cache(maxsize=8192)
def _says_hidden(names: str) -> bool:
    """Whether a class attribute hides its element. Pages share their classes."""
    lowered = names.lower()
    return not HIDDEN_CLASSES.isdisjoint(lowered.split()) and not SHOWN_WIDER.search(lowered)
