"""All settings, read from the environment (docs/configuration.md names every variable).

On one machine nothing has to be set: `make run` writes `secrets.env` into the data folder, and it
is read here; what the environment says goes before the file.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from celery.schedules import crontab
from csp.constants import NONE, SELF

from gallery.environment import Environment
from gallery.supervisor import addresses
from gallery.supervisor.valkey import socket_path
from providers.registry import SERVICES

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
_running = addresses.read(DATA_DIR)
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

# A service is its folder and its line in the registry: what follows asks whether it is there.
SERVICE_APPS = [
    app for package in SERVICES for app in (package, f"{package}.server") if find_spec(app) is not None
]
HAS_ORANGE_SERVER = "providers.orange.server" in SERVICE_APPS
HAS_SAPO_SERVER = "providers.sapo.server" in SERVICE_APPS

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
    "allauth.idp.oidc",
    "gallery.apps.PomarConfig",
    "gallery.accounts",
    "gallery.library",
    "gallery.uploads",
    "gallery.changes",
    "gallery.explore",
    "providers.faults",
    *SERVICE_APPS,
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
    "providers.faults.middleware.FaultMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [FILES_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
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

DATABASES = {"default": env.database("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'pomar.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # What must outlive a power cut is committed by providers.durable.lasting.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # A file, not memory: threads and processes of a test meet the same locks as in production.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

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
        "BACKEND": "gallery.redis_cache.PatientRedisCache",
        "LOCATION": CACHE_URL,
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 5},
        "KEY_PREFIX": env.str("CACHE_PREFIX", default="pomar"),
    }
}

MEDIA_ROOT = DATA_DIR / "media"
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [FILES_DIR / "static"]
STORAGES: dict[str, dict[str, object]] = {
    "default": env.storage("STORAGE_URL"),  # "" for files below MEDIA_ROOT
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
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
if HAS_ORANGE_SERVER:  # only for SERVICE_PWD, which is long and random: checked at each call
    PASSWORD_HASHERS.append("providers.orange.server.hashers.ServicePasswordHasher")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
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

# Which servers the site offers. Each app has two addresses: the browser's and ours.
ORANGE_SERVICE_ID = env.str("ORANGE_SERVICE_ID", default="")
ORANGE_SERVICE_PWD = env.str("ORANGE_SERVICE_PWD", default="")
SAPO_ACCESS_KEY = env.str("SAPO_ACCESS_KEY", default="")
SAPO_BINDING = env.str("SAPO_BINDING", default="rest")  # or "soap": how our client speaks to the built-in one
BUILTIN_ORANGE_APP = {
    "provider_id": "pomar-orange",
    "name": "Orange Photos",
    "client_id": ORANGE_SERVICE_ID,
    "secret": ORANGE_SERVICE_PWD,
    "settings": {
        "web_url": f"{SITE_URL}/services/orange",
        "api_url": f"{SERVICES_URL}/services/orange",
        "allow_private": True,
        "is_builtin": True,
    },
}
BUILTIN_SAPO_APP = {
    "provider_id": "pomar-sapo",
    "name": "SAPO Fotos",
    "client_id": SAPO_ACCESS_KEY,
    "secret": "",
    "settings": {
        "web_url": f"{SITE_URL}/services/sapo",
        "api_url": f"{SERVICES_URL}/services/sapo",
        "binding": SAPO_BINDING,
        "allow_private": True,
        "is_builtin": True,
    },
}
SOCIALACCOUNT_PROVIDERS = {
    name: {"APPS": offered}
    for name, offered in {
        "orange": [BUILTIN_ORANGE_APP, *env.json("ORANGE_APPS", default=[])],
        "sapo": [BUILTIN_SAPO_APP, *env.json("SAPO_APPS", default=[])],
    }.items()
    if f"providers.{name}" in SERVICES
}

IDP_OIDC_PRIVATE_KEY = env.str("OIDC_PRIVATE_KEY", default="", multiline=True)
if not IDP_OIDC_PRIVATE_KEY and (DATA_DIR / "oidc.pem").is_file():
    IDP_OIDC_PRIVATE_KEY = (DATA_DIR / "oidc.pem").read_text()
if HAS_ORANGE_SERVER:
    IDP_OIDC_ADAPTER = "providers.orange.server.adapter.OrangeIdentityAdapter"
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = env.int("ORANGE_TOKEN_LIFETIME", default=61 * 86400)
IDP_OIDC_REFRESH_TOKEN_EXPIRES_IN = IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN

# --- The built-in servers -------------------------------------------------------------------

ORANGE_REQUIRE_SERVICE_AUTH = env.bool("ORANGE_REQUIRE_SERVICE_AUTH", default=False)
ORANGE_CALLS_A_MINUTE = env.int("ORANGE_CALLS_A_MINUTE", default=6000)  # with one user token; 0: no limit
ORANGE_NAMES_NEW_PHOTO = env.bool("ORANGE_NAMES_NEW_PHOTO", default=False)
# Which of "credentials" and "access_key" a call to the SAPO server must bring.
SAPO_REQUIRE = env.list("SAPO_REQUIRE", default=["credentials", "access_key"])
SAPO_TIME_ZONE = env.time_zone("SAPO_TIME_ZONE", default="Europe/Lisbon")
SAPO_REDIR = env.str("SAPO_REDIR", default="redirect")  # or "call": the server asks the address
SAPO_REDIR_HOSTS = env.list("SAPO_REDIR_HOSTS", default=[urlsplit(SITE_URL).hostname or ""])
SERVER_MAX_FILE_BYTES = env.int("SERVER_MAX_FILE_BYTES", default=200 * 1024 * 1024)
SERVER_MAX_PIXELS = env.int("SERVER_MAX_PIXELS", default=100_000_000)

# --- Tasks ----------------------------------------------------------------------------------

CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# The broker's redelivery is slow by design: leases and the sweep do the thirty seconds.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_throttle": 1,
    "global_keyprefix": env.str("QUEUE_PREFIX", default="pomar:"),
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 3000
CELERY_TASK_SOFT_TIME_LIMIT = 2900
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A pool process that was killed is replaced; on a busy machine the new one needs more than the usual
# four seconds to report, and until then the whole worker would give up.
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 30
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
# Sweeps go before everything else, or a long line would keep them from being made at all; one that is
# late is no use, as the next is there by then.
CELERY_TASK_ROUTES = {"gallery.*.sweep_*": {"priority": 0}, "*": {"priority": 3}}
_SWEEP = {"expires": 10}
CELERY_BEAT_SCHEDULE = {
    "sweep-uploads": {"task": "gallery.uploads.tasks.sweep_uploads", "schedule": 5.0, "options": _SWEEP},
    "sweep-changes": {"task": "gallery.changes.tasks.sweep_changes", "schedule": 7.0, "options": _SWEEP},
    "sweep-syncs": {"task": "gallery.library.tasks.sweep_syncs", "schedule": 15.0, "options": _SWEEP},
    "trim-pictures": {"task": "gallery.library.tasks.trim_pictures", "schedule": 600.0},
    "renew-keys": {"task": "gallery.accounts.tasks.renew_keys", "schedule": 300.0},
    "clear-uploads": {"task": "gallery.uploads.tasks.clear_uploads", "schedule": crontab(minute=40)},
    "clear-old": {"task": "gallery.accounts.tasks.clear_old", "schedule": crontab(hour=3, minute=20)},
}
if HAS_SAPO_SERVER:
    CELERY_BEAT_SCHEDULE["look-at-new-sapo-images"] = {
        "task": "providers.sapo.server.tasks.look_at_new_images",
        "schedule": 3.0,
        "options": _SWEEP,
    }
IMAGE_CACHE_BYTES = env.int("IMAGE_CACHE_BYTES", default=2 * 1024**3)  # of pictures fetched to be shown
SYNC_INTERVAL = env.int("SYNC_INTERVAL", default=900)  # seconds between two syncs of an account
LEASE_SECONDS = env.int("LEASE_SECONDS", default=20)

# --- Uploads --------------------------------------------------------------------------------

UPLOAD_MAX_FILE_BYTES = env.int("UPLOAD_MAX_FILE_BYTES", default=256 * 1024 * 1024)
UPLOAD_MAX_PIXELS = env.int("UPLOAD_MAX_PIXELS", default=100_000_000)
# How long a photo whose arrival is unknown is looked for before the file is sent again, where only
# the service's listing can tell.
UPLOAD_DOUBT_SECONDS = env.int("UPLOAD_DOUBT_SECONDS", default=180)
UPLOAD_KEEP_DAYS = env.int("UPLOAD_KEEP_DAYS", default=7)  # files of uploads that failed or were cancelled
DATA_UPLOAD_MAX_NUMBER_FILES = env.int("UPLOAD_MAX_FILES", default=1000)  # in one form

# --- Language, time, security ---------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("pt", "Português")]
LOCALE_PATHS = [BASE_DIR / "gallery" / "locale"]
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
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
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

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "reference": {"()": "gallery.logs.NameReference"},
        "redact": {"()": "gallery.logs.RedactSecrets"},
    },
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["reference", "redact"],
        }
    },
    "root": {"handlers": ["stderr"], "level": env.log_level("LOG_LEVEL", default="INFO")},
    "loggers": {
        # urllib3 prints whole addresses at DEBUG, and both protocols put secrets into them.
        "urllib3": {"level": "INFO"},
        "pyvips": {"level": "WARNING"},
        "django.server": {"level": "WARNING"},
        # Three lines for every ring of the bell; failures are told at ERROR.
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}
