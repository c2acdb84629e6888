"""What page readers get wrong: lines around a story taken for it, and lines of it lost. All pages are read without rules."""

from __future__ import annotations

import json

import pytest

from newscrawl import read_page
from newscrawl.items import Story

HEADLINE = "Calder widens its northern quay"
STORY = [
    "The harbour council of Calder voted on Monday to widen the northern quay by next spring, its chairman said.",
    "The work will cost about nine million, according to the plan that the council published after its session.",
    "Fishing boats will have to use the southern basin for some months, which their owners had asked it to avoid.",
    "The council said it would pay for the longer way, and that the boats would be back in their places by June.",
    "Its last meeting of the year is to be held on December 14 in the old customs house, the chairman added.",
]
RELATED = (
    '<aside class="related-articles"><h3>Most popular</h3><ul>'
    + "".join(f'<li><a href="/{n}">Another story of the day number {n}</a></li>' for n in range(6))
    + "</ul></aside>"
)


def page(
    *pieces: str,
    head: str = "",
    headline: str = HEADLINE,
    language: str = "en",
    above: str = "",
    behind: str = "",
    byline: str = "",
) -> str:
    """A paper's page: `pieces` are the elements of the story's body."""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{headline} - The Harbour Times</title>'
        f'<meta property="og:title" content="{headline}"><meta property="og:site_name" content="The Harbour Times">{head}</head>'
        '<body class="page"><header class="site-header"><nav class="main-nav"><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li>'
        '<li><a href="/subscribe">Subscribe</a></li></ul></nav></header><main id="content"><article class="article">'
        f'<header class="article-header">{above}<h1 class="headline">{headline}</h1>{byline}</header>'
        f'<div class="article-body">{"".join(pieces)}</div></article>{behind}{RELATED}</main>'
        '<footer class="site-footer"><p>Copyright 2026 The Harbour Times. All rights reserved.</p></footer></body></html>'
    )


def p(text: str) -> str:
    return f"<p>{text}</p>"


BODY = [p(text) for text in STORY]


def read(markup: str) -> Story:
    return read_page(
        markup.encode(), "https://www.harbour-times.example/2026/11/23/calder-widens-its-northern-quay", site=None
    )


def body_of(markup: str) -> list[str]:
    story = read(markup)
    assert story.text == "\n\n".join(block.text for block in story.body or [])
    return [block.text for block in story.body or []]


def with_line(line: str, at: int = 2) -> str:
    return page(*BODY[:at], line, *BODY[at:])


DROPPED = {
    "the headline again, as a paragraph": with_line(p(HEADLINE), 0),
    "the headline again, in bold": with_line(f"<p><strong>{HEADLINE}</strong></p>", 0),
    "the headline again, as a heading": with_line(f"<h2>{HEADLINE}</h2>", 0),
    "a caption in a figure": with_line("<figure><img src=/q.jpg><figcaption>The quay at dawn on Sunday. Photo: Ada Brandt</figcaption></figure>"),
    "a caption in a div": with_line('<div class="image"><img src=/q.jpg><div class="caption">The quay at dawn on Sunday, before the vote.</div></div>'),
    "a photo credit": with_line('<div class="photo-credit">Photo: Ada Brandt / AFP</div>'),
    "a picture's source": with_line('<span class="image-source">Image source, Getty Images</span>'),
    "a subscribe box": with_line('<div class="newsletter-signup"><h4>Subscribe to our newsletter</h4><p>Get the best of the harbour in your inbox every morning.</p><form><input></form></div>'),
    "a login box": with_line('<div class="login-box"><p>Log in to save this story and to follow its writers.</p><a href=/login>Log in</a></div>'),
    "a share bar": with_line('<div class="share-tools"><a href=#>Facebook</a> <a href=#>Twitter</a> <a href=#>Email</a></div>'),
    "read more, a link": with_line('<p><strong>Read more:</strong> <a href="/x">The quay that nobody wanted to widen</a></p>'),
    "read also, a link": with_line('<p><a href="/x">Read also: The quay that nobody wanted to widen</a></p>'),
    "also read, plain": with_line(p("Also read | The quay that nobody wanted to widen")),
    "related": with_line('<p>RELATED: <a href="/x">The quay that nobody wanted to widen</a></p>'),
    "lesen Sie auch": with_line('<p>Lesen Sie auch: <a href="/x">Der Kai, den niemand breiter haben wollte</a></p>'),
    "lire aussi": with_line('<p>Lire aussi : <a href="/x">Le quai que personne ne voulait élargir</a></p>'),
    "an advertisement": with_line('<div class="ad-slot"><p>Advertisement</p></div>'),
    "continue reading": with_line(p("Advertisement - scroll to continue")),
    "a byline": page(*BODY, byline='<div class="byline">By Ada Brandt</div>'),
    "a byline in the body": page('<p class="byline">By Ada Brandt, Staff Writer</p>', *BODY),
    "a date line": page(*BODY, byline='<div class="meta"><time datetime="2026-11-23T09:30:00+09:00">Published November 23, 2026 9:30 am</time></div>'),
    "a date in the body": page('<p class="date">Updated: November 23, 2026, 9:30 a.m.</p>', *BODY),
    "AP's rule": page(*BODY, "<p>___</p>"),
    "AP's promo": page(*BODY, "<p>___</p>", '<p><a href="/hub/harbours">Follow AP’s coverage of harbours at https://apnews.example/hub/harbours</a></p>'),
    "Reuters' standards": page(*BODY, '<p>Our Standards: <a href="/trust">The Thomson Reuters Trust Principles.</a></p>'),
    "Anadolu's notice": page(*BODY, p("Anadolu Agency website contains only a portion of the news stories offered to subscribers in the AA News Broadcasting System (HAS), and in summarized form. Please contact us for subscription options.")),
    "tags": page(*BODY, '<ul class="tags"><li><a href=/t/quay>quay</a></li><li><a href=/t/calder>Calder</a></li></ul>'),
    "comments": page(*BODY, behind='<section class="comments"><h3>3 comments</h3><div class="comment"><p>I never liked that quay, and I have said so for years.</p></div></section>'),
    "an author's bio": page(*BODY, behind='<div class="author-bio"><p>Ada Brandt has written about harbours since 2009 and lives in Varn.</p></div>'),
    "a copyright line": page(*BODY, "<p>© 2026 The Harbour Times. All rights reserved.</p>"),
    "a stub": page(*BODY, p("Subscribe to continue reading")),
}  # fmt: skip


