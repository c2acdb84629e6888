"""Every form in which a credit was seen on real pages, and every trap, on a page of invented words."""

from __future__ import annotations

import pytest

from newscrawl import read_page
from tests.attribution.made_pages import LD, made_page, made_story, roles

Parts = dict[str, str]
SOLE, PART = "originator", "contributor"


def by(agency: str, role: str = SOLE) -> dict[str, str]:
    return {agency: role}


YONHAP, REUTERS, AP, AFP, DPA, EFE = (by(agency) for agency in ("yonhap", "reuters", "ap", "afp", "dpa", "efe"))

# Openings: what stands before the story's first word -> who wrote it
DATELINES: list[tuple[str, dict[str, str]]] = [
    ("SEOUL, Aug. 20 (Yonhap) -- ", YONHAP),
    ("WASHINGTON (Yonhap) -- ", YONHAP),
    ("SEOUL (Reuters) – ", REUTERS),
    ("AMMAN (Reuters) - ", REUTERS),
    ("LA CROSSE, Wis. (AP) — ", AP),
    ("COLUMBUS, Ohio (AP) -- ", AP),
    ("TORONTO (AP) - ", AP),
    ("TORONTO (AP) ", AP),
    ("BEIRUT/THE HAGUE, March 7 (Reuters) - ", REUTERS),
    ("SEOUL/WASHINGTON (Reuters) - ", REUTERS),
    ("(AP) NEW YORK - ", AP),
    ("(Reuters) — ", REUTERS),
    ("(EFE).- ", EFE),
    ("(ANSA) - ROME, JUL 11 - ", by("ansa")),
    ("(CBS/AP) WILSON, N.Y. - ", by("ap", PART)),
    ("(CBS/AP) ", by("ap", PART)),
    ("Ouagadougou, Dec 20, 2017 (AFP) - ", AFP),
    ("Paris, 21 jan 2019 (AFP) - ", AFP),
    ("Jakarta, Dec 31, 2017 (Antara) - ", by("antara")),
    ("MOSCOW, January 21. /TASS/. ", by("tass")),
    ("Stockholm København /ritzau/: ", by("ritzau")),
    ("SYDNEY, Jan. 5 /PRNewswire-AsiaNet/ -- ", by("prnewswire")),
    ("/PRNewswire-AsiaNet/ -- ", by("prnewswire")),
    ("TOKYO, Jan. 5 /Kyodo JBN-AsiaNet/ -- ", by("asianet")),
    ("SAITAMA, Japan, Dec. 9 Kyodo - ", by("kyodo")),
    ("TOKYO, April 20_(Kyodo) _ ", by("kyodo")),
    ("New Delhi, Sep 28 (ANI): ", by("ani")),
    ("Amritsar (Punjab), Apr 13 (ANI): ", by("ani")),
    ("Hamburg (dpa/lno) – ", DPA),
    ("Bogotá (dpa) - ", DPA),
    ("Montpellier (SID) – ", by("sid")),
    ("Wiesbaden (KNA/iz). ", by("kna", PART)),
    ("Paris (ats afp) ", {"keystone-sda": SOLE, "afp": SOLE}),
    ("Nueva Delhi, 21 ene (EFE).- ", EFE),
    ("San Mateo (ANP) - ", by("anp")),
    ("(서울=연합뉴스) 홍길동 기자 = ", YONHAP),
    ("[서울=뉴시스] 홍길동 기자 = ", by("newsis")),
    ("(부산=뉴스1) 홍길동 기자 = ", by("news1")),
    ("【ソウル聯合ニュース】", YONHAP),
    ("【ビエンチャン聯合ニュース】", YONHAP),
    ("【6月18日 AFP】", AFP),
    ("【NEWSIS】", by("newsis")),
    ("【ワシントン共同】", by("kyodo")),
    ("［東京　１日　ロイター］ - ", REUTERS),
    ("新华社北京4月24日电（记者张三）", by("xinhua")),
    ("（中央社記者王小明台北21日電）", by("cna-tw")),
    ("（中央社華盛頓21日綜合外電報導）", by("cna-tw")),
    ("中新网北京4月24日电 ", by("cns")),
    ("The council's interests.Jakarta (ANTARA) - ", by("antara")),
    ("Jan. 11 (Bloomberg) -- ", by("bloomberg")),
    ("LAS VEGAS--(BUSINESS WIRE)--", by("businesswire")),
    ("Wellington, PTI: ", by("pti")),
    ("МОСКВА, 1 июн /ТАСС/. ", by("tass")),
    ("МОСКВА, 21 янв — РИА Новости. ", by("ria")),
    ("Москва. 1 июня. INTERFAX.RU - ", by("interfax")),
    ("الرياض (أ ف ب) - ", AFP),
    ("القاهرة 12 يناير (رويترز) - ", REUTERS),
]

