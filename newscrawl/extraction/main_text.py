"""Which blocks of a page are the story.

Site rules choose where they find a body. Else the block model judges every block. A page without any structure (all
of its running text in one element that holds menu lines as well) tells the model nothing: there the story goes from
its first full sentence to its last.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newscrawl.extraction.blocks import HEADINGS, Block, Blocks
from newscrawl.extraction.class_names import HAS_NAME, ClassMark
from newscrawl.extraction.stated import Stated
from newscrawl.items import BodyType
from newscrawl.text.access_line import barrier_of
from newscrawl.text.boilerplate import ends_sentence, is_boilerplate, is_caption, is_copyright, is_credit_line
from newscrawl.text.clock import is_clock_line, is_date_line
from newscrawl.text.whitespace import fold

if TYPE_CHECKING:
    from newscrawl.extraction.block_model import BlockModel

NOT_STORY = ClassMark.CAPTION | ClassMark.RELATED | ClassMark.COMMENT | ClassMark.FOOTER
RUNNING_WORDS = 8  # a block with as many words and a sentence end is running text
LONG_WORDS = 25  # one with as many is running text whatever its end
MOST_OF_TEXT = 0.6  # of the page's running text is in the story's element
MAX_MARKED = 6
MAX_BARE_BLOCKS = 60
BOILERPLATE_WORDS = 45
SURE = 0.8  # probability from which on a heading may be the last of the story
BYLINE_WORDS = 12
STUB_WORDS = 18  # of a line that asks to subscribe for the rest
CREDIT_LINES = 4  # how far behind the last sentence the credit may be
LINKS_ONLY = 0.6  # from this share of link characters on a block is a link, not text


@dataclass(slots=True)
class MainText:
    """Numbers of the story's blocks, in order, and where its headline was if only the text shows it."""

    chosen: list[int] = field(default_factory=list)
    origin: str | None = None
    headline: str | None = None
    odds: dict[int, float] | None = None  # the model's probability of each judged block, where it was asked


def choose_blocks(page: Blocks, stated: Stated, model: BlockModel | None = None) -> MainText:
    """The story's blocks: those of the site's rules, else those of the generic reading by the model that is shipped."""
    headline = stated.headline
    ruled = [n for n, block in enumerate(page.blocks) if block.in_body and not block.marks & ClassMark.CAPTION]
    if ruled:
        kept = [n for n in ruled if not is_dropped(page.blocks[n], headline)]
        if kept:
            return MainText(trim(page.blocks, kept), "site-rule")
    if page.blocks and not is_bare(page):
        judged = judged_blocks(page, stated, model)
        if judged.chosen:
            return judged
    return choose_range(page, headline)


def is_bare(page: Blocks) -> bool:
    """Whether a page has so few elements with a class that nothing but its lines tells them apart."""
    return (
        sum(says & HAS_NAME > 0 for says in page.elements.names) <= MAX_MARKED and len(page.blocks) <= MAX_BARE_BLOCKS
    )


def judged_blocks(page: Blocks, stated: Stated, model: BlockModel | None) -> MainText:
    """The blocks that the model takes for the story's, less the headline, captions and boilerplate."""
    from newscrawl.extraction.block_model import block_model
    from newscrawl.extraction.features import block_features

    model = model or block_model()
    features = block_features(page, stated)
    odds = model.probabilities(features.names, features.rows)
    sure = set(features.blocks[odds > SURE].tolist())
    chosen = story_blocks(page, features.blocks[odds > model.threshold].tolist(), stated.headline, sure)
    return MainText(
        chosen, "generic", stated.headline, odds=dict(zip(features.blocks.tolist(), odds.tolist(), strict=True))
    )


def story_blocks(page: Blocks, chosen: list[int], headline: str | None, sure: Container[int] = ()) -> list[int]:
    """The blocks that the model chose with the credit behind them, less the headline, captions and boilerplate.

    `sure` are those of which it is so sure that a heading among them may end the story.
    """
    if chosen:
        last = with_credit(page.blocks, chosen[-1], len(page.blocks))
        chosen = chosen + [n for n in range(chosen[-1] + 1, last + 1) if is_credit_line(page.blocks[n].text)]
    kept = [n for n in chosen if not is_dropped(page.blocks[n], headline)]
    return trim(page.blocks, kept, sure)


def choose_range(page: Blocks, headline: str | None) -> MainText:
    """The innermost element with most of the running text, from its first full sentence to its last."""
    blocks = page.blocks
    running = [n for n, block in enumerate(blocks) if is_running(block)]
    if not running:
        return MainText()
    container = story_element(page, running)
    start, end = page.elements.starts[container], page.elements.ends[container]
    inside = [n for n in running if start <= n < end]
    first, last = with_siblings(page, inside[0], inside[-1])
    last = with_credit(blocks, last, end)
    if headline is None:
        headline = headline_before(blocks, first)
    kept = [n for n in range(first, last + 1) if is_story(blocks[n], headline)]
    return MainText(trim(blocks, kept), "generic", headline)


def with_siblings(page: Blocks, first: int, last: int) -> tuple[int, int]:
    """The range with the short sentences at its ends that are beside it: `It rained.` is a paragraph too."""
    blocks = page.blocks
    while first > 0 and is_sibling(page, blocks[first - 1], blocks[first]):
        first -= 1
    while last + 1 < len(blocks) and is_sibling(page, blocks[last + 1], blocks[last]):
        last += 1
    return first, last


def is_sibling(page: Blocks, block: Block, beside: Block) -> bool:
    if (
        block.tag != beside.tag
        or block.marks & NOT_STORY
        or block.link_rate > LINKS_ONLY
        or not ends_sentence(block.text)
    ):
        return False
    parents = [page.elements.parents[b.parent] if b.tag == "p" else b.parent for b in (block, beside)]
    return parents[0] == parents[1]


