"""Pictures of a story with caption and credit; what is here is never attribution of the text."""

from __future__ import annotations

import re

from newscrawl.extraction.blocks import Blocks
from newscrawl.extraction.class_names import ClassMark
from newscrawl.extraction.structured_data import StructuredData, listed
from newscrawl.items import Media
from newscrawl.text.whitespace import fold

MAX_MEDIA = 40
MAX_CREDITED_CHARS = 5_000  # of a caption; a longer one is kept, without a credit
# A run of blanks is tried once, at its start: from each place in it the time would be quadratic.
CREDIT_IN_BRACKETS = re.compile(r"(?:(?<!\s)\s+)?[(\[（［](?P<credit>[^()\[\]（）［］\n]{2,60})[)\]）］]\.?$")
CREDIT_AFTER_LABEL = re.compile(
    r"(?:(?<![\s.|])[\s.|]+)?(?:\b(?:photo(?:graph)?|image|picture|credit|foto|bild|source|quelle|crédit|copyright)\s*(?:credit|by|:)+\s*|©\s*)"
    r"(?P<credit>[^:\n]{2,80})$",
    re.I,
)


def read_media(page: Blocks, data: StructuredData) -> list[Media]:
    """The page's own picture, then each caption of its figures, without repeats."""
    found: list[Media] = []
    url = data.first_meta("og:image", "twitter:image") or image_url(data)
    if url and url.startswith(("http://", "https://")):
        found.append(Media(type="image", url=url))
    seen = set()
    for block in page.blocks:
        if len(found) >= MAX_MEDIA:
            break
        if (
            not block.marks & ClassMark.CAPTION
            or block.marks & (ClassMark.RELATED | ClassMark.COMMENT)
            or block.link_rate > 0.6
        ):
            continue
        text = fold(block.text)
        if text in seen:
            continue
        seen.add(text)
        caption, credit = split_credit(text)
        found.append(Media(type="image", url=None, caption=caption, credit=credit))
    return found


def image_url(data: StructuredData) -> str | None:
    for image in listed(data.article.get("image")):
        url = image.get("url") if isinstance(image, dict) else image
        if isinstance(url, str):
            return url
    return None


def split_credit(caption: str) -> tuple[str | None, str | None]:
    """`Boats at dawn. (Yonhap)` -> (`Boats at dawn.`, `Yonhap`)."""
    for pattern in (CREDIT_IN_BRACKETS, CREDIT_AFTER_LABEL) if len(caption) <= MAX_CREDITED_CHARS else ():
        found = pattern.search(caption)
        if found:
            return caption[: found.start()].strip() or None, found["credit"].strip()
    return caption or None, None
