"""Every setting, from the environment. A missing secret raises and names the variable."""

import datetime as dt
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # why: rankings/engine; here because others load numpy before it

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))
ASSETS = BASE_DIR / "var" / "assets"  # fonts and scripts, by `make assets`: beside the code, wherever the data lie


def _yes(name: str, *, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


DEBUG = _yes("DEBUG")
TESTING = _yes("TESTING")


def _required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        msg = f"The environment variable {name} is missing. docs/operations.md says what it holds."
        raise ImproperlyConfigured(msg)
    return value


def _secret(name: str) -> str:
    """A secret from the environment; one that can be guessed is refused outside of debugging and tests."""
    value = _required(name)
    weak = (
        len(value) < 50
        or len(set(value)) < 10
        or re.search("insecure|secret|password|change|example", value, re.IGNORECASE)
    )
    if weak and not (DEBUG or TESTING):
        msg = f"{name} is too weak: make one with `python -c 'import secrets; print(secrets.token_urlsafe(50))'`."
        raise ImproperlyConfigured(msg)
    return value


def _words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


_GUESSED_FIRST = {"postgres", "password", "changeme", "secret", "admin", "1234", "socialt_indeks", "root"}

# A server that is gone is noticed within two seconds, and so is one that is back.
_PATIENCE = float(os.environ.get("DATABASE_PATIENCE", "2"))
_POOL = {"min_size": 1, "max_size": 8, "timeout": _PATIENCE, "reconnect_timeout": _PATIENCE}


def _database(url: str) -> dict[str, Any]:
    """A DATABASES entry from postgresql://user:password@host:port/name?option=value."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        msg = f"DATABASE_URL must begin with postgresql://, it begins with {parts.scheme!r}."
        raise ImproperlyConfigured(msg)
    if parts.password in _GUESSED_FIRST and not (DEBUG or TESTING):
        msg = "The password in DATABASE_URL is one that is guessed first. Make another."
        raise ImproperlyConfigured(msg)
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"pool": _POOL, "connect_timeout": "2", **options},
    }


def _database_url() -> str:
    """The server that DATABASE_URL names, or the embedded one, started or joined."""
    if url := os.environ.get("DATABASE_URL"):
        return url
    from portal.serving import embedded_postgres  # noqa: PLC0415  only a machine without a server needs it

    folder = VAR_DIR / ("postgres-test" if TESTING else "postgres")
    return embedded_postgres.database_url(folder, durable=not TESTING)


SECRET_KEY = _secret("SECRET_KEY")
ALLOWED_HOSTS = _words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if DEBUG else "")
CSRF_TRUSTED_ORIGINS = _words("CSRF_TRUSTED_ORIGINS")
HTTPS = _yes("HTTPS", default=not DEBUG)
SITE_ADDRESS = os.environ.get("SITE_ADDRESS", "http://127.0.0.1:8000").rstrip("/")
if ALLOWED_HOSTS and urlsplit(SITE_ADDRESS).hostname not in ALLOWED_HOSTS:
    ALLOWED_HOSTS.append(urlsplit(SITE_ADDRESS).hostname or "")
if ALLOWED_HOSTS:
    ALLOWED_HOSTS.append("127.0.0.1")  # who watches on this machine asks by number, without TLS

INSTALLED_APPS = [
    "portal.apps.PortalConfig",
    "rankings.practices.apps.PracticesConfig",
    "rankings.apps.RankingsConfig",
    "rankings.hearing.apps.HearingConfig",
    "indicators.apps.IndicatorsConfig",
    "indicators.people.apps.PeopleConfig",
    "indicators.sources.apps.SourcesConfig",
    "indicators.provisions.apps.ProvisionsConfig",
    "indicators.surveys.apps.SurveysConfig",
    "portal.apps.TwoFactorAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
]

MIDDLEWARE = [
    "portal.serving.cache.FinishedPages",
    "portal.operating.security.visitors_address",
    "portal.operating.logs.log_requests",
    "django.middleware.security.SecurityMiddleware",
    "portal.operating.security.careful_headers",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.operating.security.addresses_of_the_room",
    "portal.serving.middleware.language_of_the_address",
    "django.middleware.common.CommonMiddleware",
    "portal.operating.security.OwnSessions",
    "portal.operating.security.OwnForms",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.operating.security.short_sessions",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "portal.frame.mine.MyMunicipality",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

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
                "portal.frame.context.site",
            ],
        },
    }
]

DATABASES = {"default": _database(_database_url())}
REPLICAS = [f"replica{number}" for number, _url in enumerate(_words("REPLICA_URLS"), start=1)]
for _alias, _url in zip(REPLICAS, _words("REPLICA_URLS"), strict=True):
    DATABASES[_alias] = _database(_url)
DATABASE_ROUTERS = ["portal.serving.release.Router"] if REPLICAS else []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator"}
    for name in ("UserAttributeSimilarity", "MinimumLength", "CommonPassword", "NumericPassword")
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

LANGUAGE_CODE = "da"
LANGUAGES = [("da", _("Dansk")), ("en", _("Engelsk"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", VAR_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static", ("vendor", ASSETS / "vendor")]
MEDIA_ROOT = VAR_DIR / "files"
SURVEY_KEYS = Path(os.environ.get("SURVEY_KEYS", VAR_DIR / "survey-keys"))  # never backed up beside the database
PG_BIN = os.environ.get("PG_BIN", "")  # the folder of pg_dump and pg_restore, where they are not in PATH
MEDIA_URL = "/never-served/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "portal.serving.files.HashedFiles",
        "OPTIONS": {"file_permissions_mode": 0o644},  # for everyone, whoever collected them (root, in the image)
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING

# The hash is that of the empty string: Plotly makes one empty style element and fills it by script.
_EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, _EMPTY_STYLE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# Who writes: an account made by an administrator, a second factor, a short session, cookies behind ADMIN_PATH only.
# After five wrong passwords a user name is locked from that address for half an hour: from elsewhere it is not,
# and others behind the same address are not.
WORKBENCH_PATH = "arbejdsbord"  # where members sign in: a code by e-mail, a passkey or OpenID Connect; no password
ADMIN_PATH = os.environ.get("ADMIN_PATH", "redaktion").strip("/")
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
ACCOUNT_ADAPTER = "portal.operating.accounts.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody can have letters sent to strangers
ACCOUNT_FORMS = {"request_login_code": "portal.operating.accounts.AskForCode"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "20/h/key"}
MFA_ADAPTER = "portal.operating.accounts.SealedSecrets"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "Socialt Indeks"
MFA_TOTP_TOLERANCE = 1
# Municipalities' own sign-in through a broker: a provider of OpenID Connect, for members only. It opens the account of
# the address that it says is verified; it never makes one.
OIDC_SERVER = os.environ.get("OIDC_SERVER", "").rstrip("/")
SOCIALACCOUNT_ADAPTER = "portal.operating.accounts.MembersOnly"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "kommune",
                "name": os.environ.get("OIDC_NAME", "Kommunens login"),
                "client_id": os.environ.get("OIDC_CLIENT_ID", ""),
                "secret": os.environ.get("OIDC_SECRET", ""),
                "settings": {"server_url": OIDC_SERVER},
            }
        ]
        if OIDC_SERVER
        else [],
    }
}
AXES_ENABLE_ADMIN = False  # English pages; the lockout stands on the person's own page
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = dt.timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "portal.operating.security.name_tried"
AXES_LOCKOUT_TEMPLATE = "account/locked_out.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_CLIENT_IP_CALLABLE = "portal.operating.security.address_of"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # a cookie of its own would go everywhere
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = f"/{ADMIN_PATH}/"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
# Forms are protected by OwnForms, Django's own with a cookie for each room: the check looks for the name of the other.
SILENCED_SYSTEM_CHECKS = ["security.W003"]
CSRF_COOKIE_SAMESITE = "Strict"
BEHIND_PROXY = _yes("BEHIND_PROXY")
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = ["^sundhed/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"

# Uploads: whoever brought figures cannot alone publish them. A large file is streamed to disk, never held in memory,
# and read by `manage.py work`.
FOUR_EYES = _yes("FOUR_EYES", default=True)
HEARING_LEAST_DAYS = int(os.environ.get("HEARING_LEAST_DAYS", "14"))  # by the Danish calendar
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20  # those that one indberetning may bring at once
UPLOAD_MEMORY = int(os.environ.get("UPLOAD_MEMORY", "1000000000"))  # bytes that a job of the worker may take
UPLOAD_AT_ONCE = int(os.environ.get("UPLOAD_AT_ONCE", "3000000"))  # bytes; larger files go to the background

# Figures from the source. A publisher may be asked elsewhere (its figures are then trial figures, never real ones) and
# may want a key; NAME_URL and NAME_KEY, by the names of the catalogue's recipes. CATALOGUE is another country's.
CATALOGUE = Path(os.environ.get("CATALOGUE", BASE_DIR / "indicators" / "data"))
_SOURCES = _words("SOURCES", "statbank,pxweb,jobindsats,uddannelsesstatistik")
SOURCE_URLS = {name: os.environ.get(f"{name.upper()}_URL", "") for name in _SOURCES}
SOURCE_KEYS = {name: os.environ.get(f"{name.upper()}_KEY", "") for name in _SOURCES}
SOURCES_PAUSE = float(os.environ.get("SOURCES_PAUSE", "0.7"))  # seconds between two questions to one publisher
SOURCES_TIMEOUT = float(os.environ.get("SOURCES_TIMEOUT", "60"))  # seconds that one answer may take, first byte to last

# Finished pages: kept until the release changes. Not on a developer's machine, where everything changes.
CACHE_PAGES = _yes("CACHE_PAGES", default=not (DEBUG or TESTING))
PAGE_MEMORY = int(os.environ.get("PAGE_MEMORY_MB", "192")) * 1024 * 1024
WARM_UP = _yes("WARM_UP", default=CACHE_PAGES)  # a publication makes its pages before anybody asks for them
FOLLOW_UP = not TESTING  # after it the worker makes press sheets and writes letters: portal/publishing.py
RELEASE_POLL = float(os.environ.get("RELEASE_POLL", "0.25"))
REDIS_URL = os.environ.get("REDIS_URL", "")
# Wrong codes are counted in the database, by all processes and machines together, whatever the disk has room for.
# What visitors ask too often (operating.limits) is counted in Redis where there is one: numbers only, never unpickled.
_OWN = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
_TABLE = {
    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
    "LOCATION": "portal_counts",  # `manage.py migrate` makes it
    "OPTIONS": {"MAX_ENTRIES": 100_000},
}
_REDIS = {
    "BACKEND": "django.core.cache.backends.redis.RedisCache",
    "LOCATION": REDIS_URL,
    "OPTIONS": {"socket_timeout": 0.25, "socket_connect_timeout": 0.25},
}
CACHES = {"default": _OWN if TESTING else _TABLE, "limits": _REDIS if REDIS_URL else _OWN}
QUESTIONS_AN_HOUR = int(os.environ.get("QUESTIONS_AN_HOUR", "10"))
FOLLOWS_OF_ALL_AN_HOUR = int(os.environ.get("FOLLOWS_OF_ALL_AN_HOUR", "300"))
PROCESSOR_SECONDS_A_MINUTE = int(os.environ.get("PROCESSOR_SECONDS_A_MINUTE", "20"))
FOLLOWS_AN_HOUR = int(os.environ.get("FOLLOWS_AN_HOUR", "10"))
API_REQUESTS_A_MINUTE = int(os.environ.get("API_REQUESTS_A_MINUTE", "300"))
SITE_BUILD = os.environ.get("SITE_BUILD", "")

# Logs: a line for people, or with LOG_JSON=1 an object a line. METRICS_TOKEN: who may read the counters from elsewhere.
LOG_JSON = _yes("LOG_JSON")
SLOW_QUERY_MS = float(os.environ.get("SLOW_QUERY_MS", "200"))
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")
# Letters go by the mail server that EMAIL_HOST names; without one they become files, as in the demo.
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "letters"
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _yes("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("EMAIL_FROM", "Socialt Indeks <ingen-svar@localhost>")
# Whom journalists may ask: one line that is printed on every press sheet. Empty: the sheet says nobody is named.
PRESS_CONTACT = os.environ.get("PRESS_CONTACT", "")
# Who publishes, where they are, who edits, where to write: in the foot of every page and at Om. Empty: not said.
PUBLISHER = {
    name: os.environ.get(f"PUBLISHER_{name.upper()}", "")
    for name in ("name", "address", "editor", "email", "phone", "funding")
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "portal.operating.logs.JsonLine"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json" if LOG_JSON else "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"indicators": {"level": "INFO"}, "rankings": {"level": "INFO"}}
    | ({"portal.requests": {"level": "INFO"}} if LOG_JSON else {}),
}
