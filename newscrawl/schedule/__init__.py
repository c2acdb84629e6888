"""Which sites are due, and running them: one process a site, each under its own lock."""
