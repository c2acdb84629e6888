"""All configuration on one screen: Scrapy's settings as newscrawl wants them, and its own NEWSCRAWL_*.

docs/settings.md explains each. `-s NAME=VALUE` on the command line overrides any.
"""

from pathlib import Path

from newscrawl import __version__

BOT_NAME = "newscrawl"

# --- newscrawl's own
NEWSCRAWL_OUTPUT_DIR = "output"  # where stories/, runs/ and state/ are written
NEWSCRAWL_SITES_DIR = ""  # a folder with site files of your own; they override the built-in ones by name
NEWSCRAWL_AGENCIES_FILE = ""  # a file of your own in the form of attribution/agencies.toml, read after it
NEWSCRAWL_CONTACT = ""  # a URL or mail address for the user agent, so that a site can reach you
NEWSCRAWL_ALLOWED_PRIVATE_HOSTS: list[str] = []  # host:port pairs that may be on loopback or a private net
NEWSCRAWL_BROWSER = ""  # the Chromium for sites with render = true; the system's if empty
NEWSCRAWL_MAX_STORY_PAGES = 10  # pages of one story that are fetched and joined; 1 is the first only
NEWSCRAWL_READ_SECONDS = 5.0  # a page that takes longer to read is set aside; 0: no limit
NEWSCRAWL_REVISIT_DAYS = 30.0  # a story older than this is not looked at again; 0: no story is, once it was read
NEWSCRAWL_MAX_STORIES_PER_RUN = 100_000  # pages of stories that a run of a site asks for
NEWSCRAWL_MAX_LIST_PAGES = 1_000  # feeds, sitemaps and list pages that a run asks for, of one source
NEWSCRAWL_MAX_PAGES_WITHOUT_NEWS = 200  # pages in a row of a source that bring nothing new: it is a trap
NEWSCRAWL_MAX_CRAWL_DELAY_SECONDS = 60.0  # robots.txt may ask for more between two requests: it gets this
NEWSCRAWL_MAX_RETRY_AFTER_SECONDS = 300.0  # a host that asks for a longer pause is put aside for the run
NEWSCRAWL_BACKOFF_SECONDS = 1.0  # before the first retry; doubled for each further one
NEWSCRAWL_RESERVED = "record"  # stories whose page reserves rights: record | mark | skip
NEWSCRAWL_QUARANTINE_MAX_STORIES = 1_000  # kept of a site whose layout drifted,
NEWSCRAWL_QUARANTINE_MAX_BYTES = 256 * 1024 * 1024  # and as many compressed bytes
NEWSCRAWL_SEGMENT_MAX_LINES = 10_000  # a file of stories is closed at this size,
NEWSCRAWL_SEGMENT_MAX_AGE_SECONDS = 3600.0  # or at this age
NEWSCRAWL_QUERY_MEMORY_MB = 1024  # what inspect and export may use for a query; beyond it they spill to disk
NEWSCRAWL_QUERY_THREADS = 0  # 0 is one a core
NEWSCRAWL_COLUMN_COPIES = True  # keep columnar copies of closed files under state/columns/

NEWSCRAWL_DELIVER: list[str] = []  # where closed files are pushed: folders, s3://bucket/prefix, https://host/path
NEWSCRAWL_DELIVER_SECRET = ""  # signs what webhooks get
NEWSCRAWL_DELIVER_SECONDS = 60.0  # how long a target is tried

# --- where things are
COMMANDS_MODULE = "newscrawl.commands"
SPIDER_LOADER_CLASS = "newscrawl.spiders.loader.SiteSpiderLoader"
if (Path(__file__).parents[1] / "scrapy.cfg").exists():  # a checkout: `genspider` writes where `list` looks
    SPIDER_MODULES = ["newscrawl.spiders.own"]
    NEWSPIDER_MODULE = "newscrawl.spiders.own"

# --- the way of a story: the order of the pipelines
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
    "newscrawl.middlewares.block_pages.BlockPageMiddleware": 540,  # sees what is left when all tries are used up
    "newscrawl.middlewares.retry.BackoffRetryMiddleware": 550,
    "newscrawl.middlewares.url_policy.RefusedAddressMiddleware": 560,  # sees failures before the retry middleware
    "newscrawl.middlewares.body.TruncatedBodyMiddleware": 595,  # between the network and the decompression
    "newscrawl.middlewares.redirects.NoRefererRedirectMiddleware": 600,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # ignores the status and Crawl-delay
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,  # tries again at once, whatever Retry-After says
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # ours also looks at ports and redirects
}
LOG_LEVEL = "INFO"
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"

# --- politeness
USER_AGENT = f"newscrawl/{__version__}"
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "newscrawl"
DOWNLOAD_DELAY = 1.0  # a site file's delay_seconds takes its place
CONCURRENT_REQUESTS_PER_DOMAIN = 4
RETRY_TIMES = 2

DOWNLOADER = "newscrawl.downloader.throttle.PerHostDownloader"  # one slot a host and port

# --- bounds
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 30.0
REDIRECT_MAX_TIMES = 5
CONCURRENT_REQUESTS = 16
CONCURRENT_ITEMS = 4  # one page is one story; Scrapy's 100 starts 100 tasks a page
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 64 * 1024 * 1024  # stories waiting for the disk must not stall the downloads
REACTOR_THREADPOOL_MAXSIZE = 10

# --- safety
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_HANDLERS = {
    "http": "newscrawl.downloader.throttle.ThrottledHandler",  # every request waits for its host's turn, over all processes
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
