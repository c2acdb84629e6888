"""What a page states of its story outside of its text, in the record's words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newscrawl.extraction.structured_data import MAX_VALUES, StructuredData, listed, text_of
from newscrawl.extraction.trust import by_trust
from newscrawl.text.whitespace import unescape

MARKUP = re.compile(r"<[^<>]{1,300}>")
MIN_STATED_CHARS = 200


@dataclass(frozen=True, slots=True)
class Stated:
    """What the blocks of a page are compared with."""

    title: str | None = None
    description: str | None = None
    headline: str | None = None
    body: str | None = None  # JSON-LD's articleBody, as plain text


def stated_by(data: StructuredData, headline: str | None) -> Stated:
    """`headline` is the one that the page shows."""
    title, description = data.first_meta("og:title") or data.title, data.first_meta("og:description", "description")
    return Stated(title, description, headline, stated_body(data))


def stated_body(data: StructuredData) -> str | None:
    """The text of the story as its JSON-LD states it, without markup; often it is cut, or another text."""
    body = text_of(data.article.get("articleBody"), max_chars=None)
    return MARKUP.sub(" ", unescape(body)) if body and len(body) > MIN_STATED_CHARS else None


def tags_of(data: StructuredData) -> list[str]:
    keywords = listed(data.article.get("keywords"))[:MAX_VALUES]
    if len(keywords) == 1 and isinstance(keywords[0], str):
        keywords = keywords[0].split(",")[:MAX_VALUES]
    stated = [text for text in map(text_of, keywords) if text] or data.meta.get("article:tag", [])
    return [tag for tag in stated if len(tag) <= 100][:100]


def language_of(data: StructuredData) -> str | None:
    stated = {
        "json-ld": text_of(data.article.get("inLanguage")),
        "generic": data.language,
        "meta": data.first_meta("og:locale", "content-language"),
    }
    language, _ = by_trust("language", stated)
    primary = language.replace("_", "-").split("-")[0].lower() if language else ""
    return primary if primary.isascii() and primary.isalpha() and 2 <= len(primary) <= 3 else None
