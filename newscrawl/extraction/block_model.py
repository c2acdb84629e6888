"""The block model: how likely each block of a page is the story's.

Gradient-boosted trees that ask the same question on each level, so that all trees are evaluated at once: a page's
features are compared with every threshold, the answers of a tree are the digits of its leaf's number. The model is
plain data (`block_model.json`); `benchmarks/train_main_text.py` makes it.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FILE = Path(__file__).with_name("block_model.json")
Floats = npt.NDArray[np.float32]
# Most blocks are hopeless after the first trees: the others are not asked about them.
FIRST_TREES, HOPELESS = 30, -3.5


class BlockModel:
    """`columns` name the features; for each tree `splits` are (feature, threshold) a level, `leaves` its values."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.names: list[str] = data["columns"]
        self.threshold: float = data["threshold"]
        self.bias: float = data["bias"]
        self.columns = np.array(data["splits"]["column"]).T.copy()  # a row a level
        self.levels, self.trees = self.columns.shape
        self.bounds = np.array(data["splits"]["bound"], np.float32).T.copy()
        self.leaves = (np.array(data["leaves"], np.float32) * np.float32(data["leaf_unit"])).ravel()
        self.first_leaf = np.arange(self.trees).reshape(-1, 1) << self.levels

    def probabilities(self, names: list[str], features: Floats) -> Floats:
        """The probability of each block, given as a column of features; they must be those the model was trained on."""
        if names != self.names:
            raise ValueError("the features are not those of the model: train it again")
        scores = self.scores(features, 0, FIRST_TREES)
        likely = (scores > HOPELESS).nonzero()[0]
        scores[likely] += self.scores(features[:, likely], FIRST_TREES, self.trees)
        found: Floats = (1.0 / (1.0 + np.exp(-scores))).astype(np.float32)
        return found

    def scores(self, features: Floats, first: int, last: int) -> Floats:
        """What the trees from `first` up to `last` say of each block, the bias with the first of them."""
        values = features.take(self.columns[:, first:last], axis=0)
        answers = (values > self.bounds[:, first:last, np.newaxis]).view(np.uint8)
        digits = answers[0]
        for level in range(1, self.levels):  # packbits along an axis takes five times as long
            digits = digits | answers[level] << level
        leaves = self.leaves.take(self.first_leaf[first:last] + digits)
        found: Floats = leaves.sum(axis=0) + (self.bias if first == 0 else 0.0)
        return found


@lru_cache(maxsize=1)
def block_model() -> BlockModel:
    """The model that comes with the package."""
    return BlockModel(json.loads(FILE.read_text("utf-8")))