# Bylines in a class, and who wrote it; some are shared with the paper
BYLINES: list[tuple[str, dict[str, str]]] = [
    ("By Associated Press", AP), ("Von dpa", DPA), ("By Yonhap", YONHAP), ("By REUTERS", REUTERS), ("By THE ASSOCIATED PRESS", AP),
    ("von APA", by("apa")), ("Por Agencia EFE", EFE), ("EFE", EFE), ("PTI, Washington, Nov 20 2019", by("pti")), ("Press Trust of India", by("pti")),
    ("The Canadian Press", by("cp")), ("Associated Press in Valencia", AP), ("AFP, MANILA", AFP), ("By ADA MUSTER, AP Auto Writer", AP),
    ("Ada Muster Associated Press", AP), ("By ADA MUSTER, BO BRANDT and CY MUSTERAssociated Press", AP), ("Ada Muster und Bo Brandt, dpa", DPA),
    ("Ada MusterBo Brandt, The Associated Press", AP), ("By KIM TONG-MU, Associated Press", AP), ("Par Le Figaro et AFP", by("afp", PART)),
    ("By AP and TOI staff", by("ap", PART)), ("AFP/The Local", by("afp", PART)), ("det/dpa", by("dpa", PART)), ("Reuters/kra", by("reuters", PART)),
    ("Ada Muster,Deutsche Presse-Agentur", DPA), ("red, ORF.at/Agenturen", by("unspecified", PART)), ("(Agenturen)", by("unspecified", PART)),
    ("(Agenturen) | Stand: 05/08/2019, 5:30", by("unspecified", PART)), ("Detroit News wire services", by("unspecified", PART)),
    ("By NBC News and wire services", by("unspecified", PART)), ("SIDNachrichtenagentur", by("sid")), ("Von: det/dpa", by("dpa", PART)),
    ("Von Ada Muster mit AP", by("ap", PART)), ("By the CNN Wire Staff", by("cnn-wire")), ("By: CNN Wire", by("cnn-wire")),
    ("AFP 30 avril 2015 à 07:19 (Mis à jour : 30 avril 2015 à 07:38)", AFP), ("By ADA MUSTER, Associated Press Writer 1 hour, 44 minutes ago", AP),
    ("Ada Muster, AFP", AFP), ("Theo TTXVN", by("vna")), ("Oleh Antara", by("antara")), ("Text: TT", by("tt")), ("PAP", by("pap")), ("ČTK", by("ctk")),
    ("WESTPORT, Wash. July 24, 2012 (AP)", AP), ("PHILADELPHIA July 24, 2012 (AP)", AP),
]  # fmt: skip

