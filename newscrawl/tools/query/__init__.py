"""The lines as one database: `open_corpus(path)` gives DuckDB views over the files as they lie.

    with open_corpus(Path("output")) as corpus:
        rows = corpus.sql("SELECT agency, count(*) FROM stories WHERE language = ? GROUP BY ALL", ["en"])

`lines` holds every line, `stories` one line a story (the newest version of each first); both have the columns of the
record, typed, and `file`, the path of the file that holds the line. What is not a line of the record is in neither.
"""

from __future__ import annotations

from newscrawl.tools.query.broken import Broken, broken_lines
from newscrawl.tools.query.database import Corpus, QueryLimits, open_corpus
from newscrawl.tools.query.files import CorpusError, CorpusFile, segments_of

__all__ = ["Broken", "Corpus", "CorpusError", "CorpusFile", "QueryLimits", "broken_lines", "open_corpus", "segments_of"]
