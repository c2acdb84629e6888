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


class BlockModel:
    """`columns` name the features; for each tree `splits` are (feature, threshold) a level, `leaves` its values."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.names: list[str] = data["columns"]
        self.threshold: float = data["threshold"]
        self.bias: float = data["bias"]
        columns = np.array(data["splits"]["column"])
        self.trees, self.levels = columns.shape
        self.columns = columns.ravel()
        self.bounds = np.array(data["splits"]["bound"], np.float32).reshape(-1, 1)
        self.leaves = (np.array(data["leaves"], np.float32) * np.float32(data["leaf_unit"])).ravel()
        self.first_leaf = np.arange(self.trees).reshape(-1, 1) << self.levels

    def probabilities(self, names: list[str], features: Floats) -> Floats:
        """The probability of each block, given as a column of features; they must be those the model was trained on."""
        if names != self.names:
            raise ValueError("the features are not those of the model: train it again")
        answers = features.take(self.columns, axis=0) > self.bounds
        digits = np.packbits(answers.reshape(self.trees, self.levels, -1), axis=1, bitorder="little")[:, 0]
        scores = self.leaves.take(self.first_leaf + digits).sum(axis=0) + self.bias
        found: Floats = (1.0 / (1.0 + np.exp(-scores))).astype(np.float32)
        return found


@lru_cache(maxsize=1)
def block_model() -> BlockModel:
    """The model that comes with the package."""
    return BlockModel(json.loads(FILE.read_text("utf-8")))
