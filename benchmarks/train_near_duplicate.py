"""Fit the weights of newscrawl/dedup/near_duplicate.py to corpora with gold clusters.

    python -m benchmarks.train_near_duplicate --train A.jsonl.gz [B.jsonl.gz ...] --judge C.jsonl.gz

A corpus is what the deduplication benchmark reads: a line a document in order of arrival, with url, title, text,
published and the gold cluster. Pairs are those that the index would compare. The fit is a logistic regression
(Newton's method, ridge of 1 on standardised features); what it prints is pasted into WEIGHTS.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newscrawl.dedup.near_duplicate import FEATURES, MAX_CANDIDATES, features, measure
from newscrawl.dedup.shingle import Sketch, shingles_of

WINDOW_SECONDS = 72 * 3600
MAX_POSTINGS = 12
Floats = NDArray[np.float64]


def documents(path: Path) -> Iterator[dict[str, Any]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def pairs(path: Path) -> Iterator[tuple[int, int, tuple[float, ...], bool]]:
    """(number of the new document, of the known one, features, whether they are the same story)."""
    postings: dict[int, list[int]] = collections.defaultdict(list)
    seen: list[tuple[Sketch, float, str]] = []
    texts: set[str] = set()
    for number, document in enumerate(documents(path)):
        shingles = shingles_of(document["title"], document["text"])
        at = datetime.fromisoformat(document["published"]).timestamp()
        hits: collections.Counter[int] = collections.Counter()
        keys = shingles.keys
        for key in keys:
            known = [other for other in postings[key] if at - seen[other][1] <= WINDOW_SECONDS]
            if len(known) <= MAX_POSTINGS:
                hits.update(known)
                postings[key].append(number)
        if document["text"] not in texts:
            for other in sorted(hits, key=lambda other: (-hits[other], -other))[:MAX_CANDIDATES]:
                sketch, _, cluster = seen[other]
                yield number, other, features(measure(shingles, sketch)), cluster == document["cluster"]
        texts.add(document["text"])
        seen.append((Sketch.unpacked(shingles.packed()), at, document["cluster"]))


def table(paths: list[Path], negatives: float) -> tuple[Floats, Floats, Floats]:
    """(features, 1.0 for the same story, weights of the pairs)."""
    rows = [pair for path in paths for pair in pairs(path)]
    same = np.array([pair[3] for pair in rows], np.float64)
    x = np.array([pair[2] for pair in rows])
    is_brief = x[:, FEATURES.index("brief")] > 0
    return x, same, np.where(same > 0, 1.0, np.where(is_brief, 2 * negatives, negatives))


def fit(x: Floats, y: Floats, weights: Floats) -> tuple[Floats, float]:
    """(weights of the features, the constant): logistic regression by Newton's method."""
    centre, scale = x.mean(0), x.std(0) + 1e-9
    z = np.hstack([(x - centre) / scale, np.ones((len(x), 1))])
    ridge = np.diag([1.0] * x.shape[1] + [0.0])
    beta = np.zeros(z.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(z @ beta, -40, 40)))
        gradient = z.T @ (weights * (y - p)) - ridge @ beta
        hessian = (z * (weights * p * (1 - p))[:, None]).T @ z + ridge + 1e-9 * np.eye(len(beta))
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if np.abs(step).max() < 1e-6:
            break
    raw = beta[:-1] / scale
    return raw, float(beta[-1] - raw @ centre)


def judge(path: Path, weights: Floats, constant: float) -> None:
    """Print how the best candidate of each document does, by threshold."""
    best: dict[int, tuple[float, bool, bool]] = {}
    chances: dict[int, bool] = {}
    for number, _, values, same in pairs(path):
        score = float(np.dot(values, weights) + constant)
        best[number] = max(best.get(number, (-99.0, False, False)), (score, same, values[FEATURES.index("brief")] > 0))
        chances[number] = chances.get(number, False) or same
    for threshold in (0.0, 1.0, 1.5, 2.0, 2.5, 3.0):
        taken = [same for score, same, _ in best.values() if score >= threshold]
        found = sum(same for score, same, _ in best.values() if score >= threshold)
        briefs = [same for score, same, brief in best.values() if brief and score >= threshold]
        print(f"{path.name} threshold {threshold}: {len(taken) - found} wrong of {len(taken)} merges, "
              f"{sum(chances.values()) - found} of {sum(chances.values())} copies missed; "
              f"of briefs {len(briefs) - sum(briefs)} wrong of {len(briefs)}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", nargs="+", type=Path, required=True)
    parser.add_argument("--judge", nargs="*", type=Path, default=[])
    parser.add_argument(
        "--negatives", type=float, default=3.0, help="weight of a pair of different stories; twice that for briefs"
    )
    args = parser.parse_args()
    x, y, counts = table(args.train, args.negatives)
    weights, constant = fit(x, y, counts)
    print(f"# {len(y)} pairs, {int(y.sum())} the same")
    print(f"CONSTANT = {constant:.4f}\nWEIGHTS = {{")
    for name, weight in zip(FEATURES, weights, strict=True):
        print(f'    "{name}": {weight:.4f},')
    print("}")
    for path in args.judge:
        judge(path, weights, constant)


if __name__ == "__main__":
    main()
