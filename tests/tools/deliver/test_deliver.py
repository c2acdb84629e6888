"""Lines pushed to receivers that fail, and read through pipes: each at least once and in order."""

from __future__ import annotations

import hashlib
import hmac
import json
import socketserver
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from newscrawl.storage.compact import compact_site
from newscrawl.storage.lock import Lock, LockHeld
from newscrawl.storage.positions import START, Cursor, Place, unread
from newscrawl.storage.site_lock import locked_site
from newscrawl.tools.deliver.errors import NotDelivered, TargetError
from newscrawl.tools.deliver.push import cursor_of, deliver
from newscrawl.tools.deliver.targets import Folder, Webhook, target_of, without_password
from tests.conftest import Site
from tests.storage.test_keep import SITE, crawl, made, story


def soon() -> float:
    return time.monotonic() + 0.2


class Receiver(ThreadingHTTPServer):
    """Takes what a webhook is sent, or refuses it with the statuses that stand in `refusals`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Hook)
        self.refusals: list[int] = []
        self.taken: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook"

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for _, body in self.taken for line in body.splitlines()]


class Hook(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.server.refusals.pop(0) if self.server.refusals else 204
        if status == 204:
            self.server.taken.append((dict(self.headers.items()), body))
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


class OneAnswer(socketserver.StreamRequestHandler):
    answer = b""

    def handle(self) -> None:
        self.request.recv(1_000_000)
        self.wfile.write(self.answer)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield running
        running.shutdown()


def own_lines(folder: Path) -> list[dict[str, Any]]:
    """The lines of an output folder in the order of its files."""
    files = sorted((folder / "stories").rglob("*.jsonl"))
    return [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]


def merge_all(folder: Path) -> None:
    with locked_site(folder, SITE, "test") as state:
        assert list(compact_site(folder, state, SITE, today="9999/01/01"))


@pytest.mark.parametrize("refusals", [[], [500], [503, 429, 404], [302], [401] * 4], ids=str)
def test_a_webhook_gets_every_line_once_it_takes_them(tmp_path: Path, receiver: Receiver, refusals: list[int]) -> None:
    receiver.refusals = refusals.copy()
    hook = Webhook(receiver.url, "secret")
    done = deliver(made(tmp_path), hook, time.monotonic() + 60, sleep=lambda seconds: None)
    assert done.error is None and done.files == 5
    assert receiver.lines() == own_lines(tmp_path)
    again = deliver(tmp_path, hook, soon())
    assert (again.files, again.error) == (0, None)
    crawl(tmp_path, [story(9)])
    deliver(tmp_path, hook, soon())
    assert receiver.lines() == own_lines(tmp_path)


def test_a_batch_is_signed_and_named(tmp_path: Path, receiver: Receiver) -> None:
    deliver(made(tmp_path), Webhook(receiver.url, "secret"), soon())
    for headers, body in receiver.taken:
        signed = headers["X-Newscrawl-Timestamp"].encode() + b"." + body
        digest = hmac.new(b"secret", signed, hashlib.sha256).hexdigest()
        assert headers["X-Newscrawl-Signature"] == f"sha256={digest}"
        assert headers["X-Newscrawl-Delivery"].startswith(f"{SITE}/2") and headers["X-Newscrawl-Delivery"].endswith(
            ":0"
        )


def test_a_receiver_that_is_down_loses_nothing(tmp_path: Path, receiver: Receiver) -> None:
    made(tmp_path)
    receiver.refusals = [503] * 1000
    hook = Webhook(receiver.url)
    done = deliver(tmp_path, hook, soon())
    assert done.error is not None and "answered 503" in done.error and receiver.taken == []
    crawl(tmp_path, [story(9)])
    receiver.refusals = []
    assert deliver(tmp_path, hook, soon()).error is None
    assert receiver.lines() == own_lines(tmp_path)


def test_a_kill_between_taking_and_remembering_sends_a_batch_again(tmp_path: Path, receiver: Receiver) -> None:
    made(tmp_path)
    hook = Webhook(receiver.url)

    class Killed(Exception):
        pass

    def kept(cursor: Cursor, site: str, place: Place) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Cursor, "keep", kept)
        deliver(tmp_path, hook, soon())
    deliver(tmp_path, hook, soon())
    names = [headers["X-Newscrawl-Delivery"] for headers, _ in receiver.taken]
    assert names[0] == names[1] and len(set(names)) == 5
    assert receiver.lines()[2:] == own_lines(tmp_path)


def test_a_folder_gets_the_files_whole(tmp_path: Path) -> None:
    target = Folder(tmp_path / "there")
    done = deliver(made(tmp_path / "here"), target, soon())
    assert done.error is None
    files = {
        path.relative_to(tmp_path / "here/stories"): path.read_bytes()
        for path in (tmp_path / "here/stories").rglob("*.jsonl")
    }
    assert {
        path.relative_to(target.path): path.read_bytes() for path in target.path.rglob("*.*") if path.is_file()
    } == files


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("a file")
    done = deliver(made(tmp_path / "here"), Folder(tmp_path / "there"), soon())
    assert done.error and done.files == 0
    (tmp_path / "there").unlink()
    assert deliver(tmp_path / "here", Folder(tmp_path / "there"), soon()).files == 5


def test_what_fsspec_writes_to_that_is_no_object_store_gets_the_files_by_a_rename(tmp_path: Path) -> None:
    store = target_of(f"file://{tmp_path}/there")
    assert deliver(made(tmp_path / "here"), store, soon()).files == 5
    here, there = tmp_path / "here/stories", tmp_path / "there"
    found = {path.relative_to(there): path.read_bytes() for path in there.rglob("*") if path.is_file()}
    assert found == {path.relative_to(here): path.read_bytes() for path in here.rglob("*.jsonl")}


@pytest.mark.parametrize("merged_after", range(6))
def test_a_place_is_found_again_when_its_day_is_merged(tmp_path: Path, merged_after: int) -> None:
    """After any number of files: what was read before the merge and after it is every line once."""
    made(tmp_path)
    expected = own_lines(tmp_path)
    place, got = START, []
    for stretch in list(unread(tmp_path, SITE, START))[:merged_after]:
        got += [json.loads(line) for line in stretch.file.read_bytes().splitlines()]
        place = Place(stretch.path, stretch.end)
    merge_all(tmp_path)
    crawl(tmp_path, [story(8)])
    merge_all(tmp_path)  # again: the merged file is the first of the next
    for stretch in unread(tmp_path, SITE, place):
        got += [json.loads(line) for line in stretch.file.read_bytes()[stretch.start : stretch.end].splitlines()]
    assert got[:-1] == expected and got[-1]["id"] == story(8).id


@pytest.mark.parametrize("kind", ["folder", "store"])
@pytest.mark.parametrize("before", range(6))
def test_a_receiver_of_files_gets_each_line_once_though_the_day_is_merged_in_between(
    tmp_path: Path, before: int, kind: str
) -> None:
    here, there = made(tmp_path / "here"), tmp_path / "there"
    target = Folder(there) if kind == "folder" else target_of(f"file://{there}")
    cursor = cursor_of(here, target)
    for stretch in list(unread(here, SITE, START))[:before]:
        cursor.keep(SITE, Place(stretch.path, max(target.push(stretch))))
    for n in (8, 9):  # merged twice: the merged file is the first of the next
        merge_all(here)
        assert deliver(here, target, soon()).error is None
        crawl(here, [story(n)])
    merge_all(here)
    assert deliver(here, target, soon()).error is None
    got = [line for path in there.rglob("*.jsonl") for line in path.read_bytes().splitlines()]
    assert sorted(got) == sorted(
        line for path in (here / "stories").rglob("*.jsonl") for line in path.read_bytes().splitlines()
    )


def test_where_the_places_of_a_merged_day_are_lost_lines_come_twice_but_none_is_missed(tmp_path: Path) -> None:
    made(tmp_path)
    stretch = next(iter(unread(tmp_path, SITE, START)))
    merge_all(tmp_path)
    for path in (tmp_path / "state" / "merged").rglob("*.json"):
        path.write_text("[broken")
    found = list(unread(tmp_path, SITE, Place(stretch.path, stretch.end)))
    assert [(entry.start, entry.end == entry.file.stat().st_size) for entry in found] == [(0, True)]


@pytest.mark.parametrize(
    "content", ["", "[]", '{"sites": 1}', '{"sites": {"a": ["x"]}}', '{"sites": {"a": [1, 2]}}', "\x00"]
)
def test_a_cursor_that_is_damaged_starts_again(tmp_path: Path, content: str) -> None:
    (tmp_path / "cursor").write_text(content)
    assert Cursor.load(tmp_path / "cursor", "x").at("a") == START


TARGETS = {
    "https://user:word@hook.example/x?token=1": "https://hook.example/x",
    "s3://bucket/prefix": "s3://bucket/prefix",
    "/srv/lines": "/srv/lines",
}


@pytest.mark.parametrize(("address", "name"), TARGETS.items())
def test_a_targets_name_holds_no_password(address: str, name: str) -> None:
    assert target_of(address).name == name and "word" not in without_password(address)


@pytest.mark.parametrize(
    "address", ["", "  ", "https://", "https://user:word@", "s3://user:word@bucket/x", "s3://", "s3:///x"]
)
def test_a_wrong_target_is_named(address: str) -> None:
    with pytest.raises(TargetError, match="NEWSCRAWL_DELIVER") as raised:
        target_of(address)
    assert "word@" not in str(raised.value)


def test_user_name_and_password_of_a_webhook_go_into_its_header(tmp_path: Path, receiver: Receiver) -> None:
    address = receiver.url.replace("http://", "http://desk:p%40ss@")
    assert deliver(made(tmp_path), target_of(address), soon()).error is None
    assert {headers["Authorization"] for headers, _ in receiver.taken} == {"Basic ZGVzazpwQHNz"}


ANSWERS = {
    "no HTTP": b"220 mail ready\r\n\r\n",
    "nothing": b"",
    "a long line": b"HTTP/1.1 " + b"9" * 100_000 + b"\r\n\r\n",
    "many headers": b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 500 + b"\r\n",
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_a_receiver_that_does_not_speak_http_is_no_crash(tmp_path: Path, answer: bytes) -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), OneAnswer) as server:
        OneAnswer.answer = answer
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        done = deliver(made(tmp_path), Webhook(f"http://desk:word@127.0.0.1:{server.server_address[1]}/"), soon())
        server.shutdown()
    assert done.files == 0 and done.error and "word" not in done.error and len(done.error) < 400


def test_two_deliveries_to_one_target_do_not_mix(tmp_path: Path, receiver: Receiver) -> None:
    hook = Webhook(receiver.url)
    made(tmp_path)
    deliver(tmp_path, hook, soon())
    (cursor,) = (tmp_path / "state" / "deliver").glob("*.json")
    with Lock(tmp_path / "state" / "locks" / f"deliver-{cursor.stem}.lock", "another"), pytest.raises(LockHeld):
        deliver(tmp_path, hook, soon())


def test_two_addresses_of_one_host_have_each_their_cursor(tmp_path: Path, receiver: Receiver) -> None:
    """Else whoever comes second gets nothing; a new password begins nothing anew."""
    made(tmp_path)
    for query in ("?to=desk", "?to=archive", "#x", ""):
        assert deliver(tmp_path, target_of(receiver.url + query), soon()).files == 5
        assert deliver(tmp_path, target_of(receiver.url + query), soon()).files == 0
    with_password = receiver.url.replace("http://", "http://desk:word@")
    assert deliver(tmp_path, target_of(with_password), soon()).files == 0
    assert len(list((tmp_path / "state" / "deliver").glob("*.json"))) == 4
    assert "desk" not in "".join(path.read_text() for path in (tmp_path / "state" / "deliver").glob("*.json"))


def test_nothing_listens(tmp_path: Path) -> None:
    with pytest.raises(NotDelivered):
        list(Webhook("http://127.0.0.1:9/x").push(next(iter(unread(made(tmp_path), SITE, START)))))


def test_a_crawl_delivers_at_its_end(site: Site, receiver: Receiver) -> None:
    from tests.conftest import story_page

    site.server.pages = {"/news": "<h3><a href=/a-1>One</a></h3>", "/a-1": story_page("Calder")}
    site.write('[[source]]\nkind = "section"\nurl = "{base}/news"\nlinks = "h3 > a"\n')
    receiver.refusals = [500] * 100
    options = ("-s", f"NEWSCRAWL_DELIVER={receiver.url}", "-s", "NEWSCRAWL_DELIVER_SECONDS=0.1")
    done = site.crawl(*options)
    assert done.returncode == 0, done.stderr
    assert "Not delivered" in done.stderr and site.report()["counts"]["deliver/failed"] == 1
    receiver.refusals = []
    assert site.run("deliver", *options).returncode == 0
    assert receiver.lines() == site.lines() != []


def tail(site: Site, *args: str) -> list[dict[str, Any]]:
    done = site.run("tail", *args)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_tail(site: Site) -> None:
    made(site.output)
    expected = own_lines(site.output)
    assert tail(site) == expected and tail(site, "-n", "2") == expected[-2:] and tail(site, "-n", "0") == []
    cursor = ("--cursor", str(site.folder / "place.json"))
    assert tail(site, *cursor) == expected and tail(site, *cursor) == []
    crawl(site.output, [story(8)])
    assert [line["id"] for line in tail(site, *cursor)] == [story(8).id]
    wrong = site.run("tail", "nowhere")
    assert wrong.returncode == 2 and "no stories of 'nowhere'; there are " in wrong.stderr
    assert site.run("tail", "-n", "-1").returncode == 2


def test_tail_follows(site: Site) -> None:
    made(site.output)
    command = site.command("tail", "--follow", "-n", "0")
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=site.folder, text=True) as running:
        assert running.stdout is not None
        time.sleep(3)
        crawl(site.output, [story(8)])
        assert json.loads(running.stdout.readline())["id"] == story(8).id
        running.stdout.close()
        crawl(site.output, [story(9)])
        assert running.wait(timeout=30) == 0  # whoever read it has gone
