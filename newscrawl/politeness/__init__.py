"""Decide what may be requested from a site and when, without reading or writing files."""
