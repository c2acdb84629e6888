"""The language of a story: what the page states, unless its text plainly contradicts it; else what the text looks like.

A page that states its language costs a look at the script of its first lines and, for English, at its commonest words:
themes say `lang="en"` whatever is written in them (18 of 564 pages of two sets). Where that fails, the commonest words of
25 languages tell most texts apart at once; py3langid, whose model takes half a second to load, is asked for the rest, in
crawls and replays.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

LOOK_CHARS = 400
SAMPLE_CHARS = 1_000
MIN_LETTERS = 40  # of a text whose language can be decided
# What is written for a language without being its code: ISO 639-2's three letters, and names of countries.
ALIASES = {
    "eng": "en", "kor": "ko", "jpn": "ja", "zho": "zh", "chi": "zh", "cmn": "zh", "deu": "de", "ger": "de", "fra": "fr",
    "fre": "fr", "spa": "es", "ita": "it", "por": "pt", "rus": "ru", "ukr": "uk", "ara": "ar", "fas": "fa", "per": "fa",
    "tur": "tr", "ind": "id", "msa": "ms", "may": "ms", "vie": "vi", "tha": "th", "pol": "pl", "nld": "nl", "dut": "nl",
    "swe": "sv", "heb": "he", "iw": "he", "in": "id", "hin": "hi", "jp": "ja", "cn": "zh", "cz": "cs", "dk": "da",
    "gr": "el", "ua": "uk", "vn": "vi",
}  # fmt: skip
SCRIPTS: dict[str, tuple[re.Pattern[str], frozenset[str]]] = {
    name: (re.compile(f"[{letters}]"), frozenset(languages.split()))
    for name, letters, languages in (
        ("hangul", "\u1100-\u11ff\uac00-\ud7a3", "ko"),
        ("kana", "\u3041-\u30ff", "ja"),
        ("han", "\u3400-\u9fff\uf900-\ufaff", "zh ja yue wuu hak nan gan lzh ko"),
        ("cyrillic", "\u0400-\u052f", "ru uk be bg mk sr mn kk ky tg uz tt ba cv ce os az bs sh sah tyv cnr ab av"),
        ("arabic", "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc", "ar fa ur ps ckb ku sd ug prs az pnb ks arz ms uz tr bal"),
        ("hebrew", "\u0590-\u05ff", "he yi"),
        ("greek", "\u0370-\u03ff\u1f00-\u1fff", "el grc"),
        ("thai", "\u0e00-\u0e7f", "th lo"),
        ("devanagari", "\u0900-\u097f", "hi mr ne sa bho mai kok doi bh gom sd ks"),
        ("bengali", "\u0980-\u09ff", "bn as mni"),
        ("gurmukhi", "\u0a00-\u0a7f", "pa"),
        ("gujarati", "\u0a80-\u0aff", "gu"),
        ("tamil", "\u0b80-\u0bff", "ta"),
        ("telugu", "\u0c00-\u0c7f", "te"),
        ("kannada", "\u0c80-\u0cff", "kn"),
        ("malayalam", "\u0d00-\u0d7f", "ml"),
        ("sinhala", "\u0d80-\u0dff", "si"),
        ("myanmar", "\u1000-\u109f", "my shn mnw"),
        ("georgian", "\u10a0-\u10ff", "ka xmf"),
        ("armenian", "\u0530-\u058f", "hy"),
        ("ethiopic", "\u1200-\u137f", "am ti"),
        ("khmer", "\u1780-\u17ff", "km"),
    )
}  # fmt: skip
BEYOND_LATIN = re.compile("[\u0370-\u1dff\u1f00-\u1fff\u2e80-\ud7ff\uf900-\uffff]")
NEVER_LATIN = frozenset(("ko", "ja", "zh", "ru", "uk", "bg", "be", "mk", "ar", "fa", "ur", "ps", "he", "el", "th", "hi", "mr", "ne", "bn", "pa", "gu", "ta", "te", "kn", "ml", "si", "my", "ka", "hy", "am", "km", "lo", "yi"))  # fmt: skip
ENGLISH = frozenset(("the", "and", "of", "to", "that", "with", "was"))
MIN_ENGLISH_RATE = 0.04  # of running words; English has 0.2, other languages none of most
MIN_WORDS = 30
ONE_LANGUAGE = {
    "hangul": "ko", "kana": "ja", "han": "zh", "thai": "th", "greek": "el", "hebrew": "he", "bengali": "bn", "gurmukhi": "pa",
    "gujarati": "gu", "tamil": "ta", "telugu": "te", "kannada": "kn", "malayalam": "ml", "sinhala": "si", "myanmar": "my",
    "georgian": "ka", "armenian": "hy", "khmer": "km",
}  # fmt: skip
# Words that a language has in every second sentence and its neighbours have not, or seldom.
COMMON_WORDS = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the and of to that with was for is on by said", "de": "in von der die und den das nicht mit dem ist für sich auf ein eine zu",
        "fr": "de la le les des et une est dans du pour qui sur pas au il par", "es": "de la el en los las y una con por del que se su fue como más",
        "it": "il di che è della per con del una non le sono nel gli alla", "pt": "de a o os não uma com do da em ao são foi pelo dos que para",
        "nl": "de het een van en niet zijn voor met dat op te wordt aan", "sv": "och att det som är på för av inte med till har den ett",
        "da": "og at det er på af ikke med til har den der et som blev", "no": "og at det er på av ikke med til har den som et ble fra",
        "pl": "w i na z się nie do że jest to po od przez oraz jak", "cs": "a se v na je že s do to za by jako podle jsou ale",
        "ro": "și în cu nu este că din care pentru mai fi sunt fost după", "hu": "a az és hogy nem is egy van volt meg már csak szerint",
        "fi": "ja on ei että se oli mutta myös kun hän ovat sekä tai", "tr": "ve bir bu için ile da de olarak olan çok daha sonra dedi",
        "id": "yang dan di dengan untuk dari ini pada akan tidak itu dalam ke", "vi": "và của là các được trong cho không có những một với đã",
        "ca": "els i amb és als van més aquest també", "gl": "unha non dos pola polo foron máis ten tamén",
        "ru": "и в не на что с по как это из он для был его о", "uk": "і в не на що з та до як це у за від про є",
        "bg": "и на да се в за от не са е по че със ще като", "ar": "في من على أن إلى التي الذي عن مع هذا قال كما بعد",
        "fa": "در به از که این را با است و برای می آن تا",
    }.items()
}  # fmt: skip
MIN_COMMON_RATE, LEAD_OVER_NEXT = 0.1, 1.3  # of 605 pages 576 are reported so, none of them wrong


def story_language(stated: str | None, of_site: str | None, text: str, *, ask_model: bool = True) -> str | None:
    """The language of a story (BCP 47's primary tag); None where nothing tells.

    `stated` is the page's word, `of_site` the site file's for pages that say nothing. `ask_model` allows the slow look at
    what neither script nor common words tell: a crawl loads the model once, a single page should not wait for it.
    """
    language = ALIASES.get(stated, stated) if stated else of_site
    if language is None or contradicts(text[:LOOK_CHARS], language):
        return detected(text[:SAMPLE_CHARS], ask_model=ask_model) or language
    if language == "en" and lacks_english(text[:LOOK_CHARS]):
        return by_common_words(text[:SAMPLE_CHARS]) or language
    return language


def contradicts(text: str, language: str) -> bool:
    """Whether a text plainly is not in a language, by its script."""
    if not BEYOND_LATIN.search(text):
        return language in NEVER_LATIN and has_words(text)
    if any(len(pattern.findall(text)) > len(text) / 3 for pattern in own_scripts(language)):
        return False  # a glance, for nearly every page
    script = script_of(text)
    if script is None:
        return False
    return language in NEVER_LATIN if script == "latin" else language not in SCRIPTS[script][1]


@lru_cache(maxsize=128)
def own_scripts(language: str) -> tuple[re.Pattern[str], ...]:
    """The scripts that settle it: Japanese has Han too."""
    return tuple(pattern for name, (pattern, known) in SCRIPTS.items() if language in known and name != "han")


def has_words(text: str) -> bool:
    return len(text.split()) >= MIN_WORDS


def lacks_english(text: str) -> bool:
    words = text.lower().split()
    return len(words) >= MIN_WORDS and sum(map(ENGLISH.__contains__, words)) < MIN_ENGLISH_RATE * len(words)


def script_of(text: str) -> str | None:
    """The script of most letters, `kana` where there is any with Han; None where no script holds most."""
    letters = sum(map(str.isalpha, text))
    if letters < MIN_LETTERS:
        return None
    counts = {name: len(pattern.findall(text)) for name, (pattern, _) in SCRIPTS.items()}
    if counts["kana"] > 0.05 * letters and counts["kana"] + counts["han"] > letters / 2:
        return "kana"
    name = max(counts, key=lambda name: counts[name])
    if counts[name] > letters / 2:
        return name
    return "latin" if sum(counts.values()) < letters / 4 else None


def detected(text: str, *, ask_model: bool = True) -> str | None:
    """What a text is written in; None where it has too few letters, or only the model could tell and is not asked."""
    if sum(map(str.isalpha, text)) < MIN_LETTERS:
        return None
    plain = ONE_LANGUAGE.get(script_of(text) or "") or by_common_words(text)
    if plain is not None or not ask_model:
        return plain
    language: str = identifier().classify(text)[0]
    return language


def by_common_words(text: str) -> str | None:
    """The language whose commonest words a text has far more of than of any other's; None where none leads clearly."""
    words = [word.strip(".,:;!?\"'()«»“”،") for word in text.lower().split()]
    if len(words) < MIN_WORDS:
        return None
    known = languages_by_word()
    counts = dict.fromkeys(COMMON_WORDS, 0)
    for word in words:
        for language in known.get(word, ()):
            counts[language] += 1
    (second, _), (first, language) = sorted((count, language) for language, count in counts.items())[-2:]
    is_clear = first >= MIN_COMMON_RATE * len(words) and first >= LEAD_OVER_NEXT * second
    return language if is_clear else None


@lru_cache(maxsize=1)
def languages_by_word() -> dict[str, list[str]]:
    """The languages that each common word is common in."""
    found: dict[str, list[str]] = {}
    for language, common in COMMON_WORDS.items():
        for word in common:
            found.setdefault(word, []).append(language)
    return found


@lru_cache(maxsize=1)
def identifier() -> Any:
    """The identifier with its model: half a second and 80 MB, once a process and only for pages that say nothing."""
    import py3langid

    return py3langid
