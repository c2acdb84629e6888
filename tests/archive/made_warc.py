"""WARC files of invented pages."""

from __future__ import annotations

from io import BytesIO

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter


def made_warc(
    pages: list[tuple[str, bytes]],
    *,
    is_gzip: bool = True,
    status: str = "200 OK",
    headers: list[tuple[str, str]] | None = None,
    day: int = 1,
) -> tuple[bytes, list[int]]:
    """(file, offset of each page's record); a warcinfo stands first, each page is captured a minute after the last."""
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=is_gzip)
    writer.write_record(writer.create_warcinfo_record("made.warc", {"software": "a test"}))
    offsets = []
    for n, (url, body) in enumerate(pages):
        lines = headers or [("Content-Type", "text/html; charset=utf-8"), ("ETag", f'"{n}"')]
        offsets.append(buffer.tell())
        writer.write_record(
            writer.create_warc_record(
                url,
                "response",
                payload=BytesIO(body),
                http_headers=StatusAndHeaders(status, lines, protocol="HTTP/1.1"),
                warc_headers_dict={"WARC-Date": f"2026-11-{day:02}T{n // 60:02}:{n % 60:02}:00Z"},
            )
        )
    return buffer.getvalue(), offsets