@pytest.mark.parametrize("name", DROPPED)
def test_what_is_no_story_text(name: str) -> None:
    assert body_of(DROPPED[name]) == STORY


KEPT = {
    "a standfirst": (["The vote ends nine years of quarrels between the council and the owners of the boats."], '<p class="standfirst">{0}</p>', 0),
    "a sub-headline": (["What it costs"], "<h2>{0}</h2>", 2),
    "a bold sub-headline": (["What it costs"], "<p><strong>{0}</strong></p>", 2),
    "a short paragraph": (["It rained."], "<p>{0}</p>", 2),
    "a short paragraph at the end": (["Nobody objected."], "<p>{0}</p>", 5),
    "a quote": (["“We have waited for this quay since my father’s days,” said Ole Varn, who owns two boats."], "<blockquote><p>{0}</p></blockquote>", 2),
    "a list": (["The northern quay grows by nine metres", "The southern basin is dredged", "The crane moves to Varn"], "<ul><li>{0}</li><li>{1}</li><li>{2}</li></ul>", 3),
    "a numbered list": (["The northern quay grows by nine metres", "The southern basin is dredged"], "<ol><li>{0}</li><li>{1}</li></ol>", 3),
    "a paragraph in a div": (["The mayor of Calder said that she had not been asked, and that she would write to the province."], "<div>{0}</div>", 2),
    "a link in a sentence": (["The plan, which the council published on its site, runs to ninety pages."], "<p><a href=/plan>{0}</a> It is long.</p>", 2),
    "a paragraph that reads more": (["Read more slowly, the teacher said, and the children of the harbour school read the plan again."], "<p>{0}</p>", 2),
    "a paragraph about subscribers": (["The paper of the harbour has lost half of its subscribers since the last quarrel about the quay."], "<p>{0}</p>", 2),
    "a sentence with By": (["By noon the council had not agreed on anything but the date of its next session."], "<p>{0}</p>", 2),
    "a credit": (["(Yonhap)"], "<p>{0}</p>", 5),
    "a contributor": (["Ole Varn in Linden contributed to this report."], "<p>{0}</p>", 5),
}  # fmt: skip


@pytest.mark.parametrize("name", KEPT)
def test_what_is_story_text(name: str) -> None:
    texts, element, at = KEPT[name]
    found = body_of(page(*BODY[:at], element.format(*texts), *BODY[at:]))
    wanted = [*STORY[:at], *texts, *STORY[at:]]
    if name == "a link in a sentence":
        wanted[at] += " It is long."
    assert found == wanted


