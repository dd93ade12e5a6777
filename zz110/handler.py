"""How a request becomes an answer: through all middleware and its view in one thread, with one change of thread.

Django's own ASGI handler changes between the event loop and a thread at every middleware that is not asynchronous, and
starts a new thread for each request; on two cores that was more than half of the time a command took.
"""

from __future__ import annotations

import asyncio
import contextvars
import os
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import IO, Any

from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.http import HttpResponse
from django.urls import set_script_prefix

# Few: threads of one process take turns anyway, and each turn costs (on two cores, 32 threads carried out 74 commands
# a second and 4 of them 109). Writes and reads have their own, so that no order waits behind somebody's report.
WRITERS = int(os.environ.get("ZZ110_WRITERS", "4"))
READERS = int(os.environ.get("ZZ110_READERS", "4"))
# Answered on the event loop: they wait for long, or must be answered although every thread is taken.
WAITING = ("/api/events/", "/livez")


class ThreadHandler(ASGIHandler):
    """Django's ASGI handler with the synchronous chain of middleware."""

    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self.writers = ThreadPoolExecutor(WRITERS, "writer")
        self.readers = ThreadPoolExecutor(READERS, "reader")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        loop, context = asyncio.get_running_loop(), contextvars.copy_context()
        threads = self.readers if scope["method"] in ("GET", "HEAD") else self.writers
        answer = await loop.run_in_executor(threads, context.run, self.answer, scope, body)
        await self.send_response(answer, send)

    def answer(self, scope: Any, body: IO[bytes]) -> HttpResponse:
        """Carry a request through middleware and view, and return the whole answer; runs in a thread."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, refused = self.create_request(scope, body)
        response: Any = refused if request is None else self.get_response(request)
        response._handler_class = self.__class__
        try:
            return whole(response)
        finally:
            response.close()  # tells request_finished too: the connection goes back to the pool
            body.close()


class Handler:
    """Sends a request to the handler that suits it."""

    def __init__(self) -> None:
        # All views are imported here, by one thread; else the first two requests would import them at once.
        import_module(settings.ROOT_URLCONF)
        self.waiting = ASGIHandler()
        self.threaded = ThreadHandler()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        handler = self.waiting if scope["path"].startswith(WAITING) else self.threaded
        await handler(scope, receive, send)


def whole(response: Any) -> HttpResponse:
    """Return a response with all its content read: a file is read here, in the thread."""
    if not response.streaming:
        return response  # type: ignore[no-any-return]
    read = HttpResponse(b"".join(response), status=response.status_code)
    read.headers, read.cookies = response.headers, response.cookies
    return read
