"""The same shop without the channel, to measure what the channel costs."""

from shop.settings import *  # noqa: F403
from shop.settings import INSTALLED_APPS as WITH

INSTALLED_APPS = [app for app in WITH if app != "flxchannel_oscar"]
