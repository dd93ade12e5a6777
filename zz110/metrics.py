"""`/metrics` for Prometheus: what was measured in this process, and figures that are asked from the database now."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, SummaryMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from incidents import emergency, journal
from incidents.archive import redaction
from incidents.models import Entry, Head

logger = logging.getLogger(__name__)

CHAIN_LOOKS_BACK = 200  # entries of each centre; the whole chain is the verifier's work

disable_created_metrics()  # type: ignore[no-untyped-call]  # moments of creation double the lines and say nothing


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer Prometheus on the same machine, or with METRICS_TOKEN; to anybody else there is no such page (A57)."""
    if not may_read(request):
        raise Http404
    return HttpResponse(generate_latest(_measured()) + generate_latest(_asked()), content_type=CONTENT_TYPE_LATEST)


def may_read(request: HttpRequest) -> bool:
    """Tell whether the request carries the token, or comes from this machine itself and not through a proxy on it."""
    token = str(settings.METRICS_TOKEN)
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    return _is_loopback(request.META.get("REMOTE_ADDR", "")) and not _was_forwarded(request)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _was_forwarded(request: HttpRequest) -> bool:
    return any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-Ip"))


def _measured() -> Collector:
    """Return what this process measured, or all processes of the machine together when they share a folder."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    shared = CollectorRegistry()
    MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    return shared


def _asked() -> Collector:
    registry = CollectorRegistry()
    registry.register(Figures())
    return registry


class Figures(Collector):
    """The figures that need a query. One that fails is left out; `cad_database_up` then says why."""

    def collect(self) -> Iterator[Metric]:
        """Yield every figure that could be asked."""
        is_up = 1
        for figure in FIGURES:
            try:
                yield from list(figure())
            except DatabaseError:
                logger.warning("no figure: %s", figure.__name__)
                is_up = 0
        yield GaugeMetricFamily("cad_database_up", "Whether the database answered every figure.", value=is_up)


def spool_waiting() -> Iterator[Metric]:
    """Yield how many calls wait in this server's emergency spool; −1 when it cannot be read."""
    try:
        waiting = len(emergency.spool().waiting())
    except (OSError, ValueError):
        waiting = -1
    yield GaugeMetricFamily("cad_spool_waiting", "Calls in the emergency spool of this server.", value=waiting)


def ledger_seq() -> Iterator[Metric]:
    """Yield the number of each centre's last entry."""
    yield _gauge(
        "cad_ledger_seq",
        "Number of the last journal entry.",
        ["centre"],
        Head.objects.values_list("centre__code", "seq"),
    )


def audit_chain() -> Iterator[Metric]:
    """Yield whether the newest entries of each centre still hash to one another and to the head."""
    heads = Head.objects.values_list("centre_id", "centre__code", "hash")
    held = [(code, int(chain_holds(centre, bytes(tip)))) for centre, code, tip in heads]
    yield _gauge("cad_audit_chain_ok", "Whether the newest journal entries are unaltered.", ["centre"], held)


def chain_holds(centre: int, tip: bytes) -> bool:
    """Recompute the newest entries of a centre, from the head's hash backwards."""
    following: Entry | None = None
    for entry in Entry.objects.filter(centre_id=centre).order_by("-seq")[:CHAIN_LOOKS_BACK]:
        is_linked = bytes(entry.hash) == (tip if following is None else bytes(following.prev_hash))
        if not is_linked or (following is not None and following.seq != entry.seq + 1) or not _is_unaltered(entry):
            return False
        following = entry
    return True


def _is_unaltered(entry: Entry) -> bool:
    body_hash = hashlib.sha256(entry.body.encode()).digest()
    if redaction.MARK in entry.body and body_hash != bytes(entry.body_hash):
        body_hash = bytes(entry.body_hash)  # whether its words may be gone is the verifier's question
    head = journal.header(
        centre=entry.centre_id,
        seq=entry.seq,
        at=entry.at,
        kind=entry.kind,
        actor_id=entry.actor_id,
        actor=entry.actor,
        command=entry.command,
        incident_id=entry.incident_id,
        readers=entry.readers,
    )
    return body_hash == bytes(entry.body_hash) and bytes(entry.hash) == journal.link(
        bytes(entry.prev_hash), head, body_hash
    )


