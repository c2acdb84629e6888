"""Pushing to a server that speaks S3 (moto's, over HTTP): whole, in order, at least once, whatever breaks on the way."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from newscrawl.storage.positions import Unread
from newscrawl.tools.deliver.errors import TargetError
from newscrawl.tools.deliver.push import Delivered, deliver
from newscrawl.tools.deliver.targets import target_of
from tests.conftest import Site, story_page
from tests.storage.test_keep import SITE, crawl, made, story

pytest.importorskip("s3fs", reason="the extra `deliver` is not installed: pip install 'newscrawl[deliver]'")
pytest.importorskip("moto", reason="moto is not installed: pip install -e '.[dev]'")

KEY_ID, SECRET = "QUAYSIDE-KEY-ID", "quayside-secret-word"
TARGET = "s3://lines/wire"


class Store:
    """moto's server on a port that it keeps when it is stopped and started; what it holds stays, as a disk would."""

    def __init__(self) -> None:
        self.port = 0
        self.clients: dict[str, Any] = {}
        self.put: list[str] = []  # keys in the order in which their uploads were complete
        self.parts_taken = 0
        self.parts_allowed: float = float("inf")
        self.start()

    def start(self) -> None:
        from moto.server import DomainDispatcherApplication, create_backend_app
        from werkzeug.serving import make_server

        app = DomainDispatcherApplication(create_backend_app)
        self.server: Any = make_server("127.0.0.1", self.port, self.watched(app), threaded=True)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def watched(self, app: Any) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
        """The server, noting what it takes; parts beyond `parts_allowed` are not answered for a while."""

        def call(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            part = "partNumber" in environ["QUERY_STRING"]
            if part and self.parts_taken >= self.parts_allowed:
                time.sleep(1)
            self.parts_taken += part
            found: Iterable[bytes] = app(environ, start_response)
            if environ["REQUEST_METHOD"] in ("PUT", "POST") and not part and "uploads" not in environ["QUERY_STRING"]:
                self.put.append(environ["PATH_INFO"])
            return found

        return call

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def demand_credentials(self, demand: bool) -> None:
        body = b"0" if demand else b"inf"
        request = urllib.request.Request(f"{self.url}/moto-api/reset-auth", body, {"Content-Type": "text/plain"})
        urllib.request.urlopen(request).close()

    def client(self, service: str = "s3") -> Any:
        import boto3

        if service not in self.clients:  # one costs a third of a second
            self.clients[service] = boto3.client(service, endpoint_url=self.url, region_name="us-east-1", **CLIENT)
        return self.clients[service]

    def objects(self) -> dict[str, bytes]:
        client = self.client()
        keys = [entry["Key"] for entry in client.list_objects_v2(Bucket="lines").get("Contents", [])]
        return {key: client.get_object(Bucket="lines", Key=key)["Body"].read() for key in keys}


CLIENT = {"aws_access_key_id": KEY_ID, "aws_secret_access_key": SECRET}


@pytest.fixture(scope="module")
def s3_server() -> Iterator[Store]:
    store = Store()
    yield store
    store.stop()


@pytest.fixture
def store(s3_server: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Store]:
    """An empty bucket `lines`, and an environment that leads there."""
    from s3fs import S3FileSystem

    for name in [name for name in os.environ if name.startswith(("AWS_", "FSSPEC_"))]:
        monkeypatch.delenv(name)
    for name, value in {
        "AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": s3_server.url, "AWS_EC2_METADATA_DISABLED": "true", "HOME": str(tmp_path),
        "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    S3FileSystem.clear_instance_cache()
    urllib.request.urlopen(f"{s3_server.url}/moto-api/reset", b"").close()
    s3_server.client().create_bucket(Bucket="lines")
    s3_server.put, s3_server.parts_taken, s3_server.parts_allowed = [], 0, float("inf")
    yield s3_server
    S3FileSystem.clear_instance_cache()


def push(folder: Path, seconds: float = 60, target: str = TARGET) -> Delivered:
    return deliver(folder, target_of(target), time.monotonic() + seconds)


def files(folder: Path) -> dict[str, bytes]:
    top = folder / "stories"
    return {f"wire/{path.relative_to(top).as_posix()}": path.read_bytes() for path in sorted(top.rglob("*.jsonl"))}


def big_file(folder: Path, size_bytes: int) -> Path:
    """A closed file of that size and a little more, behind those of `made`."""
    path = folder / "stories" / SITE / "2099/01/01/20990101T000000Z-abcdef-0001.jsonl"
    path.parent.mkdir(parents=True)
    line = json.dumps({"text": "The quay will be widened. " * 4000}).encode() + b"\n"
    path.write_bytes(line * (size_bytes // len(line) + 1))
    return path


def test_a_store_gets_the_files_whole_and_in_order(tmp_path: Path, store: Store) -> None:
    done = push(made(tmp_path))
    assert (done.files, done.error) == (5, None)
    assert store.objects() == files(tmp_path)
    assert store.put == [f"/lines/{key}" for key in files(tmp_path)]
    crawl(tmp_path, [story(9)])
    assert push(tmp_path).files == 1 and store.objects() == files(tmp_path)
    assert push(tmp_path).files == 0


@pytest.mark.parametrize("target", ["s3://lines", "s3://lines/", "s3a://lines/a/b/", "s3://lines/port \u00e4+%20#1?x"])
def test_the_prefix_may_be_anything(tmp_path: Path, store: Store, target: str) -> None:
    assert push(made(tmp_path), target=target).files == 5
    found = {key.partition(SITE)[2]: content for key, content in store.objects().items()}
    assert found == {key.partition(SITE)[2]: content for key, content in files(tmp_path).items()}
    prefix = target.partition("lines")[2].strip("/")
    assert {key.partition(SITE)[0].strip("/") for key in store.objects()} == {prefix}


def test_a_crawl_delivers_at_its_end(site: Site, store: Store) -> None:
    site.server.pages = {"/news": "<h3><a href=/a-1>One</a></h3>", "/a-1": story_page("Calder")}
    site.write('[[source]]\nkind = "section"\nurl = "{base}/news"\nlinks = "h3 > a"\n')
    done = site.crawl("-s", f"NEWSCRAWL_DELIVER={TARGET}", "-s", "LOG_LEVEL=DEBUG")
    assert done.returncode == 0 and site.report()["counts"]["deliver/files"] == 1, done.stderr
    assert store.objects() == files(site.output) != {}
    assert SECRET not in done.stderr


@pytest.mark.parametrize("megabytes", [7, 17, 60])
def test_a_big_file_is_right_by_its_check_sum(tmp_path: Path, store: Store, megabytes: int) -> None:
    path = big_file(tmp_path, megabytes * 1_000_000)
    assert push(tmp_path).error is None
    (content,) = store.objects().values()
    assert hashlib.sha256(content).digest() == hashlib.sha256(path.read_bytes()).digest()
    assert store.parts_taken == {7: 0, 17: 3, 60: 8}[megabytes]


def test_a_store_that_is_down_loses_nothing(tmp_path: Path, store: Store) -> None:
    assert push(made(tmp_path)).files == 5
    crawl(tmp_path, [story(8)])
    store.stop()
    try:
        crawl(tmp_path, [story(9)])
        done = push(tmp_path, 0.2)
        assert done.files == 0 and done.error and "Could not connect" in done.error
    finally:
        store.start()
    assert push(tmp_path).files == 2 and store.objects() == files(tmp_path)


def test_a_store_that_comes_back_gets_the_rest_in_the_same_run(tmp_path: Path, store: Store) -> None:
    store.stop()
    waits: list[float] = []

    def come_back(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            store.start()

    done = deliver(made(tmp_path), target_of(TARGET), time.monotonic() + 60, sleep=come_back)
    assert (done.files, done.error, len(waits)) == (5, None, 2) and store.objects() == files(tmp_path)


def command(folder: Path, *options: str) -> list[str]:
    settings = ("-s", f"NEWSCRAWL_OUTPUT_DIR={folder}", *options)
    return [sys.executable, "-m", "newscrawl.__main__", "deliver", *settings, TARGET]


def test_a_kill_in_the_middle_of_an_upload_shows_no_half_and_the_next_run_brings_all(
    tmp_path: Path, store: Store
) -> None:
    big = big_file(made(tmp_path), 33_000_000)
    store.parts_allowed = 3
    with subprocess.Popen(command(tmp_path), cwd=tmp_path, stderr=subprocess.DEVNULL) as running:
        deadline = time.monotonic() + 60
        while store.parts_taken < 3 and time.monotonic() < deadline:
            time.sleep(0.01)
        running.kill()
    assert running.returncode == -9 and store.parts_taken >= 3
    expected = files(tmp_path)
    (half,) = [key for key in expected if key.endswith(big.name)]
    assert store.objects() == {key: content for key, content in expected.items() if key != half}
    store.parts_allowed = float("inf")
    assert subprocess.run(command(tmp_path), cwd=tmp_path, check=False).returncode == 0
    assert store.objects() == expected
    assert store.put == [f"/lines/{key}" for key in expected]  # those before the kill did not come twice


def test_a_file_that_vanishes_while_it_is_read_leaves_nothing(tmp_path: Path, store: Store) -> None:
    missing = Unread(SITE, "2099/01/01/x-0001.jsonl", tmp_path / "gone.jsonl", 0, 10)
    with pytest.raises(OSError, match="No such file"):
        list(target_of(TARGET).push(missing))
    assert store.objects() == {}


def wrong_key(patch: pytest.MonkeyPatch) -> None:
    patch.setenv("AWS_ACCESS_KEY_ID", "UNKNOWN-KEY-ID")


def no_key(patch: pytest.MonkeyPatch) -> None:
    patch.delenv("AWS_ACCESS_KEY_ID")
    patch.delenv("AWS_SECRET_ACCESS_KEY")


def half_a_key(patch: pytest.MonkeyPatch) -> None:
    patch.delenv("AWS_SECRET_ACCESS_KEY")


def no_profile(patch: pytest.MonkeyPatch) -> None:
    patch.setenv("AWS_PROFILE", "nobody")


def nothing(patch: pytest.MonkeyPatch) -> None:
    pass


WRONG = {
    "a wrong key": (wrong_key, TARGET, "wrong credentials: set AWS_ACCESS_KEY_ID"),
    "no key": (no_key, TARGET, "no credentials: set AWS_ACCESS_KEY_ID"),
    "half a key": (half_a_key, TARGET, "half the credentials: set AWS_ACCESS_KEY_ID"),
    "no such profile": (no_profile, TARGET, "AWS_PROFILE names no profile"),
    "no such bucket": (nothing, "s3://elsewhere/wire", "no such bucket: correct the bucket in NEWSCRAWL_DELIVER"),
    "no name for a bucket": (nothing, "s3://a b/wire", "no name for a bucket: correct the bucket in NEWSCRAWL_DELIVER"),
}


@pytest.mark.parametrize(("change", "target", "remedy"), WRONG.values(), ids=WRONG)
def test_what_is_set_wrongly_is_named_with_its_remedy_and_no_secret(
    tmp_path: Path,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    change: Callable[[pytest.MonkeyPatch], None],
    target: str,
    remedy: str,
) -> None:
    made(tmp_path)
    monkeypatch.setenv("AWS_SESSION_TOKEN", "quayside-session-token")
    change(monkeypatch)
    with caplog.at_level(logging.DEBUG):
        store.demand_credentials(change is wrong_key)
        try:
            done = push(tmp_path, target=target)
        finally:
            store.demand_credentials(False)
    assert done.files == 0 and done.error and remedy in done.error and target in done.error
    ours = " ".join(record.getMessage() for record in caplog.records if not record.name.startswith("moto"))
    assert done.error in ours and SECRET not in ours and "quayside-session-token" not in ours


def test_the_right_credentials_are_let_in(tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the refusal of a wrong key would prove nothing."""
    iam = store.client("iam")
    iam.create_user(UserName="desk")
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}]}
    iam.put_user_policy(UserName="desk", PolicyName="put", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName="desk")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    store.demand_credentials(True)
    try:
        assert push(made(tmp_path)).files == 5
        iam_denied = json.dumps(policy).replace("Allow", "Deny")
        store.demand_credentials(False)
        iam.put_user_policy(UserName="desk", PolicyName="put", PolicyDocument=iam_denied)
        store.demand_credentials(True)
        crawl(tmp_path, [story(9)])
        denied = push(tmp_path)
    finally:
        store.demand_credentials(False)
    assert denied.error and "these credentials may not write there" in denied.error


def test_without_the_package_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(TargetError, match=r"pip install 'newscrawl\[deliver\]'"):
        push(made(tmp_path))
