"""Train the block model of the generic reader: pages with gold texts -> newscrawl/extraction/block_model.json.

    python -m benchmarks.train_main_text --data FOLDER [--folds 5 [--seed 0]]

FOLDER holds the page sets as folders, each with truth.jsonl (a line a page: id, file, url, body) and pages/ (gzipped
HTML as served): aeb and fundus, which `benchmarks.fetch_pages` lays out, and extra, older pages (docs/choices.md names
them). block_labels.json beside this file holds what was labelled by hand, as digests of the blocks' texts: of the
trafilatura set, which has wanted and unwanted snippets (`with`, `without`) in place of a body, all blocks that are the
story (the snippets overrule it); of the extra set, whose gold texts follow several conventions, the blocks that ours
has in the story and theirs has not, and the other way round. Pages of extra that nobody looked through are left out.
Needs `pip install catboost` (1.2); nothing at run time does.

With --folds the model is judged by cross-validation grouped by site, by the measures of `benchmarks.compare`, and
nothing is written.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.metrics import Overlap, pooled_quality, snippets_in, text_overlap, text_quality
from newscrawl.extraction.block_model import FILE, BlockModel
from newscrawl.extraction.blocks import Blocks
from newscrawl.extraction.document import main_heading, read_blocks
from newscrawl.extraction.features import Features, block_features
from newscrawl.extraction.main_text import choose_blocks
from newscrawl.extraction.parse import parse_page
from newscrawl.extraction.stated import Stated, stated_by
from newscrawl.extraction.structured_data import read_structured_data
from newscrawl.security.url import registrable_domain

SETS = ("aeb", "fundus", "trafilatura", "extra")
LABELS = Path(__file__).with_name("block_labels.json")
# The extra set is old (2007-2016) and large: it has less weight than the others together.
SET_WEIGHT = {"aeb": 3.0, "fundus": 3.0, "trafilatura": 1.0, "extra": 0.8}
SNIPPET_WEIGHT = 0.06  # of a page, at the least, for a block that a snippet speaks of
MAX_BLOCK_WEIGHT = 0.3  # of a page: a long block must not be all that counts
MIN_ORACLE = 0.8  # pages whose gold text the blocks cannot give are left out
TREES, DEPTH, LEARNING_RATE, THRESHOLD = 100, 6, 0.18, 0.4
LEAF_UNIT = 0.0001
NEVER = 1e30
WORD = re.compile(r"\w+")
HAN_KANA = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\W\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+"
)
Shingles = Counter[tuple[str, ...]]


@dataclass(slots=True)
class Page:
    """A page's blocks with features and labels (1 story, 0 not, -1 unknown)."""

    set: str
    group: str
    blocks: Blocks
    texts: list[str]
    words: npt.NDArray[Any]
    features: Features
    labels: npt.NDArray[Any]
    truth: dict[str, Any]
    stated: Stated
    gold_words: int
    is_sure: npt.NDArray[Any]  # blocks that a snippet speaks of
    oracle: float = 1.0

    @property
    def gold(self) -> str:
        return str(self.truth.get("body", ""))


def shingles(text: str) -> Shingles:
    words = HAN_KANA.findall(text)
    return Counter(tuple(words[n : n + 4]) for n in range(max(1, len(words) - 3))) if words else Counter()


def f1(gold: Shingles, found: Shingles) -> float:
    both = (gold & found).total()
    return 2 * both / (gold.total() + found.total()) if gold or found else 1.0


def read_pages(data: Path) -> Iterator[Page]:
    by_hand: dict[str, dict[str, Any]] = json.loads(LABELS.read_text("utf-8"))
    for name in SETS:
        for line in (data / name / "truth.jsonl").read_text("utf-8").split("\n"):  # texts may hold U+2028
            if not line:
                continue
            truth = json.loads(line)
            page = read_page(
                name, truth, gzip.decompress((data / name / "pages" / truth["file"]).read_bytes()), by_hand
            )
            if page is not None:
                yield page