def heartbeats() -> Iterator[Metric]:
    """Yield the age of everything that must run, the sweep of the deadlines by its own name."""
    ages = _rows("SELECT name, extract(epoch FROM clock_timestamp() - at)::float8 FROM incidents_heartbeat")
    yield _gauge("cad_heartbeat_age_seconds", "Seconds since something that must run last ran.", ["name"], ages)
    sweep = GaugeMetricFamily("cad_sweep_age_seconds", "Seconds since the deadlines were last swept.")
    for name, age in ages:
        if name == "sweep":
            sweep.add_metric([], age)
    yield sweep


def pending_oldest() -> Iterator[Metric]:
    """Yield how long the oldest incident without an order has waited, by priority; 0 when none waits."""
    waiting = dict(
        _rows(
            "SELECT priority, extract(epoch FROM clock_timestamp() - min(coalesce(placed_at, answered_at)))::float8 "
            "FROM incidents_incident WHERE stage IN ('new', 'pending') AND attendance AND NOT drill GROUP BY priority"
        )
    )
    rows = [(str(priority), waiting.get(priority, 0.0)) for priority in (1, 2, 3, 4)]
    yield _gauge("cad_pending_oldest_seconds", "Age of the oldest incident without an order.", ["priority"], rows)


def jobs() -> Iterator[Metric]:
    """Yield by how much the oldest waiting job is overdue, and how many jobs gave up, by queue."""
    rows = _rows(
        "SELECT queue, coalesce(max(extract(epoch FROM clock_timestamp() - due_at)) FILTER (WHERE gave_up_at IS NULL "
        "AND due_at <= clock_timestamp()), 0)::float8, count(*) FILTER (WHERE gave_up_at IS NOT NULL)::int "
        "FROM incidents_job WHERE done_at IS NULL GROUP BY queue"
    )
    found = {queue: (oldest, gave_up) for queue, oldest, gave_up in rows}
    queues = [(queue, *found.get(queue, (0.0, 0))) for queue in ("urgent", "default", "bulk")]
    oldest = [(queue, age) for queue, age, _count in queues]
    yield _gauge("cad_job_oldest_seconds", "Seconds the oldest waiting job is overdue.", ["queue"], oldest)
    gave_up = [(queue, count) for queue, _age, count in queues]
    yield _gauge("cad_jobs_gave_up", "Jobs that were tried in vain.", ["queue"], gave_up)


def growth() -> Iterator[Metric]:
    """Yield the size of every table, partitions with their parent, and how much of each sequence is used."""
    sizes = _rows(
        "SELECT coalesce(pg_partition_root(oid)::regclass::text, relname), sum(pg_total_relation_size(oid))::bigint "
        "FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') GROUP BY 1"
    )
    yield _gauge("cad_table_bytes", "Bytes of a table with its indexes.", ["table"], sizes)
    used = _rows(
        "SELECT sequencename, coalesce(last_value, 0)::float8 / max_value FROM pg_sequences "
        "WHERE schemaname = current_schema()"
    )
    yield _gauge("cad_sequence_used_ratio", "Used part of a sequence's range.", ["sequence"], used)


def pool() -> Iterator[Metric]:
    """Yield how often and how long this process waited for a connection of its pool."""
    found = getattr(connection, "pool", None)
    if found is None:
        return
    seen = found.get_stats()
    yield SummaryMetricFamily(
        "cad_pg_pool_wait_seconds",
        "Seconds spent waiting for a pooled connection.",
        count_value=seen.get("requests_queued", 0),
        sum_value=seen.get("requests_wait_ms", 0) / 1000,
    )


FIGURES: tuple[Callable[[], Iterator[Metric]], ...] = (
    spool_waiting,
    ledger_seq,
    audit_chain,
    heartbeats,
    pending_oldest,
    jobs,
    growth,
    pool,
)


def _rows(query: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _gauge(name: str, says: str, labels: list[str], rows: Iterable[tuple[Any, ...]]) -> Metric:
    gauge = GaugeMetricFamily(name, says, labels=labels)
    for *values, figure in rows:
        gauge.add_metric([str(value) for value in values], figure)
    return gauge
