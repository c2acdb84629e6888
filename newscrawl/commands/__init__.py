"""One file, one `scrapy <name>`. Heavy imports stand inside `run`: every scrapy call imports all of these."""
