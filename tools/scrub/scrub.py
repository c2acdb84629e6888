"""A page with invented words in place of its own, so that it can be shared.

The markup stays byte for byte: tags, classes, ids, names. What says something is replaced, word by word and everywhere
alike: texts, attributes, JSON-LD and other JSON, the words of URLs. Comments, programs and styles are emptied. What the
reader goes by stays (kept_words): agencies, credit words, months, function words, short words, dates, hosts, ids.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import pairwise
from urllib.parse import quote, unquote, urlsplit

from newscrawl.attribution.agencies import names
from newscrawl.extraction.script_text import strings
from newscrawl.sites.model import Site
from newscrawl.text.dates import parse_date
from newscrawl.text.whitespace import unescape
from tools.scrub.invent import Inventor
from tools.scrub.kept_words import HANGUL, LETTER, NO_BLANKS, KeptWords
from tools.scrub.tags import ATTRIBUTE, QUOTED_TAG, TAG, attributes, is_cut, text_of_value

SHORT = 3  # letters: lower-case words of no more stay, and any of less
MAX_DATE_CHARS = 60  # of a text whose numbers all stay where it is a date
MAX_CUT_TAGS = 2_000  # tags with `>` in a value that are looked at in full
MAX_LEVELS = 4  # of markup in JSON in attributes ...

TOKEN = re.compile(rf"(?P<unspaced>[{NO_BLANKS}]+)|(?P<hangul>[{HANGUL}]+)|(?P<word>(?:(?![{NO_BLANKS}{HANGUL}]){LETTER})+)|(?P<digits>\d+)")  # fmt: skip
COUNTERS = re.compile("(?:年|月|日|時|时|点|點|分|秒|회|년|월|일|시|분|초)(?:[電电讯訊]|$)?")  # behind a number
ROC_YEAR = re.compile(r"1[0-4]\d(?=\s?[年/.-]\s?\d)")
STAMP = re.compile(
    r"1[0-4]\d(?:0[1-9]|1[0-2])[0-3]\d|(?:19|20)\d{6}(?:\d{4}|\d{6})?|1\d{9}(?:\d{3})?|(?:13|14|19|20|25|26)\d\d"
)
REFERENCE = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{1,31});")
HOST = re.compile(r"(?<![\w.-])(?:[\w-]{1,63}\.){1,6}[A-Za-z]{2,12}(?![\w-])")
HOST_IN_URL = re.compile(r"(?:https?:)?\\?/\\?/([\w.-]{4,255})", re.I)
OTHER_SCHEME = re.compile(r"(?:mailto|tel|sms|whatsapp|intent|fb-messenger|viber):", re.I)
URL_START = re.compile(r"(?:[a-z][a-z0-9+.-]{1,20}:)?//[^/?#\s]*", re.I)
PIECES = re.compile(r"([/?&=#;,|+~!]+)")
PERCENT = re.compile(r"(%[0-9A-Fa-f]{2}|%)")
PERCENT_ENCODED = re.compile(r"[^\s%]*+(?:%[0-9A-Fa-f]{2}[^\s%]*+)++")
URL_SAFE = "-._~@!$'()*"  # what stays as it is in a piece of a URL
EXTENSION = re.compile(r"\.(?:[A-Za-z]{2,4}|[sx]html)$")
ID_WITH_DIGITS = re.compile(r"(?=[A-Za-z0-9]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]+")
HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")
RAW = re.compile(r"(?:script|style|xmp|noembed|noframes)", re.I)
LITERAL = re.compile(r'"((?:[^"\\]++|\\.)*+)"(\s*+:)?', re.S)
JSON_ESCAPE = re.compile(r"(\\(?:u[0-9a-fA-F]{4}|.))", re.S)
LETTER_ESCAPE = re.compile(r"\\u((?!00[0-7]|d[89a-f])[0-9a-f]{4})", re.I)  # neither ASCII nor half of a pair
IDENTIFIER = re.compile(r"[\w@$:./-]{1,60}")
CLASS_SLUG = re.compile(
    r"(?<![\w-])((?:post_|article-|single-)?(?:tag|category|cat|author|topic|term|keyword|section|person|company)-)([\w-]+)"
)
KEPT_JSON = frozenset(("@type", "@context", "inLanguage", "encodingFormat", "addressCountry"))
KEPT_METAS = frozenset((
    "viewport", "robots", "googlebot", "bingbot", "googlebot-news", "charset", "generator", "og:type", "og:locale", "twitter:card",
    "content-type", "content-language", "language", "dc.language", "referrer", "theme-color", "x-ua-compatible", "color-scheme",
    "format-detection", "tdm-reservation", "og:image:type", "inlanguage", "news_keywords_lang",
))  # fmt: skip
KEPT_ATTRIBUTES = frozenset((
    "rel", "rev", "type", "lang", "xml:lang", "hreflang", "dir", "role", "charset", "http-equiv", "property", "itemprop", "itemtype",
    "itemscope", "datetime", "width", "height", "media", "sizes", "method", "target", "colspan", "rowspan", "align", "valign",
    "tabindex", "loading", "as", "crossorigin", "viewbox", "d", "points", "transform", "fill", "stroke", "xmlns", "xmlns:xlink",
    "data-newscrawl-rule", "aria-hidden", "aria-expanded", "allow", "prefix", "version",
))  # fmt: skip
NAMES = frozenset(("class", "id", "for", "name", "headers", "aria-labelledby", "aria-controls", "aria-describedby"))
FLAGS = frozenset((
    "async", "defer", "nomodule", "hidden", "itemscope", "checked", "selected", "disabled", "readonly", "required", "multiple",
    "autofocus", "autoplay", "controls", "loop", "muted", "playsinline", "open", "reversed", "default", "download", "allowfullscreen",
    "novalidate", "nowrap", "noshade", "compact", "ismap", "crossorigin", "inert", "html", "amp", "public", "system",
))  # fmt: skip
EMPTIED = frozenset(("style", "srcdoc", "integrity", "nonce"))
URLS = frozenset(("href", "xlink:href", "src", "action", "poster", "cite", "formaction", "background", "longdesc", "itemid", "manifest"))  # fmt: skip
URL_LISTS = frozenset(("srcset", "data-srcset", "imagesrcset", "data-lazy-srcset"))
KNOWN_NAMES = FLAGS | KEPT_ATTRIBUTES | NAMES | EMPTIED | URLS | {"alt", "title", "content", "value", "placeholder", "summary", "label"}  # fmt: skip
BARE_URL = re.compile(r"(?:https?:)?//[^\s\"'<>]+|/[\w%.~-]+(?:/[^\s\"'<>]*)?", re.I)


@dataclass(slots=True)
class Scrubbed:
    """A scrubbed page with its URL, and what was counted: words kept and replaced."""

    markup: str
    url: str
    kept: set[str] = field(default_factory=set)
    replaced: set[str] = field(default_factory=set)


def scrub(markup: str, url: str, kept: KeptWords, site: Site | None, encoding: str = "utf-8") -> Scrubbed:
    """The page with invented words. The same page gives the same words; no other page does."""
    return Scrubber(markup, url, kept, site, encoding).run()


class Scrubber:
    """One pass over a page; everything that says something goes through `text`."""

    def __init__(self, markup: str, url: str, kept: KeptWords, site: Site | None, encoding: str) -> None:
        self.markup, self.url, self.keeps = markup, url, kept
        self.level = 0  # of values in values
        self.story_key = (site.story_key(url) if site else None) or ""
        self.hosts = known_hosts(markup, url)
        self.kept: set[str] = set()
        self.replaced: set[str] = set()
        plain = unescape(markup)
        words = (found[0] for found in TOKEN.finditer(plain) if found.lastgroup != "digits")
        key = blake2b(markup.encode("utf-8", "surrogatepass"), person=b"newscrawl scrub", digest_size=32).digest()
        self.inventor = Inventor(key, words, self.means_something, encoding)

    def run(self) -> Scrubbed:
        markup = "".join(self.parts(self.markup))
        return Scrubbed(markup, self.scrub_url(self.url), self.kept, self.replaced)

    def means_something(self, word: str) -> bool:
        """Whether the reader knows a word: an invented one must say nothing."""
        if word in self.keeps.words or any(len(name) == 1 for name, _ in self.keeps.names.get(word, ())):
            return True
        return not word.isascii() and ("社" in word or self.keeps.unspaced.search(word) is not None)

    # -- the markup

    def parts(self, markup: str) -> Iterator[str]:
        """The texts and tags of a page, or of markup in a value, scrubbed, in order."""
        for part in cut(markup):
            yield self.markup_text(part.text)
            if part.name:
                yield self.tag(part.name, part.said)
                yield self.raw(part.name, part.said, part.inside)

    def tag(self, name: str, said: str) -> str:
        if name in ("!", "?") or name.startswith("/") or not said:
            return f"<{name}{said}>"
        is_meta = name.lower() == "meta"
        stated = attributes(said) if is_meta else {}
        keys = {stated.get(key, "").lower() for key in ("name", "property", "itemprop", "http-equiv")}
        is_kept = is_meta and not keys.isdisjoint(KEPT_METAS)
        return f"<{name}{ATTRIBUTE.sub(lambda found: self.attribute(found, is_meta, is_kept), said)}>"

    def attribute(self, found: re.Match[str], is_meta: bool, is_kept: bool) -> str:
        """One attribute; what is around its value stays."""
        whole, name = found[0], found[1].lower()
        number = next((n for n in (2, 3, 4) if found[n]), 0)
        if whole == found[1]:  # `<p harbour boats>`: what a quote too many leaves of a text
            return whole if name in KNOWN_NAMES or not whole.isalpha() else self.text(whole)
        if not number or name in KEPT_ATTRIBUTES or is_kept:
            return whole
        value = found[number]
        start, end = found.start(number) - found.start(), found.end(number) - found.start()
        new = self.attribute_value(name, value, is_meta)
        return whole[:start] + new + whole[end:]

    def attribute_value(self, name: str, value: str, is_meta: bool) -> str:
        if name in EMPTIED or name.startswith("on"):
            return ""
        if name in NAMES:
            return value if is_meta else self.names(value)
        plain = text_of_value(value)
        if name in URLS:
            new = self.scrub_url(plain)
        elif name in URL_LISTS:
            new = re.sub(r"[^\s,]+", lambda found: self.scrub_url(found[0]), plain)
        else:
            new = self.value(plain)
        return value if new == plain else escaped(new).replace('"', "&quot;").replace("'", "&#39;")

    def names(self, value: str) -> str:
        """Classes and ids; `tag-harbour-works` says what a page is about, so its end is scrubbed."""
        return CLASS_SLUG.sub(lambda found: found[1] + self.text(found[2], is_url=True), value)

    def raw(self, name: str, said: str, inside: str) -> str:
        """What is in a script or a style: JSON scrubbed, of a program the story it holds, else nothing."""
        if name.lower() != "script" or not inside.strip():
            return ""
        kind = attributes(said).get("type", "").lower()
        if "json" in kind:
            return (
                self.json(inside) if '"' in inside else self.value(inside.strip())
            )  # percent-encoded, as some send it
        stories = list(strings(inside, 3))
        return "".join(f"var story = {json_literal(self.value(story), is_ascii=True)};" for story in stories)

    # -- texts

    def markup_text(self, text: str) -> str:
        """A text between tags, where `&amp;` means `&`."""
        if not text or text.isspace() or text == "<":
            return text
        plain = unescape(text)
        new = self.text(plain)
        return text if new == plain else escaped(new)

    def value(self, value: str) -> str:
        """A value that may be a URL, JSON, markup, or text with or without character references."""
        if BARE_URL.fullmatch(value.strip()):
            return self.scrub_url(value)
        if self.level >= MAX_LEVELS:
            return self.text(spelled_out(value))
        self.level += 1
        try:
            if value.lstrip()[:1] in ("{", "[") and '"' in value:
                return self.json(value)
            if "%" in value and PERCENT_ENCODED.fullmatch(value) and "\ufffd" not in (plain := unquote(value)):
                return quote(self.value(plain), safe=URL_SAFE)
            if "<" in value and TAG.search(value):
                return "".join(self.parts(value))
        finally:
            self.level -= 1
        if "&" in value and REFERENCE.search(value):
            return self.markup_text(value)
        return self.text(spelled_out(value))

    def json(self, text: str) -> str:
        """JSON, whole or broken, with its strings scrubbed; keys stay."""
        if text.count("&quot;") + text.count("&#34;") > text.count('"') and not is_json(text):
            text = unescape(text)  # as the reader repairs it
        out, at, key = [], 0, ""
        for found in LITERAL.finditer(text):
            out.append(
                self.text(spelled_out(text[at : found.start()]), is_url=True)
            )  # of JSON that is broken: else numbers, null
            at = found.end()
            if found[2]:
                key = found[1]
                is_name = IDENTIFIER.fullmatch(key) is not None
                out.append(found[0] if is_name else self.literal(found[1]) + found[2])
            else:
                out.append(found[0] if key in KEPT_JSON else self.literal(found[1]))
        return "".join([*out, self.text(spelled_out(text[at:]), is_url=True)])

    def literal(self, inside: str) -> str:
        """A string of JSON; an invalid one is scrubbed between its escapes."""
        try:
            value = json.loads(f'"{inside}"', strict=False)
        except ValueError:
            parts = JSON_ESCAPE.split(spelled_out(inside))
            return '"' + "".join(part if n % 2 else self.text(part) for n, part in enumerate(parts)) + '"'
        return json_literal(self.value(value), is_ascii=inside.isascii())

    def text(self, text: str, *, is_url: bool = False) -> str:
        """A text with invented words."""
        hosts = [] if is_url else [found.span() for found in HOST.finditer(text) if self.is_known_host(found[0])]
        tokens = list(TOKEN.finditer(text))
        stays = self.named(text, tokens)
        is_date = not is_url and any(map(str.isdigit, text)) and is_dated(text)
        out, at = [], 0
        for number, token in enumerate(tokens):
            start, end = token.span()
            out.append(text[at:start])
            at = end
            if any(first <= start < last for first, last in hosts) or number in stays:
                out.append(token[0])
                self.kept.add(token[0].casefold())
            elif token.lastgroup == "digits":
                out.append(token[0] if is_url or is_date else self.number(token))
            else:
                out.append(self.token(token, text))
        out.append(text[at:])
        return "".join(out)

    def named(self, text: str, tokens: list[re.Match[str]]) -> set[int]:
        """The tokens that are a name which stays."""
        places = [n for n, token in enumerate(tokens) if token.lastgroup == "word"]
        words = [tokens[n][0] for n in places]
        found: set[int] = set()
        for at in range(len(words)):
            length = self.keeps.starts_name(words, at)
            ends = [tokens[n] for n in places[at : at + length]]
            if all(after.start() - before.end() <= SHORT for before, after in pairwise(ends)):
                found.update(places[at : at + length])
        return found

    def token(self, token: re.Match[str], text: str) -> str:
        """A word, or a run of text without blanks in which some parts may stay."""
        word = token[0]
        if token.lastgroup == "word":
            return self.word(word)
        if word in self.keeps.words:
            self.kept.add(word)
            return word
        out, at = [], 0
        if token.start() and text[token.start() - 1].isdigit() and (counter := COUNTERS.match(word)):
            out, at = [counter[0]], counter.end()
        for found in self.keeps.unspaced.finditer(word, at):
            out += [self.invented(word[at : found.start()]), found[0]]
            self.kept.add(found[0])
            at = found.end()
        return "".join([*out, self.invented(word[at:])])

    def word(self, word: str) -> str:
        low = word.casefold()
        if len(word) < SHORT or (len(word) == SHORT and word.islower()) or low in self.keeps.words:
            self.kept.add(low)
            return word
        return self.invented(word)

    def invented(self, word: str) -> str:
        if not word:
            return ""
        self.replaced.add(word.casefold())
        return self.inventor.word(word)

    def number(self, token: re.Match[str]) -> str:
        digits = token[0]
        if len(digits) < 3 or STAMP.fullmatch(digits) or ROC_YEAR.match(token.string, token.start()):
            return digits
        return self.inventor.number(digits)

    # -- URLs

    def scrub_url(self, url: str) -> str:
        """A URL with its scheme, host, numbers and ids, and invented words."""
        stripped = url.strip()
        if stripped[:11].lower() == "javascript:":
            return "#"
        if stripped[:5].lower() == "data:":
            return "data:,"
        if stripped.startswith("#"):
            return self.names(url)
        return self.url_words(url)

    def url_words(self, url: str) -> str:
        start = URL_START.match(url) or OTHER_SCHEME.match(url)
        at = start.end() if start else 0
        return url[:at] + "".join(self.url_piece(piece) for piece in PIECES.split(url[at:]))

    def url_piece(self, piece: str) -> str:
        if "%" in piece:
            plain = unquote(piece, errors="replace")
            if "\ufffd" not in plain and plain != piece:
                return quote(self.url_words(plain), safe=URL_SAFE)
            parts = PERCENT.split(piece)
            return "".join(part if n % 2 else self.url_piece_text(part) for n, part in enumerate(parts))
        before, key, behind = piece.partition(self.story_key) if self.story_key else (piece, "", "")
        if key:
            return self.url_piece_text(before) + key + self.url_piece_text(behind)
        return self.url_piece_text(piece)

    def url_piece_text(self, piece: str) -> str:
        end = EXTENSION.search(piece)
        body, extension = (piece[: end.start()], end[0]) if end else (piece, "")
        out, at = [], 0
        for found in ID_WITH_DIGITS.finditer(body):
            if (len(found[0]) > 5 and HEX.fullmatch(found[0])) or not re.search("[A-Za-z]{5}", found[0]):
                out += [self.text(body[at : found.start()], is_url=True), found[0]]
                at = found.end()
        return "".join([*out, self.text(body[at:], is_url=True), extension])

    def is_known_host(self, host: str) -> bool:
        return host.lower().removeprefix("www.") in self.hosts


@dataclass(frozen=True, slots=True)
class Part:
    """A text of a page and the tag behind it; `inside` is what is in a script or style."""

    text: str
    name: str = ""
    said: str = ""
    inside: str = ""


def cut(markup: str) -> Iterator[Part]:
    """A page cut at its tags; comments and declarations but the doctype are left out."""
    at = cuts = 0
    last = markup.rfind(">")  # behind it no tag ends, and none is looked for
    while (start := markup.find("<", at)) >= 0:
        text = markup[at:start]
        if markup.startswith("<!--", start):
            end = markup.find("-->", start + 2)
            at = end + 3 if end >= 0 else len(markup)
            yield Part(text)
            continue
        if start > last:
            break
        found = TAG.match(markup, start)
        if found and is_cut(found[2]) and cuts < MAX_CUT_TAGS:
            cuts += 1
            found = QUOTED_TAG.match(markup, start) or found
        at = found.end() if found else start + 1
        if found is None or (found[1] == "!" and not found[2].lower().startswith("doctype")):
            yield Part(text if found else text + "<")
            continue
        end = end_of(found[1], markup, at) if RAW.fullmatch(found[1]) else at
        yield Part(text, found[1], found[2], markup[at:end])
        at = end
    yield Part(markup[at:])


def known_hosts(markup: str, url: str) -> frozenset[str]:
    """The hosts that the page links, and the domains above them."""
    hosts = {found[1].lower() for found in HOST_IN_URL.finditer(markup)} | {(urlsplit(url).hostname or "").lower()}
    above = {".".join(host.split(".")[at:]) for host in hosts for at in range(host.count("."))}
    return frozenset(host.removeprefix("www.") for host in hosts) | above | frozenset(names().by_domain)


def spelled_out(text: str) -> str:
    """A text with the letters that are in it as `\\u00e4`: pieces of a word would be taken for short words."""
    return LETTER_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "\\u" in text else text


def is_json(text: str) -> bool:
    try:
        json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return False
    return True


def end_of(name: str, markup: str, at: int) -> int:
    """Where a raw element's end tag begins; the page's end where it has none."""
    found = re.compile(f"</{name}", re.I).search(markup, at)
    return found.start() if found else len(markup)


def is_dated(text: str) -> bool:
    """Whether a short text is a date, so that all its numbers belong to it."""
    return len(text) <= MAX_DATE_CHARS and parse_date(text, free=False) is not None


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def json_literal(value: str, *, is_ascii: bool) -> str:
    """A string of JSON that may be in a script."""
    return json.dumps(value, ensure_ascii=is_ascii).replace("</", "<\\/")
