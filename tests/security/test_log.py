from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from newscrawl.security import log


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    factory, stream = logging.getLogRecordFactory(), io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger = logging.getLogger("story")
    logger.addHandler(handler)
    log.install()
    yield stream
    logging.setLogRecordFactory(factory)
    logger.removeHandler(handler)


HOSTILE = "\x1b[2Jheadline\r\nERROR forged\x9b\u2028\u202ex"


@pytest.mark.parametrize("how", ["argument", "mapping", "message", "exception"])
def test_page_text_cannot_steer_a_terminal_or_forge_a_line(stream: io.StringIO, how: str) -> None:
    logger = logging.getLogger("story")
    if how == "argument":
        logger.warning("read %s and %r", HOSTILE, HOSTILE)
    elif how == "mapping":
        logger.warning("read %(headline)s", {"headline": HOSTILE})
    elif how == "message":
        logger.warning("read " + HOSTILE.replace("\n", " "))
    else:
        try:
            raise ValueError(HOSTILE.replace("\n", " "))
        except ValueError:
            logger.exception("failed")
    written = stream.getvalue()
    assert not set(written) & set("\x1b\r\x9b\u2028\u202e")
    assert "forged" in written
    if how in ("argument", "mapping"):
        assert written.count("\n") == 1


def test_numbers_are_formatted_as_ever(stream: io.StringIO) -> None:
    logging.getLogger("story").warning("%d pages at %.1f, %s", 3, 2.5, None)
    assert stream.getvalue() == "WARNING 3 pages at 2.5, None\n"
