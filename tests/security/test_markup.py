from __future__ import annotations

import pytest

from newscrawl.security.markup import markup_refusal
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
        assert markup_refusal(markup) == reason


@pytest.mark.parametrize("name", READ)
def test_read_in_linear_time(name: str) -> None:
    with at_most(200):
        assert markup_refusal(READ[name]) is None
