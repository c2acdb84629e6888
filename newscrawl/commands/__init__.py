"""One file, one `scrapy <name>`. Heavy imports are inside `run`: every scrapy call imports all of these."""