# The end of the last paragraph
CLOSINGS: list[tuple[str, dict[str, str]]] = [
    (" (Yonhap)", YONHAP), (" (dpa)", DPA), (" (SID)", by("sid")), (" (KNA 19.11.21)", by("kna")), (" (Antaranews)", by("antara")),
    (" (dpa/gem)", by("dpa", PART)), (" (Quelle: APA/sda/dpa)", {"apa": SOLE, "keystone-sda": SOLE, "dpa": SOLE}), (" (SDA/sj)", by("keystone-sda", PART)),
    (" (Con información de AFP, EFE y Reuters)", {"afp": PART, "efe": PART, "reuters": PART}), (" (FR mit dpa)", by("dpa", PART)),
    (" (Agenturen)", by("unspecified", PART)), (" PTI", by("pti")), (" — PTI", by("pti")), (" – AFP", AFP), (" （共同）", by("kyodo")), (" （新华社）", by("xinhua")),
    (" (ANSA)", by("ansa")), (" (Lusa)", by("lusa")), (" (čtk)", by("ctk")), (" (STT)", by("stt")), (" /ritzau/", by("ritzau")), (" (TT)", by("tt")),
    (" (ats)", by("keystone-sda")), (" (MTI)", by("mti")), (" (رويترز)", REUTERS), (" (ТАСС)", by("tass")), (" (PTI)", by("pti")),
    (" (with inputs from PTI)", by("pti", PART)), (" (avec AFP)", by("afp", PART)), (" (Reporting by Ada Muster; Editing by Bo Brandt)", REUTERS),
    (" (서울=연합뉴스) 홍길동 기자 hong@yna.co.kr", YONHAP),
]  # fmt: skip

# A paragraph of its own at the end of the text, or a line behind it
LINES: list[tuple[str, dict[str, str]]] = [
    ("(Yonhap)", YONHAP), ("aja/PAP", by("pap", PART)), ("sak/Reuters", by("reuters", PART)), ("Quelle: ntv.de, ino/dpa", by("dpa", PART)),
    ("Quelle: sid/dpa", {"sid": SOLE, "dpa": SOLE}), ("Source: Xinhua", by("xinhua")), ("来源：新华社", by("xinhua")), ("mit dpa", by("dpa", PART)),
    ("With files from The Associated Press", by("ap", PART)), ("With files from The Canadian Press", by("cp", PART)), ("Additional reporting from PA", by("pa", PART)),
    ("Mit Agenturmaterial.", by("unspecified", PART)), ("Weitere Quellen • AP", by("ap", PART)), ("SOURCE: News agencies", by("unspecified", PART)),
    ("The Associated Press contributed to this report.", by("ap", PART)),
    ("NBC News' Ada Muster, The Associated Press and Reuters contributed to this report.", {"ap": PART, "reuters": PART}),
    ("Associated Press writers Ada Muster, Bo Brandt and Cy Muster contributed to this report.", AP),
    ("Associated Press Writer Ada Muster contributed to this story.", AP),
    ("Bo Brandt reported from Oslo. Associated Press writers Ada Muster in Rome and Cy Muster in Bern contributed to this report.", AP),
    ("Some information for this report came from The Associated Press and Reuters.", {"ap": PART, "reuters": PART}),
    ("Mit Informationen der Korrespondentinnen sowie der Nachrichtenagenturen AFP, AP und dpa.", {"afp": PART, "ap": PART, "dpa": PART}),
    ("With Additional Inputs from PTI", by("pti", PART)), ("© dpa-infocom, dpa:230428-99-483045/5", DPA), ("© Reuters", REUTERS), ("© Thomson Reuters 2020", REUTERS),
    ("© 2019 Associated Press. All Rights Reserved. This material may not be published, broadcast, rewritten or redistributed.", AP),
    ("Copyright 2011 The Associated Press.", AP), ("(c)AFP/Ada MUSTER", AFP), ("(© 2008 The Associated Press. All Rights Reserved.)", AP),
    ("© 2008 The Gazette. All rights reserved. The Associated Press contributed to this report.", by("ap", PART)),
    ("&lt;저작권자(c) 연합뉴스, 무단 전재-재배포 금지&gt;", YONHAP), ("&lt;저작권자(c) 연합뉴스, 무단 전재-재배포, AI 학습 및 활용 금지&gt;", YONHAP),
    ("&lt;저작권자ⓒ 공감언론 뉴시스통신사. 무단전재-재배포 금지.&gt;", by("newsis")), ("— The Associated Press", AP), ("by the associated press", AP), ("MOSCOW, April 10 (RIA Novosti)", by("ria")),
    ("hong@yna.co.kr", YONHAP), ("Our Standards: The Thomson Reuters Trust Principles.", REUTERS), ("Reuters/Billboard", by("reuters", PART)),
    ("Zdroj: ČTK", by("ctk")), ("Źródło: PAP", by("pap")), ("Forrás: MTI", by("mti")), ("Bron: ANP", by("anp")), ("Fonte: ANSA", by("ansa")), ("Kaynak: AA", by("anadolu")),
    ("Källa: TT", by("tt")), ("Lähde: STT", by("stt")), ("Kilde: Ritzau", by("ritzau")), ("Sursa: Agerpres", by("agerpres")), ("출처: 연합뉴스", YONHAP),
    ("Com informações da Agência Brasil", by("agencia-brasil", PART)), ("Verwendete Quellen: Nachrichtenagentur dpa", by("dpa", PART)), ("Avec AFP", by("afp", PART)),
]  # fmt: skip

