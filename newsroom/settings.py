"""Every setting, read top to bottom. What may differ between newsrooms comes from the environment (docs/deploy.md)."""

from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
import django.conf.locale
from csp.constants import NONCE, NONE, SELF

from newsroom import environ

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = environ.data_folder(BASE_DIR)
environ.read_file(DATA_DIR)

# --- Which newsroom is this? ------------------------------------------------------------------------------------
# With none of these three set, the newsroom is this machine's own (demo, tests): it answers loopback only.
PRODUCTION = any(environ.text(name) for name in ("SITE_ADDRESS", "SECRET_KEY", "DATABASE_URL"))

if PRODUCTION:
    SITE_ADDRESS = environ.address("SITE_ADDRESS")
    SECRET_KEY = environ.secret("SECRET_KEY")
else:
    SITE_ADDRESS = f"http://127.0.0.1:{environ.number('NEWSROOM_PORT', 8000, least=1)}"
    SECRET_KEY = environ.kept_secret(DATA_DIR)

_address = urlsplit(SITE_ADDRESS)
_host = _address.hostname or ""
LOOPBACK = _host in {"127.0.0.1", "localhost", "::1"}
if PRODUCTION and not LOOPBACK and _address.scheme != "https":
    raise environ.Misconfigured(f"SITE_ADDRESS is {SITE_ADDRESS}; readers and editors must be served over https.")

ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"] if LOOPBACK else [_host]
ALLOWED_HOSTS += [name.strip() for name in environ.text("ALLOWED_HOSTS").split(",") if name.strip()]
if "*" in ALLOWED_HOSTS:
    raise environ.Misconfigured("ALLOWED_HOSTS contains *; name the hosts that this newsroom answers to.")
CSRF_TRUSTED_ORIGINS = [SITE_ADDRESS] if _address.scheme == "https" else []
DEBUG = False

# --- What it is made of -----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "taggit",  # these two before articles, which takes their pages out of the admin again
    "django.contrib.auth",
    "articles",
    "django.contrib.admin",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "js_asset",
    "django_prose_editor",
]

MIDDLEWARE = [
    "newsroom.middleware.NoBodyForHead",
    "newsroom.middleware.AnonymousPages",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "newsroom.middleware.ContentPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "newsroom.middleware.LanguageByAddress",
    "articles.desk.origin.origin",
    "articles.desk.kept_posts.kept_posts",
    "django.contrib.messages.middleware.MessageMiddleware",
    "articles.desk.sessions.sessions",
    "articles.desk.purges_told.purges_told",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"
AUTH_USER_MODEL = "articles.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TAGGIT_CASE_INSENSITIVE = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "articles.desk.context.desk",
            ],
        },
    },
]

# What follows a publication, in this order; each is safe to run twice. Run before publish() returns, and again by
# the worker after a crash.
AFTER_COMMIT = [
    "articles.publishing.put_out_pictures.settle_pictures",
    "articles.search.public_index.update",
    "articles.publishing.ledger.seal.after_edition",
]

# What follows a launch of a front, as above.
AFTER_LAUNCH = ["articles.publishing.after_launch.settle_pictures"]

# What follows a saved working copy, within its transaction: a step that fails lets nothing be saved. And what follows
# an erasure, behind it; safe to run twice.
AFTER_SAVE = ["articles.search.indexing.index"]
AFTER_ERASURE = ["articles.search.indexing.scrub", "articles.search.public_index.scrub"]

# What /health/ready/ tells beside the database: true where something is late, and a person must look.
HEALTH = {
    "ledger_overdue": "articles.publishing.ledger.seal.overdue",
    "schedules_overdue": "articles.publishing.schedules.overdue",
    "launches_overdue": "articles.publishing.front_schedules.overdue",
    "purges_overdue": "articles.publishing.purging.overdue",
}

# Has the purges made that are still owed: before a process begins to answer.
PURGE_DUE = "articles.publishing.purging.purge_due"

# What a story's public rows are watched by while they are written: which keys of the page store the act changes.
WATCH = "articles.site.keys.Watch"
LAUNCHED = "articles.site.keys.launched"
KEPT_BY = "articles.site.keys.kept_by"
# The Link header that the page of an address has, by the address alone (newsroom/delivery/page_headers.py).
PAGE_LINK = "articles.site.memento.link_of_page"

# Templates that the web server reads before it makes the processes that answer.
READ_FIRST = [f"site/{name}.html" for name in ("front", "list", "article", "message", "_card", "_line", "_masthead",
               "_footer", "_head", "_share", "_notice")]  # fmt: skip

# What readers ask for first of what stands on some keys: made anew by the worker.
FIRST_READ = "articles.site.keys.first_read"

# --- Where it keeps things --------------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.parse(
        environ.database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'newsroom.sqlite3'}"),
        conn_max_age=60,
        conn_health_checks=True,
    )
}
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
    "PRAGMA secure_delete=ON;",
}
if PRODUCTION and not LOOPBACK and not environ.text("DATABASE_URL"):
    raise environ.Misconfigured(
        "DATABASE_URL is missing; write postgresql://user:password@host/database, or sqlite:////whole/path for a small "
        "desk."
    )
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
else:  # seconds: who asks for a page that is not kept is soon told that the database is out of reach
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)

