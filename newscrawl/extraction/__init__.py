"""One page -> values with their origin: its markup is parsed once and walked once."""
