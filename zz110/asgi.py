"""The web process: HTTP and WebSocket in one."""

import gc
import os

os.environ.setdefault("ZZ110_PROCESS", "web")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zz110.settings")

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator
from channels.sessions import CookieMiddleware
from django.conf import settings
from django.urls import get_resolver, path

django.setup(set_prefix=False)

from incidents.live.consumer import LiveConsumer  # noqa: E402  needs the apps loaded
from zz110 import wiring  # noqa: E402
from zz110.handler import Handler  # noqa: E402

# Every view is imported before the first request: after a restart the first calls must not wait for it inside their
# transactions, which the database ends when they stand idle.
get_resolver().url_patterns  # noqa: B018  the list is made by looking at it

sockets = OriginValidator(
    CookieMiddleware(URLRouter([path("live/", LiveConsumer.as_asgi())])),
    settings.ORIGINS,
)
application = wiring.Lifespan(ProtocolTypeRouter({"http": Handler(), "websocket": sockets}))

# What stands now stays as long as the process: the collector need not walk through it again. A full pass over some hundred
# thousand objects would hold up every request of the process by more than a tenth of a second.
gc.collect()
gc.freeze()
