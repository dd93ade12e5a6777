"""The web process: HTTP and WebSocket in one."""

import os

os.environ.setdefault("ZZ110_PROCESS", "web")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zz110.settings")

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator
from channels.sessions import CookieMiddleware
from django.conf import settings
from django.urls import path

django.setup(set_prefix=False)

from incidents.live.consumer import LiveConsumer  # noqa: E402  needs the apps loaded
from zz110 import wiring  # noqa: E402
from zz110.handler import Handler  # noqa: E402

sockets = OriginValidator(
    CookieMiddleware(URLRouter([path("live/", LiveConsumer.as_asgi())])),
    settings.ORIGINS,
)
application = wiring.Lifespan(ProtocolTypeRouter({"http": Handler(), "websocket": sockets}))
