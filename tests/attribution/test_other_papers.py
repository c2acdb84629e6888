"""Forms that papers in many languages use, beside those of the catalogue: each on a page of invented words."""

from __future__ import annotations

import pytest

from tests.attribution.made_pages import made_story, roles

SOLE, PART = "originator", "contributor"
Row = tuple[str, dict[str, str]]

BYLINES: list[Row] = [
    ("Por EFE", {"efe": SOLE}), ("EFE | Madrid", {"efe": SOLE}), ("Agencias | Madrid", {"unspecified": PART}), ("Redacción / EFE", {"efe": PART}),
    ("EFE / Bogotá", {"efe": SOLE}), ("EUROPA PRESS", {"europapress": SOLE}), ("Europa Press / Madrid", {"europapress": SOLE}),
    ("EP", {"europapress": SOLE}), ("Redacción BBC", {}), ("AFP, Paris", {"afp": SOLE}), ("(Avec AFP)", {"afp": PART}), ("Par AFP", {"afp": SOLE}),
    ("L'Obs avec AFP", {"afp": PART}), ("Publié par AFP", {"afp": SOLE}), ("Le Monde avec AFP", {"afp": PART}),
    ("20 Minutes avec agences", {"unspecified": PART}), ("Rédaction avec AFP", {"afp": PART}), ("Par la rédaction avec AFP", {"afp": PART}),
    ("Ouest-France avec AFP", {"afp": PART}), ("AFP/Archives", {}), ("dpa-infocom GmbH", {"dpa": SOLE}), ("Von dpa/AFP", {"dpa": SOLE, "afp": SOLE}),
    ("(dpa)", {"dpa": SOLE}), ("dpa / lno", {"dpa": SOLE}), ("SZ/dpa", {"dpa": PART}), ("dpa/red", {"dpa": PART}), ("Von red/dpa", {"dpa": PART}),
    ("tagesschau.de/dpa", {"dpa": PART}), ("dpa/rnd", {"dpa": PART}), ("RND/dpa", {"dpa": PART}), ("epd", {"epd": SOLE}),
    ("Von APA/red", {"apa": PART}), ("APA/dpa/Reuters", {"apa": SOLE, "dpa": SOLE, "reuters": SOLE}), ("red/apa", {"apa": PART}),
    ("Kurier/APA", {"apa": PART}), ("Von Reuters", {"reuters": SOLE}), ("dpa-AFX", {"dpa-afx": SOLE}),
    ("Deutsche Presse-Agentur (dpa)", {"dpa": SOLE}), ("Von Keystone-SDA", {"keystone-sda": SOLE}), ("sda", {"keystone-sda": SOLE}),
    ("Keystone-ATS", {"keystone-sda": SOLE}), ("ats, agences", {"keystone-sda": SOLE}), ("Quelle: DPA / AFP", {"dpa": SOLE, "afp": SOLE}),
    ("PAP, oprac. ab", {"pap": PART}), ("Źródło: PAP", {"pap": SOLE}), ("oprac. PAP", {"pap": PART}), ("PAP/IAR", {"pap": PART}),
    ("ČTK, iDNES.cz", {"ctk": PART}), ("iDNES.cz, ČTK", {"ctk": PART}), ("ČTK / Praha", {"ctk": SOLE}), ("NTB", {"ntb": SOLE}),
    ("Av NTB", {"ntb": SOLE}), ("NTB-Reuters", {"ntb": SOLE, "reuters": SOLE}), ("Av Ritzau", {"ritzau": SOLE}), ("/ritzau/", {"ritzau": SOLE}),
    ("Ritzau/AFP", {"ritzau": SOLE, "afp": SOLE}), ("TT", {"tt": SOLE}), ("TT/Omni", {"tt": PART}), ("TT-AFP", {"tt": SOLE}), ("STT", {"stt": SOLE}),
    ("STT-AFP", {"stt": SOLE, "afp": SOLE}), ("Text: TT", {"tt": SOLE}), ("ANP", {"anp": SOLE}), ("Door ANP", {"anp": SOLE}),
    ("Redactie/ANP", {"anp": PART}), ("Belga", {"belga": SOLE}), ("Belga, redactie", {"belga": PART}),
    ("Door onze redactie met Belga", {"belga": PART}), ("di Redazione ANSA", {"ansa": SOLE}), ("Redazione ANSA ROMA", {"ansa": SOLE}),
    ("(Adnkronos)", {"adnkronos": SOLE}), ("Fonte: Adnkronos", {"adnkronos": SOLE}), ("di Agi", {"agi": SOLE}), ("askanews", {"askanews": SOLE}),
    ("Lusa", {"lusa": SOLE}), ("Agência Lusa", {"lusa": SOLE}), ("Lusa/DN", {"lusa": PART}), ("DN/Lusa", {"lusa": PART}),
    ("Por Agência Brasil", {"agencia-brasil": SOLE}), ("Agência Brasil - Brasília", {"agencia-brasil": SOLE}),
    ("Estadão Conteúdo", {"estadao-conteudo": SOLE}), ("Da Redação, com Reuters", {"reuters": PART}), ("Reuters - Agência", {"reuters": SOLE}),
    ("Por Folhapress", {"folhapress": SOLE}), ("Com AFP", {"afp": PART}), ("AA", {}), ("Anadolu Ajansı", {"anadolu": SOLE}),
    ("Kaynak: AA", {"anadolu": SOLE}), ("DHA", {"dha": SOLE}), ("İHA", {"iha": SOLE}), ("AA - DHA", {"anadolu": SOLE, "dha": SOLE}),
    ("연합뉴스", {"yonhap": SOLE}), ("뉴시스", {"newsis": SOLE}), ("홍길동 기자(연합뉴스)", {"yonhap": SOLE}), ("연합뉴스TV", {"yonhap": SOLE}),
    ("新华社", {"xinhua": SOLE}), ("来源：新华社", {"xinhua": SOLE}), ("来源: 中国新闻网", {"cns": SOLE}), ("2023-01-02 10:11:12 来源：新华网", {"xinhua": SOLE}),
    ("文／中央社", {"cna-tw": SOLE}), ("中央社", {"cna-tw": SOLE}), ("中央社／台北報導", {"cna-tw": SOLE}), ("路透社", {"reuters": SOLE}), ("共同通信", {"kyodo": SOLE}),
    ("時事通信", {"jiji": SOLE}), ("ロイター", {"reuters": SOLE}), ("AFP＝時事", {"afp": SOLE}), ("ТАСС", {"tass": SOLE}), ("Источник: ТАСС", {"tass": SOLE}),
    ("РИА Новости", {"ria": SOLE}), ("Интерфакс", {"interfax": SOLE}), ("Укрінформ", {"ukrinform": SOLE}), ("رويترز", {"reuters": SOLE}),
    ("المصدر: رويترز", {"reuters": SOLE}), ("أ ف ب", {"afp": SOLE}), ("وكالات", {"unspecified": PART}), ("Antara", {"antara": SOLE}),
    ("Bernama", {"bernama": SOLE}), ("BERNAMA", {"bernama": SOLE}), ("By Bernama", {"bernama": SOLE}), ("TTXVN", {"vna": SOLE}),
    ("By PTI | Published: 12 Jan 2020", {"pti": SOLE}), ("By Press Trust Of India", {"pti": SOLE}), ("PTI | New Delhi", {"pti": SOLE}),
    ("ANI | Updated: Jan 12, 2020 10:12 IST", {"ani": SOLE}), ("By Reuters | Jan 2, 2020, 10.12 AM IST", {"reuters": SOLE}), ("IANS", {"ians": SOLE}),
    ("Agencies", {"unspecified": PART}), ("By Our Staff Reporter and agencies", {"unspecified": PART}), ("Reuters in London", {"reuters": SOLE}),
    ("Associated Press in Washington", {"ap": SOLE}), ("Agence France-Presse in Beijing", {"afp": SOLE}),
    ("Guardian staff and agencies", {"unspecified": PART}), ("Australian Associated Press", {"aap": SOLE}),
    ("By Staff and wire reports", {"unspecified": PART}), ("Staff and agencies in Paris", {"unspecified": PART}),
    ("By Ada Muster and Bo Brandt of The Associated Press", {"ap": SOLE}), ("Ada Muster | The Associated Press", {"ap": SOLE}),
    ("Ada Muster, The Canadian Press", {"cp": SOLE}), ("Ada Muster The Canadian Press", {"cp": SOLE}),
    ("By Ada Muster, The Associated Press Published: 1/2/2020 10:11 AM", {"ap": SOLE}), ("By Ada Muster PA Political Editor", {"pa": SOLE}),
    ("By PA Reporters", {"pa": SOLE}), ("PA Media", {"pa": SOLE}), ("By PA", {"pa": SOLE}), ("Ada Muster, PA", {"pa": SOLE}),
    ("AP Newswire", {"ap": SOLE}), ("AP via Scripps News", {}), ("Bloomberg News", {"bloomberg": SOLE}),
    ("By Ada Muster, Bloomberg News", {"bloomberg": SOLE}), ("Ada Muster, Bloomberg", {"bloomberg": SOLE}), ("(Bloomberg)", {"bloomberg": SOLE}),
    ("By Ada Muster, CNN", {}), ("Kyodo, Jiji", {"kyodo": SOLE, "jiji": SOLE}), ("AFP-Jiji", {"afp": SOLE}),
    ("By AFP PUBLISHED: 2 Jan 2020", {"afp": SOLE}), ("AFP • 2 January 2020", {"afp": SOLE}), ("Agerpres", {"agerpres": SOLE}),
    ("MTI", {"mti": SOLE}), ("MTI/24.hu", {"mti": PART}), ("HINA", {"hina": SOLE}), ("Hina/tportal.hr", {"hina": PART}), ("Tanjug", {"tanjug": SOLE}),
    ("STA", {"sta": SOLE}), ("LETA", {"leta": SOLE}), ("BNS", {"bns": SOLE}), ("ΑΠΕ-ΜΠΕ", {"amna": SOLE}), ("Πηγή: ΑΠΕ-ΜΠΕ", {"amna": SOLE}),
]  # fmt: skip

