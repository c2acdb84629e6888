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
    """`columns` name the features; for each tree `splits` are (column, threshold) a level, `leaves` its values."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.names: list[str] = data["columns"]
        self.threshold: float = data["threshold"]
        self.bias: float = data["bias"]
        self.columns = np.array(data["splits"]["column"])
        self.bounds = np.array(data["splits"]["bound"], np.float32)
        self.leaves = np.array(data["leaves"], np.float32) * np.float32(data["leaf_unit"])
        self.levels = self.columns.shape[1]

    def probabilities(self, names: list[str], features: Floats) -> Floats:
        """The probability of each row; the columns must be those the model was trained on."""
        if names != self.names:
            raise ValueError("the features are not those of the model: train it again")
        answers = features[:, self.columns.ravel()] > self.bounds.ravel()
        digits = answers.reshape(len(features), -1, self.levels)
        leaf = digits @ (1 << np.arange(self.levels))
        scores = self.leaves[np.arange(len(self.leaves)), leaf].sum(axis=1) + self.bias
        found: Floats = (1.0 / (1.0 + np.exp(-scores))).astype(np.float32)
        return found


@lru_cache(maxsize=1)
def block_model() -> BlockModel:
    """The model that comes with the package."""
    return BlockModel(json.loads(FILE.read_text("utf-8")))
