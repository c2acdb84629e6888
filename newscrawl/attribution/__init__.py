"""Who wrote a story: signals with evidence on the whole page, then a decision."""
