from __future__ import annotations

import pytest

from newscrawl.security.markup import markup_refusal, strip_markup
from tests.cost import at_most

PARAGRAPH = "<p>A paragraph of the story.</p>"
REFUSED = {
    "one tag with 200,000 attributes": (
        "<p " + " ".join(f"a{n}=1" for n in range(200_000)) + ">x",
        "too-many-attributes",
    ),
    "100,000 nested divs": ("<div>" * 100_000 + PARAGRAPH + "</div>" * 100_000, "too-deep"),
    "nested and interleaved": ("<div><b></b>" * 50_000, "too-deep"),
    "an empty comment before": ("<!-->" + PARAGRAPH + "<div>" * 100_000, "too-deep"),
    "a title in svg": (PARAGRAPH + "<svg><title>" + "<div>" * 100_000, "too-deep"),
    "a quoted > between": ('<p x=">" ' + " ".join(f"a{n}" for n in range(60_000)) + ">", "too-many-attributes"),
    "slashes between": ("<p a" + "/".join(f"a{n}" for n in range(60_000)) + ">", "too-many-attributes"),
    "no blanks between": ("<p " + "".join(f'a{n}=""' for n in range(60_000)) + ">", "too-many-attributes"),
    "brackets in quotes between": (
        "<p " + " ".join(f'a{n}="<b>"' if n % 500 == 0 else f"a{n}" for n in range(60_000)) + ">",
        "too-many-attributes",
    ),
    "a million drawings that never end": ("<svg " * 1_000_000, "too-deep"),
    "quotes that never end": ("<p a='" + '<p b="' * 100_000, "too-many-attributes"),
    "a nest of noscripts": ("<noscript>" * 40_000 + "x" * 3_000 + "</noscript>", "too-deep"),
    "formatting elements": ("<a><b><i><font>" * 20_000 + "<p>x", "too-deep"),
}
READ = {
    "an ordinary page": PARAGRAPH * 5000,
    "many unclosed paragraphs": "<p>text " * 50_000,
    "many void elements": "<br><img>" * 50_000,
    "a long attribute": f'<p data-json="{"x " * 3000}">',
    "words after a smaller-than in a script": "<script>if (a<b) { " + "word " * 20_000 + "}</script>" + PARAGRAPH,
    "tags inside a script": "<script>" + "'<div>'+" * 20_000 + "</script>" + PARAGRAPH,
    "a long text behind a tag": "<p>" + "word " * 50_000,
    "a long script with a smaller-than beside svg": "<svg></svg><script>if (a<b) "
    + "x=1; " * 300
    + "</script>"
    + PARAGRAPH,
    "an open comment": "<!-- " + "<div>" * 20_000,
    "scripts that never end": "<script " * 500_000,
    "pictures in the page": '<p>text</p><img src="data:image/png;base64,' + "x" * 1_000_000 + '">',
    "drawings that end at once": "<svg/>" * 200_000,
    "comments that end oddly": "<!-- --!>" * 200_000,
    "scripts in capitals": "<SCRIPT>x</SCRIPT>" * 100_000,
    "nothing": "",
    "a million signs": "<" * 1_000_000,
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_linear_time(name: str) -> None:
    markup, reason = REFUSED[name]
    with at_most(200):
        assert markup_refusal(strip_markup(markup).markup) == reason


@pytest.mark.parametrize("name", READ)
def test_read_in_linear_time(name: str) -> None:
    with at_most(200):
        assert markup_refusal(strip_markup(READ[name]).markup) is None


@pytest.mark.parametrize(
    ("markup", "kept"),
    [
        ("a<script>b</script>c", "ac"), ("a<SCRIPT>b</script>c<script>d</SCRIPT>e<script>f</script>g", "aceg"),
        ("a<!-- <script> -->b<script>c</script>", "ab"), ("a<!-->b", "ab"), ("a<!-- x --!>b<!-- y -->c", "abc"),
        ("a<svg><path/></svg>b<svg/>c", "abc"), ("a<style>b", "a"), ("a<svg>b", "a<svg>b"), ("a<scripts>b", "a<scripts>b"),
        ("a<noscript><p>b</noscript>c", "ac"), ("<script>'<!--'</script>a<!--b", "a"), ("a</script>b", "a</script>b"),
        ("a<noscript>" + "b" * 3000 + "</noscript>", "a<noscript>" + "b" * 3000 + "</noscript>"),
    ],
)  # fmt: skip
def test_what_a_parser_need_not_see(markup: str, kept: str) -> None:
    assert strip_markup(markup).markup == kept


def test_structured_data_is_kept_aside() -> None:
    page = strip_markup('<script type="Application/LD+JSON" id=x>{"a": 1}</script><script>ld+json</script><p>text')
    assert page.data == ['{"a": 1}'] and page.markup == "<p>text"
