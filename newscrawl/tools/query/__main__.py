"""`python -m newscrawl.tools.query OUTPUT [MEMORY_MB]`: make the columnar copies of an output folder (a query starts it)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from newscrawl.tools.query.database import QueryLimits
from newscrawl.tools.query.packing import pack_all

if __name__ == "__main__":
    os.nice(19)
    memory_mb = int(sys.argv[2]) if len(sys.argv) > 2 else 1024
    print(f"{pack_all(Path(sys.argv[1]), QueryLimits(memory_mb, threads=1))} packs made")
