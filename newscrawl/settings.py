"""All configuration in one file: Scrapy's settings with newscrawl's values, and newscrawl's own NEWSCRAWL_*.

For each setting the first of these counts: `-s NAME=VALUE` on the command line, your own settings module
(`from newscrawl.settings import *`), for NEWSCRAWL_* the environment variable of the same name, the value below.
docs/settings.md explains each.
"""

import os
from pathlib import Path

from newscrawl import __version__
from newscrawl.settings_schema import environment_settings

BOT_NAME = "newscrawl"

# --- newscrawl's own settings
NEWSCRAWL_OUTPUT_DIR = "output"  # where stories/, runs/ and state/ are written
NEWSCRAWL_SITES_DIR = ""  # a folder with your own site files; one named like a built-in file replaces it
NEWSCRAWL_AGENCIES_FILE = ""  # your own agencies, as in attribution/agencies.toml; they add to the built-in ones
NEWSCRAWL_CONTACT = ""  # a URL or mail address for the user agent, so that a site can reach you
NEWSCRAWL_ALLOWED_PRIVATE_HOSTS: list[str] = []  # host:port pairs that may resolve to loopback or a private network
NEWSCRAWL_BROWSER = ""  # path of the Chromium for sites with render = true; empty: the system's
NEWSCRAWL_MAX_STORY_PAGES = 10  # pages of one story that are fetched and joined; 1: the first page only
NEWSCRAWL_READ_SECONDS = 5.0  # a page that takes longer to read is set aside; 0: no limit
NEWSCRAWL_REVISIT_DAYS = 30.0  # stories older than this are not fetched again; 0: no story is fetched twice
NEWSCRAWL_MAX_STORIES_PER_RUN = 100_000  # story pages that one run requests
NEWSCRAWL_MAX_LIST_PAGES = 1_000  # feeds, sitemaps and list pages that one run requests of one source
NEWSCRAWL_MAX_PAGES_WITHOUT_NEWS = 200  # consecutive pages of a source without a new URL; then the run leaves it
NEWSCRAWL_MAX_CRAWL_DELAY_SECONDS = 60.0  # upper limit for the Crawl-delay of a robots.txt
NEWSCRAWL_MAX_RETRY_AFTER_SECONDS = 300.0  # a host that asks for a longer pause is suspended for the run
NEWSCRAWL_BACKOFF_SECONDS = 1.0  # wait before the first retry; doubled for each further one
NEWSCRAWL_RESERVED = "record"  # stories whose page reserves rights: record | mark | skip
NEWSCRAWL_QUARANTINE_MAX_STORIES = 1_000  # stories quarantined per site when its layout changes,
NEWSCRAWL_QUARANTINE_MAX_BYTES = 256 * 1024 * 1024  # and compressed bytes
NEWSCRAWL_SEGMENT_MAX_LINES = 10_000  # a file of stories is closed at this many lines,
NEWSCRAWL_SEGMENT_MAX_AGE_SECONDS = 3600.0  # or at this age
NEWSCRAWL_QUERY_MEMORY_MB = 1024  # memory for a query of inspect or export; beyond it they spill to disk
NEWSCRAWL_QUERY_THREADS = 0  # 0: one per core
NEWSCRAWL_COLUMN_COPIES = True  # keep columnar copies of closed files under state/columns/

NEWSCRAWL_DELIVER: list[str] = []  # where closed files are pushed: folders, s3://bucket/prefix, https://host/path
NEWSCRAWL_DELIVER_SECRET = ""  # signs webhook requests
NEWSCRAWL_DELIVER_SECONDS = 60.0  # how long to try a target

globals().update(environment_settings(os.environ))

# --- commands and spiders
COMMANDS_MODULE = "newscrawl.commands"
SPIDER_LOADER_CLASS = "newscrawl.spiders.loader.SiteSpiderLoader"
if (Path(__file__).parents[1] / "scrapy.cfg").exists():  # a checkout: `genspider` writes where `list` looks
    SPIDER_MODULES = ["newscrawl.spiders.own"]
    NEWSPIDER_MODULE = "newscrawl.spiders.own"

# --- item pipelines in order: rights, layout drift, required fields, then deduplicate and write
ITEM_PIPELINES = {
    "newscrawl.pipelines.RightsPipeline": 40,
    "newscrawl.pipelines.DriftPipeline": 60,
    "newscrawl.pipelines.CheckPipeline": 100,
    "newscrawl.pipelines.WritePipeline": 900,
}
EXTENSIONS = {
    "newscrawl.extensions.OutputExtension": 10,
    "newscrawl.extensions.HostTimesExtension": 15,
    "newscrawl.extensions.DeliverExtension": 16,
    "newscrawl.extensions.RunReportExtension": 20,
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
}
DOWNLOADER_MIDDLEWARES = {
    "newscrawl.middlewares.url_policy.UrlPolicyMiddleware": 40,  # before robots.txt is asked for
    "newscrawl.middlewares.robots.RobotsMiddleware": 100,
    "newscrawl.middlewares.block_pages.BlockPageMiddleware": 540,  # sees what is left after the last retry
    "newscrawl.middlewares.retry.BackoffRetryMiddleware": 550,
    "newscrawl.middlewares.url_policy.RefusedAddressMiddleware": 560,  # sees failures before the retry middleware
    "newscrawl.middlewares.body.TruncatedBodyMiddleware": 595,  # between the network and the decompression
    "newscrawl.middlewares.redirects.NoRefererRedirectMiddleware": 600,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # ignores the status and Crawl-delay
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,  # retries at once and ignores Retry-After
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # ours also checks ports and redirects
}
LOG_LEVEL = "INFO"
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"

# --- politeness
USER_AGENT = f"newscrawl/{__version__}"
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "newscrawl"
DOWNLOAD_DELAY = 1.0  # a site file's delay_seconds replaces it
CONCURRENT_REQUESTS_PER_DOMAIN = 4
RETRY_TIMES = 2

DOWNLOADER = "newscrawl.downloader.throttle.PerHostDownloader"  # one slot per host and port

# --- limits
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 30.0
REDIRECT_MAX_TIMES = 5
CONCURRENT_REQUESTS = 16
CONCURRENT_ITEMS = 4  # one page is one story; Scrapy's 100 would start 100 tasks per page
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 64 * 1024 * 1024  # stories waiting for the disk must not stall the downloads
REACTOR_THREADPOOL_MAXSIZE = 10

# --- safety
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_HANDLERS = {
    "http": "newscrawl.downloader.throttle.ThrottledHandler",  # per-host rate limit shared by all processes
    "https": "newscrawl.downloader.throttle.ThrottledHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
TWISTED_DNS_RESOLVER = "newscrawl.downloader.resolver.GuardedResolver"
COOKIES_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
METAREFRESH_ENABLED = False
REFERER_ENABLED = False
HTTPPROXY_ENABLED = False
FEED_EXPORT_ENCODING = "utf-8"
