"""The outermost layer of every request: its trace, its refusal when it is malformed, its headers, its log line."""

import logging
import re
import secrets
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.functional import SimpleLazyObject, empty

from incidents import metrics
from zz110.logs import trace_id

logger = logging.getLogger("zz110.request")

Responder = Callable[[HttpRequest], Any]
TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
RESOURCE_POLICY = ("Cross-Origin-Resource-Policy", "same-origin")
# What a browser reads of a document only; on each of sixty scripts of a first load it would be 17 kB more.
DOCUMENT_HEADERS = {
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(self), camera=(), display-capture=(), fullscreen=(self), geolocation=(self), "
        "gyroscope=(), microphone=(), midi=(), payment=(), screen-wake-lock=(self), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
}
QUIET = ("/livez", "/readyz", "/metrics")


class Trace:
    """Middleware for both kinds of servers; it does no input or output, so it costs no change of thread."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Responder) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self.is_async:
            return self._answer_later(request)
        started, token = perf_counter(), trace_id.set(begin(request))
        try:
            response = refusal(request) or self.get_response(request)
            return finish(request, response, perf_counter() - started)
        finally:
            trace_id.reset(token)

    async def _answer_later(self, request: HttpRequest) -> HttpResponseBase:
        started, token = perf_counter(), trace_id.set(begin(request))
        try:
            response = refusal(request) or await self.get_response(request)
            return finish(request, response, perf_counter() - started)
        finally:
            trace_id.reset(token)


def begin(request: HttpRequest) -> str:
    """Give the request its trace: the caller's, when its `traceparent` is valid (W3C Trace Context), else a new one."""
    given = TRACEPARENT.fullmatch(request.headers.get("traceparent", ""))
    trace = given.group(1) if given else secrets.token_hex(16)
    request.trace_id = trace  # type: ignore[attr-defined]
    return trace


def refusal(request: HttpRequest) -> HttpResponseBase | None:
    """Refuse a foreign host name and a NUL, which PostgreSQL cannot hold, before anything reads them."""
    try:
        request.get_host()
    except DisallowedHost:
        return HttpResponse("Bad request: host\n", status=400, content_type="text/plain")
    if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        return HttpResponse("Bad request: NUL\n", status=400, content_type="text/plain")
    return None


def finish(request: HttpRequest, response: HttpResponseBase, seconds: float) -> HttpResponseBase:
    """Add the headers that neither Django nor django-csp adds, count a denial, and write the request's line."""
    response.headers.setdefault(*RESOURCE_POLICY)
    if is_file(request):
        response.headers.pop("Cross-Origin-Opener-Policy", None)
    else:
        response.headers["X-Trace-Id"] = request.trace_id  # type: ignore[attr-defined]
        response.headers.setdefault("Cache-Control", "no-store")
        for name, value in DOCUMENT_HEADERS.items():
            response.headers.setdefault(name, value)
    if response.status_code in (401, 403):
        metrics.AUTHZ_DENIED.labels(route=_route(request)).inc()
    _write_line(request, response.status_code, seconds)
    return response


def is_file(request: HttpRequest) -> bool:
    """Tell whether a request is for a script, a style or a picture of ours, which are public."""
    return bool(settings.STATIC_URL) and request.path.startswith(settings.STATIC_URL)


class Compression(GZipMiddleware):
    """Django's compression with its random padding against BREACH, which public files without secrets do without."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress an answer if the browser takes it so."""
        if not is_file(request):
            return super().process_response(request, response)
        return PLAIN.process_response(request, response)


class _Unpadded(GZipMiddleware):
    max_random_bytes = 0


PLAIN = _Unpadded(lambda request: HttpResponse())


def _write_line(request: HttpRequest, status: int, seconds: float) -> None:
    """Log refusals and writes; answered reads and positions, which come hundreds a second, only for debugging."""
    if request.path in QUIET:
        return
    routine = status < 400 and (
        request.method in ("GET", "HEAD") or request.path.endswith(("/position/", "/positions/"))
    )
    logger.log(
        logging.DEBUG if routine else logging.INFO,
        "request",
        extra={
            "actor": _actor(request),
            "seat": _seat(request),
            "verb": f"{request.method} {_route(request)}",
            "result": status,
            "ms": round(seconds * 1000, 1),
        },
    )


def _route(request: HttpRequest) -> str:
    """Return the route's pattern, of which there are few, and never the path, which holds ids."""
    return request.resolver_match.route if request.resolver_match else "(no route)"


def _actor(request: HttpRequest) -> int | None:
    """Return the id of the signed-in person if somebody has asked for it already: a log line makes no query."""
    user = request.__dict__.get("user")
    if isinstance(user, SimpleLazyObject) and user.__dict__["_wrapped"] is empty:
        return None
    return getattr(user, "pk", None)


def _seat(request: HttpRequest) -> str:
    """Return the seat of the session if the session has been read already."""
    read = getattr(getattr(request, "session", None), "_session_cache", None) or {}
    return str(read.get("seat", ""))
