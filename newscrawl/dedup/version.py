"""When two texts are the same text."""

from __future__ import annotations

import hashlib
import unicodedata

# Shorter texts (a caption, a notice of one line) are alike by chance; then the headline must agree too.
MIN_WORDS_OF_A_TEXT = 20


def folded(text: str) -> str:
    """NFC, white space folded."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def content_hash(headline: str | None, text: str | None) -> str:
    """`sha256:<hex>` of headline and text: two versions of a story differ in it."""
    content = f"{folded(headline or '')}\n{folded(text or '')}"
    return "sha256:" + hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def text_hash(headline: str | None, text: str | None) -> bytes:
    """8 bytes that the same text has under any URL and headline; of a very short text the headline is a part."""
    body = folded(text or "")
    if len(body.split()) < MIN_WORDS_OF_A_TEXT and len(body) < 8 * MIN_WORDS_OF_A_TEXT:
        body = f"{folded(headline or '')}\n{body}"
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).digest()[:8]
