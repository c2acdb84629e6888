"""Three sites of different build for `scrapy add`, in real markup's shape with invented words."""

from __future__ import annotations

import json

from tests.conftest import LocalServer, Reply

TOWNS = ("Calder", "Linden", "Ostrava Bay", "Marrow", "Thornby", "Eskdale", "Wexcombe", "Harrow Point", "Pellworth", "Quarndon", "Selby Moor", "Tarn")  # fmt: skip
THINGS = (
    "quay",
    "bridge",
    "ferry",
    "market",
    "library",
    "tram",
    "harbour wall",
    "school",
    "mill",
    "museum",
    "theatre",
    "park",
)
NAV = "".join(f'<li><a href="/{path}">{text}</a></li>' for path, text in (("news", "News"), ("sport", "Sport"), ("about", "About"), ("contact", "Contact")))  # fmt: skip


def headline(n: int) -> str:
    return f"{TOWNS[n]} council votes to widen its old {THINGS[n]} by next spring"


def paragraphs(n: int) -> list[str]:
    town, thing = TOWNS[n], THINGS[n]
    return [
        f"The council of {town} voted on Monday evening to widen the old {thing}, a plan that its members had put off for {n + 3} years.",
        f"The work is to begin in April and will cost about {n + 4} million crowns, half of which the province of {town} lends at a low rate.",
        f"People who live beside the {thing} had asked for a smaller plan, and some of them said after the session that they would go to court.",
        f"“We have listened to everybody in {town}, and we have changed the plan four times,” the mayor said when the vote was over.",
        f"The {thing} was built a hundred and {n + 10} years ago, when the town had a third of the people who live there today.",
    ]


def as_html(texts: list[str]) -> str:
    return "\n".join(f"<p>{text}</p>" for text in texts)


def courier(server: LocalServer) -> str:
    """A paper on a well-known blog system: a feed that the front page names, JSON-LD, drops within the text."""
    count = len(TOWNS)
    paths = [
        f"/2026/11/{n + 10:02d}/{TOWNS[n].lower().replace(' ', '-')}-widens-its-{THINGS[n].replace(' ', '-')}/"
        for n in range(count)
    ]
    urls = [server.base + path for path in paths]
    teasers = "".join(
        f'<article class="post-{n}"><h2 class="entry-title"><a href="{urls[n]}">{headline(n)}</a></h2></article>'
        for n in range(count)
    )
    head = (
        '<link rel="alternate" type="application/rss+xml" title="The Calder Courier" href="/feed/">'
        '<link rel="alternate" type="application/rss+xml" title="The Calder Courier Comments Feed" href="/comments/feed/">'
    )
    front = f'<html lang="en-GB"><head><title>The Calder Courier</title>{head}</head><body><nav><ul>{NAV}</ul></nav><main>{teasers}</main></body></html>'
    items = "".join(f"<item><title>{headline(n)}</title><link>{urls[n]}</link></item>" for n in range(count))
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>The Calder Courier</title>{items}</channel></rss>'
    pages: dict[str, Reply | str] = {"/": front, "/feed/": Reply(feed, kind="application/rss+xml")}
    for n, path in enumerate(paths):
        pages[path] = courier_page(n, urls[n], head)
    server.pages.update(pages)
    return server.base + "/"


def courier_page(n: int, url: str, head: str) -> str:
    node = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": headline(n), "url": url,
        "datePublished": f"2026-11-{n + 10:02d}T09:{n:02d}:00+00:00", "author": {"@type": "Person", "name": "Ada Marsh"},
        "publisher": {"@type": "Organization", "name": "The Calder Courier"},
    }  # fmt: skip
    texts = paragraphs(n)
    return f"""<!doctype html><html lang="en-GB"><head><title>{headline(n)} - The Calder Courier</title>{head}
<link rel="canonical" href="{url}"><meta property="og:site_name" content="The Calder Courier"><meta property="og:title" content="{headline(n)}">
<script type="application/ld+json">{json.dumps(node)}</script></head>
<body class="post-template-default single single-post postid-{4000 + n}"><nav><ul>{NAV}</ul></nav>
<article id="post-{4000 + n}" class="post-{4000 + n} post type-post hentry category-town"><header class="entry-header"><h1 class="entry-title">{headline(n)}</h1>
<div class="entry-meta"><span class="byline">By <a class="url fn n" href="/author/ada">Ada Marsh</a></span></div></header>
<div class="entry-content">{as_html(texts[:2])}
<div class="related-box mt-4"><h4>More from the valley</h4><ul><li><a href="/2026/10/01/x/">{headline((n + 5) % 12)}</a></li></ul></div>
{as_html(texts[2:])}</div></article>
<aside class="widget-area"><h2>Most read</h2><ul><li><a href="/x">{headline((n + 1) % 12)}</a></li></ul></aside>
<footer><p>© 2026 The Calder Courier. All rights reserved.</p></footer></body></html>"""