CLOSINGS: list[Row] = [
    (" (APA)", {"apa": SOLE}), (" (APA/red)", {"apa": PART}), (" (red, APA)", {"apa": PART}), (" (apa/dpa)", {"apa": SOLE, "dpa": SOLE}),
    (" (dpa/AFP/cp)", {"dpa": PART, "afp": PART}), (" (afp)", {"afp": SOLE}), (" (mit Agenturen)", {"unspecified": PART}),
    (" (dpa-AFX)", {"dpa-afx": SOLE}), (" (EFE)", {"efe": SOLE}), (" EFE", {"efe": SOLE}), (" (Europa Press)", {"europapress": SOLE}),
    (" (NTB)", {"ntb": SOLE}), (" (©NTB)", {"ntb": SOLE}), (" (ANSA).", {"ansa": SOLE}), (" (AGI)", {"agi": SOLE}), (" (Reuters)", {"reuters": SOLE}),
    (" — Reuters", {"reuters": SOLE}), (" - Reuters", {"reuters": SOLE}), (" -AFP", {"afp": SOLE}), (" — AFP", {"afp": SOLE}),
    (" - Bernama", {"bernama": SOLE}), (" –Bernama", {"bernama": SOLE}), (" (ANI)", {"ani": SOLE}), (" (IANS)", {"ians": SOLE}),
    (" (PTI) ABC DEF", {}), (" (UNI)", {"uni-india": SOLE}), (" (AP)", {"ap": SOLE}), (" (AFP, Reuters)", {"afp": SOLE, "reuters": SOLE}),
    (" (AFP/Reuters/dpa)", {"afp": SOLE, "reuters": SOLE, "dpa": SOLE}), (" Enditem", {}), (" /연합뉴스", {"yonhap": SOLE}),
    (" (연합뉴스)", {"yonhap": SOLE}), (" 【共同】", {"kyodo": SOLE}), (" (時事)", {"jiji": SOLE}), (" （AFP＝時事）", {"afp": SOLE}), ("（中央社）", {"cna-tw": SOLE}),
    ("（据新华社电）", {"xinhua": SOLE}), ("（来源：新华社）", {"xinhua": SOLE}), (" (PAP)", {"pap": SOLE}), (" PAP", {"pap": SOLE}), (" /PAP/", {"pap": SOLE}),
    (" (pap)", {"pap": SOLE}), (" (Belga)", {"belga": SOLE}), (" (belga)", {"belga": SOLE}), (" © ANP", {"anp": SOLE}),
    (" (wires)", {"unspecified": PART}), (" (AA)", {"anadolu": SOLE}), (" ©2020 The Associated Press", {"ap": SOLE}),
    (" ©2020 Bloomberg L.P.", {"bloomberg": SOLE}),
]  # fmt: skip

