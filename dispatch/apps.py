"""The dispatch app."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """Who goes where, by when, and how well it went: may import patrol and incidents."""

    name = "dispatch"

    def ready(self) -> None:
        """Make the handlers of jobs known, and add to the registries of the layer below what this one knows."""
        from dispatch import closing  # noqa: PLC0415  models are not there before
        from dispatch.services import case_out, requests  # noqa: F401, PLC0415  they register what they do

        closing.register()