def test_a_long_feature_is_kept_whole() -> None:
    sections = [
        (f"Chapter {n}: the quay in its {n}th year", [f"{text[:-1]}, in chapter {n}." for text in STORY])
        for n in range(1, 26)
    ]
    pieces = [f"<h2>{title}</h2>" + "".join(map(p, texts)) for title, texts in sections]
    assert body_of(page(*pieces)) == [line for title, texts in sections for line in [title, *texts]]


@pytest.mark.parametrize(
    ("markup", "caption", "credit"),
    [
        (
            "<figure><img src=/q.jpg><figcaption>The quay at dawn. (AFP)</figcaption></figure>",
            "The quay at dawn.",
            "AFP",
        ),
        (
            "<figure><img src=/q.jpg><figcaption>The quay at dawn. Photo: Ada Brandt</figcaption></figure>",
            "The quay at dawn",
            "Ada Brandt",
        ),
        ("<figure><img src=/q.jpg><figcaption>The quay at dawn.</figcaption></figure>", "The quay at dawn.", None),
        (
            "<figure><img src=/q.jpg><figcaption>Der Kai am Morgen. Foto: dpa</figcaption></figure>",
            "Der Kai am Morgen",
            "dpa",
        ),
    ],
)
def test_captions_and_credits_go_to_media(markup: str, caption: str, credit: str | None) -> None:
    story = read(with_line(markup))
    assert [(item.caption, item.credit) for item in story.media or []] == [(caption, credit)]
    assert story.attribution == [] and caption not in (story.text or "")


@pytest.mark.parametrize(
    ("markup", "blocks"),
    [
        ("<h2>What it costs</h2>", [("heading", "What it costs")]),
        ("<h3><span>What it <em>costs</em></span></h3>", [("heading", "What it costs")]),
        (
            "<ul><li>Nine metres of quay</li><li><p>A dredged basin in the south</p></li></ul>",
            [("list-item", "Nine metres of quay"), ("list-item", "A dredged basin in the south")],
        ),
        ("<ol><li>Nine metres of quay<ul><li>in two years at the latest</li></ul></li></ol>", [("list-item", "Nine metres of quay"), ("list-item", "in two years at the latest")]),
        ("<blockquote><p>We have waited for this quay since my father’s days.</p></blockquote>", [("quote", "We have waited for this quay since my father’s days.")]),
        ("<blockquote>We have waited for this quay for years, and so have others.<footer>Ole Varn</footer></blockquote>", [("quote", "We have waited for this quay for years, and so have others.")]),
        ("<div><div><p>The mayor of Calder said that she had not been asked about it.</p></div></div>", [("paragraph", "The mayor of Calder said that she had not been asked about it.")]),
        ("<p>The mayor said this.<br><br>She said no more, and left the session early.</p>", [("paragraph", "The mayor said this."), ("paragraph", "She said no more, and left the session early.")]),
    ],
    ids=range(8),
)  # fmt: skip
def test_the_structure_of_the_body(markup: str, blocks: list[tuple[str, str]]) -> None:
    story = read(with_line(markup))
    found = [(block.type, block.text) for block in story.body or []]
    paragraphs = [("paragraph", text) for text in STORY]
    assert [block for block in found if block not in paragraphs] == blocks
    assert [block for block in found if block in paragraphs] == paragraphs


