"""Record what a command is about to change in a site's output, so that a killed command can be finished.

`compact` and `redact` replace closed files. Each records its intent first. The next run of the site, or of the command,
reads the intent and finishes the work before it does anything else.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from newscrawl.storage.jsonl import sync_folder

FOLDER = "intents"  # below the folder of the state


def intent_path(folder: Path, name: str, site: str) -> Path:
    return folder / "state" / FOLDER / f"{name}-{site}.json"


def record_intent(folder: Path, name: str, site: str, intent: dict[str, Any]) -> None:
    """Record what is about to be done; durable when this returns."""
    path = intent_path(folder, name, site)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, orjson.dumps(intent))


def read_intent(folder: Path, name: str, site: str, types: Mapping[str, type]) -> dict[str, Any] | None:
    """The intent that was recorded and not finished; None where none was, or its values have other types."""
    try:
        found = orjson.loads(intent_path(folder, name, site).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    is_ours = isinstance(found, dict) and all(isinstance(found.get(key), of) for key, of in types.items())
    return found if is_ours else None


def unfinished_sites(folder: Path, name: str) -> list[str]:
    """The sites in which something was begun and not finished."""
    files = (folder / "state" / FOLDER).glob(f"{name}-*.json")
    return sorted(path.stem.removeprefix(f"{name}-") for path in files)


def clear_intent(folder: Path, name: str, site: str) -> None:
    """Remove the intent: its work is done."""
    path = intent_path(folder, name, site)
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def replace_file(path: Path, content: bytes) -> None:
    """Replace a file's content atomically."""
    new = path.with_name(path.name + ".new")
    write_durably(new, [content])
    os.replace(new, path)
    sync_folder(path.parent)


def write_durably(path: Path, chunks: list[bytes]) -> None:
    with path.open("wb") as file:
        file.writelines(chunks)
        file.flush()
        os.fsync(file.fileno())
