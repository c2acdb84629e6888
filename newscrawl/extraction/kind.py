"""What kind of story a page holds: by its types, its URL, its section and its headline.

Each sign alone may mislead (`/live/` is also a television channel, `/video/` a section of articles), so those that do
need a second one.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from newscrawl.extraction.class_names import ClassMark
from newscrawl.extraction.digest import is_digest
from newscrawl.extraction.document import Document
from newscrawl.extraction.structured_data import listed, text_of
from newscrawl.items import StoryKind
from newscrawl.text.clock import is_clock_line

TYPES: dict[str, StoryKind] = {
    "LiveBlogPosting": "live-blog",
    "OpinionNewsArticle": "opinion",
    "AdvertiserContentArticle": "press-release",
}
GALLERY_TYPES = frozenset(("ImageGallery", "MediaGallery"))
SEGMENTS: dict[str, frozenset[str]] = {
    "live-blog": frozenset(
        [
            "live",
            "liveblog",
            "live-blog",
            "liveticker",
            "live-ticker",
            "live-updates",
            "ticker",
            "newsticker",
            "direct",
            "en-direct",
            "minuto-a-minuto",
            "diretta",
        ]
    ),
    "gallery": frozenset(
        [
            "gallery",
            "galleries",
            "photos",
            "photo-gallery",
            "photogallery",
            "picture-gallery",
            "pictures",
            "in-pictures",
            "slideshow",
            "slideshows",
            "bildergalerie",
            "bildergalerien",
            "bilder",
            "fotostrecke",
            "fotostrecken",
            "diaporama",
            "diaporamas",
            "galeria",
            "galerias",
            "fotogaleria",
            "galleria",
            "fotogallery",
        ]
    ),
    "video": frozenset(
        ["video", "videos", "watch", "videoplayer", "multimedia-video", "vod", "videogalerie", "mediathek"]
    ),
    "opinion": frozenset(
        [
            "opinion",
            "opinions",
            "op-ed",
            "opeds",
            "oped",
            "commentisfree",
            "editorial",
            "editorials",
            "meinung",
            "kommentar",
            "kommentare",
            "leitartikel",
            "opinion-columns",
            "columns",
            "column",
            "columnists",
            "columnas",
            "opiniones",
            "tribune",
            "tribunes",
            "idees",
            "opinioni",
            "editoriali",
            "opiniao",
            "colunas",
            "commentary",
            "letters",
            "debat",
            "debatt",
            "mening",
            "meninger",
            "kronik",
            "ledare",
            "leder",
            "yazarlar",
            "felietony",
            "opinie",
            "mnenie",
            "mnenia",
        ]
    ),
    "press-release": frozenset(
        [
            "press-release",
            "press-releases",
            "pressreleases",
            "pressrelease",
            "pressemitteilung",
            "pressemitteilungen",
            "presseportal",
            "news-releases",
            "communique-de-presse",
            "communiques-de-presse",
            "comunicados-de-prensa",
            "comunicati-stampa",
            "prnewswire",
        ]
    ),
    "brief": frozenset(
        [
            "briefs",
            "news-briefs",
            "in-brief",
            "newsbriefs",
            "breves",
            "kurzmeldungen",
            "meldungen-kurz",
            "kurz-notiert",
            "notizie-flash",
        ]
    ),
}
SECTIONS: dict[str, frozenset[str]] = {
    "opinion": frozenset(
        ("opinion", "opinions", "op-ed", "op-eds", "editorial", "editorials", "commentary", "columns", "columnists", "letters", "meinung", "kommentar",
         "kommentare", "leitartikel", "opinión", "opiniones", "opinião", "opinioni", "editoriali", "débats", "tribune", "tribunes", "idées",
         "opinie", "felieton", "debatt", "ledare", "kronik", "yazarlar", "мнения", "мнение", "사설", "오피니언", "칼럼", "社説", "オピニオン", "コラム",
         "社论", "评论", "社論", "評論", "رأي", "آراء")
    ),
    "press-release": frozenset(("press release", "press releases", "pressemitteilung", "pressemitteilungen", "보도자료", "プレスリリース")),
    "brief": frozenset(("briefs", "in brief", "news briefs", "kurzmeldungen", "kurz notiert", "brèves", "breves", "단신")),
}  # fmt: skip
RELEASE_HOSTS = ("prnewswire.com", "businesswire.com", "globenewswire.com", "presseportal.de", "eqs-news.com", "newsfilecorp.com", "einpresswire.com")  # fmt: skip
RELEASE_CREDIT = re.compile(r"/PRNewswire/|\((?:BUSINESS WIRE|GLOBE NEWSWIRE|Newsfile Corp)|^FOR IMMEDIATE RELEASE\b")
LIVE_HEADLINE = re.compile(
    r"\blive(?:[ -]?(?:blog|ticker|updates?|reporting)|\s?[:–—-])|^live\b[^a-z]|\blive$|\bas it happened\b|-ticker\b|"
    r"\ben direct\b|\bminuto a minuto\b|\ben vivo\b|\bin diretta\b|\bao vivo\b|생중계|速報中|最新情報まとめ|онлайн-трансляция",
    re.I,
)
OPINION_HEADLINE = re.compile(
    r"^(?:opinion|op-ed|editorial|commentary|comment|analysis & opinion|meinung|kommentar|leitartikel|tribune|éditorial|opinión|editoriale|"
    r"opinião)\s?[:|–—]|^\[(?:사설|칼럼|기고|시론|오피니언)[^\]]{0,20}\]|^【?社説】?",
    re.I,
)
FEW_WORDS = 150  # a page of pictures or a film has hardly more of its own
MANY_CAPTIONS, MANY_CLOCKS = 5, 4


def kind_of(document: Document, url: str, headline: str | None) -> StoryKind:
    """The kind of a page's story; `article` where nothing says otherwise."""
    data = document.data
    for kind in data.types:
        if kind in TYPES:
            return TYPES[kind]
    parts = urlsplit(url)
    segments = frozenset(parts.path.lower().split("/")[:-1])
    if is_live(document, segments, parts.path.lower(), headline or ""):
        return "live-blog"
    if is_digest(headline, document.texts()):
        return "summary"
    pictures = picture_kind(document, segments)
    if pictures is not None:
        return pictures
    sections = frozenset(text.casefold() for text in sections_of(document))
    if is_release(document, parts.hostname or "", segments, sections):
        return "press-release"
    if is_in(segments, sections, "opinion") or OPINION_HEADLINE.search(headline or ""):
        return "opinion"
    return "brief" if is_in(segments, sections, "brief") else "article"