def agency(server: LocalServer) -> str:
    """An agency behind a build tool: hashed classes, no feed, a news sitemap that only robots.txt names."""
    count = len(TOWNS)
    paths = [f"/view/VNA202611{n + 10}00{4000 + n}" for n in range(count)]
    urls = "".join(
        f"<url><loc>{server.base}{path}</loc><news:news><news:publication_date>2026-11-{n + 10}T08:00:00+09:00</news:publication_date>"
        f"<news:title>{headline(n)}</news:title></news:news></url>"
        for n, path in enumerate(paths)
    )
    sitemap = (
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{urls}</urlset>'
    )
    index = f'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>{server.base}/sitemaps/pages.xml</loc></sitemap><sitemap><loc>{server.base}/sitemaps/news.xml</loc></sitemap></sitemapindex>'
    robots = f"User-agent: *\nDisallow: /desk/\n\nSitemap: {server.base}/sitemap.xml\n"
    menu = "".join(
        f'<a class="sc-1kx9a2-0 hQzWbn" href="/{name}">{name.title()}</a>'
        for name in ("national", "world", "desk", "view")
    )
    front = f'<html lang="en"><head><title>Valley News Agency</title></head><body><div class="css-1q2w3e">{menu}</div><div id="root"></div></body></html>'
    pages: dict[str, Reply | str] = {
        "/": front,
        "/robots.txt": Reply(robots, kind="text/plain"),
        "/sitemap.xml": Reply(index, kind="application/xml"),
        "/sitemaps/news.xml": Reply(sitemap, kind="application/xml"),
    }
    for n, path in enumerate(paths):
        pages[path] = agency_page(n, path, menu)
    server.pages.update(pages)
    return server.base + "/"


def agency_page(n: int, path: str, menu: str) -> str:
    own = f"css-{n}z9x8c"  # another hash on each page
    return f"""<!doctype html><html lang="en"><head><title>{headline(n)} | Valley News Agency</title>
<meta property="og:site_name" content="Valley News Agency"><meta property="og:title" content="{headline(n)}">
<meta property="article:published_time" content="2026-11-{n + 10}T08:{n:02d}:00+09:00"></head>
<body><div class="css-1q2w3e">{menu}</div><div class="{own} sc-bdVaJa"><div class="Story_header__x3Zq1"><h1 class="Story_title__9aB2c">{headline(n)}</h1></div>
<div class="Story_body__k2L9p {own}">{as_html(paragraphs(n))}<p>(END)</p></div>
<div class="Related_list__Qw12e"><h2>More from the valley</h2><ul><li><a href="/view/VNA20261101001">{headline((n + 2) % 12)}</a></li>
<li><a href="/view/VNA20261101002">{headline((n + 3) % 12)}</a></li></ul></div></div>
<footer class="css-77aa88"><p>Copyright Valley News Agency. All rights reserved.</p></footer></body></html>"""


PLACES = ("Калдер", "Линден", "Марроу", "Торнби", "Эскдейл", "Векском", "Пелворт", "Кварндон", "Тарн", "Селби")


def old_headline(n: int) -> str:
    return f"Совет города {PLACES[n]} решил расширить старую набережную к весне"


def old_paragraphs(n: int) -> list[str]:
    place = PLACES[n]
    return [
        f"Совет города {place} в понедельник вечером решил расширить старую набережную, хотя этот план откладывали {n + 3} года подряд.",
        f"Работы начнутся в апреле и обойдутся примерно в {n + 4} миллиона крон, половину из которых область даст городу {place} в долг.",
        "Жители соседних домов просили о плане поменьше, и некоторые из них после заседания сказали, что пойдут в суд.",
        "Набережную построили больше ста лет назад, когда в городе жила лишь треть тех, кто живёт там сегодня.",
    ]


def old_paper(server: LocalServer) -> str:
    """An old site of nested tables: no feed, no sitemap, two section lists, printed dates without an offset."""
    paths = [f"/story.php?id={20261101 + n}0{n}7" for n in range(len(PLACES))]
    menu = '<a href="/">Главная</a> | <a href="/list.php?s=news">Новости</a> | <a href="/list.php?s=town">Город</a>'

    def listing(chosen: range) -> str:
        rows = "".join(
            f'<tr><td class="num">{n}</td><td class="subj"><a href="{paths[n]}">{old_headline(n)}</a></td></tr>'
            for n in chosen
        )
        return (
            f'<html lang="ru"><head><title>Вестник долины</title></head><body><table id="topmenu"><tr><td>{menu}</td></tr></table>'
            f'<table class="listing">{rows}</table></body></html>'
        )

    pages: dict[str, Reply | str] = {
        "/": f'<html lang="ru"><head><title>Вестник долины</title></head><body><table id="topmenu"><tr><td>{menu}</td></tr></table></body></html>',
        "/list.php?s=news": listing(range(6)),
        "/list.php?s=town": listing(range(4, 10)),
    }
    for n, path in enumerate(paths):
        pages[path] = old_page(n, menu)
    server.pages.update(pages)
    return server.base + "/"


def old_page(n: int, menu: str) -> str:
    texts = "<br><br>\n".join(old_paragraphs(n))
    return f"""<html lang="ru"><head><title>Вестник долины</title></head><body>
<table id="topmenu" width="900"><tr><td>{menu}</td></tr></table>
<table width="900"><tr><td class="main"><h1 class="zagolovok">{old_headline(n)}</h1>
<div class="data">{n + 3:02d}.11.2026 14:{n + 10}</div><div id="storytext">{texts}</div></td>
<td class="right">Самое читаемое<br><a href="/story.php?id=2026100101">Паром вернётся в апреле после трёх лет работ в порту</a></td></tr></table>
<p class="copy">© Вестник долины. Все права защищены.</p></body></html>"""
