"""The pages over HTTP, without a browser: what they hold, what they refuse, and that nothing of a story is markup."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest

from newscrawl.tools.web.guard import Guard, host_of
from newscrawl.tools.web.render import is_web, when
from newscrawl.tools.web.start import NotServed, index_file, listening, output_folder
from tests.tools.web.conftest import SEGMENT, Served, running, wait_for
from tests.tools.web.made import Markup, made_line, write_lines

ID = quote(made_line("1")["id"])
HOSTILE_ID = quote(made_line("3")["id"])
PAGES = [
    "/", "/?days=7&field=section", "/search", "/search?text=quay", "/search?text=onerror", f"/story?id={ID}", f"/story?id={HOSTILE_ID}",
    f"/page?id={ID}&version=1", "/runs", "/run?id=20261123T000000Z-000000", "/run?id=20261122T000000Z-000000", "/drift", "/quarantine",
    "/quarantined?file=paper.example/0123456789.json.gz", "/quarantined?file=paper.example/damaged.json.gz",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_and_holds_nothing_of_others(served: Served, path: str) -> None:
    status, headers, page = served.get(path)
    markup = Markup(page)
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert [
        tag for tag, _ in markup.tags if tag in ("img", "iframe", "object", "embed", "base", "style", "meta-refresh")
    ] == []
    assert [attrs for tag, attrs in markup.tags if tag == "script"] == [{"src": "/static/keys.js", "defer": None}]
    assert [a for _, attrs in markup.tags for a in attrs if a.startswith("on") or a == "style"] == []
    links = [
        value or "" for _, attrs in markup.tags for name, value in attrs.items() if name in ("href", "src", "action")
    ]
    assert [link for link in links if not link.startswith(("/", "#", "http://", "https://"))] == []
    loaded = [attrs.get("src") or attrs.get("href") or "" for tag, attrs in markup.tags if tag in ("script", "link")]
    assert all(link.startswith("/static/") for link in loaded)


@pytest.mark.parametrize("path", [*PAGES, "/nothing", "/static/style.css", "/static/nothing", "/story?id=none"])
def test_every_answer_is_marked(served: Served, path: str) -> None:
    _, headers, _ = served.get(path)
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self';")
    assert "unsafe" not in policy
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
    assert "server" not in headers


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        pytest.param("/nothing", 404, "no such page", id="no page"),
        pytest.param("/story?id=none", 404, "No line has the id", id="no story"),
        pytest.param("/story", 404, "No line has the id", id="no id"),
        pytest.param(f"/story?id={ID}&version=9", 404, "version 9", id="no version"),
        pytest.param(f"/story?id={ID}&version=abc", 200, "version 2 of 2", id="no number is not asked for"),
        pytest.param(f"/page?id={HOSTILE_ID}&version=1", 404, "No archive was kept", id="no archive"),
        pytest.param("/run?id=../state/x", 404, "No run of the id", id="no run"),
        pytest.param("/quarantined?file=../runs/20261122T000000Z-000000.json", 404, "No file", id="out of quarantine"),
        pytest.param("/static/../app.py", 404, "", id="out of the static files"),
        pytest.param("/static/%2e%2e%2fapp.py", 404, "", id="the same, hidden"),
        pytest.param("/search?text=%00%ff%22'&before=9999999999999999999999", 200, "", id="bytes of all kinds"),
        pytest.param("/?days=-1&field=id", 200, "30 days", id="what cannot be asked for"),
    ],
)
def test_what_is_not_there(served: Served, path: str, status: int, said: str) -> None:
    found, _, page = served.get(path)
    assert found == status
    assert said in page


@pytest.mark.parametrize(
    ("host", "is_served"),
    [
        pytest.param("127.0.0.1:{port}", True, id="the address"),
        pytest.param("localhost:{port}", True, id="its name"),
        pytest.param("LOCALHOST", True, id="without a port"),
        pytest.param("[::1]:{port}", True, id="the other loopback"),
        pytest.param("evil.example", False, id="a name that was pointed here"),
        pytest.param("evil.example:{port}", False, id="the same with the port"),
        pytest.param("127.0.0.1.evil.example", False, id="a name that begins like ours"),
        pytest.param("localhost@evil.example", False, id="user info"),
        pytest.param("10.0.0.7", False, id="another address"),
        pytest.param("", False, id="none"),
    ],
)
def test_only_our_host_names_are_answered(served: Served, host: str, is_served: bool) -> None:
    status, _, page = served.get("/", host=host.format(port=served.port))
    assert (status in (421, 400)) != is_served
    assert ("Overview" in page) == is_served


@pytest.mark.parametrize(
    ("address", "host", "is_ours"),
    [
        pytest.param("0.0.0.0", "192.168.1.5:8765", True, id="everywhere: a literal address"),
        pytest.param("0.0.0.0", "[fe80::1]:8765", True, id="everywhere: a literal of six"),
        pytest.param("0.0.0.0", "evil.example:8765", False, id="everywhere: a name"),
        pytest.param("192.168.1.5", "192.168.1.5:8765", True, id="one address"),
        pytest.param("192.168.1.5", "192.168.1.6:8765", False, id="one address, another asked for"),
        pytest.param("192.168.1.5", "desk.example:1", True, id="a name that was given"),
    ],
)
def test_hosts_of_other_addresses(address: str, host: str, is_ours: bool) -> None:
    async def app(*_: object) -> None: ...

    guard = Guard(app, address, frozenset({"desk.example"}))
    assert guard.is_ours([(b"host", host.encode())]) == is_ours


def test_host_of_takes_hosts_apart() -> None:
    assert [host_of(h) for h in ("A:1", "a", "[::1]", "[::1]:9", "a.:1", "a:b")] == ["a", "a", "::1", "::1", "a", ""]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_only_reading(served: Served, method: str) -> None:
    assert served.get("/", method)[0] == 405


def test_the_story_page_shows_all_there_is(served: Served) -> None:
    page = served.get(f"/story?id={ID}")[2]
    assert '<mark title="Yonhap News Agency: closing-credit">(Yonhap)</mark>' in page
    assert "<del>nine</del>" in page and "<ins>five</ins>" in page
    assert "version 2 of 2" in page
    assert "Quay will be wider" in page  # the copy beside it
    assert f"/page?id={quote(made_line('1')['id'], safe='')}&amp;version=2" in page
    assert ">generic<" in page or ">site-rule<" in page or ">json-ld<" in page  # an origin


def test_the_archived_page_is_text(served: Served) -> None:
    page = served.get(f"/page?id={ID}&version=1")[2]
    assert "&lt;script&gt;document.title=&#39;ran&#39;&lt;/script&gt;" in page
    assert "Content-Type: text/html" in page


def test_a_link_that_is_no_web_address_is_text(served: Served) -> None:
    page = served.get(f"/story?id={HOSTILE_ID}")[2]
    assert "javascript:" in page  # in the whole line, as text
    assert not re.search(r"href=[\"']?\s*javascript", page, re.I)


@pytest.mark.parametrize(
    ("url", "is_link"),
    [
        pytest.param("https://paper.example/a", True, id="https"),
        pytest.param("http://paper.example/a", True, id="http"),
        pytest.param("javascript:alert(1)", False, id="javascript"),
        pytest.param(" javascript:alert(1)", False, id="with a space"),
        pytest.param("JaVaScRiPt:alert(1)", False, id="in odd letters"),
        pytest.param("data:text/html,x", False, id="data"),
        pytest.param("//evil.example", False, id="no scheme"),
        pytest.param("file:///etc/passwd", False, id="file"),
        pytest.param(None, False, id="none"),
        pytest.param(5, False, id="a number"),
    ],
)
def test_is_web(url: object, is_link: bool) -> None:
    assert is_web(url) == is_link


@pytest.mark.parametrize(
    ("at", "shown"),
    [("2026-11-23T00:30:00Z", "2026-11-23 00:30 UTC"), (None, ""), ("yesterday", "yesterday"), ("2026-11-23", "2026-11-23")],
)  # fmt: skip
def test_when(at: object, shown: str) -> None:
    assert when(at) == shown


def test_runs_drift_and_quarantine_tell_what_is_there(served: Served) -> None:
    runs, drift, quarantine = (served.get(path)[2] for path in ("/runs", "/drift", "/quarantine"))
    assert "20261122T000000Z-000000.json: " in runs  # the file that is no report is told, not hidden
    assert ">42<" in runs
    assert "body: lacking in 1; 1 in quarantine" in drift
    assert "https://paper.example/held" in quarantine
    assert "cannot be read" in quarantine
    held = served.get("/quarantined?file=paper.example/0123456789.json.gz")[2]
    assert "&lt;script&gt;" in held
    assert ">body<" in held


def test_an_empty_folder_has_pages_too(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()
    with running(tmp_path / "output") as empty:
        for path in ("/", "/search", "/search?text=a", "/runs", "/drift", "/quarantine"):
            assert empty.get(path)[0] == 200
        assert "No story yet" in empty.get("/")[2]


def test_a_story_shows_up_by_itself(tmp_path: Path) -> None:
    """Nobody has to do anything: a line that is written while the server runs is found, in an open file already."""
    output = tmp_path / "output"
    write_lines(output, SEGMENT, made_line("1"))
    with running(output) as shown:
        write_lines(
            output, SEGMENT.replace("0001.jsonl", "0002.jsonl.part"), made_line("2", headline="A lighthouse was lit")
        )
        wait_for(lambda: "A lighthouse was lit" in shown.get("/search?text=lighthouse")[2])
        wait_for(lambda: "A lighthouse was lit" in shown.get("/")[2])


def test_the_output_folder_is_not_written_to_but_for_the_index(served: Served) -> None:
    before = {path for path in served.output.rglob("*") if "state" not in path.parts}
    for path in PAGES:
        served.get(path)
    assert {path for path in served.output.rglob("*") if "state" not in path.parts} == before


def test_folder_and_address_are_checked(tmp_path: Path) -> None:
    with pytest.raises(NotServed, match="no such folder"):
        output_folder(tmp_path / "nothing")
    (tmp_path / "stories").mkdir()
    assert output_folder(tmp_path / "stories") == tmp_path
    with listening("127.0.0.1", 0) as bound, pytest.raises(NotServed, match="choose another"):
        listening("127.0.0.1", bound.getsockname()[1])
    with pytest.raises(NotServed, match="choose another"):
        listening("no.such.host.invalid", 0)


def test_the_index_lies_with_the_state(tmp_path: Path) -> None:
    assert index_file(tmp_path) == tmp_path / "state/browse.sqlite"
