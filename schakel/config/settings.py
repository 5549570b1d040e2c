"""Settings, from the data folder and a few variables. An unknown or unsafe value stops the start with a sentence."""

import os
import re
from pathlib import Path

from django.contrib.messages import constants

from schakel.config import database, folder, oidc, outgoing
from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _

PACKAGE = Path(__file__).resolve().parent.parent
DATA = folder.prepared(Path(os.environ.get("SCHAKEL_DATA") or "data").resolve())


def _flag(name: str) -> bool:
    value = os.environ.get(name, "0")
    if value not in ("0", "1"):
        raise SchakelError(_("%(name)s is '%(value)s'; 0 of 1 kan.") % {"name": name, "value": value}, code="setting")
    return value == "1"


def _number(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    if not value.isdecimal():
        raise SchakelError(f"{name} is '{value}'; alleen een getal kan.", code="setting")
    return int(value)


def _from_file(name: str) -> str:
    """What stands in the file that a variable names; empty without the variable."""
    path = os.environ.get(name, "")
    if not path:
        return ""
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise SchakelError(f"{name} noemt '{path}'; dat bestand is niet te lezen.", code="setting") from error


def _hosts() -> list[str]:
    """The names that pages answer to. Each is a name: a star would answer to whatever name is asked for."""
    listed = os.environ.get("SCHAKEL_HOSTS", "127.0.0.1,localhost,testserver")
    hosts = [host.strip() for host in listed.split(",") if host.strip()]
    for host in hosts:
        if not re.fullmatch(r"\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:]+\]", host):
            text = _(
                "SCHAKEL_HOSTS noemt '%(host)s'; het moeten namen zijn, met komma's ertussen en zonder poort of *."
            )
            raise SchakelError(text % {"host": host}, code="setting")
    if not hosts:
        raise SchakelError(_("SCHAKEL_HOSTS is leeg; dan geeft geen enkele pagina antwoord."), code="setting")
    return hosts


SCHAKEL_DEMO = _flag("SCHAKEL_DEMO")
SCHAKEL_HTTPS = _flag("SCHAKEL_HTTPS")
SCHAKEL_SMALL_GROUP = 5

SECRET_KEY = folder.secret(DATA)
DEBUG = False
ALLOWED_HOSTS = _hosts()
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if SCHAKEL_HTTPS]
DATABASES = {"default": database.read(os.environ.get(database.NAME, ""), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MESSAGE_TAGS = {  # what was done, or was not, with its own colour and shape
    constants.INFO: "info", constants.SUCCESS: "ok", constants.WARNING: "warn", constants.ERROR: "bad",
}  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "schakel.access",
    "schakel.chain",
    "schakel.governance",
    "schakel.collect",
    "schakel.steer",
    "schakel.distribute",
    "schakel.portal",
]
MIDDLEWARE = [
    "schakel.portal.middleware.Headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "schakel.portal.middleware.Language",
    "schakel.portal.middleware.Guard",
]
ROOT_URLCONF = "schakel.config.urls"
WSGI_APPLICATION = "schakel.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "schakel.portal.shell.context",
            ],
        },
    },
]

AUTH_USER_MODEL = "access.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
]
ACCOUNT_ADAPTER = "schakel.portal.accounts.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
# A whole school may share one address on the internet, so guessing is slowed down per account first.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "60/m/ip,5/5m/key",
    "change_password": "5/m/user",
    "school_account": "120/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SCHAKEL_HTTPS else 0
SOCIALACCOUNT_ADAPTER = "schakel.portal.school_account.SchoolAccounts"
SOCIALACCOUNT_PROVIDERS = oidc.providers(oidc.read(os.environ, DATA))
MFA_ADAPTER = "schakel.access.second_factor.Secrets"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # a phone that runs half a minute off
LOGIN_URL = "/aanmelden"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/aanmelden"

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
STATIC_ROOT = DATA / "static"  # empty: the files are served from the package
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True

CSRF_FAILURE_VIEW = "schakel.portal.answers.expired_form"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SCHAKEL_HTTPS
SECURE_SSL_REDIRECT = SCHAKEL_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if SCHAKEL_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SCHAKEL_HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "schakel.portal.uploads.Limit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# Mail is sent only when a server is set; the password comes from a file, never from a variable.
SCHAKEL_MAIL_HOST = EMAIL_HOST = os.environ.get("SCHAKEL_MAIL_HOST", "")
EMAIL_PORT = _number("SCHAKEL_MAIL_PORT", 25)
EMAIL_USE_TLS = _flag("SCHAKEL_MAIL_TLS")
EMAIL_HOST_USER = os.environ.get("SCHAKEL_MAIL_USER", "")
EMAIL_HOST_PASSWORD = _from_file("SCHAKEL_MAIL_PASSWORD_FILE")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("SCHAKEL_MAIL_FROM", "schakel@localhost")
SCHAKEL_ADDRESS = os.environ.get("SCHAKEL_ADDRESS", "http://127.0.0.1:8000").rstrip("/")
# The keys of secrets lie outside the register; empty: in the data folder.
CREDENTIALS_KEY = os.environ.get("SCHAKEL_CREDENTIALS_KEY_FILE", "")
# Every connection that Schakel makes by itself goes this way.
OUTGOING = outgoing.read(os.environ)
# Shared by all workers and machines: attempts to sign in are counted in it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "schakel_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
