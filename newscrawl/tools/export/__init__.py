"""Stories for other tools: Parquet, CSV, SQLite, ninjs, schema.org, Elasticsearch, cc_news and news-please.

No file ever is half under its final name. Lines of text are resumed after a kill where they stopped (stream.py),
SQLite too (sqlite.py); Parquet starts over (parquet.py).
"""