LINES: list[Row] = [
    ("*Com informações da Agência Brasil", {"agencia-brasil": PART}), ("(Com Reuters)", {"reuters": PART}),
    ("*Con información de EFE", {"efe": PART}), ("Con información de Agencias", {"unspecified": PART}), ("--Reuters", {"reuters": SOLE}),
    ("– dpa", {"dpa": SOLE}), ("Source: AFP", {"afp": SOLE}), ("SOURCE: AFP and Reuters", {"afp": SOLE, "reuters": SOLE}),
    ("Source: Al Jazeera and news agencies", {"unspecified": PART}), ("SOURCE: AL JAZEERA AND NEWS AGENCIES", {"unspecified": PART}),
    ("Additional reporting by Reuters.", {"reuters": PART}), ("Additional reporting by Agence France-Presse", {"afp": PART}),
    ("Additional reporting by Ada Muster and Reuters", {"reuters": PART}), ("With reporting by AP and Reuters", {"ap": PART, "reuters": PART}),
    ("With reporting by AP, AFP, and dpa", {"ap": PART, "afp": PART, "dpa": PART}), ("(With inputs from agencies)", {"unspecified": PART}),
    ("(With PTI inputs)", {"pti": PART}), ("With inputs from ANI", {"ani": PART}), ("— With PTI inputs", {"pti": PART}),
    ("(This story has not been edited by our staff and is published from a syndicated feed.)", {"unspecified": PART}),
    ("This story has been published from a wire agency feed without modifications to the text.", {"unspecified": PART}),
    ("AFP contributed to this report", {"afp": PART}), ("Reuters contributed to this report.", {"reuters": PART}),
    ("Ada Muster of The Associated Press contributed to this report.", {"ap": PART}),
    ("CNN's Ada Muster, Bo Brandt and the Associated Press contributed to this report.", {"ap": PART}),
    ("The Associated Press and Reuters contributed to this report.", {"ap": PART, "reuters": PART}),
    ("Information from The Associated Press was used in this report.", {"ap": PART}),
    ("Some information from AFP was used in this story.", {"afp": PART}),
    ("This report includes information from The Associated Press.", {"ap": PART}),
    ("Material from The Associated Press was used in this report.", {"ap": PART}),
    ("This report was prepared with information from Reuters.", {"reuters": PART}),
    ("Some of the information for this report came from Agence France-Presse and Reuters.", {"afp": PART, "reuters": PART}), ("dpa", {"dpa": SOLE}),
    ("AFP", {"afp": SOLE}), ("Redaktion beck-aktuell, 2. Januar 2020 (dpa).", {"dpa": PART}), ("Mit Material der dpa", {"dpa": PART}),
    ("Mit Material von dpa und AFP", {"dpa": PART, "afp": PART}), ("Mit Informationen von dpa", {"dpa": PART}),
    ("mit Reuters und dpa", {"reuters": PART, "dpa": PART}), ("Mit Material der Nachrichtenagenturen dpa und AFP", {"dpa": PART, "afp": PART}),
    ("Dieser Artikel wurde mit Material der dpa erstellt.", {"dpa": PART}), ("Redaktioneller Hinweis: Mit Informationen der dpa", {"dpa": PART}),
    ("Dieses Thema im Programm: Hörfunk", {}), ("Kilde: NTB", {"ntb": SOLE}), ("(Ritzau/Reuters)", {"ritzau": SOLE, "reuters": SOLE}),
    ("Fuente: EFE", {"efe": SOLE}), ("Fuentes: EFE y AFP", {"efe": SOLE, "afp": SOLE}), ("Fonte: Lusa", {"lusa": SOLE}),
    ("Nguồn: TTXVN", {"vna": SOLE}), ("Sumber: Antara", {"antara": SOLE}), ("<저작권자 ⓒ 1990-2023 연합뉴스>", {"yonhap": SOLE}),
    ("Copyright ⓒ 뉴시스. All rights reserved.", {"newsis": SOLE}), ("[저작권자 © 뉴스1코리아, 무단전재 및 재배포 금지]", {"news1": SOLE}), ("©共同通信社", {"kyodo": SOLE}),
    ("[ロイター]", {"reuters": SOLE}), ("(c)AFP", {"afp": SOLE}), ("© 2023 AFP", {"afp": SOLE}), ("© 2020 AFP and The Gazette", {"afp": PART}),
    ("Copyright AFP. All rights reserved.", {"afp": SOLE}), ("© ANSA", {"ansa": SOLE}),
    ("© Europa Press. Está expresamente prohibida la redistribución", {"europapress": SOLE}), ("©2020 dpa-AFX", {"dpa-afx": SOLE}),
    ("© dpa", {"dpa": SOLE}), ("dpa-infocom, dpa:210402-99-67226/2", {"dpa": SOLE}), ("© Agence France-Presse", {"afp": SOLE}),
    ("Distributed by Tribune Content Agency, LLC.", {}), ("Visit Bloomberg.com", {}), ("This article was originally published on Bloomberg.com", {}),
    ("More must-read stories at bloomberg.com", {}), ("Ada Muster is a Reuters columnist. The opinions expressed are her own.", {"reuters": SOLE}),
]  # fmt: skip

