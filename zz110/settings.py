"""One settings file; environment variables only. Everything has a working development default; in production
(ZZ110_DEBUG=0) a missing secret stops the start."""

import os
import sys
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from zz110 import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("ZZ110_HOME", BASE_DIR / "var"))
DEVELOPMENT = os.environ.get("ZZ110_DEBUG", "1") == "1"
# Django's own DEBUG shows settings to anybody and keeps every query in memory: only on request.
DEBUG = DEVELOPMENT and os.environ.get("ZZ110_TRACEBACKS", "0") == "1"
TESTING = "pytest" in sys.modules

# --- secrets and hosts -------------------------------------------------------------------------------------------


def secret(name: str, development: str) -> str:
    """Read a secret from NAME, or from the file that NAME_FILE names; outside development a missing one stops."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    if value := os.environ.get(name):
        return value
    if DEVELOPMENT:
        return development
    raise ImproperlyConfigured(f"{name} or {name}_FILE must be set when ZZ110_DEBUG=0")


def listed(name: str, default: str) -> list[str]:
    """Read a comma-separated list."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


SECRET_KEY = secret("ZZ110_SECRET_KEY", "development-only-key-of-zz110-never-used-outside-a-developer-machine")
SECRET_KEY_FALLBACKS = listed("ZZ110_OLD_SECRET_KEYS", "")
PORT = os.environ.get("ZZ110_PORT", "8110")
ALLOWED_HOSTS = listed("ZZ110_HOSTS", "127.0.0.1,localhost,[::1]" if DEVELOPMENT else "")
ORIGINS = listed("ZZ110_ORIGINS", f"http://127.0.0.1:{PORT},http://localhost:{PORT}" if DEVELOPMENT else "")
CSRF_TRUSTED_ORIGINS = ORIGINS
PUBLIC_URL = (os.environ.get("ZZ110_PUBLIC_URL") or next(iter(ORIGINS), "")).rstrip("/")  # in links that go out
# Media servers from which browsers may play streams of cameras, such as https://media.police.local.
VIDEO_ORIGINS = listed("ZZ110_VIDEO_ORIGINS", "")
METRICS_TOKEN = os.environ.get("ZZ110_METRICS_TOKEN", "")

# --- applications ------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "channels",
    "leaflet",
    "csp",
    "incidents",
    "patrol",
    "dispatch",
    "zz110",
]
MIDDLEWARE = [
    "zz110.middleware.Trace",
    # An officer's first page must fit into 150 KB of 4G.
    "zz110.middleware.Compression",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "incidents.sessions.UserLanguage",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "zz110.urls"
ASGI_APPLICATION = "zz110.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.static",
            ],
        },
    },
]

# --- PostgreSQL and Redis ----------------------------------------------------------------------------------------

PROCESS = os.environ.get("ZZ110_PROCESS", "manage")  # web, worker, beat or manage
RUNNING = embedded.running_urls(HOME)
DATABASE_URL = os.environ.get("DATABASE_URL") or (RUNNING and RUNNING.database_url) or "postgresql:///zz110"
REDIS_URL = os.environ.get("REDIS_URL") or (RUNNING and RUNNING.redis_url) or "redis://127.0.0.1:6379/0"
_database = conninfo_to_dict(DATABASE_URL)
# Web commands must fail fast: a waiting dispatcher needs 503 and a retry, not a hang (targets 1.5).
TIMEOUTS = {"web": (1_000, 5_000), "worker": (3_000, 10_000)}.get(PROCESS, (10_000, 600_000))
_options: dict[str, Any] = {
    "options": (
        f"-c lock_timeout={TIMEOUTS[0]} -c statement_timeout={TIMEOUTS[1]} "
        "-c idle_in_transaction_session_timeout=10000 -c timezone=UTC -c synchronous_commit=on"
    ),
    "application_name": f"zz110-{PROCESS}",
    "connect_timeout": 5,
}
if PROCESS == "web" and not TESTING:
    _options["pool"] = {
        "min_size": 4,
        "max_size": int(os.environ.get("ZZ110_POOL", "16")),
        "timeout": 5,
        "reconnect_timeout": 5,
    }
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _database.get("dbname", "zz110"),
        "USER": _database.get("user", ""),
        "PASSWORD": _database.get("password", ""),
        "HOST": _database.get("host", ""),
        "PORT": _database.get("port", ""),
        "CONN_MAX_AGE": 0,
        # A database that was killed leaves dead connections behind; each is tried before it is handed out.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": _options,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_TIMEOUTS = {"socket_connect_timeout": 1, "socket_timeout": 1}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [{"address": REDIS_URL, **REDIS_TIMEOUTS}], "prefix": "zz110"},
    }
}
CELERY_BROKER = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")

