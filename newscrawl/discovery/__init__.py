"""Where stories are announced: what a feed, a sitemap or a list page gives is a list of candidates."""
