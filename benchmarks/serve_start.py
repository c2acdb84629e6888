"""How soon `scrapy serve` shows something: `python -m benchmarks.serve_start FOLDER`.

Starts the command twice on a copy of the folder's lines made of links, without an index and then with the one that the
first start has begun, and tells the seconds until the front page answers, and until it shows a story. With `--whole`
the folder's own, whole index is used, and only a later start is measured.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from newscrawl.tools.web.start import listening

PATIENCE_SECONDS = 120


def free_port() -> int:
    with listening("127.0.0.1", 0) as bound:
        return int(bound.getsockname()[1])


def page(port: int) -> str:
    """The front page; "" while nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as reply:
            return str(reply.read().decode())
    except (urllib.error.URLError, ConnectionError):
        return ""


def measured(output: Path) -> tuple[float, float]:
    """Seconds until the front page answers, and until it names a story."""
    port, start, answered = free_port(), time.perf_counter(), 0.0
    program = Path(sys.executable).with_name("scrapy")
    server = subprocess.Popen([str(program), "serve", str(output), "--port", str(port)], stdout=subprocess.DEVNULL)
    try:
        while time.perf_counter() - start < PATIENCE_SECONDS:
            shown = page(port)
            answered = answered or (time.perf_counter() - start if shown else 0.0)
            if "/story?id=" in shown:
                return answered, time.perf_counter() - start
            time.sleep(0.05)
        raise TimeoutError(f"{output}: no story after {PATIENCE_SECONDS} s")
    finally:
        server.terminate()
        server.wait()


def detail(name: str, output: Path) -> str:
    answered, shown = measured(output)
    return f"{name}: answers after {answered:.1f} s, shows stories after {shown:.1f} s"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--whole", action="store_true")
    options = parser.parse_args()
    if options.whole:
        print(detail("with a whole index", options.folder))
        return
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder)
        for file in (options.folder / "stories").rglob("*.jsonl"):
            target = output / file.relative_to(options.folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(file.resolve())
        (output / "state").mkdir()
        for name in ("first start", "second start"):
            print(detail(name, output))


if __name__ == "__main__":
    main()
