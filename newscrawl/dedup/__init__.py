"""New, the same, a copy or a new version: what a story is to those seen before."""
