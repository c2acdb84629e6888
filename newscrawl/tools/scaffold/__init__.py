"""From a site's URL to its file, its saved pages and their test."""
