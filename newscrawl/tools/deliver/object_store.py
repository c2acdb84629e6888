"""Whatever fsspec writes to, as a target: S3 and what speaks like it, other object stores, file servers."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from newscrawl.storage.positions import Unread
from newscrawl.tools.deliver.errors import NotDelivered, TargetError, TargetRefused, reason

TIMEOUT_SECONDS = 30.0
MISSING_EXTRA = "object stores need the extra `deliver`: pip install 'newscrawl[deliver]' (and s3fs for s3://)"
S3 = frozenset({"s3", "s3a"})
# An object of these is there when its upload is complete, never before. All others get a file under another name first.
OBJECT_STORES = S3 | {"gs", "gcs", "az", "abfs", "abfss", "adl", "oci", "oss", "hf", "memory"}
# What is in memory at once is a part times the parts that go up at once; s3fs' own figures are 50 MB and 10.
PART_BYTES, PARTS_AT_ONCE = 8_000_000, 2
# One attempt in s3fs' own client: with its five, nested in those of s3fs, a dead port costs 14 seconds. We ask again.
CLIENT_OPTIONS = {
    "connect_timeout": TIMEOUT_SECONDS, "read_timeout": TIMEOUT_SECONDS, "retries": {"total_max_attempts": 1},
    "proxies": {},  # as a crawl: proxies of the environment are not used
}  # fmt: skip
CREDENTIALS = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile in ~/.aws that AWS_PROFILE names"
BUCKET = "correct the bucket in NEWSCRAWL_DELIVER, or make it"
REGION = "set AWS_DEFAULT_REGION, or AWS_ENDPOINT_URL for a store of another maker"
# What no repetition heals, by the code of the answer or the name of the client's error: what to do.
REMEDIES = {
    "NoCredentialsError": f"no credentials: {CREDENTIALS}",
    "PartialCredentialsError": f"half the credentials: {CREDENTIALS}",
    "ProfileNotFound": f"AWS_PROFILE names no profile: {CREDENTIALS}",
    "InvalidAccessKeyId": f"wrong credentials: {CREDENTIALS}",
    "SignatureDoesNotMatch": f"wrong credentials: {CREDENTIALS}",
    "ExpiredToken": f"credentials that are over: {CREDENTIALS}",
    "InvalidToken": f"wrong credentials: {CREDENTIALS}",
    "RequestTimeTooSkewed": "the clock of this machine is wrong: set it",
    "AccessDenied": "these credentials may not write there: allow s3:PutObject and s3:AbortMultipartUpload",
    "NoSuchBucket": f"no such bucket: {BUCKET}",
    "InvalidBucketName": f"no name for a bucket: {BUCKET}",
    "ParamValidationError": f"no name for a bucket: {BUCKET}",
    "PermanentRedirect": f"the bucket is in another region: {REGION}",
    "AuthorizationHeaderMalformed": f"the bucket is in another region: {REGION}",
    "PermissionError": "these credentials may not write there",
}


@dataclass(slots=True)
class ObjectStore:
    """A place below an fsspec address; a file is an object under the name it has below stories/."""

    address: str
    name: str
    identity: str

    def push(self, stretch: Unread) -> Iterator[int]:
        """As of `Target`; Refused where credentials or the bucket are wrong, TargetError where a package is missing."""
        hide_tokens()
        try:
            store, top = store_of(self.address)
            path = f"{top.rstrip('/')}/{stretch.site}/{stretch.delivered_path}"
            with file_of(stretch) as file:
                upload(store, file, path, urlsplit(self.address).scheme)
        except ImportError as error:
            raise TargetError(f"NEWSCRAWL_DELIVER: {self.name}: {MISSING_EXTRA} ({error})") from None
        except Exception as error:  # noqa: BLE001 - each store raises errors of its own
            remedy = REMEDIES.get(code_of(error))
            text = f"{self.name}: {reason(error, self.address)}"
            if remedy:
                raise TargetRefused(f"{text} ({remedy})") from None
            raise NotDelivered(text) from None  # its traceback could hold the address
        yield stretch.end


def store_of(address: str) -> tuple[Any, str]:
    """The fsspec filesystem of an address, and the path in it."""
    import fsspec

    options: dict[str, Any] = {}
    if urlsplit(address).scheme in S3:
        stated = fsspec.config.conf.get("s3", {}).get("config_kwargs", {})
        options = {"config_kwargs": CLIENT_OPTIONS | stated, "max_concurrency": PARTS_AT_ONCE}
    store, path = fsspec.core.url_to_fs(address, **options)
    return store, str(path)


@contextmanager
def file_of(stretch: Unread) -> Iterator[Path]:
    """A file that holds the stretch and nothing else."""
    if not stretch.start:
        yield stretch.file
        return
    with TemporaryDirectory() as folder, stretch.file.open("rb") as source:
        rest = Path(folder) / "rest.jsonl"
        source.seek(stretch.start)
        with rest.open("wb") as file:
            shutil.copyfileobj(source, file)
        yield rest


def upload(store: Any, file: Path, path: str, scheme: str) -> None:
    """One file of stories to a path, which never shows half of it.

    `put_file` and not a file that is written to: closing such a file, as an error on the way does, commits what it has.
    """
    if scheme in OBJECT_STORES:
        store.put_file(str(file), path, **({"chunksize": PART_BYTES} if scheme in S3 else {}))
        return
    store.makedirs(path.rpartition("/")[0], exist_ok=True)
    store.put_file(str(file), f"{path}.part")
    store.mv(f"{path}.part", path)


def code_of(error: BaseException) -> str:
    """S3's own code of an error, which s3fs hides in the cause; else the name of its class."""
    for raised in (error, error.__cause__):
        response = getattr(raised, "response", None)
        if isinstance(response, dict) and isinstance(response.get("Error"), dict):
            return str(response["Error"].get("Code"))
    return type(error).__name__


def hide_tokens() -> None:
    """Keep the session tokens of temporary credentials out of a log at level DEBUG: botocore prints whole requests."""
    for name in ("botocore", "aiobotocore"):
        logging.getLogger(name).setLevel(logging.INFO)
