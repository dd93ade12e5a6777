"""The patrol app."""

from django.apps import AppConfig


class PatrolConfig(AppConfig):
    """Who can go: may import incidents."""

    name = "patrol"
