"""Tools for developers of newscrawl. They are not part of the package."""