def sections_of(document: Document) -> list[str]:
    stated = [text for text in map(text_of, listed(document.data.article.get("articleSection"))[:10]) if text]
    return [*stated, *document.data.meta.get("article:section", [])]


def is_in(segments: frozenset[str], sections: frozenset[str], kind: str) -> bool:
    return not SEGMENTS[kind].isdisjoint(segments) or not SECTIONS[kind].isdisjoint(sections)


def is_live(document: Document, segments: frozenset[str], path: str, headline: str) -> bool:
    """Two of: the URL says live, the headline does, the text is in updates with a clock over each."""
    signs = [
        not SEGMENTS["live-blog"].isdisjoint(segments)
        or any(word in path for word in ("liveblog", "liveticker", "live-updates", "live-blog")),
        bool(LIVE_HEADLINE.search(headline)),
    ]
    if not any(signs):
        return False
    return all(signs) or has_updates(document)


def has_updates(document: Document) -> bool:
    chosen = document.main.chosen
    if not chosen:
        return False
    blocks = document.page.blocks[chosen[0] : chosen[-1] + 1]
    return sum(is_clock_line(block.text) for block in blocks) >= MANY_CLOCKS


def picture_kind(document: Document, segments: frozenset[str]) -> StoryKind | None:
    """gallery or video, where the page has hardly any text beside its pictures."""
    data, page = document.data, document.page
    words = sum(page.blocks[n].words for n in document.main.chosen)
    og_type = data.first_meta("og:type") or ""
    if og_type.startswith("video") and words < FEW_WORDS:
        return "video"
    if words >= FEW_WORDS and GALLERY_TYPES.isdisjoint(data.types):
        captions = sum(
            bool(block.marks & ClassMark.CAPTION) and not block.marks & ClassMark.RELATED for block in page.blocks
        )
        is_gallery = not SEGMENTS["gallery"].isdisjoint(segments) and captions >= MANY_CAPTIONS
        return "gallery" if is_gallery else None
    if not GALLERY_TYPES.isdisjoint(data.types) or not SEGMENTS["gallery"].isdisjoint(segments):
        return "gallery"
    is_film = not SEGMENTS["video"].isdisjoint(segments) or (not data.article and "VideoObject" in data.types)
    return "video" if is_film else None


def is_release(document: Document, host: str, segments: frozenset[str], sections: frozenset[str]) -> bool:
    if host.endswith(RELEASE_HOSTS) or is_in(segments, sections, "press-release"):
        return True
    return any(RELEASE_CREDIT.search(text[:200]) for text in document.texts()[:2])
