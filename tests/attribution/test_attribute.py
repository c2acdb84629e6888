"""Whole pages: what is a credit, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl import read_page
from newscrawl.attribution.agencies import agencies
from newscrawl.items import Story

STORY = [
    "The harbour council voted on Monday to widen the northern quay by next spring, its chairman said after the session.",
    "The work will cost about nine million, according to the plan that was published, and half of it is to be lent.",
    "Boats will have to use the southern basin for some months, which their owners had asked the council to avoid.",
]


def page(
    *,
    first: str = "",
    last: str = "",
    byline: str = "",
    head: str = "",
    figure: str = "",
    after: str = "",
    middle: str = "",
) -> Story:
    paragraphs = [first + STORY[0], STORY[1], *([middle] if middle else []), STORY[2] + last]
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    html = (
        f"<html lang=en><head><title>Quay to be wider</title>{head}</head><body><nav>PR Newswire | Reuters</nav>"
        f'<article><h1>Quay to be wider</h1><div class="byline">{byline}</div>{figure}<div class="text">{body}</div>{after}</article></body></html>'
    )
    return read_page(html.encode(), "https://paper.example/quay", site=None)


LD = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Quay to be wider",%s}</script>'
CREDITED = {
    "dateline": ({"first": "SEOUL, Nov. 23 (Yonhap) -- "}, "yonhap", "dateline", "text"),
    "agency first": ({"first": "(Reuters) - "}, "reuters", "dateline", "text"),
    "Korean dateline": ({"first": "(서울=연합뉴스) 홍길동 기자 = "}, "yonhap", "dateline", "text"),
    "Japanese dateline": ({"first": "【ソウル聯合ニュース】"}, "yonhap", "dateline", "text"),
    "closing bracket": ({"last": " (Yonhap)"}, "yonhap", "closing-credit", "text"),
    "closing name alone": ({"last": " PTI"}, "pti", "closing-credit", "text"),
    "byline behind a proxy": ({"byline": "AFP/The Local - [email\xa0protected]"}, "afp", "byline", "byline"),
    "credit in the story's footer": ({"after": "<footer><p>Quelle: ino/dpa</p></footer>"}, "dpa", "closing-credit", "source-line"),
    "closing initials": ({"last": " (dpa/gem)"}, "dpa", "closing-credit", "text"),
    "byline": ({"byline": "By KIM TONG-HYUNG, Associated Press"}, "ap", "byline", "byline"),
    "closing line": ({"after": "<p>(Yonhap)</p>"}, "yonhap", "closing-credit", "source-line"),
    "source line": ({"after": '<div class="source">Quelle: ntv.de, ino/dpa</div>'}, None, "", ""),
    "contribution": ({"after": "<p>The Associated Press contributed to this report.</p>"}, "ap", "contribution", "source-line"),
    "copyright line": ({"after": "<p>© 2026 Associated Press. All rights reserved.</p>"}, "ap", "copyright", "copyright"),
    "json-ld author": ({"head": LD % '"author":{"@type":"Organization","name":"dpa "}'}, "dpa", "json-ld", "json-ld"),
    "json-ld source": ({"head": LD % '"sourceOrganization":{"name":"Yonhap News Agency"}'}, "yonhap", "json-ld", "json-ld"),
    "json-ld text author": ({"head": LD % '"author":"PTI"'}, "pti", "json-ld", "json-ld"),
    "meta author": ({"head": '<meta name="author" content="The Associated Press">'}, "ap", "meta", "meta"),
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name, case in CREDITED.items() if case[1]])
def test_a_credit_is_found_with_its_evidence(name: str) -> None:
    parts, agency, kind, where = CREDITED[name]
    story = page(**parts)
    assert [entry.id for entry in story.attribution or []] == [agency]
    evidence = (story.attribution or [])[0].evidence[0]
    assert (evidence.kind, evidence.where) == (kind, where)
    assert evidence.text
    if where == "text":
        assert story.text is not None and story.text[evidence.start : evidence.end] == evidence.text


TRAPS = {
    "a control of the text's size": {"byline": "AA"},
    "a menu that names agencies": {},
    "a caption": {"figure": "<figure><img><figcaption>The quay. (Yonhap)</figcaption></figure>"},
    "a caption in a div": {"figure": '<div class="photo-caption">The quay on Monday. (Reuters)</div>'},
    "a photo credit": {"figure": '<span class="image-credit">Photo: AP</span>'},
    "a combined photo credit": {"figure": "<figcaption>Yang Ji-woong/Yonhap via Reuters</figcaption>"},
    "a mention": {"middle": "The chairman told Reuters that the council had no choice, and that boats would have to wait."},
    "a report cited": {"middle": "Yonhap reported on Sunday that the work might be put off until the summer of next year."},
    "a mention as the last words": {"last": " The council had nothing to add, it said, according to Yonhap."},
    "a gloss": {"last": " The council spoke to the Agence France-Presse (AFP)"},
    "an agency in the headline of a teaser": {"after": '<div class="related"><a href=/x>Quay closed: Yonhap</a></div>'},
    "a teaser's byline": {"after": '<div class="related"><p class="byline">Ulrich Muster, dpa</p></div>'},
    "a bracket that is no agency": {"last": " (Samsung Electronics)"},
    "a person's party": {"last": " He is a member of the PTI (Karachi)"},
    "an author of the paper": {"byline": "By Ada Brandt"},
    "the paper's own copyright": {"after": "<p>© 2026 The Gazette. All rights reserved.</p>"},
    "a publisher that is no agency": {"head": LD % '"publisher":{"name":"The Gazette"},"author":{"name":"Ada Brandt"}'},
    "another article's author": {"head": LD % '"author":{"name":"Ada Brandt"}' + LD.replace("Quay to be wider", "Other") % '"author":"dpa"'},
}  # fmt: skip


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_gives_no_attribution(name: str) -> None:
    story = page(**TRAPS[name])
    assert story.attribution == [] and story.agency is None
    assert (story.text or "").startswith(STORY[0][:40])


def test_a_staff_byline_under_a_closing_credit() -> None:
    story = page(last=" (Yonhap)", after="<p>By Nam Kyung-don (don@paper.example)</p>")
    assert story.agency == "yonhap"


def test_roles() -> None:
    shared = page(byline="mit dpa")
    assert [(entry.id, entry.role) for entry in shared.attribution or []] == [("dpa", "contributor")]
    assert shared.agency is None
    both = page(first="SEOUL, Nov. 23 (Yonhap) -- ", last=" (Yonhap)", byline="By Yonhap")
    assert [(entry.id, entry.role, len(entry.evidence)) for entry in both.attribution or []] == [
        ("yonhap", "originator", 3)
    ]
    assert (both.attribution or [])[0].confidence == 0.99


NAMES = st.sampled_from(
    [agency.name for agency in agencies().values()] + [code for agency in agencies().values() for code in agency.codes]
)


@settings(deadline=None, max_examples=150)
@given(NAMES, NAMES, st.booleans())
def test_a_caption_or_a_quotation_never_changes_the_decision(caption: str, quoted: str, credited: bool) -> None:
    last = " (Yonhap)" if credited else ""
    story = page(
        last=last,
        figure=f"<figure><figcaption>The quay. ({caption})</figcaption></figure>",
        middle=f"The chairman of the council told {quoted} on Sunday that boats would have to wait until the summer.",
    )
    assert [entry.id for entry in story.attribution or []] == (["yonhap"] if credited else [])
