"""`newscrawl deliver`: sends finished files of stories to folders, object stores or webhooks."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands._base import NewscrawlCommand, counted, output_folder
from newscrawl.monitoring.exit_codes import ExitCode


class Command(NewscrawlCommand, ScrapyCommand):
    def syntax(self) -> str:
        return "[target ...]"

    def short_desc(self) -> str:
        return "Send finished files of stories to folders, object stores or webhooks, from where each left off"

    def long_desc(self) -> str:
        return (
            "Targets are the ones named, else those of NEWSCRAWL_DELIVER: a folder, s3://bucket/prefix or "
            "https://host/path. Each gets every line at least once and in order. Exit code 4 if a target did not get "
            "everything: run it again later."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--seconds", type=float, help="how long to try (NEWSCRAWL_DELIVER_SECONDS)")
        parser.add_argument("--json", action="store_true", help="one JSON object per target")

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from dataclasses import asdict

        import orjson

        from newscrawl.tools.deliver.errors import TargetError
        from newscrawl.tools.deliver.push import deliver
        from newscrawl.tools.deliver.targets import target_of

        folder = output_folder(self.settings)
        addresses = args or self.settings.getlist("NEWSCRAWL_DELIVER")
        if not addresses:
            raise UsageError("deliver needs a target: name one, or set NEWSCRAWL_DELIVER", print_help=False)
        seconds = opts.seconds or self.settings.getfloat("NEWSCRAWL_DELIVER_SECONDS")
        code = ExitCode.GOOD
        for address in args:
            require_place(address)
        try:
            targets = [target_of(address, self.settings["NEWSCRAWL_DELIVER_SECRET"]) for address in addresses]
        except TargetError as error:
            raise UsageError(str(error), print_help=False) from None
        for target in targets:
            try:
                done = deliver(folder, target, time.monotonic() + seconds)
            except TargetError as error:
                raise UsageError(str(error), print_help=False) from None
            if done.error:
                code = ExitCode.SOME_FAILED
            if opts.json:
                print(orjson.dumps(asdict(done)).decode())
            else:
                rest = f"; incomplete: {done.error}" if done.error else ""
                print(f"{done.target}: {counted(done.files, 'file')}, {counted(done.size_bytes, 'byte')}{rest}")
        return code


def require_place(address: str) -> None:
    """UsageError for a folder that neither exists nor can be meant: a mistyped word would become a new folder."""
    from newscrawl.tools.deliver.targets import ALLOWED

    path = Path(address)
    if "://" in address or path.is_dir():
        return
    if "/" not in address:
        raise UsageError(
            f"{address}: no such folder; `./{address}` creates it. Allowed targets are {ALLOWED}", print_help=False
        )
    if not path.parent.is_dir():
        raise UsageError(f"{address}: no folder {path.parent}. Allowed targets are {ALLOWED}", print_help=False)
