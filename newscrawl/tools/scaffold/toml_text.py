"""Texts as TOML writes them. tomllib reads only, and the writers there are keep no comments beside the values."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def toml_text(value: str) -> str:
    """A text as TOML's basic string, a pattern or selector with quotes or backslashes as its literal one where it may be.

    Half of a surrogate pair, which no TOML file may hold, becomes U+FFFD.
    """
    is_plain = all(escaped(char) == char or char in '\\"' for char in value)
    if ("\\" in value or '"' in value) and "'" not in value and is_plain:
        return f"'{value}'"
    return '"' + "".join(map(escaped, value)) + '"'


def toml_lines(lines: Iterable[str]) -> str:
    """Lines as TOML's multi-line basic string."""
    safe = ("".join(char if char == "\t" else escaped(char) for char in line) for line in lines)
    return '"""\n' + "\n".join(safe) + '"""'


def escaped(char: str) -> str:
    if char in SHORT:
        return SHORT[char]
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"
    is_hidden = char < " " or char == "\x7f" or unicodedata.category(char) == "Cf"  # what turns the text around, too
    return f"\\U{ord(char):08x}" if is_hidden else char


def toml_list(values: Iterable[str]) -> str:
    return "[" + ", ".join(map(toml_text, values)) + "]"


def toml_comment(text: str) -> str:
    """A text as a comment: one line without control characters, which TOML allows in none."""
    return "# " + "".join(char if char.isprintable() else " " for char in text)
