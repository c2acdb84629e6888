"""Cache robots.txt answers for a day, across runs and processes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import orjson

from newscrawl.politeness.robots import MAX_BYTES, RobotsCopy
from newscrawl.storage.hosts import FOLDER, file_name

TYPES = {"site": str, "url": str, "status": int, "fetched_at": float, "body": str}


class RobotsCache:
    """One JSON file a site (scheme, host and port) in `state/hosts/`."""

    def __init__(self, state_folder: Path) -> None:
        self.folder = state_folder / FOLDER

    def path(self, site: str) -> Path:
        return self.folder / f"{file_name(site)}.robots.json"

    def read(self, site: str) -> RobotsCopy | None:
        """The cached robots.txt of a site; None if it is missing or unreadable."""
        try:
            with self.path(site).open("rb") as file:
                found = orjson.loads(file.read(8 * MAX_BYTES))
        except (FileNotFoundError, orjson.JSONDecodeError):
            return None
        return copy_of(found) if isinstance(found, dict) and found.get("site") == site else None

    def keep(self, copy: RobotsCopy) -> None:
        """Store a copy, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        fields = {name: getattr(copy, name) for name in RobotsCopy.__slots__}
        fields["body"] = copy.body.decode("latin-1")
        part = self.path(copy.site).with_suffix(f".{os.getpid()}.part")
        part.write_bytes(orjson.dumps(fields))
        part.replace(self.path(copy.site))


def copy_of(found: dict[str, Any]) -> RobotsCopy | None:
    """The copy of a stored file; None for a file of another form."""
    if any(not isinstance(found.get(name), kind) for name, kind in TYPES.items()):
        return None
    try:
        body = found["body"].encode("latin-1")
    except UnicodeEncodeError:
        return None
    etag, last_modified = (
        value if isinstance(value, str) else None for value in (found.get("etag"), found.get("last_modified"))
    )
    return RobotsCopy(found["site"], found["url"], found["status"], found["fetched_at"], etag, last_modified, body)
