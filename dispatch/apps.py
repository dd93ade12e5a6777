"""The dispatch app."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """Who goes where, by when, and how well it went: may import patrol and incidents."""

    name = "dispatch"
