"""Manners towards a site: pure decisions; the rim only asks."""