STRUCTURED: list[tuple[str, str, dict[str, str]]] = [
    ("a person that is an agency", LD % '"author":{"@type":"Person","name":"dpa  "}', DPA),
    (
        "an organisation",
        LD % '"author":{"@type":"Organization","name":"Deutsche Presse-Agentur","alternateName":"dpa"}',
        DPA,
    ),
    ("a text", LD % '"author":"PTI"', by("pti")),
    ("a list", LD % '"author":["Associated Press"]', AP),
    ("creators", LD % '"creator":["EFE","Paper.example"]', EFE),
    ("the publisher", LD % '"publisher":{"name":"Associated Press"}', AP),
    ("source and holder", LD % '"author":{"name":""},"sourceOrganization":{"name":"Yonhap News Agency"}', YONHAP),
    ("a holder that is the paper", LD % '"author":"PTI","copyrightHolder":{"name":"The Gazette"}', by("pti")),
    ("meta author", '<meta name="parsely-author" content="The Associated Press">', AP),
    ("meta author of a tracker", '<meta name="cXenseParse:author" content="dpa">', DPA),
    ("article:author", '<meta property="article:author" content="AFP">', AFP),
    ("an author's page", '<meta property="article:author" content="https://paper.example/auteur/2005-afp">', AFP),
    ("meta source", '<meta name="source" content="新华社">', by("xinhua")),
    ("meta source with its label", '<meta name="source" content="来源：新华网">', by("xinhua")),
    ("meta author with a prefix", '<meta name="AUTHOR" content="By the CNN Wire Staff">', by("cnn-wire")),
]


def check(expected: dict[str, str], **parts: str) -> None:
    story = made_story(**parts)
    assert roles(story) == expected
    for entry in story.attribution or []:
        for evidence in entry.evidence:
            assert evidence.text
            if evidence.start is not None:
                assert (story.text or "")[evidence.start : evidence.end] == evidence.text


@pytest.mark.parametrize(("opening", "expected"), DATELINES, ids=[row[0] for row in DATELINES])
def test_a_dateline(opening: str, expected: dict[str, str]) -> None:
    check(expected, first=opening)


@pytest.mark.parametrize(("line", "expected"), BYLINES, ids=[row[0] for row in BYLINES])
def test_a_byline(line: str, expected: dict[str, str]) -> None:
    check(expected, byline=line)


@pytest.mark.parametrize(("closing", "expected"), CLOSINGS, ids=[row[0] for row in CLOSINGS])
def test_a_closing_credit(closing: str, expected: dict[str, str]) -> None:
    check(expected, last=closing)


@pytest.mark.parametrize(("line", "expected"), LINES, ids=[row[0] for row in LINES])
@pytest.mark.parametrize("place", ["end", "after"])
def test_a_closing_line(line: str, expected: dict[str, str], place: str) -> None:
    check(expected, **({"end": line} if place == "end" else {"after": f"<p>{line}</p>"}))


@pytest.mark.parametrize(("head", "expected"), [row[1:] for row in STRUCTURED], ids=[row[0] for row in STRUCTURED])
def test_structured_data(head: str, expected: dict[str, str]) -> None:
    check(expected, head=head)