# The key that signs the ledger's heads, and where heads are kept outside the database (docs/corrections.md).
LEDGER_KEY = "" if environ.text("LEDGER_KEY_FILE") else environ.text("LEDGER_KEY")
LEDGER_KEY_FILE = Path(environ.text("LEDGER_KEY_FILE") or DATA_DIR / "ledger.key")
LEDGER_HEADS = Path(environ.text("LEDGER_HEADS") or DATA_DIR / "heads")

# Where finished pages are kept: a folder of this machine (newsroom/delivery/disk.py), or a Redis or Valkey that several
# machines share (newsroom/delivery/redis_store.py); empty: every answer is made anew.
PAGE_STORE = environ.page_store("PAGE_STORE", str(DATA_DIR / "pages"))

# Caches in front that keep what the newsroom tells them to, and that every act purges (newsroom/delivery/outer.py).
OUTER_CACHES = environ.outer_caches("OUTER_CACHES")
if OUTER_CACHES and not PAGE_STORE:
    raise environ.Misconfigured("OUTER_CACHES names caches, but PAGE_STORE is empty; they need a store behind them.")

MEDIA_ROOT = Path(environ.text("NEWSROOM_MEDIA") or DATA_DIR / "public")
STORAGES = {
    "default": {  # what readers may fetch: renditions put out by a publication
        "BACKEND": "newsroom.storage.WholeFiles",
        "OPTIONS": {"location": MEDIA_ROOT, "base_url": "/media/"},
    },
    "private": {  # uploads and their renditions, shown to the desk by a view that checks rights
        "BACKEND": "newsroom.storage.WholeFiles",
        "OPTIONS": {"location": DATA_DIR / "private"},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION  # the demo needs no collectstatic
MEDIA_URL = "/media/"
STATIC_URL = "/static/"
STATIC_ROOT = Path(environ.text("NEWSROOM_STATIC") or DATA_DIR / "static") if PRODUCTION else None
FILE_UPLOAD_PERMISSIONS = 0o644
if environ.text("CACHE_URL"):  # a Redis or Valkey that all processes and machines share; sessions are read from it
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": environ.text("CACHE_URL")}
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 2**20  # a 2 MB body must reach the form, which then says that it is too long

# --- In which language and zone ---------------------------------------------------------------------------------
LANGUAGES = [("zh-hant", "繁體中文"), ("zh-hans", "简体中文"), ("en", "English"), ("bo", "བོད་ཡིག")]
DESK_LANGUAGES = [code for code, _ in LANGUAGES if code != "bo"]
django.conf.locale.LANG_INFO["bo"] = {  # Django knows no Tibetan; without this, bo falls back to zh-hans
    "bidi": False,
    "code": "bo",
    "name": "Tibetan",
    "name_local": "བོད་ཡིག",
}
LANGUAGE_CODE = environ.choice("SITE_LANGUAGE", "zh-hant", dict(LANGUAGES))
# Whose forms Traditional Chinese has where a story is converted to it: Taiwan's or Hong Kong's.
HANT_REGION = environ.choice("HANT_REGION", "TW", {"TW", "HK"})
CONVERT_QUOTES = environ.flag("CONVERT_QUOTES")  # “” becomes 「」 there, and the reverse
LOCALE_PATHS = [BASE_DIR / "articles" / "locale"]
TIME_ZONE = environ.zone("SITE_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True

# --- Who may come in, and what a page may do --------------------------------------------------------------------
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
CSRF_FAILURE_VIEW = "articles.site.errors.forged"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600  # seconds that a welcome link lives

SECURE_TLS = _address.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_TLS
SESSION_COOKIE_NAME = "__Host-desk" if SECURE_TLS else "desk"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE_TLS else "csrf"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 24 * 3600
SECURE_HSTS_SECONDS = 31536000 if SECURE_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SSL_REDIRECT = SECURE_TLS
# Only where the proxy sets X-Forwarded-Proto and X-Forwarded-For itself, as deploy/nginx.conf does.
BEHIND_PROXY = environ.flag("BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"  # but for the preview, which says otherwise itself

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

# --- Letters ----------------------------------------------------------------------------------------------------
_mail = environ.mail_server("SMTP_URL")
EMAIL_HOST = _mail.host  # empty: this newsroom sends no letters (articles/publishing/letters.py)
EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.port, _mail.user, _mail.password
EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.tls, _mail.starttls
EMAIL_TIMEOUT = 20  # seconds
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'dummy'}.EmailBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environ.mail_from("MAIL_FROM", server=_mail)

LEVELS = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"private": {"()": "newsroom.logs.private_addresses"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["private"]}},
    "root": {"handlers": ["stderr"], "level": environ.choice("LOG_LEVEL", "WARNING", LEVELS)},
}

# Kept pages of another release, or with other ones of these, are none of this newsroom's (newsroom/delivery/stores.py).
PAGES_MADE_FOR = "\n".join([
    LANGUAGE_CODE, TIME_ZONE, HANT_REGION, str(CONVERT_QUOTES), environ.text("OUTER_CACHES"),
    environ.release(BASE_DIR, shared="://" in PAGE_STORE),
])  # fmt: skip
