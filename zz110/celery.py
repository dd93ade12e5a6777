"""Celery: executor and metronome, nothing else (targets, five decisions). A task means "sweep" or "drain"; no eta,
no countdown."""

import os

os.environ.setdefault("ZZ110_PROCESS", "worker")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zz110.settings")

from celery import Celery
from django.conf import settings
from kombu.entity import Queue

from zz110.broker import lose_without_restoring

lose_without_restoring()
app = Celery("zz110")
app.conf.update(
    broker_url=settings.CELERY_BROKER,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"socket_connect_timeout": 1, "socket_timeout": 5, "socket_keepalive": True},
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    task_default_queue="default",
    task_queues=[Queue(name) for name in ("urgent", "default", "bulk")],  # type: ignore[no-untyped-call]
    timezone="UTC",
    beat_schedule={
        # expires = period: a worker that was away must not work through old ticks (style rule 36).
        "sweep": {
            "task": "dispatch.tasks.sweep",
            "schedule": 1.0,
            "options": {"queue": "urgent", "expires": 1},
        },
        "drain": {"task": "dispatch.tasks.drain", "schedule": 2.0, "options": {"queue": "default", "expires": 2}},
        "count": {"task": "dispatch.tasks.count", "schedule": 1.0, "options": {"queue": "default", "expires": 1}},
        "keep": {"task": "dispatch.tasks.keep", "schedule": 60.0, "options": {"queue": "bulk", "expires": 60}},
        "index_search": {
            "task": "dispatch.tasks.index_search",
            "schedule": 5.0,
            "options": {"queue": "bulk", "expires": 5},
        },
        # Bulk has one thread: index and housekeeping come between the batches of a trial.
        "play_trials": {
            "task": "dispatch.tasks.play_trials",
            "schedule": 5.0,
            "options": {"queue": "bulk", "expires": 5},
        },
        "retain": {"task": "dispatch.tasks.retain", "schedule": 300.0, "options": {"queue": "bulk", "expires": 300}},
    },
)
app.autodiscover_tasks(["dispatch"])
