"""A django-oscar shop as anybody has one. What makes it a channel are the two places with FLXCHANNEL in them."""

import os
from pathlib import Path
from typing import Any

from oscar import INSTALLED_APPS as OSCAR_APPS
from oscar.defaults import *  # noqa: F403

HERE = Path(__file__).resolve().parent
#: Where database, pictures and the channel's state are.
PLACE = Path(os.environ.get("SHOP_PLACE", HERE.parent / ".build-shop"))

SECRET_KEY = os.environ.get("SHOP_SECRET_KEY", "only for a shop on loopback")
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
SITE_ID = 1
USE_TZ, TIME_ZONE = True, "UTC"
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"

INSTALLED_APPS = ["flxchannel_oscar", *OSCAR_APPS, "sorl.thumbnail"]

FLXCHANNEL: "dict[str, Any]" = {
    "channel": "shop",
    "token": os.environ.get("FLX_TOKEN", "not-set"),
    "state_dir": str(PLACE / "flx"),
    "origin": os.environ.get("FLX_URL", "https://api.flxpoint.com"),
    "http": {"user_agent": "oscar-shop/1.0"},
}
FLXCHANNEL_PICTURES = "shop.pictures.drawn"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
    "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
]
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {"context_processors": [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
        "oscar.apps.search.context_processors.search_form",
        "oscar.apps.checkout.context_processors.checkout",
        "oscar.apps.communication.notifications.context_processors.notifications",
        "oscar.core.context_processors.metadata",
    ]},
}]
AUTHENTICATION_BACKENDS = ["oscar.apps.customer.auth_backends.EmailBackend", "django.contrib.auth.backends.ModelBackend"]

# A request is a transaction: an order that is rolled back was never placed, and the channel hears of none.
if os.environ.get("SHOP_DATABASE") == "postgresql":
    DATABASES: "dict[str, dict[str, Any]]" = {"default": {
        "ENGINE": "django.db.backends.postgresql", "NAME": "shop", "USER": "shop", "HOST": os.environ.get("SHOP_DATABASE_HOST", ""),
        "ATOMIC_REQUESTS": True, "CONN_MAX_AGE": 60,
    }}
else:
    DATABASES = {"default": {
        "ENGINE": "django.db.backends.sqlite3", "NAME": PLACE / "shop.sqlite", "ATOMIC_REQUESTS": True,
        "OPTIONS": {"timeout": 30, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode = WAL"},
    }}
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
HAYSTACK_SIGNAL_PROCESSOR = "haystack.signals.BaseSignalProcessor"  # that engine has no index to bring up to date
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

STATIC_URL = "/static/"
MEDIA_URL = "/media/"
MEDIA_ROOT = PLACE / "media"

OSCAR_SHOP_NAME = "Oscar & flxchannel"
OSCAR_DEFAULT_CURRENCY = "USD"
OSCAR_ALLOW_ANON_CHECKOUT = True
OSCAR_INITIAL_ORDER_STATUS = "Pending"
OSCAR_ORDER_STATUS_PIPELINE = {
    "Pending": ("Being processed", "Complete", "Cancelled"),
    "Being processed": ("Complete", "Cancelled"),
    "Complete": (),
    "Cancelled": (),
}
LOGGING = {
    "version": 1, "disable_existing_loggers": False, "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
