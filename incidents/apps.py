"""The incidents app."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """What happened: imports none of our other apps."""

    name = "incidents"