PLACES: dict[str, tuple[Parts, dict[str, str]]] = {
    "a line below the headline": ({"lone": "<div>Press Trust of India</div>"}, by("pti")),
    "a link below the headline": ({"lone": '<div><a href="/a">Associated Press</a></div>'}, AP),
    "a heading below the headline": ({"lone": "<div>Tuesday, 11.06.2012 / 4:54 PM</div><h3>The Canadian Press</h3>"}, by("cp")),
    "beside a date": ({"lone": "<p>10.11.2025 17:59</p><div>Anadolu Ajansı</div>"}, by("anadolu")),
    "with its date": ({"lone": "<div>The Associated Press<br>Thursday, January 17, 2008; 8:43 AM</div>"}, AP),
    "below a reporter's name": ({"byline": "By Ada Muster", "lone": "", "figure": "<div>The Associated Press</div>"}, AP),
    "with a label": ({"lone": "<div>Posted : Mon</div><div>Author : DPA</div>"}, DPA),
    "the agencies of a live blog, at its head": (
        {"lead": "Mit Informationen der Korrespondenten sowie der Nachrichtenagenturen AFP, AP, KNA und dpa. Zum Teil lassen sich die Angaben nicht prüfen."},
        {"afp": PART, "ap": PART, "kna": PART, "dpa": PART},
    ),
    "an outlet that the data call a person": (
        {"lone": "<p>Associated Press</p>", "head": LD % '"author":{"name":"Quay Flash"}'},
        AP,
    ),
    "a source line": ({"source": "Article from: Agence France-Presse"}, AFP),
    "a source line with the paper": ({"source": "Quelle: paper.example, ino/dpa"}, by("dpa", PART)),
    "the wire's own site": ({"url": "https://en.yna.co.kr/view/AEN1"}, YONHAP),
    "the wire's own notice": (
        {"url": "https://www.aa.com.tr/tr/x/1", "end": "Anadolu Ajansı web sitesinde, AA Haber Akış Sistemi (HAS) üzerinden abonelere sunulan haberler yayımlanmaktadır."},
        by("anadolu"),
    ),
    "the folder of a wire": ({"url": "https://news.yahoo.example/s/ap/2012/quay"}, AP),
    "news services in the URL": ({"url": "https://the-paper.example/news-services/reuters/quay"}, REUTERS),
    "another agency's story on a wire's site": ({"url": "https://en.yna.co.kr/view/1", "first": "HANOI (AP) - "}, AP),
    "a closing credit above a staff byline": ({"last": " (Yonhap)", "after": "<p>By Nam Muster (nam@paper.example)</p>"}, YONHAP),
    "initials of the paper beside an agency in the data": ({"after": "<p>SDA/sep</p>", "head": LD % '"author":"SDA"'}, by("keystone-sda", PART)),
    "a feed's label over another agency's dateline": ({"source": "Quelle: dpa-AFX", "first": "Berlin (dpa) - "}, DPA),
    "a distributor's notice": ({"first": "LONDON (AP) — ", "after": "<p>© 2026 The Canadian Press</p>"}, AP),
    "a wire that cites another wire": ({"first": "SEOUL, Nov. 23 (Yonhap) -- ", "middle": "The AP reported Friday that the quay had been too narrow for years."}, YONHAP),
    "two agencies": ({"first": "Paris (ats afp) ", "last": " (SDA/sj)"}, {"keystone-sda": SOLE, "afp": SOLE}),
    "agencies beside a generic word": ({"byline": "By Agencies", "first": "PARIS (AFP) - "}, AFP),
}  # fmt: skip


@pytest.mark.parametrize("name", PLACES)
def test_a_credit_in_its_place(name: str) -> None:
    parts, expected = PLACES[name]
    check(expected, **parts)


