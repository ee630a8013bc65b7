"""All settings, read from the environment (docs/configuration.md names every variable).

On one machine nothing has to be set: `make run` writes `secrets.env` into the data folder, and it
is read here; what the environment says goes before the file.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF

from gallery.environment import Environment
from gallery.jobs.celery_settings import celery_settings
from gallery.logs import logging_settings
from gallery.supervisor import runtime
from gallery.supervisor.valkey import socket_path
from gallery.translations import catalog_folders
from providers.configuration import Site, service_apps, with_services

django_stubs_ext.monkeypatch()  # generic admin and view classes, so that they can be typed

BASE_DIR = Path(__file__).resolve().parent.parent
# Templates and static files stand beside the packages; a wheel has them in this one (setup.py).
FILES_DIR = BASE_DIR if (BASE_DIR / "manage.py").exists() else BASE_DIR / "gallery"
env = Environment()

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
Environment.read_env(str(DATA_DIR / "secrets.env"))

# --- The site -------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
# Where nothing is set: what the `up` that runs on this data folder has chosen.
_running = runtime.read(DATA_DIR)
SITE_URL = env.str("SITE_URL", default=_running.get("SITE_URL", "http://127.0.0.1:8000")).rstrip("/")
# Where this site's own processes reach the built-in servers: never a thread of the web process
# itself, which would wait for its own pool (decision 1).
SERVICES_URL = env.str("SERVICES_URL", default=_running.get("SERVICES_URL", SITE_URL)).rstrip("/")
SITE_IS_SECURE = SITE_URL.startswith("https://")

# By its own two addresses, and over loopback, where health is asked.
ALLOWED_HOSTS = [
    *(urlsplit(url).hostname or "" for url in (SITE_URL, SERVICES_URL)),
    *("127.0.0.1", "localhost", "[::1]"),
    *env.list("ALLOWED_HOSTS", default=[]),
]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
ROOT_URLCONF = "gallery.urls"
WSGI_APPLICATION = "gallery.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SERVICE_APPS = service_apps()

INSTALLED_APPS = [
    "gallery.admin_site.PomarAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "gallery.apps.PomarConfig",
    "gallery.jobs",
    "gallery.accounts",
    "gallery.library",
    "gallery.uploads",
    "gallery.changes",
    "gallery.explore",
    "providers.server.faults",
    *SERVICE_APPS,
    "allauth.idp.oidc",  # last: the pages of a built-in server that signs people in go before its own
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "gallery.htmx_vary.vary_on_htmx",
    "allauth.account.middleware.AccountMiddleware",
    "providers.server.faults.middleware.FaultMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [FILES_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "gallery.templates_loading.SiteTemplates",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gallery.look.shell",
            ],
        },
    },
]

# --- Data -----------------------------------------------------------------------------------

DATABASES = {"default": env.database("DATABASE_URL", DATA_DIR)}
REDIS_URL = env.str("REDIS_URL", default="").rstrip("/")
VALKEY_SOCKET = env.str("VALKEY_SOCKET", default=str(socket_path(DATA_DIR)))
# Kombu and redis-py each refuse the other's form of a socket address: both come from one setting.
# The numbers of the queue's and the cache's database on that server.
QUEUE_DB, CACHE_DB = env.list("REDIS_DATABASES", cast=int, default=[0, 1])
BROKER_URL = (
    f"{REDIS_URL}/{QUEUE_DB}" if REDIS_URL else f"redis+socket://{VALKEY_SOCKET}?virtual_host={QUEUE_DB}"
)
CACHE_URL = f"{REDIS_URL}/{CACHE_DB}" if REDIS_URL else f"unix://{VALKEY_SOCKET}?db={CACHE_DB}"
CACHES = {
    "default": {
        "BACKEND": "gallery.redis_cache.FailOpenRedisCache",
        "LOCATION": CACHE_URL,
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
        "KEY_PREFIX": env.str("CACHE_PREFIX", default="pomar"),
    }
}

MEDIA_ROOT = DATA_DIR / "media"
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [FILES_DIR / "static"]
STORAGES: dict[str, dict[str, object]] = {
    "default": env.storage("STORAGE_URL"),  # "" for files below MEDIA_ROOT
    "staticfiles": {"BACKEND": "gallery.static_files.StaticStorage"},
}

# Every file above this is spooled to disk while it arrives.
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# --- People and keys ------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_REDIRECT_URL = "library:home"
LOGIN_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_VERIFICATION = env.str("EMAIL_VERIFICATION", default="none")
ACCOUNT_REAUTHENTICATION_REQUIRED = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_FORMS = {
    "login": "gallery.accounts.sign_in.LoginForm",
    "signup": "gallery.accounts.sign_in.SignupForm",
    "add_email": "gallery.accounts.sign_in.AddEmailForm",
    "change_password": "gallery.accounts.sign_in.ChangePasswordForm",
    "set_password": "gallery.accounts.sign_in.SetPasswordForm",
    "reset_password": "gallery.accounts.sign_in.ResetPasswordForm",
    "reset_password_from_key": "gallery.accounts.sign_in.ResetPasswordKeyForm",
    "reauthenticate": "gallery.accounts.sign_in.ReauthenticateForm",
}
ACCOUNT_ADAPTER = "gallery.accounts.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "gallery.accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_STORE_TOKENS = True
SIGNUP_IS_OPEN = env.bool("SIGNUP_IS_OPEN", default=True)
STAY_CONNECTED_IS_ALLOWED = env.bool("STAY_CONNECTED_IS_ALLOWED", default=True)
vars().update(env.mail("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="pomar@localhost")

DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="")  # of the person that `manage.py demo` makes

# "id:base64 of 32 bytes, id:..." - the first seals, all open (providers/vault.py).
VAULT_KEYS = env.list("VAULT_KEYS", default=[])

SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {}  # each service adds its servers, at the end

IDP_OIDC_PRIVATE_KEY = env.str("OIDC_PRIVATE_KEY", default="", multiline=True)
if not IDP_OIDC_PRIVATE_KEY and (DATA_DIR / "oidc.pem").is_file():
    IDP_OIDC_PRIVATE_KEY = (DATA_DIR / "oidc.pem").read_text()

# --- All built-in servers -------------------------------------------------------------------

SERVER_MAX_FILE_BYTES = env.int("SERVER_MAX_FILE_BYTES", default=200 * 1024 * 1024)
SERVER_MAX_PIXELS = env.int("SERVER_MAX_PIXELS", default=100_000_000)

# --- Tasks ----------------------------------------------------------------------------------

vars().update(celery_settings(BROKER_URL, env.str("QUEUE_PREFIX", default="pomar:")))
IMAGE_CACHE_BYTES = env.int("IMAGE_CACHE_BYTES", default=2 * 1024**3)  # of pictures fetched to be shown
SYNC_INTERVAL = env.int("SYNC_INTERVAL", default=900)  # seconds between two syncs of an account
LEASE_SECONDS = env.int("LEASE_SECONDS", default=20)  # how long a worker is believed to live without a sign
LEASE_RENEW_SECONDS = min(1.0, LEASE_SECONDS / 3)
# A process that gave no sign for so long hangs: it is ended and started again.
HANG_SECONDS = env.int("HANG_SECONDS", default=40)
WORKER_WATCH_SECONDS = min(5.0, HANG_SECONDS / 4)
MIN_FREE_BYTES = env.int("MIN_FREE_BYTES", default=1024**3)  # below it, /health/ says that the disk is low

# --- Uploads --------------------------------------------------------------------------------

UPLOAD_MAX_FILE_BYTES = env.int("UPLOAD_MAX_FILE_BYTES", default=256 * 1024 * 1024)
UPLOAD_MAX_PIXELS = env.int("UPLOAD_MAX_PIXELS", default=100_000_000)
# How long a photo whose arrival is unknown is looked for before the file is sent again, where only
# the service's listing can tell.
UPLOAD_DOUBT_SECONDS = env.int("UPLOAD_DOUBT_SECONDS", default=180)
# A service makes its sizes within seconds: worth waiting for, with the lease in hand.
UPLOAD_LOOK_PAUSES = (0.0, 0.3, 0.7, 1.5)
UPLOAD_KEEP_DAYS = env.int("UPLOAD_KEEP_DAYS", default=7)  # files of uploads that failed or were cancelled
UPLOAD_STRAY_AFTER = timedelta(days=1)  # files that no row names
DATA_UPLOAD_MAX_NUMBER_FILES = env.int("UPLOAD_MAX_FILES", default=1000)  # in one form

# --- Language, time, security ---------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("pt", "Português")]
LOCALE_PATHS = catalog_folders()
FORMAT_MODULE_PATH = ["gallery.formats"]
TIME_ZONE = env.time_zone("TIME_ZONE", default="UTC")
USE_TZ = True

SESSION_COOKIE_NAME = env.str("SESSION_COOKIE_NAME", default="pomar_session")
CSRF_COOKIE_NAME = env.str("CSRF_COOKIE_NAME", default="pomar_csrf")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SITE_IS_SECURE
SESSION_COOKIE_SAMESITE = "Lax"  # Strict would lose the session on the way back from a service
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = SITE_IS_SECURE and env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 31_536_000 if SITE_IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SITE_IS_SECURE
SECURE_REDIRECT_EXEMPT = [r"^health/"]
if env.bool("TRUST_PROXY_HEADERS", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "img-src": [SELF, "blob:"],
        "style-src": [SELF],
        "script-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Logs -----------------------------------------------------------------------------------

LOGGING = logging_settings(env.log_level("LOG_LEVEL", default="INFO"))

# --- Services -------------------------------------------------------------------------------

# Addresses, keys, hashers and beat entries of each service and its built-in server.
vars().update(with_services(vars(), env, Site(SITE_URL, SERVICES_URL)))
