"""One story for a terminal: its text with the evidence marked where it is, versions, copies, origins, rights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from newscrawl.tools.reports.clusters import delay, in_words

MARKS = ("__", "__")  # around evidence where there is no underline


def evidence_spans(line: dict[str, Any]) -> list[tuple[int, int]]:
    """Where evidence is in `text`, in order, without overlaps. Offsets that do not hold are left out."""
    text, spans = line["text"] or "", []
    for proof in proofs(line):
        start, end = proof["start"], proof["end"]
        if is_in_place(proof, text) and start is not None:
            spans.append((start, end))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def proofs(line: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for entry in line["attribution"] or []:
        yield from entry["evidence"] or []


def is_in_place(proof: dict[str, Any], text: str) -> bool:
    """Whether evidence in the text is at its offsets; evidence from elsewhere has none to check."""
    start, end = proof["start"], proof["end"]
    if start is None or end is None:
        return True
    return bool(0 <= start < end <= len(text) and text[start:end] == proof["text"])


def parts(line: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """(piece of the text, whether it is evidence), in order; together they are the text."""
    text, place = line["text"] or "", 0
    for start, end in evidence_spans(line):
        if start > place:
            yield text[place:start], False
        yield text[start:end], True
        place = end
    if place < len(text):
        yield text[place:], False


def facts(line: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(name, value) of what is known of a line beside its text; what is empty is left out."""
    crawl, cluster, extraction, rights = line["crawl"], line["cluster"], line["extraction"], line["rights"]
    yield "id", f"{line['id']}, version {line['version']} ({line['change']})"
    yield "read at", f"{line['source']['name']} ({line['source']['id']}), {line['url']}"
    yield "published", " ".join(filter(None, (line["published_at"] or line["published_date"], line["published_offset"], f"({line['time_zone_basis']})")))  # fmt: skip
    yield (
        "fetched",
        f"{crawl['fetched_at']}, {crawl['discovered']}, status {crawl['status']}, run {crawl['run']}"
        if crawl["run"]
        else "",
    )
    yield "kind", ", ".join(filter(None, (line["kind"], line["access"], line["language"], *(line["section"] or []))))
    yield "byline", line["byline"] or ""
    yield "dateline", line["dateline"]["text"] if line["dateline"] else ""
    yield "cluster", cluster["relation"] + (f" of {cluster['of']} ({cluster['similarity']:.0%} alike)" if cluster["of"] else "") + (f", original {cluster['original']}" if cluster["original"] else "")  # fmt: skip
    yield "origins", ", ".join(f"{name}: {origin}" for name, origin in extraction["origins"].items() if origin)
    yield "read by", f"newscrawl {extraction['newscrawl']}, rules {extraction['site_rules'] or 'none'}"
    yield "warnings", ", ".join(extraction["warnings"])
    yield "rights", "; ".join(f"{name}: {value}" for name, value in rights.items() if value)
    if crawl["warc"]["file"]:
        yield "archived", f"{crawl['warc']['file']} at byte {crawl['warc']['offset']}"


def attributions(line: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(agency, its evidence) for each attribution."""
    text = line["text"] or ""
    for entry in line["attribution"] or []:
        shown = []
        for proof in entry["evidence"] or []:
            where = proof["where"] + (f" {proof['start']}-{proof['end']}" if proof["start"] is not None else "")
            of = f" of {proof['of']}" if proof["of"] else ""
            fault = "" if is_in_place(proof, text) else " (is not there)"
            shown.append(f"{proof['text']!r} ({proof['kind']}, {where}{of}){fault}")
        yield f"{entry['id']} {entry['role']} {entry['confidence']:.2f}", "; ".join(shown)


def media_rows(line: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for entry in line["media"] or []:
        credit = f" ({entry['credit']})" if entry["credit"] else ""
        yield entry["type"], f"{entry['caption'] or ''}{credit} {entry['url'] or ''}".strip()


def version_rows(versions: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for line in versions:
        yield f"version {line['version']}", f"{line['change']}, {line['crawl']['fetched_at']}: {line['headline']}"


def copy_rows(line: dict[str, Any], others: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    """(source, relation, delay against this story, alike, id, headline) of each other page that carries it."""
    own = line["published_at"] or line["crawl"]["fetched_at"]
    for other in others:
        cluster = other["cluster"]
        later = in_words(delay(own, other["published_at"] or other["crawl"]["fetched_at"]))
        alike = "" if cluster["similarity"] is None else f"{cluster['similarity']:.0%}"
        yield other["source"]["id"], cluster["relation"], later, alike, other["id"], other["headline"] or ""
