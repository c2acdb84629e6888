"""Property: a caption or a quotation put anywhere into any page never changes who wrote it."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from newscrawl.attribution.agencies import UNSPECIFIED, agencies
from tests.attribution.made_pages import LD, STORY, made_story, roles

NAMES = st.sampled_from(
    sorted(
        {agency.name for agency in agencies().values() if agency.id != UNSPECIFIED}
        | {code for agency in agencies().values() for code in agency.codes}
        | {alias for agency in agencies().values() if agency.id != UNSPECIFIED for alias in agency.aliases[:3]}
    )
)
# Pages with a credit, with several, and without.
PAGES: list[dict[str, str]] = [
    {},
    {"byline": "By Ada Brandt"},
    {"first": "SEOUL, Nov. 23 (Yonhap) -- "},
    {"last": " (dpa/gem)"},
    {"byline": "Ada Brandt, AFP"},
    {"end": "With files from The Canadian Press"},
    {"after": "<p>© 2019 Associated Press. All Rights Reserved.</p>"},
    {"head": LD % '"author":{"name":"PTI"}'},
    {"url": "https://www.reuters.com/world/quay", "first": "LONDON, May 3 (Reuters) - "},
    {"lone": "<p>Press Trust of India</p>"},
    {"last": " (Quelle: APA/sda/dpa)"},
]
CAPTIONS = [
    "<figure><img src=/q.jpg><figcaption>The quay. ({0})</figcaption></figure>",
    "<figure><img src=/q.jpg><figcaption>The quay</figcaption><span>{0}</span></figure>",
    "<figure><img src=/q.jpg><div>{0}</div></figure>",
    "<figcaption>© {0}</figcaption>",
    '<div class="photo-caption">Boats at the quay on Monday. ({0})</div>',
    '<div class="caption">Photo: {0}</div>',
    '<div class="image-credit">{0}</div>',
    '<p class="photo_credit">Ada Muster/{0}</p>',
    '<div class="gallery"><p>© {0}</p></div>',
    '<p class="wp-caption-text">The quay, seen from the sea. Ada Muster/{0} via AP</p>',
]
GLUED = [
    '<span class="caption">The quay on Monday. ({0})</span>',
    '<span class="photo-credit">Ada Muster/{0}</span>',
    '<span id="c" class="article image-caption">The quay. {0}</span>',
]
QUOTES = [
    "The chairman of the council told {0} on Sunday that boats would have to wait until the summer.",
    "“Nobody will be forced to move a boat before the summer of next year,” the chairman told {0}.",
    "{0} reported on Sunday that the work at the northern quay might be put off until the next summer.",
    "The work at the quay may be put off until the summer, {0} reported on Sunday.",
    "The boats would have to wait until the summer, the chairman said, according to {0}.",
    "Die Boote müssen bis zum Sommer im südlichen Becken warten, hieß es laut {0} am Sonntag.",
    "Das sagte der Vorsitzende des Rates am Sonntag im Gespräch mit {0}.",
    "Las barcas tendrán que esperar hasta el verano, según {0}, que cita al presidente del consejo.",
    "Les bateaux devront attendre l'été prochain, a déclaré le président du conseil à {0}.",
    "Les bateaux devront attendre l'été prochain, selon {0}.",
    "Le barche dovranno attendere fino alla prossima estate, secondo {0} e altri giornali.",
    "De boten moeten tot de zomer wachten, meldt persbureau {0} zondag.",
    "Båtarna får vänta till sommaren, säger ordföranden till {0}.",
    "A letter of the council that was seen by {0} says that the work will be paid for by a loan.",
    "He spoke to {0} and to other papers about the quay, which had been too narrow for many years.",
    "The chairman’s interview with {0} was published on the morning before the council voted on the plan.",
]


def put(parts: dict[str, str], block: str, place: str) -> dict[str, str]:
    """A page's parts with a block added at one place."""
    return {**parts, place: (parts.get(place, "") + block) if place != "lead" else block}


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(PAGES), st.sampled_from(CAPTIONS), NAMES, st.sampled_from(["figure", "after", "lone"]))
@example({}, CAPTIONS[0], "AP", "figure")
def test_a_caption_beside_the_text(parts: dict[str, str], caption: str, name: str, place: str) -> None:
    changed = made_story(**put(parts, caption.format(name), place))
    assert roles(changed) == roles(made_story(**parts))


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(PAGES), st.sampled_from(CAPTIONS + GLUED), NAMES, st.integers(0, 3))
def test_a_caption_within_the_text(parts: dict[str, str], caption: str, name: str, number: int) -> None:
    """Between two paragraphs, so that the markup closes the one before; or glued to one by a class."""
    block = caption.format(name)
    place = ("lead", "middle", "first", "last")[number]
    if caption in GLUED:
        changed = made_story(**{**parts, place: parts.get(place, "") + block})
    else:
        changed = made_story(**put(parts, "</p>" + block + "<p>", "middle"))
    assert roles(changed) == roles(made_story(**parts))


@settings(deadline=None, max_examples=600)
@given(
    st.sampled_from(PAGES),
    st.sampled_from(QUOTES),
    NAMES,
    st.sampled_from(["lead", "middle", "end", "glued", "opening"]),
)
def test_a_quotation(parts: dict[str, str], quote: str, name: str, place: str) -> None:
    sentence = quote.format(name)
    if place == "glued":
        changed = made_story(**{**parts, "last": " " + sentence + parts.get("last", "")})
    elif place == "opening":
        changed = made_story(**{**parts, "first": parts.get("first", "") + sentence + " "})
    elif place == "end" and "end" in parts:
        changed = made_story(**{**parts, "end": sentence + "</p><p>" + parts["end"]})
    else:
        changed = made_story(**put(parts, sentence, place))
    assert roles(changed) == roles(made_story(**parts))


def test_the_pages_differ() -> None:
    """The property would hold of pages that are never read."""
    assert len({tuple(sorted(roles(made_story(**parts)).items())) for parts in PAGES}) >= 8
    assert STORY[0] in (made_story().text or "")