LANGUAGES = {
    "ko": (
        "칼더항 북쪽 부두 넓힌다",
        ["(서울=연합뉴스) 홍길동 기자 = 칼더항 위원회가 월요일 북쪽 부두를 내년 봄까지 넓히기로 결정했다고 위원장이 밝혔다.",
         "공사에는 구백만 원가량이 들 것으로 보이며, 위원회는 회의를 마친 뒤 계획서를 공개했다고 관계자가 전했다.",
         "어선들은 몇 달 동안 남쪽 부두를 써야 하는데, 선주들은 그동안 이를 피해 달라고 요청해 왔다."],
        '<div class="article_view" id="articleBody">{body}</div><div class="ranking_news"><h4>많이 본 뉴스</h4><ol><li><a href=/1>다른 곳에서 일어난 일에 관한 기사</a></li>'
        '<li><a href=/2>또 다른 곳에서 일어난 일에 관한 기사</a></li></ol></div><div class="subscribe_box"><p>구독</p><p>기자 페이지를 구독하면 알림을 받을 수 있습니다.</p></div>'
        '<p class="copyright">&lt;저작권자(c) 항구일보, 무단 전재-재배포, AI 학습 및 활용 금지&gt;</p>',
    ),
    "ja": (
        "カルダー港、北埠頭を拡張へ",
        ["カルダー港の評議会は月曜日、来春までに北の埠頭を広げることを決めたと議長が会議のあとで明らかにした。",
         "工事にはおよそ九百万がかかる見通しで、評議会は会議のあとに計画書を公表したと関係者が説明した。",
         "漁船は数か月のあいだ南の港を使わなければならず、船主たちはこれを避けるように求めていた。"],
        '<div class="article-body">{body}</div><section class="ranking"><h3>アクセスランキング</h3><ul><li><a href=/1>別の場所で起きた出来事についての記事</a></li>'
        '<li><a href=/2>さらに別の場所で起きた出来事の記事</a></li></ul></section><div class="membership"><p>会員登録</p></div>',
    ),
    "zh": (
        "卡尔德港将扩建北码头",
        ["卡尔德港委员会星期一决定在明年春天之前扩建北边的码头，委员会主席在会议结束以后对记者这样说。",
         "根据委员会在会后公布的计划，工程大约需要九百万元，费用由市里承担，工期预计为九个月左右。",
         "在此期间渔船必须使用南边的港池，而船主们此前曾要求委员会避免这种情况的发生。"],
        '<div class="article-content">{body}</div><div class="hot-list"><h3>热点新闻</h3><ul><li><a href=/1>别的地方发生的一件事情的报道</a></li><li><a href=/2>另一个地方发生的事情的报道</a></li></ul></div>',
    ),
    "ar": (
        "كالدر توسع رصيفها الشمالي",
        ["قرر مجلس ميناء كالدر يوم الاثنين توسيع الرصيف الشمالي قبل الربيع المقبل، بحسب ما قال رئيسه بعد الجلسة.",
         "وستكلف الأعمال نحو تسعة ملايين، وفقا للخطة التي نشرها المجلس بعد جلسته التي استمرت أكثر من ثلاث ساعات.",
         "وسيكون على قوارب الصيد استخدام الحوض الجنوبي لعدة أشهر، وهو ما طلب أصحابها من المجلس تجنبه."],
        '<div class="article-body" dir="rtl">{body}</div><div class="most-read"><h3>الأكثر قراءة</h3><ul><li><a href=/1>خبر آخر عن شيء حدث في مكان آخر</a></li><li><a href=/2>خبر ثان عن شيء حدث في مكان بعيد</a></li></ul></div>',
    ),
    "th": (
        "คาลเดอร์ขยายท่าเรือด้านเหนือ",
        ["คณะกรรมการท่าเรือคาลเดอร์มีมติเมื่อวันจันทร์ให้ขยายท่าเรือด้านเหนือภายในฤดูใบไม้ผลิหน้า ประธานกล่าวหลังการประชุม",
         "งานก่อสร้างจะใช้เงินประมาณเก้าล้านบาท ตามแผนที่คณะกรรมการเผยแพร่หลังการประชุมในวันเดียวกัน",
         "เรือประมงจะต้องใช้ท่าด้านใต้เป็นเวลาหลายเดือน ซึ่งเจ้าของเรือเคยขอให้คณะกรรมการหลีกเลี่ยง"],
        '<div class="article-content">{body}</div><div class="popular-news"><h3>ข่าวยอดนิยม</h3><ul><li><a href=/1>ข่าวอื่นเกี่ยวกับเหตุการณ์ในที่อื่น</a></li><li><a href=/2>อีกข่าวหนึ่งเกี่ยวกับเหตุการณ์ในที่ไกล</a></li></ul></div>',
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_other_scripts(language: str) -> None:
    headline, texts, shape = LANGUAGES[language]
    direction = ' dir="rtl"' if language == "ar" else ""
    data = json.dumps({"@type": "NewsArticle", "headline": headline, "inLanguage": language})
    body = "".join(map(p, texts))
    markup = (
        f'<!doctype html><html lang="{language}"{direction}><head><meta charset="utf-8"><title>{headline}</title><script type="application/ld+json">{data}</script></head>'
        f'<body class="view"><div class="gnb"><ul class="menu"><li><a href=/>1</a></li><li><a href=/2>2</a></li></ul></div><div class="wrap"><div class="contents">'
        f'<div class="title_area"><h1 class="title">{headline}</h1></div>{shape.format(body=body)}</div></div></body></html>'
    )
    story = read(markup)
    assert (story.headline, story.language) == (headline, language)
    assert [block.text for block in story.body or []] == texts