def read_page(name: str, truth: dict[str, Any], html: bytes, by_hand: dict[str, dict[str, Any]]) -> Page | None:
    parsed, _ = parse_page(html, None, None)
    blocks, _ = read_blocks(parsed)
    data = read_structured_data(blocks.stated, truth["url"] or "")
    if not blocks.blocks:
        return None
    headline = main_heading(blocks, data)
    stated = stated_by(data, headline)
    features = block_features(blocks, stated)
    texts = [block.text for block in blocks.blocks]
    words = np.array([block.words for block in blocks.blocks], float)
    page = Page(
        name, group_of(name, truth), blocks, texts, words, features, np.zeros(len(texts)), truth, stated,
        len(HAN_KANA.findall(truth.get("body", ""))), np.zeros(len(texts), bool),
    )  # fmt: skip
    key = truth["file"].partition(".")[0]
    if name == "trafilatura":
        label_by_hand(page, by_hand["story"].get(key))
    else:
        label(page)
    if name == "extra":
        correct(page, by_hand["changes"].get(key))
    return page


def digest(text: str) -> str:
    """Eight hex digits that tell a block's text within its page."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def label_by_hand(page: Page, story: list[str] | None) -> None:
    """Labels of a page without a gold text: its snippets, and elsewhere the digests of the blocks that are its story."""
    snippets = snippet_labels(page.texts, page.truth["with"], page.truth["without"])
    page.is_sure = snippets >= 0
    page.labels = snippets
    if story is not None:
        known = set(story)
        others = np.array([float(digest(text) in known) for text in page.texts])
        page.labels = np.where(page.is_sure, snippets, others)
        page.gold_words = int((page.words * (page.labels > 0)).sum())


def group_of(name: str, truth: dict[str, Any]) -> str:
    """The site, whichever set its page is of, so that no site is both learned from and judged."""
    url = truth["url"] or ""
    return registrable_domain(url) if url.startswith("http") else f"{name}:{truth['id']}"


def correct(page: Page, changes: list[list[str]] | None) -> None:
    """Labels of a gold text's page with what was changed by hand; a page that nobody looked through has none."""
    if changes is None:
        page.labels[:] = -1
        return
    story, others = map(set, changes)
    for n, known in enumerate(map(digest, page.texts)):
        if known in story or known in others:
            page.labels[n] = known in story


def snippet_labels(texts: list[str], wanted: list[str], unwanted: list[str]) -> npt.NDArray[Any]:
    labels = np.full(len(texts), -1.0)
    squeezed = [" ".join(text.split()) for text in texts]
    for value, snippets in ((0.0, unwanted), (1.0, wanted)):
        for snippet in (" ".join(snippet.split()) for snippet in snippets):
            for n, text in enumerate(squeezed):
                if snippet in text or (len(text) > 20 and text in snippet):
                    labels[n] = value
    return labels


def label(page: Page) -> None:
    """Blocks most of whose shingles stand in the gold text; then flip labels while the page's F1 rises."""
    gold = shingles(page.gold)
    plain = " " + " ".join(HAN_KANA.findall(page.gold)) + " "
    for n, text in enumerate(page.texts):
        words = HAN_KANA.findall(text)
        if len(words) >= 4:
            own = shingles(text)
            page.labels[n] = 2 * (own & gold).total() >= own.total()
        elif words:
            page.labels[n] = f" {' '.join(words)} " in plain
    page.oracle = f1(gold, kept_shingles(page))
    known = set(WORD.findall(page.gold))
    for n in sorted(range(len(page.texts)), key=lambda n: -len(page.texts[n]))[:400]:
        if page.oracle > 0.9999 or (not page.labels[n] and not known.intersection(WORD.findall(page.texts[n]))):
            continue
        page.labels[n] = 1 - page.labels[n]
        changed = f1(gold, kept_shingles(page))
        if changed > page.oracle + 1e-9:
            page.oracle = changed
        else:
            page.labels[n] = 1 - page.labels[n]


def kept_shingles(page: Page) -> Shingles:
    return shingles("\n".join(text for text, kept in zip(page.texts, page.labels, strict=True) if kept > 0))


