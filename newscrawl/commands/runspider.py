"""`newscrawl runspider FILE`: run a spider from a Python file; its stories are written as those of a crawl."""

from __future__ import annotations

import argparse
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from scrapy import Spider
from scrapy.commands import runspider
from scrapy.exceptions import UsageError
from scrapy.utils.spider import iter_spider_classes

from newscrawl.commands.crawl import CrawlCommand


class Command(CrawlCommand, runspider.Command):
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError("runspider takes one Python file", print_help=False)
        spiders = spiders_of(Path(args[0]))
        if not spiders:
            raise UsageError(f"{args[0]}: there is no spider in this file", print_help=False)
        assert self.crawler_process is not None
        self.crawl(self.crawler_process.create_crawler(spiders[-1]), **opts.spargs)


def spiders_of(path: Path) -> list[type[Spider]]:
    """The spider classes of a Python file, in its order. UsageError where it cannot be imported."""
    spec = spec_from_file_location(path.stem, path) if path.suffix == ".py" and path.is_file() else None
    if spec is None or spec.loader is None:
        raise UsageError(f"{path}: must be a Python file (.py) that exists", print_help=False)
    module = module_from_spec(spec)
    sys.modules[path.stem] = module
    sys.path.insert(0, str(path.resolve().parent))
    try:
        spec.loader.exec_module(module)
    except ImportError as error:
        raise UsageError(f"{path}: cannot be imported: {error}", print_help=False) from error
    finally:
        sys.path.pop(0)
    return list(iter_spider_classes(module))