OPENINGS: list[Row] = [
    ("KUALA LUMPUR, Jan 2 (Bernama) -- ", {"bernama": SOLE}), ("HANOI (VNA) – ", {"vna": SOLE}), ("Hà Nội (TTXVN) - ", {"vna": SOLE}),
    ("BEIJING, Jan. 2 (Xinhua) -- ", {"xinhua": SOLE}), ("ANKARA (AA) - ", {"anadolu": SOLE}), ("İSTANBUL (AA) - ", {"anadolu": SOLE}),
    ("ISTANBUL (DHA) - ", {"dha": SOLE}), ("TEHRAN, Jan. 2 (MNA) – ", {"mehr": SOLE}), ("Tehran, Jan 2, IRNA - ", {"irna": SOLE}),
    ("TEHRAN (Tasnim) – ", {"tasnim": SOLE}), ("Berlin (AFP) - ", {"afp": SOLE}), ("Berlin - ", {}), ("Berlin/Frankfurt (dpa) - ", {"dpa": SOLE}),
    ("Rom (KNA) ", {}), ("Frankfurt a.M. (epd). ", {"epd": SOLE}), ("Wien (APA) - ", {"apa": SOLE}), ("Bern (awp) - ", {"awp": SOLE}),
    ("ROMA (ITALPRESS) - ", {"italpress": SOLE}), ("(Adnkronos) - ", {"adnkronos": SOLE}), ("(ANSA) - ROMA, 02 GEN - ", {"ansa": SOLE}),
    ("Roma, 2 gen. (askanews) - ", {"askanews": SOLE}), ("MADRID, 2 Ene. (EUROPA PRESS) - ", {"europapress": SOLE}),
    ("Madrid, 2 ene (EFE).- ", {"efe": SOLE}), ("Madrid, 2 ene (EFECOM).- ", {"efe": SOLE}), ("LISBOA (Reuters) - ", {"reuters": SOLE}),
    ("Lisboa, 02 jan 2020 (Lusa) – ", {"lusa": SOLE}), ("PARIS (AFP) — ", {"afp": SOLE}), ("BRUSSEL (ANP/AFP) - ", {"anp": SOLE, "afp": SOLE}),
    ("BRUSSEL (BELGA) - ", {"belga": SOLE}), ("DEN HAAG (ANP) - ", {"anp": SOLE}), ("Warszawa (PAP) - ", {"pap": SOLE}), ("Praha - ", {}),
    ("Praha 2. ledna (ČTK) - ", {"ctk": SOLE}), ("Budapest, 2020. január 2. (MTI) – ", {"mti": SOLE}),
    ("Bratislava 2. januára (TASR) - ", {"tasr": SOLE}), ("ZAGREB (Hina) - ", {"hina": SOLE}), ("Oslo (NTB): ", {"ntb": SOLE}),
    ("København (Ritzau): ", {"ritzau": SOLE}), ("KYIV. Jan 2 (Interfax-Ukraine) – ", {"interfax-ukraine": SOLE}),
    ("MOSCOW. Jan 2 (Interfax) - ", {"interfax": SOLE}), ("МИНСК, 2 янв - Sputnik. ", {"ria": SOLE}),
    ("МОСКВА, 21 янв - РИА Новости. ", {"ria": SOLE}), ("서울 (연합뉴스) ", {}), ("【北京共同】", {"kyodo": SOLE}), ("【北京時事】", {"jiji": SOLE}),
    ("【パリ=AFP時事】", {"afp": SOLE}), ("[2日 ロイター] - ", {"reuters": SOLE}), ("[ワシントン ２日 ロイター] - ", {"reuters": SOLE}), ("【1月2日 AFP】", {"afp": SOLE}),
    ("【1月2日 時事通信社】", {"jiji": SOLE}), ("(中央社記者王小明台北2日電)", {"cna-tw": SOLE}), ("中央社台北2日電 ", {"cna-tw": SOLE}), ("新華社北京1月2日電 ", {"xinhua": SOLE}),
    ("(法新社巴黎2日電) ", {"afp": SOLE}), ("据新华社北京1月2日电 ", {"xinhua": SOLE}), ("新华社华盛顿1月2日电（记者王某）", {"xinhua": SOLE}),
    ("WASHINGTON, DC (AP) — ", {"ap": SOLE}), ("WASHINGTON — (AP) ", {}), ("FILE - In this photo. NEW YORK (AP) — ", {"ap": SOLE}),
    ("NEW YORK -- (BUSINESS WIRE) -- ", {"businesswire": SOLE}), ("NEW YORK, Jan. 02, 2020 (GLOBE NEWSWIRE) -- ", {"globenewswire": SOLE}),
    ("NEW YORK, Jan. 2, 2020 /PRNewswire/ -- ", {"prnewswire": SOLE}), ("LONDON, 2 January 2020 (Reuters) - ", {"reuters": SOLE}),
    ("LONDON, January 2 - (Reuters) - ", {"reuters": SOLE}), ("Jan 2 (Reuters) - ", {"reuters": SOLE}),
    ("By Ada Muster LONDON (Reuters) - ", {"reuters": SOLE}), ("New Delhi [India], January 2 (ANI): ", {"ani": SOLE}),
    ("Kolkata, Jan 2 (PTI) ", {"pti": SOLE}), ("NEW DELHI, Jan 2: (PTI) ", {}), ("MUMBAI: (PTI) ", {"pti": SOLE}), ("Colombo (News 1st) - ", {}),
    ("UNITED NATIONS (APP): ", {"app": SOLE}), ("ISLAMABAD, Jan 02 (APP):", {"app": SOLE}), ("DHAKA, Jan 2, 2020 (BSS) - ", {"bss": SOLE}),
    ("AMMAN — AFP ", {}), ("Beirut, Lebanon | AFP | ", {"afp": SOLE}), ("Washington, United States, AFP — ", {"afp": SOLE}),
    ("TOKYO, Jan. 2 (Jiji Press)--", {"jiji": SOLE}), ("TOKYO (Kyodo) -- ", {"kyodo": SOLE}), ("PYONGYANG, January 2 (KCNA) -- ", {"kcna": SOLE}),
    ("Accra, Jan. 2, GNA - ", {"gna": SOLE}), ("JOHANNESBURG (AP) — ", {"ap": SOLE}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "text", "expected"),
    [
        (place, *row)
        for place, rows in (("byline", BYLINES), ("last", CLOSINGS), ("end", LINES), ("first", OPENINGS))
        for row in rows
    ],
)
def test_a_form_of_other_papers(place: str, text: str, expected: dict[str, str]) -> None:
    story = made_story(**{place: text})
    assert roles(story) == expected
    for evidence in (evidence for entry in story.attribution or [] for evidence in entry.evidence):
        if evidence.start is not None:
            assert (story.text or "")[evidence.start : evidence.end] == evidence.text