# --- people ------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "incidents.User"
AUTHENTICATION_BACKENDS = ["incidents.sessions.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
]
LOGIN_URL = "/login/"
SESSION_ENGINE = "incidents.session_store"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "zz110.views.csrf_failure"
if not DEVELOPMENT:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_SSL_REDIRECT = os.environ.get("ZZ110_TLS_REDIRECT", "1") == "1"
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^metrics$"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE, "'strict-dynamic'"],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *VIDEO_ORIGINS],
        "connect-src": [SELF, *(origin.replace("http", "ws", 1) for origin in ORIGINS)],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "media-src": [SELF, "blob:", *VIDEO_ORIGINS],
        "font-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
    }
}

# --- language and time -------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"  # of the screen; the database and the wire are UTC

# --- static files and uploads ------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS: list[Any] = [
    BASE_DIR / "static",
    # Only what the pages load; whole packages hold thousands of files that nobody asks for.
    *((f"vendor/{folder}", BASE_DIR / "node_modules" / folder) for folder in ("echarts/dist", "idb/build")),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEVELOPMENT
        else "zz110.static.ModuleStorage"
    },
}
WHITENOISE_USE_FINDERS = DEVELOPMENT
WHITENOISE_AUTOREFRESH = DEVELOPMENT
WHITENOISE_ALLOW_ALL_ORIGINS = False
MEDIA_ROOT = HOME / "uploads"  # outside the web root; served by a view that asks for rights
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
PHOTO_MAX_BYTES = 10_000_000
LEAFLET_CONFIG: dict[str, Any] = {"TILES": [], "MINIMAP": False, "SCALE": "metric", "RESET_VIEW": False}

# --- API ---------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["incidents.sessions.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["incidents.permissions.HasContractRole"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["incidents.parsing.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "incidents.api_tools.refusal",
    # Of the public report page, for each address; thousands of phones may share one.
    "DEFAULT_THROTTLE_RATES": {"report": "60/hour", "report_further": "2000/hour"},
    "UNAUTHENTICATED_USER": None,
    "DATETIME_FORMAT": "%Y-%m-%dT%H:%M:%S.%fZ",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "ZZ110",
    "DESCRIPTION": "Computer-aided dispatch for a 110 centre. What it means: docs/contract.md.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["incidents.permissions.SignedIn"],
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "zz110.schema.add_keys"],
    "ENUM_NAME_OVERRIDES": {
        "AnswerEnum": "incidents.models.Answer",
        "SexEnum": "incidents.fields.SEXES",
        "PropertyStatusEnum": "incidents.api.parties.STATUSES",
        "PremiseKindEnum": "incidents.api.premises.KINDS",
        "GridReportKindEnum": "incidents.api.grid_reports.KINDS",
        "PartnerTeamKindEnum": "incidents.api.partners.KINDS",
        "UnitStatusEnum": "patrol.api.STATUSES",
    },
}

# --- logs --------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "zz110.logs.Line"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("ZZ110_LOG_LEVEL", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
        "celery": {"level": "WARNING"},  # two lines for each sweep, every second, say nothing
    },
}

# --- the trade ---------------------------------------------------------------------------------------------------

HEARTBEAT_EVERY_S = 5
LOOK_EVERY_S = 0.25
# How many reports of a month are drawn for the quality sample (R26).
QUALITY_SAMPLE = int(os.environ.get("ZZ110_QUALITY_SAMPLE") or 260)
SOCKETS_PER_USER = int(os.environ.get("ZZ110_SOCKETS_PER_USER", "6"))
# Minutes without input after which the screen of a role locks, such as "officer=5,dispatcher=15"; 0 is never. What is
# not named locks as incidents/locking.py says.
ZZ110_LOCK_MINUTES = {
    role.strip(): float(minutes)
    for role, _, minutes in (one.partition("=") for one in os.environ.get("ZZ110_LOCK_MINUTES", "").split(",") if one)
}
# The head of every centre goes to this file each minute, so that a cut tail is found (style rule 31).
ANCHOR_FILE = Path(os.environ.get("ZZ110_ANCHOR_FILE", HOME / "anchor" / "heads.jsonl"))
# Calls that the database cannot take are kept here, on the web server's own disk (targets D3).
SPOOL_FOLDER = Path(os.environ.get("ZZ110_SPOOL", HOME / "spool"))
STATE_FOLDER = HOME / "state"  # the hourly print of the state of the world (D5)
HISTORY_WITHIN_M = int(os.environ.get("ZZ110_HISTORY_M", "100"))  # what happened so near counts as the same place
HISTORY_MONTHS = int(os.environ.get("ZZ110_HISTORY_MONTHS", "12"))
