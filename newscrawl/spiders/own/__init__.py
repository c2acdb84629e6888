"""Spiders of your own in a checkout: `scrapy genspider` writes them here."""