def with_credit(blocks: Sequence[Block], last: int, end: int) -> int:
    """Number of the last block, credit lines behind the last sentence included."""
    for n in range(last + 1, min(last + 1 + CREDIT_LINES, end)):
        block = blocks[n]
        if block.tag in HEADINGS:
            break
        if not block.marks & NOT_STORY and block.link_rate < LINKS_ONLY and is_credit_line(block.text):
            last = n
    return last


def is_running(block: Block) -> bool:
    """Whether a block is running text outside of captions, teasers, comments and footers."""
    if block.marks & NOT_STORY or block.link_rate > LINKS_ONLY or block.tag in HEADINGS or is_copyright(block.text):
        return False
    return block.words >= LONG_WORDS or (block.words >= RUNNING_WORDS and ends_sentence(block.text))


def story_element(page: Blocks, running: Sequence[int]) -> int:
    """Number of the innermost element that holds most of the running text."""
    before = [0] * (len(page.blocks) + 1)  # words of the running text before each block
    is_counted = set(running)
    for n, block in enumerate(page.blocks):
        before[n + 1] = before[n] + (block.words if n in is_counted else 0)
    enough = MOST_OF_TEXT * before[-1]
    starts, ends = page.elements.starts, page.elements.ends
    return max(n for n in range(len(starts)) if before[ends[n]] - before[starts[n]] >= enough)


def headline_before(blocks: Sequence[Block], first: int) -> str | None:
    """The headline of a page that marks none: the last line before the story that is more than a menu item."""
    for block in reversed(blocks[max(0, first - 6) : first]):
        if 3 <= block.words <= 40 and block.link_rate < LINKS_ONLY and not is_boilerplate(block.text):
            return fold(block.text)
    return None


def is_story(block: Block, headline: str | None) -> bool:
    return not block.marks & NOT_STORY and block.link_rate <= LINKS_ONLY and not is_dropped(block, headline)


def is_dropped(block: Block, headline: str | None) -> bool:
    """Boilerplate, copyright notices and the headline itself, whoever chose the block."""
    if block.words < BOILERPLATE_WORDS and (is_boilerplate(block.text) or is_caption(block.text)):
        return True
    if block.words < STUB_WORDS and is_beside_text(block):
        return True
    if headline is not None and len(block.text) == len(headline) and fold(block.text).casefold() == headline.casefold():
        return True
    return is_copyright(block.text)


def is_beside_text(block: Block) -> bool:
    """Whether a short block is a byline, a date line, the clock of an update, or asks to subscribe for the rest."""
    if block.marks & ClassMark.BYLINE and block.words <= BYLINE_WORDS and not ends_sentence(block.text):
        return True
    if (
        block.words <= BYLINE_WORDS
        and block.tag not in ("td", "th", "tr")
        and (is_clock_line(block.text) or is_date_line(block.text))
    ):
        return True
    return barrier_of(block.text) is not None


def trim(blocks: Sequence[Block], kept: list[int], sure: Container[int] = ()) -> list[int]:
    """Without the headings at the end that no text follows, unless they are among the sure ones: a slide show's."""
    while kept and blocks[kept[-1]].tag in HEADINGS and kept[-1] not in sure:
        kept = kept[:-1]
    return kept


def body_type(page: Blocks, block: Block) -> BodyType:
    """What a chosen block is, from its own element and those around it."""
    if block.tag in HEADINGS:
        return "heading"
    if block.tag in ("tr", "td", "th") and block.words < LONG_WORDS and not ends_sentence(block.text):
        return "table-row"
    for tag in page.tags_around(block.parent):
        if tag == "blockquote":
            return "quote"
        if tag in ("li", "dt", "dd"):
            return "list-item"
    return "paragraph"


def reasons(page: Blocks, main: MainText) -> list[tuple[str, str]]:
    """(kept, aside or dropped; why) of each block, in words for people."""
    chosen = set(main.chosen)
    odds = main.odds or {}
    found = []
    for number, block in enumerate(page.blocks):
        likely = odds.get(number)
        if number not in chosen:
            found.append(reason_against(block, main, likely))
        elif main.origin == "site-rule":
            found.append(("kept", "site rule"))
        else:
            found.append(("kept", f"model {likely:.2f}" if likely is not None else "in the story's range"))
    return found


def reason_against(block: Block, main: MainText, odds: float | None) -> tuple[str, str]:
    """Why a block is not in the text."""
    if main.headline is not None and fold(block.text).casefold() == main.headline.casefold():
        return "aside", "the headline"
    for mark, reason in (
        (ClassMark.CAPTION, "caption"),
        (ClassMark.BYLINE, "byline"),
        (ClassMark.SOURCE, "source line"),
    ):
        if block.marks & mark:
            return "aside", reason
    if is_copyright(block.text):
        return "aside", "copyright notice"
    if is_boilerplate(block.text):
        return "dropped", "boilerplate line"
    if block.words < BOILERPLATE_WORDS and is_caption(block.text):
        return "aside", "caption by its credit"
    if block.words < STUB_WORDS and is_beside_text(block):
        return "aside", "date, byline or access line"
    for mark, reason in (
        (ClassMark.COMMENT, "comments"),
        (ClassMark.RELATED, "related, share, menu"),
        (ClassMark.FOOTER, "footer"),
    ):
        if block.marks & mark:
            return "dropped", reason
    if block.link_rate > LINKS_ONLY:
        return "dropped", "links"
    return "dropped", f"model {odds:.2f}" if odds is not None else "outside of the story"