FIGURE = "<figure><img src=/a.jpg><figcaption>%s</figcaption></figure>"
CAPTION = '<div class="photo-caption">%s</div>'
TRAPS: dict[str, Parts] = {
    # 1. photo credits left in the text
    "a file photo in the body": {"middle": "File photo of the harbour's chairman at the quay. (Reuters)"},
    "a photo line in the body": {"middle": "Photo: AP"},
    "a source line amid a staff story": {"byline": "By Ada Brandt", "middle": "Quelle: AFP"},
    "a caption printed twice": {"figure": CAPTION % "Seized boxes at the quay. (Yonhap)", "lead": "Seized boxes of ropes and nets at the northern quay. (Yonhap)"},
    "a picture's credit glued between paragraphs": {"middle": "(Han Muster/Yonhap via AP) The chairman, second from left, walks along the northern quay with his council."},
    "a pool's credit": {"figure": FIGURE % "The quay. [JOINT PRESS CORPS]"},
    "a closing bracket that is no agency": {"last": " (Samsung Electronics)"},
    "a menu that names PR Newswire": {"lone": "<ul class=menu><li><a href=/a>PR Newswire</a></li><li><a href=/b>Business Wire</a></li></ul>"},
    # 2. a lone agency line that is a picture's
    "a lone line on a staff story": {"byline": "By Ada Brandt", "lead": "AFP"},
    "a lone line under a picture": {"byline": "Ada Brandt", "figure": FIGURE % "The quay." + "<div>AFP</div>"},
    # 3. a picture's copyright that reads like a text's
    "a caption's copyright": {"figure": FIGURE % "The quay - Copyright Ada Muster/Copyright 2024 The AP. All rights reserved"},
    "a picture agency's copyright": {"figure": CAPTION % "© APA/APA (dpa)/Ada Muster"},
    "a joint notice under a staff byline": {"byline": "von Ada Brandt und Bo Muster", "after": "<div>© dpa/Paper.example</div>"},
    # 4. an author that is a picture's
    "an agency beside a photographer": {"figure": '<span class="image-credit">PAP; Ada Muster</span>'},
    # 5. teasers
    "a teaser's byline": {"after": '<div class="related"><p class="byline">Ada Muster und Bo Brandt, dpa</p></div>'},
    "the next story's closing": {"after": '<h2>More stories</h2><div class="related"><a href=/n>Boats wait for the dredger (NTB)</a></div>'},
    "a teaser's source": {"after": '<div class="related"><p>Zdroj: ČTK</p></div>'},
    # 6. mentions
    "detail": {"middle": "The chairman told Reuters that the council had no choice, and that the boats would have to wait."},
    "seen by": {"middle": "A letter seen by Reuters shows that the council knew of it, and that half of the boats would wait."},
    "according to": {"middle": "The boats will wait, according to the Associated Press news agency, which had seen the contract before."},
    "según": {"middle": "Según confirmó a EFE el presidente del consejo, las barcas tendrán que esperar hasta el verano del año próximo."},
    "Nachrichtenagentur": {"middle": "Laut der Nachrichtenagentur Reuters müssen die Boote warten, bis der Bagger im Sommer abgezogen wird."},
    "told as the last words": {"last": " The council had nothing to add, its chairman told the national news agency Yonhap."},
    "according to, as the last words": {"last": " The council had nothing to add, it said, according to Yonhap."},
    "pour l'agence, as the last words": {"last": " Le conseil n'a rien ajouté, a-t-il réagi pour l'agence de presse tchèque ČTK."},
    "a gloss": {"last": " The chairman spoke to the Agence France-Presse (AFP)"},
    "a gloss in German": {"last": " Das sagte er der Deutschen Presse-Agentur (dpa)."},
    "an agency in the headline of a teaser": {"after": '<div class="related"><a href=/x>Quay closed: Yonhap</a></div>'},
    "said": {"middle": "IANS said on Sunday that the work might be put off until the summer of the next year, if at all."},
    "nyhetsbyrået": {"middle": "Det melder nyhetsbyrået KCNA, som skriver at båtene må vente til sommeren neste år før kaia åpner."},
    # 8. homonyms
    "a party": {"last": " He is a member of the PTI (Karachi)"}, "a state": {"end": "Amapá, AP"}, "an exam": {"middle": "AP exam results"},
    "a currency": {"last": " The work costs TT $9 million."}, "a reader of feeds": {"middle": "TT-RSS"}, "a region": {"middle": "Die MENA-Region"},
    "an acid": {"end": "DHA and EPA"}, "a surname": {"byline": "By Ada Reuter"}, "a politician": {"byline": "By Michael Bloomberg Jr. Muster"}, "a pipeline": {"end": "Keystone XL"},
    "an index": {"end": "Dow Jones Industrial Average"}, "a publisher": {"after": "<p>Copyright © 2019 Dow Jones &amp; Company, Inc. All Rights Reserved</p>"},
    "an ending": {"end": "IndieWire"}, "initials of an author": {"byline": "By Ada Brandt", "lone": '<div><a href="/a">PA</a></div>'},
    "a control of the text's size": {"lone": "<div>AA</div>"}, "a first name": {"byline": "By Sid Muster"}, "a spa": {"end": "Hotel SPA"},
    # 9. pictures of two agencies
    "via": {"end": "Ada Ji-woong/Yonhap via Reuters"}, "from a feed": {"middle": "(Kyodo News via AP)"}, "with an alliance": {"end": "Ada Muster/TASS/dpa/picture alliance"},
    "a slash and a name": {"end": "(Ada Muster/Associated Press)"}, "two agencies of a picture": {"end": "Ada Muster/dpa/AAP"},
    # 10. the feed's owner is not the author
    "a guest in the feed": {"url": "https://www.reuters.com/article/quay-1", "first": "LOS ANGELES (Variety.com) - "},
    "a guest without a city": {"url": "https://www.reuters.com/article/quay-1", "first": "Jan 30 (Gracenote) - "},
    # 11. the domain is not the author
    "another source on a wire's site": {"url": "http://www.xinhuanet.com/local/2020/c_1.htm", "source": "来源： 半月谈"},
    "another source beside the date on a wire's site": {
        "url": "http://www.xinhuanet.com/local/2020/c_1.htm",
        "lone": "<div>2020-02-19 20:29:58 来源： 半月谈</div>",
    },
    # 12. syndication that is no wire
    "another paper": {"byline": "By Ada Muster, The Washington Post"}, "reprinted": {"end": "This story was reprinted with permission from Wired.example."},
    # 15. datelines of others
    "a site's own dateline": {"first": "SEOUL, May 18 (Korea Bizwire) — "}, "a channel": {"first": "Tripoli, Libya (CNN) -- "}, "a place alone": {"first": "LONDON — "},
    # adapted, without a name
    "adapted from its source": {"end": "This article has been adapted from its original source."},
    "a blog's bare link": {"end": "https://tass.com/society/1836711"},
    "a former agency's reporter": {"end": "Ada Muster, a former reporter, said that Reuters contributed to this report being late."},
    "a person with an agency in brackets": {"lone": "<p>Ada Muster (Reuters)</p>"},
    "an author of the paper": {"byline": "By Ada Brandt"}, "the paper's own copyright": {"after": "<p>© 2026 The Gazette. All rights reserved.</p>"},
    "a publisher that is no agency": {"head": LD % '"publisher":{"name":"The Gazette"},"author":{"name":"Ada Brandt"}'},
    "another article's author": {"head": LD % '"author":{"name":"Ada Brandt"}' + LD.replace("Quay to be wider", "Other") % '"author":"dpa"'},
    "a provider of pictures": {"end": "사진=연합뉴스"}, "a picture that was provided": {"end": "연합뉴스 제공"}, "図": {"end": "写真：共同"},
}  # fmt: skip


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_gives_no_attribution(name: str) -> None:
    story = made_story(**TRAPS[name])
    assert roles(story) == {} and story.agency is None


def test_a_korean_page_is_decoded_before_it_is_read() -> None:
    """`연합뉴스` in EUC-KR taken for Latin-1 is `¿¬ÇÕ´º½º`, and no agency."""
    korean = "항만 위원회는 월요일 북쪽 부두를 내년 봄까지 넓히기로 결정했다고 위원장이 회의 뒤에 밝혔다. "
    page = made_page(first="(서울=연합뉴스) 홍길동 기자 = " + korean, middle=korean * 3, head="<meta charset=euc-kr>")
    assert read_page(page.decode().encode("euc-kr"), "https://paper.example/quay", site=None).agency == "yonhap"
