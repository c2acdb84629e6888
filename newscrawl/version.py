"""The version, in a module of its own so that the stages need not import the root."""

__version__ = "0.1.0"
