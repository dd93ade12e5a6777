"""The dispatch app."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """Who goes where, by when, and how well it went: may import patrol and incidents."""

    name = "dispatch"

    def ready(self) -> None:
        """Add to the registries of the layer below what this one knows."""
        from dispatch import closing  # noqa: PLC0415  models are not there before
        from dispatch.services import requests  # noqa: F401, PLC0415  registers what the watch commander approves

        closing.register()