def rows(pages: list[Page]) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    """(features, labels, weights) of all blocks with a label; every page counts alike."""
    features, labels, weights = [], [], []
    for page in pages:
        judged = page.features.blocks
        known = page.labels[judged] >= 0
        if page.oracle < MIN_ORACLE or not known.any():
            continue
        share = np.minimum((page.words[judged][known] + 3) / max(30, page.gold_words), MAX_BLOCK_WEIGHT)
        share[page.is_sure[judged][known]] = np.maximum(share[page.is_sure[judged][known]], SNIPPET_WEIGHT)
        features.append(page.features.rows.T[known])
        labels.append(page.labels[judged][known])
        weights.append(share * SET_WEIGHT[page.set])
    return np.concatenate(features), np.concatenate(labels), np.concatenate(weights)


def train(pages: list[Page]) -> dict[str, Any]:
    """The model as plain data."""
    from catboost import CatBoostClassifier

    features, labels, weights = rows(pages)
    booster = CatBoostClassifier(
        iterations=TREES, depth=DEPTH, learning_rate=LEARNING_RATE, l2_leaf_reg=3, border_count=64, random_strength=1,
        bootstrap_type="Bernoulli", subsample=0.8, random_seed=0, thread_count=2, verbose=False, allow_writing_files=False,
    )  # fmt: skip
    booster.fit(features, labels, sample_weight=weights / weights.mean())
    saved = Path("block_model.catboost.json")
    booster.save_model(str(saved), format="json")
    model = json.loads(saved.read_text("utf-8"))
    saved.unlink()
    trees = [padded(tree) for tree in model["oblivious_trees"]]
    return {
        "columns": pages[0].features.names,
        "threshold": THRESHOLD,
        "bias": model["scale_and_bias"][1][0],
        "splits": {
            "column": [[split["float_feature_index"] for split in tree["splits"]] for tree in trees],
            "bound": [[round(split["border"], 5) for split in tree["splits"]] for tree in trees],
        },
        "leaf_unit": LEAF_UNIT,
        "leaves": [[round(value / LEAF_UNIT) for value in tree["leaf_values"]] for tree in trees],
    }


def padded(tree: dict[str, Any]) -> dict[str, Any]:
    """A tree of full depth: one that stopped early asks questions that nothing passes."""
    splits = tree["splits"] + [{"float_feature_index": 0, "border": NEVER}] * (DEPTH - len(tree["splits"]))
    leaves = tree["leaf_values"] + [0.0] * (2**DEPTH - len(tree["leaf_values"]))
    return {"splits": splits, "leaf_values": leaves}


def judge(pages: list[Page], folds: int, seed: int) -> None:
    """Print the quality of each set over pages of sites that the model has not seen."""
    sites = sorted({page.group for page in pages})
    order = np.random.RandomState(seed).permutation(len(sites))
    fold = {site: int(n) % folds for site, n in zip(sites, order, strict=True)}
    scores: dict[str, list[Overlap]] = {}
    for held_out in range(folds):
        model = BlockModel(train([page for page in pages if fold[page.group] != held_out]))
        for page in pages:
            if fold[page.group] == held_out:
                scores.setdefault(page.set, []).append(overlap(page, chosen_text(page, model)))
    for name, found in scores.items():
        quality = pooled_quality(found) if name == "trafilatura" else text_quality(found)
        print(f"{name:12} F1 {quality.f1:.4f} P {quality.precision:.4f} R {quality.recall:.4f} over {len(found)} pages")


def chosen_text(page: Page, model: BlockModel) -> str:
    """The text that the reader makes of a page with a model."""
    chosen = choose_blocks(page.blocks, page.stated, model).chosen
    return "\n".join(page.texts[n] for n in chosen)


def overlap(page: Page, text: str) -> Overlap:
    """What of a page's truth stands in a text."""
    if page.set == "trafilatura":
        inside, missed = snippets_in(page.truth["with"], text)
        extra, _ = snippets_in(page.truth["without"], text)
        return Overlap(len(inside), len(extra), len(missed))
    return text_overlap(page.gold, text, any_script=page.set == "fundus")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0, help="which sites stand in which fold")
    args = parser.parse_args()
    pages = list(read_pages(args.data))
    print(f"{len(pages)} pages, {sum(len(page.texts) for page in pages)} blocks")
    if args.folds:
        judge(pages, args.folds, args.seed)
    else:
        FILE.write_text(json.dumps(train(pages), separators=(",", ":")) + "\n", "utf-8")
        print(f"{FILE}: {FILE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
