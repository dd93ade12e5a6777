"""The incidents app."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """What happened: imports none of our other apps."""

    name = "incidents"

    def ready(self) -> None:
        """Make the handlers of jobs known."""
        from incidents.services import callbacks, texts, transfers  # noqa: F401, PLC0415  models are not there before
