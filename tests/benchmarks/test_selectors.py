"""The benchmark of selectors counts what it is given."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from benchmarks.selectors import main
from tests.tools.scaffold.made_sites import as_html, headline, paragraphs


def test_hosts_are_counted_by_what_came_of_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "aeb/pages").mkdir(parents=True)
    classes = {
        "one.example": ("story-body", "story-body"),
        "two.example": ("story-body", "art_text"),
        "few.example": ("story-body",),
    }
    truth = []
    for host, names in classes.items():
        for n, name in enumerate(names):
            page = f'<h1>{headline(n)}</h1><div class="{name}">{as_html(paragraphs(n))}</div>'
            (tmp_path / "aeb/pages" / f"{host}-{n}.html.gz").write_bytes(gzip.compress(page.encode()))
            truth.append(
                {"id": f"{host}-{n}", "file": f"{host}-{n}.html.gz", "url": f"https://{host}/{n}", "body": "x"}
            )
    (tmp_path / "aeb/truth.jsonl").write_text("".join(json.dumps(line) + "\n" for line in truth), "utf-8")
    main(["--data", str(tmp_path)])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split("\t") == ["agrees", "one.example", "2", "body='.story-body'"]
    assert lines[1].split("\t")[:2] == ["none", "two.example"]
    assert lines[2] == "2 hosts: 1 agrees, 0 nearly, 1 none"
