"""All configuration on one screen: Scrapy's settings as newscrawl wants them, and its own NEWSCRAWL_*.

docs/operate.md explains each; `-s NAME=VALUE` on the command line overrides any.
"""

from newscrawl.version import __version__

BOT_NAME = "newscrawl"

# --- newscrawl's own
NEWSCRAWL_OUTPUT_DIR = "output"  # where stories/, runs/ and state/ are written
NEWSCRAWL_SITES_DIR = ""  # a folder with site files of your own; they override the built-in ones by name
NEWSCRAWL_AGENCIES_FILE = ""  # a file of your own in the form of attribution/agencies.toml, read after it
NEWSCRAWL_CONTACT = ""  # a URL or mail address for the user agent, so that a site can reach you
NEWSCRAWL_ALLOWED_PRIVATE_HOSTS: list[str] = []  # host:port pairs that may be on loopback or a private net
NEWSCRAWL_BROWSER = ""  # the Chromium for sites with render = true; the system's if empty
NEWSCRAWL_MAX_STORY_PAGES = 10  # pages of one story that are fetched and joined; 1 is the first only
NEWSCRAWL_SEGMENT_MAX_LINES = 10_000  # a file of stories is closed at this size,
NEWSCRAWL_SEGMENT_MAX_AGE_SECONDS = 3600.0  # or at this age

# --- where things are
COMMANDS_MODULE = "newscrawl.commands"
SPIDER_LOADER_CLASS = "newscrawl.spiderloader.SiteSpiderLoader"

# --- the way of a story: the order of the pipelines
ITEM_PIPELINES = {
    "newscrawl.pipelines.CheckPipeline": 100,
    "newscrawl.pipelines.WritePipeline": 900,
}
EXTENSIONS = {
    "newscrawl.extensions.OutputExtension": 10,
    "newscrawl.extensions.RunReportExtension": 20,
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
}
DOWNLOADER_MIDDLEWARES = {
    "newscrawl.middlewares.UrlGuardMiddleware": 40,  # before robots.txt is asked for
    "newscrawl.middlewares.RefusedAddressMiddleware": 560,  # sees failures before the retry middleware
    "newscrawl.middlewares.WholeBodyMiddleware": 595,  # between the network and the decompression
    "newscrawl.middlewares.PlainRedirectMiddleware": 600,
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
DOWNLOAD_DELAY_JITTER = 0.0  # Scrapy's 0.5 also goes below the delay
CONCURRENT_REQUESTS_PER_DOMAIN = 4
AUTOTHROTTLE_ENABLED = True  # only ever slower than the delay: it starts from it and stays above it
AUTOTHROTTLE_START_DELAY = 0.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 4.0
RETRY_TIMES = 2

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
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None}
TWISTED_DNS_RESOLVER = "newscrawl.resolver.GuardedResolver"
COOKIES_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
METAREFRESH_ENABLED = False
REFERER_ENABLED = False
HTTPPROXY_ENABLED = False
FEED_EXPORT_ENCODING = "utf-8"
