"""Replaces the words of a saved page by invented ones, so that the page can be shared."""
