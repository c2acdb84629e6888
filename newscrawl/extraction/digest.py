"""Whether a page is a digest: many stories under one headline, which are no one story."""

from __future__ import annotations

import re
from collections.abc import Sequence

from newscrawl.text.dateline import split_dateline

END = r"(?=\s*(?:$|[-–—:,;|(\[]|\d|at\b|for\b|of\b|on\b|from\b|this (?:week|morning|evening)|today\b))"
LEAD = r"(?:\s*[\[(【<][^\])】>]{1,20}[\])】>]\s*){0,2}"  # `(2nd LD)`, `[News Focus]`
HEADLINES = (
    rf"(?:[\w.&'’-]{{1,20}} ){{0,5}}news (?:summary|digest|round-?up|in brief|briefs|bulletin|highlights){END}",
    r"summary of (?:[\w-]{1,20} ){0,4}news(?: (?:of|in|on|about) (?:[\w-]{1,20} ?){1,4})?(?: this week)?$",
    rf"(?:today|this day|on this day|this week) in (?:[\w-]{{1,20}} )?history{END}",
    rf"(?:major |top |main )?headlines? (?:of|in|from) (?:[\w-]{{1,20}} ){{0,4}}(?:newspapers|papers|dailies|press){END}",
    rf"(?:[\w-]{{1,20}} ){{0,2}}(?:newspaper|front[ -]page|press) headlines{END}",
    rf"editorials from (?:[\w-]{{1,20}} ){{0,4}}(?:newspapers|papers|dailies){END}",
    r"(?:(?:to)?day['’]s |top |morning |midday |evening |daily |weekly )+(?:news |top )?(?:headlines|stories|briefing|digest|bulletin|round-?up)(?=\s*(?:$|[-–—:,;|(\[]|\d))",
    r"your [\w-]{1,12}(?: morning| evening)? briefing\b",
    rf"(?:press|newspaper|media) review{END}",
    rf"(?:world|nation|national|local|sports|business|state|regional) (?:news )?(?:in brief|briefs|round-?up){END}",
    r"(?:presseschau|pressestimmen|nachrichten(?:überblick| kompakt| des tages)|das wichtigste (?:des|vom|am) [\w.]{1,20}|die nachrichten des tages|der tag im überblick)(?![\w-])",
    r"(?:revue de presse|l['’]essentiel de l['’]actualité|l['’]actualité en bref|les (?:titres|principales informations) du (?:jour|matin))",
    r"(?:resumen de noticias|titulares (?:del día|de la prensa)|noticias del día$|revista de prensa|portadas de la prensa|efemérides)",
    r"(?:rassegna stampa|le notizie del giorno|accadde oggi|resumo de notícias|manchetes do dia|destaques do dia)",
    r"(?:главные новости|обзор (?:прессы|сми)|дайджест|этот день в истории|головні новини|огляд преси)",
    r"(?:günün (?:öne çıkan )?haberleri|gazete manşetleri|basın özeti|haber özeti)",
    r"(?:ringkasan berita|berita (?:utama|populer) hari ini|tin tức (?:nổi bật|trong ngày)|điểm tin|ngày này năm xưa)",
    r"(?:연합뉴스 ?)?(?:오늘의 (?:주요 ?(?:뉴스|기사)|역사|뉴스)|이 시각 (?:헤드라인|주요 ?뉴스)|주요 ?(?:뉴스|기사) ?(?:$|[-–(\[])|조간(?:신문)? ?(?:사설|헤드라인|1면)|(?:연합)?뉴스 ?(?:브리핑|요약|다이제스트)|모닝 ?브리핑)",
    r"(?:ニュース(?:ダイジェスト|まとめ|一覧)|(?:きょう|今日)の(?:主な)?ニュース|主要ニュース|朝刊各紙)",
    r"(?:新闻摘要|新聞摘要|(?:今日|每日|一周|一週)要[闻聞]|要闻速览|历史上的今天|歷史上的今天)",
    r"(?:أبرز (?:الأخبار|عناوين الصحف)|موجز (?:الأنباء|الأخبار)|حدث في مثل هذا اليوم|مهم‌?ترین اخبار|گزیده اخبار)",
)
HEADLINE = re.compile(rf"{LEAD}(?:{'|'.join(HEADLINES)})", re.I)
BRACKETED = re.compile(
    r"[\[【]\s?(?:(?:오늘의 )?주요 ?(?:뉴스|기사)|이 시각 (?:헤드라인|주요 ?뉴스)|모닝 ?브리핑|뉴스 ?브리핑|新闻早班车|今日要闻|ニュースまとめ|news (?:summary|digest|in brief))[^\]】]{0,20}[\]】]",
    re.I,
)
LEDE = re.compile(
    r"\bfollowing (?:is|are) (?:(?:the|a|an|some of the) )?(?:[\w-]{1,20} ){0,3}(?:summary|summaries|digest|round-?up|list|headlines?|briefs?) (?:of|in|from) (?:[\w'’-]{1,20} ){0,6}?(?:news|stories|headlines|newspapers|dailies|briefs)\b|"
    r"^(?:here|these) (?:is|are) (?:(?:the|a) )?(?:summary of (?:[\w'’-]{1,20} ){0,5}(?:news|stories)|(?:top|main|major|latest) (?:news |world )?(?:stories|headlines))\b|"
    r"다음은 .{0,40}(?:주요 ?(?:뉴스|기사)|헤드라인)",
    re.I,
)  # fmt: skip
LEDE_CHARS = 300
ASCII_SIGNS = (
    "news", "summary", "history", "headline", "editorials", "stories", "brief", "digest", "bulletin", "round", "review", "presse",
    "nachrichten", "wichtigste", "revue", "essentiel", "titres", "informations", "resumen", "titulares", "noticias", "revista",
    "portadas", "rassegna", "notizie", "accadde", "resumo", "manchetes", "destaques", "ringkasan", "berita",
)  # fmt: skip
MANY_STORIES = 3  # datelines with a credit of their own


def is_digest(headline: str | None, texts: Sequence[str]) -> bool:
    """By the headline that digests have, by a first line that says so, or by several datelines in one text."""
    title = (headline or "")[:200].strip()
    if may_be_digests(title) and (HEADLINE.match(title) or BRACKETED.match(title)):
        return True
    ledes = [text[:LEDE_CHARS] for text in texts[:2]]
    return any(may_be_lede(lede) and LEDE.search(lede) for lede in ledes) or has_many_datelines(texts)


def may_be_digests(title: str) -> bool:
    """A glance at a headline: in ASCII every digest's holds one of these."""
    return not title.isascii() or any(map(title.lower().__contains__, ASCII_SIGNS))


def may_be_lede(text: str) -> bool:
    return "ollowing" in text or "다음은" in text or text[:5].lower() in ("here ", "these")


def has_many_datelines(texts: Sequence[str]) -> bool:
    """Whether stories of an agency are one behind the other, each with its dateline."""
    found = 0
    for text in texts:
        head = text[:120]
        if "(" not in head or not ("--" in head or "—" in head or "–" in head or " - " in head or "=" in head):
            continue
        opening = split_dateline(text)
        found += opening is not None and not opening.is_weak and opening.credit is not None and opening.start == 0
        if found >= MANY_STORIES:
            return True
    return False
