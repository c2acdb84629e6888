"""Adapters and comparisons that a reader can re-run."""
