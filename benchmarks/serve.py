"""How long the pages of the browser view take over corpora of two sizes: `python -m benchmarks.serve SMALL LARGE`.

Each is an output folder. To compare like with like, LARGE is one that `python -m benchmarks.corpus` made and SMALL
every 101st line of it (`--thin` writes it), so that both span the same days. The index of each is made first (its
time and size are told), then each page is asked for over HTTP, in turns between the two, and the medians are compared.
"""

from __future__ import annotations

import argparse
import http.client
import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import quote

from newscrawl.tools.web.app import Keeper, application
from newscrawl.tools.web.index import Index
from newscrawl.tools.web.pages import OutputView
from newscrawl.tools.web.start import index_file, listening, server_of

ROUNDS = 15
STRIDE = 101  # between the lines of the small corpus: prime, since makers of corpora count in round numbers


@contextmanager
def served(view: OutputView) -> Iterator[int]:
    """The port of a server over an output folder."""
    bound = listening("127.0.0.1", 0)
    server = server_of(application(view, "127.0.0.1", keeper=Keeper(view.index)))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield bound.getsockname()[1]
    server.should_exit = True
    thread.join()


def indexed(output: Path, anew: bool) -> Index:
    """The index of a folder; says how long it took and how large it is."""
    file = index_file(output)
    for suffix in ("", "-wal", "-shm") if anew else ():
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    index = Index(output, file)
    start, start_cpu = time.perf_counter(), time.process_time()
    index.update()
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - start_cpu
    lines, size_bytes = index.reader().execute("SELECT sum(lines), sum(size_bytes) FROM segments").fetchone()
    print(
        f"{output}: {lines:,} lines, {size_bytes / 1e6:,.0f} MB; index up to date in {seconds:.1f} s ({cpu_seconds:.1f} s CPU), {file.stat().st_size / 1e6:,.0f} MB"
    )
    start = time.perf_counter()
    index.update()
    print(f"  a look that finds nothing new: {1000 * (time.perf_counter() - start):.1f} ms")
    return index


def pages_of(index: Index) -> dict[str, str]:
    """Pages to ask for; stories and words are taken from the middle of the corpus."""
    rows = index.reader().execute(
        "SELECT id, headline FROM stories ORDER BY number LIMIT 200 OFFSET (SELECT count(*) / 2 FROM stories)"
    )
    stories = rows.fetchall()
    copy = (
        index.reader().execute("SELECT id FROM stories WHERE relation = 'copy' ORDER BY number DESC LIMIT 1").fetchone()
    )
    day = index.reader().execute("SELECT max(day) FROM tally").fetchone()[0]
    word = quote(stories[0]["headline"].split()[0])
    beginning = next(word for row in stories for word in row["headline"].split() if len(word) >= 7)
    return {
        "front page, 7 days": "/?days=7",
        "front page, 30 days": "/?days=30",
        "newest stories": "/search",
        "a word": f"/search?text={word}",
        "a frequent word": "/search?text=northwire",
        "two words": f"/search?text={word}+northwire",
        "a phrase": f"/search?text=%22{quote(' '.join(stories[0]['headline'].split()[:2]))}%22",
        **{f"{letters} letters of a word": f"/search?text={beginning[:letters]}*" for letters in (3, 4, 5)},
        "a beginning of many words": "/search?text=sta*",
        "no such word": "/search?text=xyzzyx",
        "a site and an agency": "/search?site=east-portal&agency=southwire",
        "a day": f"/search?day={day}",
        "a story": f"/story?id={quote(stories[1]['id'])}",
        "a story with a copy": f"/story?id={quote(copy['id'] if copy else stories[2]['id'])}",
        "drift": "/drift",
    }


def asked(port: int, path: str) -> float:
    """Seconds of one request."""
    start = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    reply = connection.getresponse()
    reply.read()
    connection.close()
    assert reply.status == 200, (reply.status, path)
    return time.perf_counter() - start


def compare(small: Path, large: Path, forget: bool, anew: bool) -> None:
    indexes = [indexed(small, anew), indexed(large, anew)]
    print(
        f"  most memory of this process until now: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )
    pages = pages_of(indexes[0])  # its stories and words are in both
    print(f"{'milliseconds, median of ' + str(ROUNDS):32}{'small':>9}{'large':>9}{'ratio':>7}")
    views = [OutputView(output, index) for output, index in zip((small, large), indexes, strict=True)]
    with served(views[0]) as one, served(views[1]) as other:
        for name, path in pages.items():
            times: list[list[float]] = [[], []]
            for _ in range(ROUNDS):
                for place, port in enumerate((one, other)):
                    if forget:
                        views[place].forget()  # else the front page is the one that was kept
                    times[place].append(asked(port, path))
            a, b = (1000 * median(found) for found in times)
            print(f"{name:32}{a:9.1f}{b:9.1f}{b / a:7.1f}")
    print(f"  most memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def thin(large: Path, small: Path) -> None:
    """Write every 101st line of a corpus, file by file."""
    place = 0
    for source in sorted((large / "stories").rglob("*.jsonl")):
        lines = source.read_bytes().splitlines(keepends=True)
        target = small / source.relative_to(large)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"".join(lines[-place % STRIDE :: STRIDE]))
        place += len(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("small", type=Path)
    parser.add_argument("large", type=Path)
    parser.add_argument("--keep", action="store_true", help="let pages be kept between requests, as in use")
    parser.add_argument("--reuse", action="store_true", help="take the indexes as they are")
    parser.add_argument("--thin", action="store_true", help="make SMALL of LARGE first")
    options = parser.parse_args()
    if options.thin:
        thin(options.large, options.small)
    compare(options.small, options.large, not options.keep, not options.reuse)


if __name__ == "__main__":
    main()
