"""The web process: HTTP and WebSocket in one."""

import os

os.environ.setdefault("ZZ110_PROCESS", "web")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zz110.settings")

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402  settings must know the process first
from channels.security.websocket import OriginValidator  # noqa: E402
from channels.sessions import CookieMiddleware  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from django.urls import path  # noqa: E402

http = get_asgi_application()

from incidents.live.consumer import LiveConsumer  # noqa: E402  needs the apps loaded
from zz110 import wiring  # noqa: E402

sockets = OriginValidator(
    CookieMiddleware(URLRouter([path("live/", LiveConsumer.as_asgi())])),  # type: ignore[arg-type]
    settings.ORIGINS,
)
application = wiring.Lifespan(ProtocolTypeRouter({"http": http, "websocket": sockets}))
