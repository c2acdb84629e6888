"""What a page states of language, kind, access and keywords, in the record's words."""

from __future__ import annotations

from newscrawl.items import Access, StoryKind
from newscrawl.pages.structured_data import MAX_VALUES, StructuredData, listed, text_of, type_names
from newscrawl.pages.trust import by_trust

STORY_KINDS: dict[str, StoryKind] = {
    "LiveBlogPosting": "live-blog",
    "OpinionNewsArticle": "opinion",
    "AdvertiserContentArticle": "press-release",
}


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


def kind_of(data: StructuredData) -> StoryKind:
    for kind in type_names(data.article):
        if kind in STORY_KINDS:
            return STORY_KINDS[kind]
    return "video" if (data.first_meta("og:type") or "").startswith("video") else "article"


def access_of(data: StructuredData) -> Access:
    stated = str(text_of(data.article.get("isAccessibleForFree")) or data.article.get("isAccessibleForFree")).lower()
    tier = data.first_meta("article:content_tier")
    if stated == "false" or tier == "locked":
        return "paywalled"
    return "metered" if tier == "metered" else "free" if stated == "true" or tier == "free" else "unknown"
