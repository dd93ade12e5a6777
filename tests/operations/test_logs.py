"""Log lines and the outermost middleware: one line an event, nothing that acts on a screen, no person but by id."""

import asyncio
import datetime as dt
import json
import logging
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch

from zz110.logs import Line, trace_id
from zz110.middleware import Trace

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
GET = RequestFactory(headers={"host": "localhost"}).get


def line(message: str, *args: object, **extra: object) -> str:
    record = logging.getLogger("zz110.test").makeRecord(
        "zz110.test", logging.INFO, "f.py", 1, message, args, None, extra=extra
    )
    return Line().format(record)


def through(view: Callable[[HttpRequest], Any], request: HttpRequest) -> Any:
    """Send a request through the middleware to a view."""
    return Trace(view)(request)


def answered(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"trace {trace_id.get()}")


def test_an_event_is_one_line_of_json_with_a_utc_moment_in_milliseconds() -> None:
    seen = json.loads(line("started", verb="take_call", result=201, ms=3.5, seat="J01", actor=7))
    assert dt.datetime.strptime(seen.pop("at"), "%Y-%m-%dT%H:%M:%S.%f%z").utcoffset() == dt.timedelta(0)
    assert seen == {
        "level": "info",
        "logger": "zz110.test",
        "event": "started",
        "actor": 7,
        "seat": "J01",
        "verb": "take_call",
        "result": 201,
        "ms": 3.5,
    }


@pytest.mark.parametrize(
    "attack",
    ["a\r\nb", "\x1b[2Jgone", "left\u202eright", 'x","level":"critical', "a\u2028b", "half \ud800", "bell\x07\x9b\x7f"],
    ids=["lines", "terminal", "direction", "fake json", "separator", "surrogate", "control"],
)
def test_a_hostile_note_stays_one_harmless_line(attack: str) -> None:
    text = line("note %s", attack)
    assert json.loads(text)["event"] == f"note {attack}"
    assert json.loads(text)["level"] == "info"
    assert text.isprintable()
    text.encode()


def test_chinese_stays_readable() -> None:
    assert "出警" in line("出警")


def test_a_field_that_is_not_listed_does_not_reach_the_log() -> None:
    assert "19000000101" not in line("called", caller_number="19000000101", person={"name": "卢知遥"})


def test_an_exception_is_named_without_the_row_it_quotes() -> None:
    try:
        raise ValueError("duplicate key\nDETAIL: Key (caller_number)=(19000000101) already exists")
    except ValueError:
        record = logging.getLogger("zz110.test").makeRecord("t", logging.ERROR, "f", 1, "failed", (), sys.exc_info())
    text = Line().format(record)
    error = json.loads(text)["error"]
    assert (error["type"], error["says"]) == ("ValueError", "duplicate key")
    assert "test_logs.py" in error["places"][0]
    assert "19000000101" not in text


def test_a_valid_traceparent_is_kept_and_reaches_the_view_and_the_answer() -> None:
    answer = through(answered, GET("/", headers={"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}))
    assert answer.headers["X-Trace-Id"] == TRACE
    assert answer.content == f"trace {TRACE}".encode()
    assert trace_id.get() == ""


@pytest.mark.parametrize(
    "bad",
    ["", "00-" + "0" * 32 + "-00f067aa0ba902b7-01", f"ff-{TRACE}-00f067aa0ba902b7-01", f"00-{TRACE}-01", "x" * 5000],
)
def test_an_invalid_traceparent_gets_a_new_trace(bad: str) -> None:
    trace = through(answered, GET("/", headers={"traceparent": bad})).headers["X-Trace-Id"]
    assert len(trace) == 32
    assert trace != TRACE


@pytest.mark.parametrize(
    ("path", "host"),
    [("/", "evil.example"), ("/a%00b", "localhost"), ("/?q=%00", "localhost"), ("/", "localhost@evil")],
)
def test_a_foreign_host_or_a_nul_is_refused_before_the_view(path: str, host: str) -> None:
    reached: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        reached.append(request)
        return HttpResponse()

    answer = through(view, RequestFactory(headers={"host": host}).get(path))
    assert (answer.status_code, reached) == (400, [])
    assert "Permissions-Policy" in answer.headers


def test_pages_are_not_stored_and_static_files_may_be() -> None:
    assert through(answered, GET("/console/")).headers["Cache-Control"] == "no-store"
    assert "Cache-Control" not in through(answered, GET("/static/css/tokens.css")).headers


def test_what_only_a_document_needs_does_not_burden_every_script() -> None:
    headers = through(answered, GET("/static/js/phone.js")).headers
    assert "Permissions-Policy" not in headers
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_every_answer_carries_the_headers_that_django_does_not_add() -> None:
    headers = through(answered, GET("/")).headers
    assert "geolocation=(self)" in headers["Permissions-Policy"]
    assert "microphone=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_asynchronous_server_gets_the_same_answer() -> None:
    async def view(request: HttpRequest) -> HttpResponse:
        return answered(request)

    request = GET("/", headers={"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"})
    answer = asyncio.run(through(view, request))
    assert (answer.content, answer.headers["X-Trace-Id"]) == (f"trace {TRACE}".encode(), TRACE)


def request_line(caplog: pytest.LogCaptureFixture, request: HttpRequest, status: int) -> logging.LogRecord | None:
    caplog.set_level(logging.INFO, "zz110.request")
    request.resolver_match = ResolverMatch(answered, (), {}, route="api/calls/<int:call>/")
    through(lambda _request: HttpResponse(status=status), request)
    return caplog.records[-1] if caplog.records else None


def test_a_write_is_logged_by_its_route_and_never_by_its_path(caplog: pytest.LogCaptureFixture) -> None:
    request = RequestFactory(headers={"host": "localhost"}).post("/api/calls/19000000101/?q=secret")
    record = request_line(caplog, request, 201)
    assert record is not None
    seen = json.loads(Line().format(record))
    assert (seen["verb"], seen["result"]) == ("POST api/calls/<int:call>/", 201)
    assert "19000000101" not in json.dumps(seen)
    assert "secret" not in json.dumps(seen)


@pytest.mark.parametrize(
    ("path", "status", "logged"), [("/api/calls/", 200, False), ("/api/calls/", 403, True), ("/livez", 503, False)]
)
def test_routine_reads_are_not_logged_and_refusals_are(
    caplog: pytest.LogCaptureFixture, path: str, status: int, logged: bool
) -> None:
    assert (request_line(caplog, GET(path), status) is not None) is logged
