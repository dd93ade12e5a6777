"""The dispatch app."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """Who goes where, by when, and how well it went: may import patrol and incidents."""

    name = "dispatch"

    def ready(self) -> None:
        """Make the handlers of jobs known."""
        from dispatch.services import case_out  # noqa: F401, PLC0415  models are not there before
